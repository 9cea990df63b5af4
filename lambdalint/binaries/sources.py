"""Sources that are looked at for words, since what loads native code says so: one by one, or all of a package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lambdalint.filesystem import Filesystem, Missing, Node
from lambdalint.model import Lacking

#: How many sources of a package are looked at.
FILES: Final = 300
#: Bytes of a source that is looked at; larger ones are bundles or tables.
SIZE: Final = 1 << 18
_WORD: Final = re.compile(rb"[\w\x80-\xff]+")


def text(filesystem: Filesystem, path: str) -> bytes:
    """Return a source; empty when it is not there, is too large, or cannot be read, which another rule tells."""
    node = filesystem.find(path)
    return b"" if isinstance(node, Missing) else _read(filesystem, node)


def texts(filesystem: Filesystem, paths: Iterable[str]) -> Iterator[bytes]:
    """Yield the sources at some paths, as far as they can be looked at."""
    return (found for path in paths if (found := text(filesystem, path)))


def below(filesystem: Filesystem, folder: str, suffixes: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the sources of a package, up to a bound; its nested node_modules are other packages."""
    count = 0
    for node in filesystem.walk(folder):
        if not node.name.endswith(suffixes) or not node.is_file or "/node_modules/" in node.path[len(folder) :]:
            continue
        count += 1
        if count > FILES:
            return
        yield _read(filesystem, node)


def words(source: bytes) -> set[bytes]:
    """Return the names and numbers in a source, so that one look tells which of many it has."""
    return set(_WORD.findall(source))


def _read(filesystem: Filesystem, node: Node) -> bytes:
    if node.entry is None or node.entry.size > SIZE:
        return b""
    try:
        return filesystem.read(node, SIZE)
    except Lacking:
        return b""
