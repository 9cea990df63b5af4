"""What of a layer is hidden by a later layer or by the function, and which versions of a library are mixed by that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lambdalint.distributions import normalized
from lambdalint.filesystem import OPT, Filesystem
from lambdalint.model import Entry, Kind, Package

#: Installed Python distributions (https://packaging.python.org/en/latest/specifications/recording-installed-packages/).
_DIST_INFO: Final = re.compile(r"(python/(?:lib/python[\d.]+/site-packages/)?|)([A-Za-z0-9_.]+)-([^/-]+)\.dist-info/")
_PACKAGE: Final = re.compile(r"python/(?:lib/python[\d.]+/site-packages/)?(\w+)/__init__\.py$")
_NODE_MODULE: Final = re.compile(r"(?:nodejs/(?:node\d+/)?)?node_modules/((?:@[^/]+/)?[^/]+)/package\.json$")
_VERSION: Final = re.compile(rb'"version"\s*:\s*"([^"]+)"')
#: Bytes read of a package.json.
_READ: Final = 64 << 10


class Mix:
    """A library that is there in two versions."""

    __slots__ = ("entries", "hidden", "is_merged", "name", "winner", "winning")

    def __init__(self, name: str, hidden: str, winning: str, winner: str, entries: list[Entry], *, is_merged: bool) -> None:
        self.name: Final = name
        #: The version of this layer, and the one that wins.
        self.hidden: Final = hidden
        self.winning: Final = winning
        #: The path of the package that wins.
        self.winner: Final = winner
        #: Files of this layer that show its version.
        self.entries: Final = tuple(entries)
        #: Whether the files of both end up in one folder. False: the function has its own, which is found first.
        self.is_merged: Final = is_merged


class Shadows:
    """What of one layer is hidden."""

    __slots__ = ("clashes", "hidden", "masked", "mixes")

    def __init__(
        self, hidden: list[tuple[str, Entry]], clashes: list[tuple[Entry, str]], mixes: list[Mix], masked: list[tuple[Entry, Entry]]
    ) -> None:
        #: The hiding package's path with each hidden file; files of equal size, which are as good as the same, left out.
        self.hidden: Final = tuple(hidden)
        #: This layer's files that have the name of a directory in another layer, with that layer's path.
        self.clashes: Final = tuple(clashes)
        self.mixes: Final = tuple(mixes)
        #: Installed packages of this layer, each with a module of the function that has its name, and is found first.
        self.masked: Final = tuple(masked)


def shadows(layer: Package, filesystem: Filesystem) -> Shadows:
    """Return what is hidden of a layer that the function has."""
    others = [package for place, package in filesystem.mounts if place == OPT and package is not layer]
    hidden: list[tuple[str, Entry]] = []
    if others:
        for node, package, entry in filesystem.shadowed():
            if package is layer and node.entry is not None and node.package is not None and node.entry.size != entry.size:
                hidden.append((node.package.path, entry))
    clashes = _clashes(layer, others) if others else []
    order = [package for _, package in filesystem.mounts]
    later = [package for package in others if order.index(package) > order.index(layer)]
    function = [package for place, package in filesystem.mounts if place == filesystem.base]
    mixes = [mix for package in later for mix in _mixes(layer, package, is_merged=True)]
    mixes += [mix for package in function for mix in _mixes(layer, package, is_merged=False)]
    return Shadows(hidden, clashes, mixes, [pair for package in function for pair in _masked(layer, package)])


def _clashes(layer: Package, others: list[Package]) -> list[tuple[Entry, str]]:
    solid = {entry.path: entry for entry in layer.entries if entry.kind is not Kind.DIR}
    found: dict[str, tuple[Entry, str]] = {}
    for package in others:
        for folder in _folders(package):
            if folder in solid:
                found.setdefault(folder, (solid[folder], package.path))
    return [found[path] for path in sorted(found)]


def _folders(package: Package) -> set[str]:
    folders = {entry.path if entry.kind is Kind.DIR else entry.path.rpartition("/")[0] for entry in package.entries}
    for folder in list(folders):
        while folder and (folder := folder.rpartition("/")[0]) not in folders:
            folders.add(folder)
    return folders


def _mixes(layer: Package, winner: Package, *, is_merged: bool) -> Iterator[Mix]:
    ours, theirs = _libraries(layer), _libraries(winner)
    for place, name in sorted(ours):
        other = theirs.get((place if is_merged else _own(place), name))
        if other is None:
            continue
        entry = ours[place, name]
        hidden, winning = _version(layer, entry), _version(winner, other)
        if hidden is not None and winning is not None and hidden != winning:
            yield Mix(name, hidden, winning, winner.path, [entry], is_merged=is_merged)


def _masked(layer: Package, function: Package) -> Iterator[tuple[Entry, Entry]]:
    """Yield packages that were installed, as their metadata shows; what a layer has of the user's own may be meant to be replaced."""
    installed = {name for _, name in _libraries(layer)}
    for entry in layer.files():
        package = _PACKAGE.match(entry.path)
        own = None if package is None or normalized(package[1]) not in installed else function.get(f"{package[1]}.py")
        if own is not None and own.kind is Kind.FILE and package is not None and function.get(f"{package[1]}/__init__.py") is None:
            yield entry, own


def _own(place: str) -> str:
    """Return where a function has what a layer has at a place."""
    return "node_modules" if place.endswith("node_modules") else ""


def _libraries(package: Package) -> dict[tuple[str, str], Entry]:
    """Return a file that tells the version of each library of a package, by folder and name."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in package.files():
        python, node = _DIST_INFO.match(entry.path), _NODE_MODULE.match(entry.path)
        if python is not None:
            found.setdefault((python[1].rstrip("/"), normalized(python[2])), entry)
        elif node is not None:
            found[entry.path[: node.start(1) - 1], node[1]] = entry
    return found


def _version(package: Package, entry: Entry) -> str | None:
    python = _DIST_INFO.match(entry.path)
    if python is not None:
        return python[3]
    version = _VERSION.search(package.read(entry, _READ))
    return None if version is None else version[1].decode("utf-8", "replace")
