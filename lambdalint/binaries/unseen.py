"""What Python says when the file of an extension module is there and it does not look at it: that hangs on how it is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import sources
from lambdalint.filesystem import Filesystem, Missing, Node

if TYPE_CHECKING:
    from lambdalint.binaries.slots import Slot

#: What numpy imports first, in versions 1 and 2.
_CORE: Final = frozenset({"numpy.core._multiarray_umath", "numpy._core._multiarray_umath"})
#: It catches the error and tells its own, up to 2.0 that of its first line and then that of its second
#: (numpy/__init__.py and numpy/_core/__init__.py of 1.26, 2.0 and 2.4, run 2026-11-21).
_NUMPY: Final = (
    (
        "Error importing numpy: you should not try to import numpy from its source directory; please exit the numpy source tree, and "
        "relaunch your python interpreter from there."
    ),
    "IMPORTANT: PLEASE READ THIS FOR ADVICE ON HOW TO SOLVE THIS ISSUE! Importing the numpy C-extensions failed.",
)


class Import:
    """A line at the top of a file that imports an extension module."""

    __slots__ = ("from_package", "names", "path")

    def __init__(self, path: str, names: Sequence[str], *, from_package: bool) -> None:
        #: The file that has the line.
        self.path: Final = path
        #: What is imported from the module.
        self.names: Final = names
        #: Whether the module is what is imported from its package: ``from PIL import _imaging``.
        self.from_package: Final = from_package


class Imports:
    """The first import of each extension module, in files in the order in which they are loaded; read as far as one is asked for."""

    __slots__ = ("_files", "_found", "_left", "_names", "_roots", "_stems")

    def __init__(self, filesystem: Filesystem, loaded: Iterable[str], roots: Sequence[str], names: Iterable[str]) -> None:
        self._files: Final = filesystem
        self._left: Final = iter(loaded)
        self._roots: Final = roots
        self._names: Final = frozenset(names)
        self._stems: Final = frozenset(name.rpartition(".")[2].encode() for name in self._names)
        self._found: Final[dict[str, Import]] = {}

    def of(self, name: str) -> Import | None:
        """Return the first import of one of the modules. None: there is none to be seen."""
        while name not in self._found:
            path = next(self._left, None)
            if path is None:
                return None
            self._read(path)
        return self._found[name]

    def _read(self, path: str) -> None:
        text = sources.text(self._files, path) if path.endswith(".py") else b""
        if self._stems.isdisjoint(sources.words(text)):
            return
        for name, found in _imports(text, path, _package(path, self._roots)):
            if name in self._names:
                self._found.setdefault(name, found)


def fails(filesystem: Filesystem, slot: Slot, found: Import) -> bool:
    """Tell whether an import fails when no file of the slot will do: nothing else has the module's name, or what has it is hollow."""
    package, _, stem = slot.name.rpartition(".")
    folder = slot.natives[0].folder
    if isinstance(filesystem.find(f"{folder}/{stem}.py"), Node) or isinstance(filesystem.find(f"{folder}/{stem}.pyc"), Node):
        return False
    there = filesystem.find(f"{folder}/{stem}")
    if isinstance(there, Node):
        # A folder without a file of its own, with type stubs for example, is a package that has nothing but its modules.
        inside = [name for name, node in (there.children or {}).items() if node.is_dir or name.endswith((".py", ".pyc", ".so"))]
        return bool(found.names) and not any(name.partition(".")[0] in ("__init__", found.names[0]) for name in inside)
    start = f"{folder}/__init__.py"
    if not found.from_package or found.path == start or not package:
        return True
    # The package itself may give another thing of that name.
    return not re.search(rb"\b" + re.escape(stem.encode()) + rb"\b|import +\*|\b__getattr__\b", sources.text(filesystem, start))


def is_tried(filesystem: Filesystem, slot: Slot) -> bool:
    """Tell whether the code beside an extension module in its package imports it, and each time goes on where that fails."""
    package, _, stem = slot.name.rpartition(".")
    if not package:
        return False
    seen = []
    for text in sources.below(filesystem, slot.natives[0].folder, (".py",)):
        if stem.encode() in sources.words(text):
            seen += _tried(text, stem)
    return bool(seen) and all(seen)


def _tried(text: bytes, stem: str) -> list[bool]:
    """Return for each import of a module whether its failure is caught."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [False]
    caught = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.Try) and node.handlers
        if not any(isinstance(one, ast.Raise) for handler in node.handlers for one in handler.body)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    return [
        id(node) in caught
        for node in nodes
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and stem in {alias.name.rpartition(".")[2] for alias in node.names} | {(getattr(node, "module", None) or "").rpartition(".")[2]}
    ]


def said(filesystem: Filesystem, slot: Slot, found: Import | None) -> str:
    """Return the text of the ImportError. ``found`` None: how the module is imported is not known."""
    if slot.name in _CORE:
        return _NUMPY[b"ModuleNotFoundError" in sources.text(filesystem, f"{slot.owner}/__init__.py")]
    package, _, stem = slot.name.rpartition(".")
    folder = slot.natives[0].folder
    if found is not None and found.from_package:
        return f"cannot import name '{stem}' from {_from(filesystem, folder, package, found.path)}"
    if found is not None and found.names and not isinstance(filesystem.find(f"{folder}/{stem}"), Missing):
        # A folder of that name, with type stubs for example, is a package without a file of its own.
        return f"cannot import name '{found.names[0]}' from '{slot.name}' (unknown location)"
    return f"No module named '{slot.name}'"


def _from(filesystem: Filesystem, folder: str, package: str, path: str) -> str:
    start = f"{folder}/__init__.py"
    if not isinstance(filesystem.find(start), Node):
        return f"'{package}' (unknown location)"
    if path == start:
        return f"partially initialized module '{package}' (most likely due to a circular import) ({start})"
    return f"'{package}' ({start})"


def _imports(text: bytes, path: str, package: str) -> Iterator[tuple[str, Import]]:
    """Yield the modules that a file surely asks for, by their full names."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in _top(tree.body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, Import(path, (), from_package=False)
        elif isinstance(node, ast.ImportFrom):
            module, names = _absolute(node, package), [alias.name for alias in node.names]
            yield module, Import(path, names, from_package=False)
            for name in names:
                yield f"{module}.{name}", Import(path, (), from_package=True)


def _top(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that are executed whatever happens, and those that are tried and whose failure is told on."""
    for node in body:
        if not isinstance(node, ast.Try):
            yield node
        elif all(any(isinstance(one, ast.Raise) and one.exc is None for one in handler.body) for handler in node.handlers):
            yield from _top(node.body)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - node.level + 1], *([node.module] if node.module else [])])


def _package(path: str, roots: Sequence[str]) -> str:
    """Return the package that a file is in, with dots. Empty: none."""
    root = max((root for root in roots if path.startswith(f"{root}/")), key=len, default="")
    return path[len(root) + 1 :].rpartition("/")[0].replace("/", ".")
