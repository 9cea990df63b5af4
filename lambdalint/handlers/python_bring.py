"""Run the imports of one module in the mind, as Python would: what they load, what they bind, what they raise."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Final

from lambdalint.aws import python_api as api
from lambdalint.handlers.python_imports import Imports, Module, Problem
from lambdalint.handlers.python_names import Binding, exported, pathwork
from lambdalint.handlers.python_search import Sort
from lambdalint.model import Severity


class Importer:
    """One module while it runs: the names that it has so far, and what its imports make of them."""

    def __init__(self, imports: Imports, module: Module, data: bytes) -> None:
        self.imports: Final = imports
        self.module: Final = module
        self.data: Final = data
        found = pathwork(data)
        #: The line from which on modules may be found elsewhere.
        self.pathwork: Final = data.count(b"\n", 0, found.start()) + 1 if found else None
        #: Whether what runs now surely runs, and whether what it raises is surely not caught.
        self.sure = True
        self.bare = True
        #: Relative imports start from what the module says of itself.
        self.renamed: Final = b"__package__" in data

    def bind(self, name: str, value: object = None, home: Module | None = None) -> None:
        """Bind a name here; where it may not run, it may be bound to this or to what it was."""
        old = self.module.names.get(name)
        sure = self.sure or (old is not None and old.sure)
        self.module.names[name] = Binding(value if self.sure else None, home or self.module, sure=sure)

    def share(self, name: str, bound: Binding | None) -> None:
        """Bind a name to what another name stands for; None: cannot be told."""
        if bound is None or not bound.sure:
            self.bind(name)
        else:
            self.bind(name, bound.value, bound.home)

    def maybe(self, name: str) -> None:
        before, self.sure = self.sure, False
        self.bind(name)
        self.sure = before

    def load(self, name: str, line: int) -> Module | None:
        """Import a module; what fails surely becomes a problem of this one."""
        imports = self.imports
        lacking = len(imports.lacking)
        module, problems = imports.load(name, self.module, line)
        if self.sure and self.bare:
            self.note(problems)
            if module is not None:
                parts = name.split(".")
                chain = [".".join(parts[: count + 1]) for count in range(len(parts))]
                self.module.children += [imports.modules[one] for one in chain if one in imports.modules]
        else:
            del imports.lacking[lacking:]
        return None if problems else module

    def note(self, problems: Sequence[Problem]) -> None:
        if self.sure and self.bare:
            self.module.problems += [one for one in problems if one not in self.module.problems]

    def bring(self, node: ast.Import) -> None:
        for alias in node.names:
            if getattr(node, "is_lazy", 0):
                self.bind(alias.asname or alias.name.partition(".")[0])
                continue
            module = self.load(alias.name, node.lineno)
            if alias.asname:
                self.bind(alias.asname, module)
            else:
                top = alias.name.partition(".")[0]
                self.bind(top, self.imports.modules.get(top))

    def pick(self, node: ast.ImportFrom) -> None:
        if getattr(node, "is_lazy", 0):
            self._unknown(node)
            return
        name = self._base(node)
        base = self.load(name, node.lineno) if name else None
        if base is None:
            self._unknown(node)
            return
        for alias in node.names:
            if alias.name == "*":
                self.spread(base)
            else:
                self.share(alias.asname or alias.name, self.pluck(base, alias.name, node.lineno))

    def _unknown(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.module.is_open = True
            else:
                self.bind(alias.asname or alias.name)

    def _base(self, node: ast.ImportFrom) -> str | None:
        """Return the full name of the module that is imported from; None: unknown, or a problem that was noted."""
        if node.level == 0:
            return node.module
        if self.renamed:
            return None
        package = self.module.package
        text = None
        bits = package.rsplit(".", node.level - 1)
        if not package:
            text = "attempted relative import with no known parent package"
        elif len(bits) < node.level:
            text = "attempted relative import beyond top-level package"
        if text is not None:
            written = f"{'.' * node.level}{node.module or ''}"
            self.note([Problem("relative", written, text, self.module.spec.node, node.lineno)])
            return None
        return f"{bits[0]}.{node.module}" if node.module else bits[0]

    def pluck(self, base: Module, name: str, line: int) -> Binding | None:
        """Take a name out of a module, as ``from base import name`` does: an attribute, else a submodule."""
        bound = base.names.get(name)
        if bound is not None:
            return bound
        if base.spec.sort is Sort.GIVEN:
            minor = self.imports.minor
            gone = api.gone_from(base.name, name, minor) or api.gone_below(f"{base.name}.{name}", minor)
            if gone or self.imports.is_hidden(base.name, name):
                self._no_name(base, name, line)
            return None
        if base.spec.is_package:
            module, problems = self.imports.load(f"{base.name}.{name}", self.module, line)
            if module is not None:
                if self.sure and self.bare:
                    self.note(problems)
                    self.module.children.append(module)
                return Binding(module, module, sure=True)
            if problems and problems[0].kind != "module":
                self.note(problems)
                return None
        is_special = name.startswith("__") and name.endswith("__")
        if not (base.is_open or is_special or self.imports.tainted or self.imports.may_be_set(base, name)):
            self._no_name(base, name, line)
        return None

    def _no_name(self, base: Module, name: str, line: int) -> None:
        where = self._home(base)
        severity = None
        if base.done:
            text = f"cannot import name {name!r} from {base.name!r} ({where})"
        else:
            whole = f"partially initialized module {base.name!r} (most likely due to a circular import)"
            text = f"cannot import name {name!r} from {whole} ({where})"
            # Another order of imports may do; a package that asks itself for what it lacks fails in any.
            severity = None if base is self.module else Severity.WARNING
        if self.imports.is_dependency(self.module.spec):
            severity = Severity.WARNING
        self.note([Problem("name", f"{base.name}.{name}", text, self.module.spec.node, line, severity=severity)])

    def _home(self, base: Module) -> str:
        if base.spec.sort is Sort.GIVEN:
            return api.home(base.name, self.imports.minor)
        return base.spec.path or "unknown location"

    def spread(self, base: Module) -> None:
        """Bind what ``from base import *`` brings."""
        listed = exported(base.tree, base.data) if base.tree is not None else None
        if base.is_open or base.tree is None or not base.done or (listed is None and b"__all__" in base.data):
            if base.spec.sort is not Sort.NAMESPACE:
                self.module.is_open = True
            return
        for name, bound in list(base.names.items()):
            if name in listed if listed is not None else not name.startswith("_"):
                self.share(name, bound)
        for name in listed or ():
            if name not in base.names:
                self.maybe(name)
