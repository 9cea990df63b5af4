"""Packages of npm that come in parts for single platforms, by what they declare: ``sharp`` and ``@img/sharp-linux-x64``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lambdalint.binaries.npm import npm_name, npm_package
from lambdalint.binaries.owners import Owner
from lambdalint.binaries.slots import platformless
from lambdalint.filesystem import Filesystem, Missing, Node
from lambdalint.model import Lacking

_OPTIONAL: Final = b'"optionalDependencies"'
_SIZE: Final = 1 << 16
#: Words of a name that say for which CPU of Lambda's a package is.
_CPUS: Final = {"x86_64": frozenset({"x64", "amd64", "x86_64", "64"}), "arm64": frozenset({"arm64", "aarch64"})}
#: Words of one that is for another C library.
_OTHER: Final = frozenset({"musl", "musleabi", "musleabihf", "uclibc", "android"})
_WORDS: Final = re.compile(r"[-./@]+")


class Family:
    """One package with the packages for single platforms that it declares."""

    __slots__ = ("declared", "folder", "owner")

    def __init__(self, folder: str, owner: Owner, declared: Mapping[str, str]) -> None:
        self.folder: Final = folder
        self.owner: Final = owner
        #: ``optionalDependencies``: names and versions.
        self.declared: Final = declared

    def parts(self, architecture: str | None) -> dict[str, list[str]]:
        """Return the packages that fit Lambda, by their names without the platform. ``architecture`` None: either fits."""
        found: dict[str, list[str]] = {}
        for name in self.declared:
            if any(_fits(name, cpu) for cpu in ([architecture] if architecture else _CPUS)):
                found.setdefault(platformless(name), []).append(name)
        return found

    def kin(self, part: str) -> list[str]:
        """Return the names of one part for all platforms."""
        return [name for name in self.declared if platformless(name) == part]


def _fits(name: str, architecture: str) -> bool:
    words = frozenset(_WORDS.split(name))
    return "linux" in words and not _CPUS[architecture].isdisjoint(words) and _OTHER.isdisjoint(words)


class Families:
    """All families of a function, found on first need: every package.json is looked at for it."""

    def __init__(self, filesystem: Filesystem) -> None:
        self._files: Final = filesystem
        self._all: list[Family] | None = None
        self._declaring: dict[str, list[Family]] | None = None

    @property
    def all(self) -> Sequence[Family]:
        if self._all is None:
            self._all = list(_families(self._files))
        return self._all

    def of(self, folder: str) -> Family | None:
        """Return the family that a package for one platform belongs to. None: nothing declares it."""
        name = npm_name(folder)
        if self._declaring is None:
            self._declaring = {}
            for one in self.all:
                for part in one.declared:
                    self._declaring.setdefault(part, []).append(one)
        return next((one for one in self._declaring.get(name, ()) if self.folder(one, name) == folder), None)

    def folder(self, family: Family, name: str) -> str | None:
        """Return where a family's package finds another, as Node.js looks for it. None: nowhere. Raises Lacking of an unread layer."""
        place = family.folder
        while place:
            if not place.endswith("/node_modules"):
                found = self._files.find(f"{place}/node_modules/{name}")
                if not isinstance(found, Missing):
                    return found.path
            place = place.rpartition("/")[0]
        found = self._files.find(f"/opt/nodejs/node_modules/{name}")
        if isinstance(found, Missing):
            if self._files.unread:
                raise Lacking(f"the content of {self._files.unread[0]}")
            return None
        return found.path


def _families(filesystem: Filesystem) -> Iterator[Family]:
    for place, _ in filesystem.mounts:
        for node in filesystem.walk(place):
            if node.name != "package.json" or not node.is_file or node.parent is None:
                continue
            folder = node.parent.path
            family = _family(filesystem, node, folder) if npm_package(f"{folder}/package.json") == folder else None
            if family is not None:
                yield family


def is_not_for_linux(filesystem: Filesystem, folder: str) -> bool:
    """Tell whether the package.json of a folder names systems, and Linux is not among them."""
    found = filesystem.find(f"{folder}/package.json")
    systems = None if isinstance(found, Missing) else _manifest(filesystem, found, b'"os"').get("os")
    if isinstance(systems, str):
        systems = [systems]
    return isinstance(systems, list) and bool(systems) and "linux" not in systems and not any(str(one).startswith("!") for one in systems)


def _manifest(filesystem: Filesystem, node: Node, key: bytes) -> Mapping[str, object]:
    """Return a package.json; empty when it cannot be read or does not have the key."""
    import json

    try:
        text = filesystem.read(node, _SIZE)
        manifest = json.loads(text) if key in text else None
    except (Lacking, ValueError, RecursionError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _family(filesystem: Filesystem, node: Node, folder: str) -> Family | None:
    manifest = _manifest(filesystem, node, _OPTIONAL)
    wanted = manifest.get("optionalDependencies")
    if not isinstance(wanted, dict):
        return None
    declared = {name: version for name, version in wanted.items() if isinstance(version, str) and platformless(name) != name}
    if len(declared) < 2 or not any(_fits(name, cpu) for name in declared for cpu in _CPUS):
        return None
    version = manifest.get("version")
    name = npm_name(folder)
    return Family(folder, Owner(name, version if isinstance(version, str) else None), declared)
