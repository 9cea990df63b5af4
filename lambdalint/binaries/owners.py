"""Whom a native file belongs to: distributions of Python and packages of npm."""

from __future__ import annotations

import re
from typing import Final

from lambdalint.distributions import normalized
from lambdalint.filesystem import Filesystem, Missing
from lambdalint.model import Lacking

_READ: Final = 1 << 20
#: Bytes of metadata of one function; what is behind them belongs to nobody that is known.
_READ_IN_ALL: Final = 32 << 20
#: Characters of a requirement's condition that are parsed.
_MARKER: Final = 1000
#: Folders at the top of many distributions that a function does not need.
_ASIDE: Final = frozenset({"", "..", "bin", "__pycache__"})
#: Distributions that are named beside one, at most.
_BESIDE: Final = 50


class Owner:
    """A distribution with its version, or just a name where no metadata tells more."""

    __slots__ = ("name", "version")

    def __init__(self, name: str, version: str | None) -> None:
        self.name: Final = name
        #: None: not known.
        self.version: Final = version

    def __str__(self) -> str:
        return f"{self.name} {self.version}" if self.version else self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Owner) and (self.name, self.version) == (other.name, other.version)

    def __hash__(self) -> int:
        return hash((self.name, self.version))


class Distributions:
    """The Python distributions below the roots, found by their ``.dist-info`` folders (PEP 376)."""

    def __init__(self, filesystem: Filesystem, minor: int | None = None) -> None:
        self._filesystem = filesystem
        #: Of Python 3, for requirements that hang on it. None: not told, so that those are left out.
        self._minor = minor
        self._records: dict[str, list[tuple[Owner, str]]] = {}
        self._named: dict[str, dict[str, Owner]] = {}
        #: By root: whose RECORD lists a file, and which have files in a folder.
        self._owners: dict[str, dict[str, Owner]] = {}
        self._sharing: dict[str, dict[str, list[Owner]]] = {}
        self._tops: dict[tuple[str, str], frozenset[str]] = {}
        self._needs: dict[tuple[str, str], list[str]] = {}
        self._left = _READ_IN_ALL

    def owner(self, root: str, path: str) -> Owner | None:
        """Return the distribution whose RECORD lists a file. None: no metadata does."""
        if root not in self._owners:
            lines = ((line.partition(",")[0], owner) for owner, record in self._below(root) for line in record.splitlines())
            owners: dict[str, Owner] = {}
            self._owners[root] = owners
            for inner, owner in lines:
                owners.setdefault(inner, owner)
        return self._owners[root].get(path[len(root.rstrip("/")) + 1 :])

    def requirements(self, root: str, name: str) -> list[str]:
        """Return the distributions that one needs on Lambda, without its extras, by their normalized names."""
        if (root, name) not in self._needs:
            self._needs[root, name] = self._requirements(root, name)
        return self._needs[root, name]

    def _requirements(self, root: str, name: str) -> list[str]:
        if root not in self._named:
            self._named[root] = {normalized(owner.name): owner for owner, _ in reversed(self._below(root))}
        folder = self._named[root].get(name)
        if folder is None:
            return []
        text = self.text(f"{root}/{folder.name}-{folder.version}.dist-info/METADATA")
        needed = re.findall(r"^Requires-Dist: *([A-Za-z0-9._-]+)([^;\n]*)(;[^\n]*)?$", text.partition("\n\n")[0], re.MULTILINE)
        return [normalized(found) for found, _, marker in needed if not marker or self._holds(marker[1:])]

    def _holds(self, marker: str) -> bool:
        """Tell whether the condition of a requirement is true of CPython on Lambda."""
        if self._minor is None or len(marker) > _MARKER:
            return False
        from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

        there = {
            "implementation_name": "cpython", "platform_python_implementation": "CPython", "sys_platform": "linux", "os_name": "posix",
            "platform_system": "Linux", "python_version": f"3.{self._minor}", "python_full_version": f"3.{self._minor}.0",
            "implementation_version": f"3.{self._minor}.0", "platform_machine": "", "extra": "",
        }  # fmt: skip
        try:
            return Marker(marker).evaluate(there)
        except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
            return False

    def owners(self, root: str) -> list[Owner]:
        """Return all distributions whose folder gives a version."""
        return [owner for owner, _ in self._below(root) if owner.version]

    def names(self, root: str) -> list[str]:
        """Return the normalized names of all distributions."""
        return [normalized(owner.name) for owner, _ in self._below(root)]

    def tops(self, root: str, name: str) -> frozenset[str]:
        """Return the top-level names that a distribution installs: its folders, and its modules without their endings."""
        found = self._tops.get((root, name))
        if found is None:
            lines = (line for owner, record in self._below(root) if normalized(owner.name) == name for line in record.splitlines())
            found = self._tops[root, name] = frozenset(_top(line.partition(",")[0]) for line in lines)
        return found

    def beside(self, root: str, owner: Owner) -> list[Owner]:
        """Return the other distributions that have files in the same top-level folders, as those of Google share ``google``."""
        if root not in self._sharing:
            sharing: dict[str, list[Owner]] = {}
            for one, record in self._below(root):
                for folder in sorted(_folders(record)):
                    sharing.setdefault(folder, []).append(one)
            self._sharing[root] = sharing
        record = next((record for one, record in self._below(root) if one == owner), "")
        found = {other for folder in _folders(record) for other in self._sharing[root][folder][: _BESIDE + 1]} - {owner}
        return [other for other, _ in self._below(root) if other in found][:_BESIDE] if found else []

    def tags(self, root: str, owner: Owner) -> str:
        """Return what a distribution says of the wheel that it came from; empty when nothing does."""
        return self.text(f"{root}/{owner.name}-{owner.version}.dist-info/WHEEL")

    def _below(self, root: str) -> list[tuple[Owner, str]]:
        if root not in self._records:
            place = self._filesystem.find(root)
            names = [] if isinstance(place, Missing) else sorted(place.children or {})
            self._records[root] = [
                (_owner(name), self.text(f"{root.rstrip('/')}/{name}/RECORD").replace("\r\n", "\n"))
                for name in names
                if name.endswith(".dist-info")
            ]
        return self._records[root]

    def text(self, path: str) -> str:
        """Return a file of metadata; empty when it is not there, cannot be read, or too much of it was read before."""
        try:
            node = self._filesystem.file(path)
            data = b"" if node is None else self._filesystem.read(node, min(_READ, self._left))
        except Lacking:
            return ""
        self._left -= len(data)
        return data.decode(errors="replace")


def _top(path: str) -> str:
    first, inside, _ = path.partition("/")
    return first if inside else first.partition(".")[0]


def _folders(record: str) -> set[str]:
    return {line.partition("/")[0] for line in record.splitlines() if "/" in line} - _ASIDE


def _owner(folder: str) -> Owner:
    name, _, version = folder.removesuffix(".dist-info").partition("-")
    return Owner(name, version or None)
