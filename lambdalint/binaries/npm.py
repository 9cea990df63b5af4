"""Packages of npm: where one lies, what it is called, and whether it has native code of its own."""

from __future__ import annotations

import re
from typing import Final

from lambdalint.binaries.owners import Owner
from lambdalint.filesystem import Filesystem
from lambdalint.model import Lacking

_PLACE: Final = "/node_modules/"
#: Bytes of a package.json in which its version is looked for.
_READ: Final = 1 << 16
_VERSION: Final = re.compile(rb'"version"\s*:\s*"([0-9A-Za-z.+-]{1,64})"')


def npm_package(path: str) -> str | None:
    """Return the folder of the package that a file belongs to. None: it lies in no node_modules."""
    before, found, rest = path.rpartition(_PLACE)
    if not found:
        return None
    parts = rest.split("/")
    return f"{before}{_PLACE}{'/'.join(parts[: 2 if rest.startswith('@') else 1])}"


def npm_name(folder: str) -> str:
    """Return what the package of a folder is called, with its scope."""
    return folder.rpartition(_PLACE)[2]


def npm_owner(filesystem: Filesystem, folder: str) -> Owner:
    """Return a package by its folder, with the version that its package.json gives."""
    try:
        node = filesystem.file(f"{folder}/package.json")
        text = b"" if node is None else filesystem.read(node, _READ)
    except Lacking:
        text = b""
    match = _VERSION.search(text)
    return Owner(npm_name(folder) or folder, match[1].decode() if match else None)


def brings_addon(filesystem: Filesystem, folder: str) -> bool:
    """Tell whether a package has native code or WebAssembly of its own; its nested node_modules are other packages."""
    return any(
        node.name.endswith((".node", ".wasm")) and _PLACE not in node.path[len(folder) :] for node in filesystem.walk(folder)
    )
