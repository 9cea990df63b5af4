"""Is native code needed, or does its package work without it? Told by how the package's own code imports it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from lambdalint.filesystem import Filesystem, Missing, Node
from lambdalint.model import Lacking

#: Distributions that were seen to import and work with every native file deleted (47 popular wheels for Python 3.12, 2026-11),
#: by their top-level names.
WORK_WITHOUT: Final = frozenset({
    "charset_normalizer", "coverage", "frozenlist", "markupsafe", "msgpack", "multidict", "propcache", "google", "bson", "pymongo",
    "yaml", "_yaml", "simplejson", "sqlalchemy", "tornado", "websockets", "wrapt", "yarl", "zope",
})  # fmt: skip
#: How many sources of a package are looked at, and how large one may be.
_FILES: Final = 300
_SIZE: Final = 1 << 18
#: Ways in which npm packages load their addon, inside a try that a fallback follows.
_TRIED: Final = re.compile(rb"try\s*\{[^{}]{0,400}?(?:\.node['\"]|node-gyp-build|bindings|node-pre-gyp|loadBinding)[^{}]{0,400}\}\s*catch")


def sources(filesystem: Filesystem, folder: str, suffixes: tuple[str, ...]) -> Iterator[tuple[Node, bytes]]:
    """Yield the sources of a package with their bytes, up to a bound; its nested node_modules are other packages."""
    count = 0
    for node in filesystem.walk(folder):
        if not node.name.endswith(suffixes) or not node.is_file or "/node_modules/" in node.path[len(folder) :]:
            continue
        count += 1
        if count > _FILES:
            return
        if node.entry is not None and node.entry.size <= _SIZE:
            try:
                yield node, filesystem.read(node, _SIZE)
            except Lacking:
                continue


def imports_at_top(filesystem: Filesystem, folder: str, name: str) -> bool:
    """Tell whether a package imports a module in the first column of one of its files: unguarded, when that file is loaded."""
    line = re.compile(rb"^(?:from|import) +" + re.escape(name.encode()) + rb"\b", re.MULTILINE)
    return any(line.search(text) for _, text in sources(filesystem, folder, (".py",)))


def is_guarded(filesystem: Filesystem, folder: str, stem: str) -> bool:
    """Tell whether every import of an extension module by its own package is one that may fail; False when it has none."""
    found = False
    for _, text in sources(filesystem, folder, (".py",)):
        if stem.encode() not in text:
            continue
        for guarded in _imports(text, stem):
            if not guarded:
                return False
            found = True
    return found


def _imports(text: bytes, stem: str) -> Iterator[bool]:
    """Yield for each import of the module whether it may fail."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, guarded = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if _names(node, stem):
                yield guarded
            continue
        inner = guarded or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.If))
        if isinstance(node, ast.Try):
            lenient = any(not _raises(handler) for handler in node.handlers)
            stack += [(child, inner or lenient) for child in node.body]
            stack += [(child, True) for part in (node.handlers, node.orelse, node.finalbody) for child in part]
        else:
            stack += [(child, inner) for child in ast.iter_child_nodes(node)]


def _names(node: ast.Import | ast.ImportFrom, stem: str) -> bool:
    if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] == stem:
        return True
    return any(alias.name.rpartition(".")[2] == stem for alias in node.names)


def _raises(handler: ast.ExceptHandler) -> bool:
    """Tell whether an except clause ends in an error after all."""
    return any(isinstance(statement, ast.Raise) for statement in handler.body)


def tries_addon(filesystem: Filesystem, folder: str) -> bool:
    """Tell whether an npm package goes on when its addon does not load."""
    if not isinstance(filesystem.find(f"{folder}/fallback.js"), Missing):
        return True
    return any(_TRIED.search(text) for _, text in sources(filesystem, folder, (".js", ".cjs", ".mjs")))
