"""What a Python function surely imports inside the distributions that it imports: read on request, for it takes many sources.

Statements are followed as for the function's own modules, but one module at a time and without the names that it binds:
of ``from a import b`` the submodule ``a.b`` is believed only where ``a`` has no other ``b``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.handlers import python_syntax as syntax
from lambdalint.handlers.python_body import Body
from lambdalint.handlers.python_imports import Module
from lambdalint.handlers.python_names import targets
from lambdalint.handlers.python_search import Sort, Spec, Unknowable
from lambdalint.model import Lacking
from lambdalint.surely import Asker, Closure

if TYPE_CHECKING:
    from lambdalint.filesystem import Node
    from lambdalint.handlers.python_imports import Imports

#: Sources that are read, and their bytes: ``import pandas`` reads 380 files of 9 MB (pandas 2.3 with numpy 2.3), ``import openai`` 1,000
#: of 3 MB (openai 2).
_FILES: Final = 3000
_BYTES: Final = 16 << 20


class Reading(Body):
    """One module of a distribution, read for the imports that it surely runs and that nothing catches."""

    def __init__(self, imports: Imports, module: Module) -> None:
        # Without its source: what places it adds to the path are for what is not in those that are known.
        super().__init__(imports, module, b"")
        #: Modules by their full names, in the order of their imports; the second is a name taken out of one, perhaps a submodule.
        self.steps: Final[list[tuple[str, str | None, int]]] = []

    def load(self, name: str, line: int) -> Module | None:
        """Note what is imported; it is read in its turn."""
        if self.sure and self.bare:
            self.steps.append((name, None, line))
        return None

    def pick(self, node: ast.ImportFrom) -> None:
        """Note the module, and the names that are taken out of it."""
        base = None if getattr(node, "is_lazy", 0) else self._base(node)
        if base and self.sure and self.bare:
            self.steps.append((base, None, node.lineno))
            self.steps.extend((base, alias.name, node.lineno) for alias in node.names if alias.name != "*")

    def attempt(self, node: ast.Try) -> None:
        """Take a clause that ends in an error for none: ``except ImportError as error: raise RuntimeError(...)``."""
        if all(handler.body and isinstance(handler.body[-1], ast.Raise) for handler in node.handlers):
            self.block(node.body)
            self.block(node.finalbody)
        else:
            super().attempt(node)


class Walk:
    """The modules of distributions that are surely imported, in the order in which Python starts them."""

    def __init__(self, imports: Imports, modules: Sequence[Module], absent: Iterable[str]) -> None:
        """``modules``: those that the function itself imports; ``absent``: those that it asks for in vain."""
        self._imports: Final = imports
        self._search: Final = imports.search
        #: By full name. None: it is nowhere, or cannot be told.
        self._specs: Final[dict[str, Spec | None]] = {module.name: module.spec for module in modules}
        self._roots: Final = [module.spec for module in modules if module.tree is None]
        #: What packages bind to anything but their submodules.
        self._bound: Final[dict[str, frozenset[str]]] = {}
        #: In their order; a set would forget it.
        self._absent: Final[dict[str, None]] = dict.fromkeys(absent)
        self._askers: Final[dict[str, Asker]] = {}
        #: Modules that are not done importing.
        self._started: Final[set[str]] = set()

    def closure(self) -> Closure:
        """Return the files, those left out that the function's own modules load, and what is nowhere."""
        nodes = [spec.node for spec in self._walk() if spec.node is not None]
        return Closure(nodes, self._absent, self._askers)

    def _walk(self) -> Iterator[Spec]:
        files = size = 0
        stack = [("", iter(self._roots))]
        while stack and files < _FILES and size < _BYTES:
            name, imported = stack[-1]
            spec = next(imported, None)
            if spec is None:
                stack.pop()
                self._started.discard(name)
                continue
            yield spec
            if spec.sort is Sort.SOURCE and spec.node is not None:
                files += 1
                size += 0 if spec.node.entry is None else spec.node.entry.size
                self._started.add(spec.name)
                stack.append((spec.name, self._imported(spec.node, self._steps(spec, spec.node))))

    def _steps(self, spec: Spec, node: Node) -> list[tuple[str, str | None, int]]:
        try:
            data = self._search.filesystem.read(node, syntax.READ + 1)
        except Lacking:
            return []
        tree = syntax.parse(data, spec.path, self._imports.minor, fully=False).tree
        if tree is None:
            return []
        reading = Reading(self._imports, Module(spec))
        try:
            bound = frozenset(_bound(tree.body, spec.name))
            reading.block(tree.body)
        except RecursionError:
            return []  # a thousand elif in a row, which the parser takes
        self._bound[spec.name] = bound
        return reading.steps

    def _imported(self, node: Node, steps: Sequence[tuple[str, str | None, int]]) -> Iterator[Spec]:
        """Yield what a module imports and nothing did before; each was walked to its end when the next is asked for."""
        for base, name, line in steps:
            if name is None:
                yield from self._follow(base, Asker(node, line))
                continue
            package, bound = self._specs.get(base), self._bound.get(base)
            if package is None or not package.is_package or bound is None:
                continue
            # A star does not bring names with an underscore.
            free = name not in bound and (name.startswith("_") or "*" not in bound)
            if free:
                yield from self._follow(f"{base}.{name}", Asker(node, line, package.path, is_partial=base in self._started))

    def _follow(self, name: str, asker: Asker) -> Iterator[Spec]:
        parts = name.split(".")
        parent: Spec | None = None
        for count in range(1, len(parts) + 1):
            part = ".".join(parts[:count])
            if part not in self._specs:
                spec = self._specs[part] = self._find(part, parent)
                if spec is not None:
                    yield spec
                elif part in self._absent:
                    self._askers.setdefault(part, asker)
            parent = self._specs[part]
            if parent is None or not parent.is_package:
                return

    def _find(self, name: str, parent: Spec | None) -> Spec | None:
        try:
            found = self._search.top(name) if parent is None else self._search.below(parent, name)
        except Unknowable:
            return None
        if found is None:
            self._absent[name] = None
        return found


def _bound(body: Iterable[ast.stmt], package: str) -> Iterator[str]:
    """Yield the names that statements of a package bind to anything but its submodules, and ``*`` where they may be any."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from targets(target)
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
            yield from targets(node.target)
        elif isinstance(node, ast.Import):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            own = node.module == package if not node.level else node.level == 1 and node.module is None
            yield from (alias.asname or alias.name for alias in node.names if alias.asname or not own or alias.name == "*")
        else:
            for part in ("body", "orelse", "finalbody", "handlers", "cases"):
                inner = getattr(node, part, ())
                yield from _bound(inner if isinstance(inner, list) else (), package)
