"""Every native file that the function sees, with what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lambdalint.binaries.elf import Elf
from lambdalint.binaries.feeder import parse
from lambdalint.binaries.foreign import MachO, Pe, identify
from lambdalint.binaries.systems import LINUX, elf_system
from lambdalint.filesystem import Filesystem, Missing
from lambdalint.model import Entry, Kind, Lacking, Package

#: Lambda's names for the CPUs that the API has, by those of ELF.
CPUS: Final = {"x86_64": "x86_64", "aarch64": "arm64"}
#: Bytes that are read of a file at most, when that is not done in passing.
_WHOLE: Final = 1 << 28
#: What a CPU is called where a machine's or compiler's word is wanted.
MACHINES: Final = {"x86_64": "x86_64", "arm64": "aarch64"}


class Native:
    """One native file."""

    __slots__ = ("entry", "package", "path", "system", "what")

    def __init__(self, path: str, entry: Entry, package: Package, what: Elf | MachO | Pe) -> None:
        #: Absolute, as the function sees it.
        self.path: Final = path
        self.entry: Final = entry
        self.package: Final = package
        self.what: Final = what
        #: ``Linux``, ``macOS``, ``Windows``, or another that has ELF files: ``FreeBSD``, ``Android``.
        self.system: Final = elf_system(what) if isinstance(what, Elf) else "macOS" if isinstance(what, MachO) else "Windows"

    @property
    def elf(self) -> Elf | None:
        """What it says, if it is for Linux. None: it is for another system."""
        return self.what if isinstance(self.what, Elf) and self.system == LINUX else None

    @property
    def cpu(self) -> str | None:
        """Lambda's name for its CPU, or the file's own word for one that Lambda does not have. None: it does not say."""
        if isinstance(self.what, Elf):
            return CPUS.get(self.what.cpu or "", self.what.cpu)
        if isinstance(self.what, MachO):
            return " and ".join(self.what.cpus) or None
        return self.what.cpu

    @property
    def built(self) -> str:
        """What it is built for, in words: ``aarch64``, ``macOS (arm64)``."""
        if self.elf is not None:
            return self.elf.cpu or "a CPU that it does not name"
        return f"{self.system} ({self.cpu})" if self.cpu else self.system

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def __repr__(self) -> str:
        return f"Native({self.path}, {self.built})"


class Natives:
    """All native files, by path."""

    __slots__ = ("_by_path", "all", "filesystem")

    def __init__(self, filesystem: Filesystem) -> None:
        self.filesystem: Final = filesystem
        self.all: Final = sorted(_gather(filesystem), key=lambda native: native.path)
        self._by_path: Final = {native.path: native for native in self.all}

    def at(self, path: str) -> Native | None:
        """Return the native file that a path leads to, links followed. None: there is none."""
        found = self.filesystem.find(path)
        return None if isinstance(found, Missing) else self._by_path.get(found.path)

    def elves(self) -> Iterator[tuple[Native, Elf]]:
        """Yield the files for Linux with what they say."""
        for native in self.all:
            if native.elf is not None:
                yield native, native.elf


def _gather(filesystem: Filesystem) -> Iterator[Native]:
    for place, package in filesystem.mounts:
        for entry in package.files():
            what = _what(entry, package)
            # One that is hidden by a later layer, or by a duplicate name, is not there for the function.
            if what is not None and _is_seen(filesystem, f"{place.rstrip('/')}/{entry.path}", entry):
                yield Native(_absolute(place, entry), entry, package, what)


def _what(entry: Entry, package: Package) -> Elf | MachO | Pe | None:
    head = package.contents.head(entry)
    if head.startswith(b"\x7fELF"):
        try:
            learned = package.contents.learned(entry)
            # Who opened the package without our probe gets the same, at the price of memory.
            return learned if isinstance(learned, Elf) else parse(package.read(entry, _WHOLE))
        except Lacking:
            return None  # damaged: its own rule tells
    found = identify(head)
    if isinstance(found, Pe) and found.cpu is None:
        try:
            found = identify(package.contents.read(entry, 1024))
        except Lacking:
            return None
    return found if isinstance(found, (MachO, Pe)) else None


def _absolute(place: str, entry: Entry) -> str:
    return f"{place.rstrip('/')}/{'/'.join(part for part in entry.path.split('/') if part not in ('', '.'))}"


def _is_seen(filesystem: Filesystem, path: str, entry: Entry) -> bool:
    found = filesystem.find(path, follow=False)
    return not isinstance(found, Missing) and found.entry is entry and entry.kind is Kind.FILE


def listed(natives: Sequence[Native]) -> list[Entry]:
    """Return the entries of native files, for the places of a finding."""
    return [native.entry for native in natives]
