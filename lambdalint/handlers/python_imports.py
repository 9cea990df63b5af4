"""Run a function's imports without running its code: what is surely loaded, and what surely cannot be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.aws import python_api as api
from lambdalint.aws import python_modules as known
from lambdalint.handlers import python_syntax as syntax
from lambdalint.handlers.python_search import Search, Sort, Spec, Unknowable
from lambdalint.model import OTHERS_READ, Lacking, Severity

if TYPE_CHECKING:
    import ast

    from lambdalint.filesystem import Node
    from lambdalint.handlers.python_grammar import Newer
    from lambdalint.handlers.python_names import Binding

#: Modules that are read, their bytes, and how deep imports within imports are followed.
_READ_AT_MOST: Final = 200
_BYTES_AT_MOST: Final = 1 << 20
_DEPTH: Final = 24
#: How a module that is no package may have submodules all the same.
_MAKES_MODULES: Final = rb"\b__path__\b|\bsys\s*\.\s*modules\b|\bmeta_path\b"
#: Bit 0 of a ``.pyc``'s flags: checked by hash, not by time (PEP 552); bit 1: not even that.
_UNCHECKED: Final = 1


class Problem:
    """An import that surely fails, in CPython's words."""

    __slots__ = ("kind", "line", "name", "newer", "node", "severity", "text", "type")

    def __init__(
        self, kind: str, name: str, text: str, node: Node | None, line: int | None, *,
        type: str = "ImportError",  # noqa: A002 - as Python calls it
        severity: Severity | None = None, newer: Newer | None = None,
    ) -> None:  # fmt: skip
        #: ``module``, ``name``, ``relative``, ``magic`` or ``syntax``.
        self.kind: Final = kind
        #: The module that is missing or broken; for ``name`` the module and the name in it, with a dot between.
        self.name: Final = name
        #: ``str()`` of the exception.
        self.text: Final = text
        #: The file that holds the import, or the broken source itself. None: the handler string.
        self.node: Final = node
        self.line: Final = line
        self.type: Final = type
        #: None: as bad as its rule.
        self.severity: Final = severity
        self.newer: Final = newer


class Module:
    """A module as its source tells it."""

    __slots__ = ("children", "data", "done", "doubts", "is_open", "names", "problems", "spec", "tree")

    def __init__(self, spec: Spec) -> None:
        self.spec: Final = spec
        self.names: dict[str, Binding] = {}
        #: It may hold any name at all: its source is not known, or binds by other means than the grammar's.
        self.is_open = True
        self.problems: list[Problem] = []
        #: What fails unless a name stands for something that the source does not show; a warning each.
        self.doubts: list[Problem] = []
        #: What it surely imports.
        self.children: list[Module] = []
        self.done = False
        self.tree: ast.Module | None = None
        self.data = b""

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def package(self) -> str:
        """``__package__``: what relative imports start from."""
        return self.name if self.spec.is_package else self.name.rpartition(".")[0]


class Imports:
    """``sys.modules`` of one function while it starts."""

    def __init__(self, search: Search, own: str = "") -> None:
        self.search: Final = search
        #: The top-level module that the handler names: whoever wrote it, what it does at once is certain.
        self.own: Final = own
        self.minor: Final = search.minor
        self.modules: dict[str, Module] = {}
        #: Where modules are found may have changed, so that nothing new is judged.
        self.tainted = search.scripted
        #: What kept a sure import from being judged.
        self.lacking: list[Lacking] = []
        self._read = 0
        self._bytes_read = 0
        self._depth = 0
        self._installed: frozenset[str] | None = None

    def load(self, name: str, asker: Module | None, line: int | None) -> tuple[Module | None, list[Problem]]:
        """Import a module by its full name; the problems are those that the importer meets, surely."""
        if name in self.modules:
            found = self.modules[name]
            return found, found.problems
        parent_name = name.rpartition(".")[0]
        parent: Module | None = None
        if parent_name:
            parent, problems = self.load(parent_name, asker, line)
            if parent is None or problems:
                return None, problems
            if name in self.modules:
                return self.modules[name], self.modules[name].problems
        try:
            spec = self._find(name, parent)
        except Unknowable as unknown:
            if unknown.lacking is not None and not self.tainted:
                self.lacking.append(unknown.lacking)
            spec = Spec(name, Sort.OPAQUE)
        if spec is None:
            return None, [self._missing(name, parent, asker, line)]
        module = self.modules[name] = Module(spec)
        self._execute(module)
        if parent is not None and not module.problems:
            from lambdalint.handlers.python_names import Binding

            parent.names[name.rpartition(".")[2]] = Binding(module, module, sure=True)
        return module, module.problems

    def _find(self, name: str, parent: Module | None) -> Spec | None:
        if parent is None:
            found = self.search.top(name)
            fixed = found is None or found.sort is Sort.GIVEN
            if self.tainted and not (found is not None and fixed):
                return Spec(name, Sort.OPAQUE)
            return found
        if parent.spec.sort is Sort.GIVEN:
            return None if api.gone_below(name, self.minor) else Spec(name, Sort.GIVEN)
        if parent.tree is not None and not parent.spec.is_package:
            return Spec(name, Sort.OPAQUE) if re.search(_MAKES_MODULES, parent.data) else None
        if self.tainted or (parent.is_open and not parent.spec.is_package):
            return Spec(name, Sort.OPAQUE)  # what was not read may put modules below itself, as requests.packages does
        found = self.search.below(parent.spec, name)
        if found is None and parent.is_open and parent.spec.sort is not Sort.NAMESPACE:
            return Spec(name, Sort.OPAQUE)  # the package may have other places, or answer for itself
        return found

    def _missing(self, name: str, parent: Module | None, asker: Module | None, line: int | None) -> Problem:
        text = f"No module named {name!r}"
        if parent is not None and not parent.spec.is_package and parent.spec.sort is not Sort.GIVEN:
            text += f"; {parent.name!r} is not a package"
        severity = Severity.WARNING if asker is not None and self.is_dependency(asker.spec) else None
        node = None if asker is None else asker.spec.node
        return Problem("module", name, text, node, line, severity=severity)

    def is_dependency(self, spec: Spec) -> bool:
        """Tell whether a module was installed rather than written for this function, as far as that can be seen."""
        if spec.name.partition(".")[0] == self.own:
            return False
        if spec.path.startswith("/opt/") or "/site-packages/" in spec.path or "/dist-packages/" in spec.path:
            return True
        return self.is_installed(spec.name.partition(".")[0])

    def is_installed(self, top: str) -> bool:
        """Tell whether a distribution's metadata, beside the code, claims a top-level module."""
        if self._installed is None:
            from lambdalint.handlers.python_layout import installed

            self._installed = installed(self.search.filesystem)
        return top in self._installed

    def may_be_set(self, module: Module, name: str) -> bool:
        """Tell whether some module's source looks as if it might bind a name in another module, this one."""
        from lambdalint.handlers.python_names import MEDDLING

        assigned = re.compile(rb"\.\s*" + re.escape(name.encode("utf-8", "replace")) + rb"\s*(:[^=\n]*)?=(?!=)")
        tail = re.escape(module.name.rpartition(".")[2].encode("utf-8", "replace"))
        takes_itself = re.search(rb"\bimport\b[^\n]*\b" + tail + rb"\b", module.data)
        others = [one for one in self.modules.values() if one is not module or takes_itself]
        return any(re.search(MEDDLING, one.data) or assigned.search(one.data) for one in others)

    def is_hidden(self, base: str, name: str) -> bool:
        """Tell whether a name is wanted of a file of the package that the runtime's own module keeps from being loaded."""
        if base not in known.immovable(self.minor) or base not in known.stdlib(self.minor):
            return False
        if self.search.filesystem.file(f"{self.search.filesystem.base}/{base}.py") is None:
            return False
        return api.surely_lacks(base, name)

    # What lies in a file.

    def _execute(self, module: Module) -> None:
        spec = module.spec
        if spec.sort is Sort.NAMESPACE:
            module.is_open = False
        elif spec.sort is Sort.BYTECODE:
            self._bytecode(module)
            self.tainted |= not self.is_dependency(spec)
        elif spec.sort is Sort.SOURCE and spec.node is not None and (not self._depth or not self.is_dependency(spec)):
            self._source(module, spec.node)
        module.done = True

    def _bytecode(self, module: Module) -> None:
        head = self._bytes(module.spec.node, 4)
        magic = known.MAGIC.get(self.minor)
        if magic is not None and len(head) == 4 and head != magic.to_bytes(2, "little") + b"\r\n":
            text = f"bad magic number in {module.name!r}: {head!r}"
            module.problems.append(Problem("magic", module.name, text, module.spec.node, None))

    def _source(self, module: Module, node: Node) -> None:
        entry = node.entry
        if entry is not None and entry.mode is not None and not entry.mode & OTHERS_READ:
            self.tainted = True  # never gets to run; another rule says so
            return
        spent = self._read >= _READ_AT_MOST or self._bytes_read >= _BYTES_AT_MOST or self._depth >= _DEPTH
        if spent or self._is_cached_for_good(module, node):
            self.tainted = True
            return
        self._read += 1
        self._bytes_read += 0 if node.entry is None else node.entry.size
        before = len(self.lacking)
        data = self._bytes(node, syntax.READ + 1)
        if len(self.lacking) > before:
            return
        parsed = syntax.parse(data, module.spec.path, self.minor)
        if parsed.fault is not None:
            fault = parsed.fault
            module.problems.append(
                Problem("syntax", module.name, fault.text, node, fault.line, type=fault.type, newer=fault.newer)
            )
        elif parsed.tree is not None:
            module.tree, module.data = parsed.tree, data
            self._run(module, parsed.tree, data)
        else:
            self.tainted = True

    def _run(self, module: Module, tree: ast.Module, data: bytes) -> None:
        from lambdalint.handlers.python_body import Body

        self._depth += 1
        try:
            Body(self, module, data).run(tree)
            if b"|" in data or self.minor < 9:
                from lambdalint.handlers import python_start as start

                self._refuse(module, start.trip(tree, self.minor))
        except RecursionError:
            module.is_open = self.tainted = True
            module.problems.clear()
        finally:
            self._depth -= 1

    def _refuse(self, module: Module, fault: syntax.Fault | None) -> None:
        """Note what this Python does not take of a source, if anything."""
        if fault is not None:
            doubtful = fault.type == "TypeError" and fault.newer is not None
            severity, node = Severity.WARNING if doubtful else None, module.spec.node
            problem = Problem("syntax", module.name, fault.text, node, fault.line, type=fault.type, severity=severity, newer=fault.newer)
            (module.doubts if doubtful else module.problems).append(problem)

    def _bytes(self, node: Node | None, limit: int) -> bytes:
        if node is None:
            return b""
        try:
            return self.search.filesystem.read(node, limit)
        except Lacking as lacking:
            self.lacking.append(lacking)
            self.tainted = True
            return b""

    def _is_cached_for_good(self, module: Module, node: Node) -> bool:
        """Tell whether a compiled twin is loaded without a look at the source."""
        if node.parent is None or (cache := node.parent.child("__pycache__")) is None:
            return False
        stem = re.sub(r"\.py$", "", module.spec.path.rpartition("/")[2])
        twin = cache.child(f"{stem}.cpython-3{self.minor}.pyc")
        if twin is None or not twin.is_file:
            return False
        flags = self._bytes(twin, 8)[4:8]
        return len(flags) == 4 and int.from_bytes(flags, "little") == _UNCHECKED

    def reached(self, module: Module) -> list[Module]:
        """Return a module and all that it surely loads, each once, in the order in which they start."""
        found, stack, seen = [], [module], {module.name}
        while stack:
            one = stack.pop()
            found.append(one)
            for child in reversed(one.children):
                if child.name not in seen:
                    seen.add(child.name)
                    stack.append(child)
        return found
