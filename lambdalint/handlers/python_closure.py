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
from lambdalint.surely import Closure

if TYPE_CHECKING:
    from lambdalint.filesystem import Node
    from lambdalint.handlers.python_imports import Imports

#: Sources that are read, and their bytes: ``import pandas`` reads 380 files of 9 MB (pandas 2.3 with numpy 2.3).
_FILES: Final = 1200
_BYTES: Final = 16 << 20
#: What a package binds that was not read.
_ANYTHING: Final = frozenset("*")


class Reading(Body):
    """One module of a distribution, read for the imports that it surely runs and that nothing catches."""

    def __init__(self, imports: Imports, module: Module) -> None:
        # Without its source: what places it adds to the path are for what is not in those that are known.
        super().__init__(imports, module, b"")
        #: Modules by their full names, in the order in which they are imported.
        self.wanted: Final[list[str]] = []
        #: A module and a name in it that may be a submodule.
        self.perhaps: Final[list[tuple[str, str]]] = []

    def load(self, name: str, line: int) -> Module | None:  # noqa: ARG002 - as it is called
        """Note what is imported; it is read in its turn."""
        if self.sure and self.bare:
            self.wanted.append(name)
        return None

    def pick(self, node: ast.ImportFrom) -> None:
        """Note the module, and that its names may be submodules."""
        base = None if getattr(node, "is_lazy", 0) else self._base(node)
        if base and self.sure and self.bare:
            self.wanted.append(base)
            self.perhaps.extend((base, alias.name) for alias in node.names if alias.name != "*")

    def attempt(self, node: ast.Try) -> None:
        """Take a clause that ends in an error for none: ``except ImportError as error: raise RuntimeError(...)``."""
        if all(handler.body and isinstance(handler.body[-1], ast.Raise) for handler in node.handlers):
            self.block(node.body)
            self.block(node.finalbody)
        else:
            super().attempt(node)


class Walk:
    """The modules of distributions that are surely imported, in the order in which their imports are met."""

    def __init__(self, imports: Imports, modules: Sequence[Module]) -> None:
        self._imports: Final = imports
        self._search: Final = imports.search
        #: By full name. None: it is nowhere, or cannot be told.
        self._specs: Final[dict[str, Spec | None]] = {}
        self._queue: Final[list[Spec]] = []
        #: What packages bind in other ways than by importing a submodule.
        self._bound: Final[dict[str, frozenset[str]]] = {}
        self._perhaps: list[tuple[str, str]] = []
        self._absent: Final[set[str]] = set()
        self._left: int = _BYTES
        for module in modules:
            self._specs[module.name] = module.spec
            if module.tree is None:
                self._queue.append(module.spec)

    def closure(self) -> Closure:
        """Return the files, those left out that the function's own modules load, and what is nowhere."""
        nodes = [spec.node for spec in self._walk() if spec.node is not None]
        return Closure(nodes, self._absent)

    def _walk(self) -> Iterator[Spec]:
        at = 0
        while at < min(len(self._queue), _FILES) and self._left > 0:
            spec = self._queue[at]
            at += 1
            yield spec
            if spec.sort is Sort.SOURCE and spec.node is not None:
                self._read(spec, spec.node)
            if at == len(self._queue):
                self._submodules()

    def _read(self, spec: Spec, node: Node) -> None:
        try:
            data = self._search.filesystem.read(node, syntax.READ + 1)
        except Lacking:
            return
        self._left -= len(data)
        tree = syntax.parse(data, spec.path, self._imports.minor, fully=False).tree
        if tree is None:
            return
        reading = Reading(self._imports, Module(spec))
        reading.block(tree.body)
        self._bound[spec.name] = frozenset(_bound(tree.body, spec.name))
        for name in reading.wanted:
            self._follow(name)
        self._perhaps += reading.perhaps

    def _submodules(self) -> None:
        """Go on with names that turned out to be submodules, once the packages that they are taken from were read."""
        waiting, self._perhaps = self._perhaps, []
        for base, name in waiting:
            package = self._specs.get(base)
            bound = self._bound.get(base, _ANYTHING)
            if package is not None and package.is_package and name not in bound and "*" not in bound:
                self._follow(f"{base}.{name}")

    def _follow(self, name: str) -> None:
        parts = name.split(".")
        parent: Spec | None = None
        for count in range(1, len(parts) + 1):
            part = ".".join(parts[:count])
            if part not in self._specs:
                spec = self._specs[part] = self._find(part, parent)
                if spec is not None:
                    self._queue.append(spec)
            parent = self._specs[part]
            if parent is None or not parent.is_package:
                return

    def _find(self, name: str, parent: Spec | None) -> Spec | None:
        try:
            found = self._search.top(name) if parent is None else self._search.below(parent, name)
        except Unknowable:
            return None
        if found is None:
            self._absent.add(name)
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
