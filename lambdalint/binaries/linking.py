"""Tells whether the loader would find every library and every symbol version that a native file needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from lambdalint.aws.libraries import numbers
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.natives import MACHINES, Native, Natives
from lambdalint.model import Kind, Lacking

if TYPE_CHECKING:
    from lambdalint.aws.libraries import Ceiling
    from lambdalint.binaries.dynamic import Version

#: The folders of the runtime and the system in LD_LIBRARY_PATH.
_SYSTEM: Final = ("/var/lang/lib", "/lib64", "/usr/lib64")
#: A native file is followed through at most as many libraries of the package, and all of a function through as many together: the
#: 256 libraries of a data-science stack come to some thousands.
_FOLLOWED: Final = 2_000
_ALL_FOLLOWED: Final = 500_000
#: What auditwheel calls the copies that it puts into wheels: no system has a library of such a name.
_HASHED: Final = re.compile(r"-[0-9a-f]{8}\.so\b")


class Supply(Protocol):
    """What there is beside the package: Lambda's own environment, or the image as a whole. None: not known."""

    def has(self, soname: str, /) -> bool | None: ...
    def absent(self, soname: str, /) -> bool: ...
    def image_only(self, soname: str, /) -> bool: ...
    def offers(self, version: str, library: str, /) -> bool | None: ...
    def ceiling(self, family: str, library: str, /) -> Ceiling | None: ...
    def has_interpreter(self, path: str, /) -> bool: ...


class Missing:
    """A library that is neither in the package nor in Lambda's environment."""

    __slots__ = ("is_bundled", "is_known", "native", "soname")

    def __init__(self, native: Native, soname: str, *, is_known: bool) -> None:
        #: The file that needs it.
        self.native: Final = native
        self.soname: Final = soname
        #: Whether its wheel brings it, under a name that no system has.
        self.is_bundled: Final = bool(_HASHED.search(soname))
        #: Whether packages are known to miss it; else it follows from the list of what is there.
        self.is_known: Final = is_known or self.is_bundled


class TooNew:
    """A symbol version that Lambda's copy of a library does not have."""

    __slots__ = ("ceiling", "is_hidden", "is_sure", "native", "version")

    def __init__(self, native: Native, version: Version, ceiling: str | None, *, is_hidden: bool, is_sure: bool) -> None:
        self.native: Final = native
        self.version: Final = version
        #: The newest that is there: ``GLIBC_2.26``. None: the family has no numbers.
        self.ceiling: Final = ceiling
        #: Whether the package has a copy with that version, which the loader finds too late.
        self.is_hidden: Final = is_hidden
        self.is_sure: Final = is_sure


class Linker:
    """The loader's view of a package: what it holds by soname, and what the environment adds."""

    __slots__ = ("_architecture", "_by_name", "_left", "_left_out", "_provided", "environment", "has_rpath", "natives", "path", "preloads")

    def __init__(
        self,
        natives: Natives,
        environment: Supply,
        architecture: str | None,
        left_out: tuple[str, ...] = ("ld-linux", "libc.musl"),
        *,
        path: Sequence[str] = (),
        preloads: bool = False,
    ) -> None:
        #: Beginnings of names that other rules speak of.
        self._left_out: Final = left_out
        self.natives: Final = natives
        self.environment: Final = environment
        #: The folders of LD_LIBRARY_PATH. Empty: an image's, which looks them through by itself.
        self.path: Final = tuple(path)
        #: Whether the function has the loader load more than files ask for.
        self.preloads: Final = preloads
        self._architecture: Final = architecture
        self._by_name: Final[dict[str, list[Native]]] = {}
        #: By library: the versions of the copies that the loader finds, and of those that it finds too late. None among them: any.
        self._provided: Final[dict[str, tuple[set[str | None], set[str | None]]]] = {}
        self._left = _ALL_FOLLOWED
        #: Whether a file looks for libraries before the function's search path.
        self.has_rpath: Final = any(elf.rpath and not elf.runpath for _, elf in natives.elves())
        for native, elf in natives.elves():
            if self.knows(native):
                for name in {native.name, elf.soname or native.name}:
                    self._by_name.setdefault(name, []).append(native)
        known = {(name, target) for name, targets in self._by_name.items() for target in targets}
        for link in _links(natives):
            target, name = natives.at(link), link.rpartition("/")[2]
            if target is not None and target.elf is not None and self.knows(target) and (name, target) not in known:
                known.add((name, target))
                self._by_name.setdefault(name, []).append(target)

    def knows(self, native: Native) -> bool:
        """Tell whether a file is for the function's CPU, or for one that Lambda has when it was not told."""
        return native.cpu in MACHINES if self._architecture is None else native.cpu == self._architecture

    def holds(self, soname: str) -> bool:
        """Tell whether the package or a given layer has a library of that name, wherever it lies.

        One that lies off every search path may have been loaded before by its full path, so it is never called missing.
        """
        return soname in self._by_name

    def named(self, soname: str) -> Sequence[Native]:
        """Return the libraries of that name, by path."""
        return self._by_name.get(soname, ())

    def closure(self, native: Native) -> list[Native]:
        """Return a native file and the package's own libraries that loading it loads. Raises Lacking of more than any function has."""
        found = [native]
        known = {native}
        for one in found:
            for soname in one.elf.needed if one.elf is not None and len(found) < _FOLLOWED else ():
                other = next(iter(self.named(soname)), native)
                if other not in known:
                    known.add(other)
                    found.append(other)
        self.follow(len(found))
        return found

    def follow(self, count: int) -> None:
        """Note that as many libraries were followed. Raises Lacking when they are too many together."""
        self._left -= count
        if self._left < 0:
            raise Lacking("what all libraries load in their turn, which is more than is followed")

    def missing(self, native: Native, elf: Elf) -> Iterator[Missing]:
        """Yield the libraries that a file needs and that are nowhere. What is not known of the environment is not yielded."""
        for soname in elf.needed:
            if not self.holds(soname) and self.environment.has(soname) is False and not soname.startswith(self._left_out):
                yield Missing(native, soname, is_known=self.environment.absent(soname))

    def too_new(self, native: Native, elf: Elf) -> Iterator[TooNew]:
        """Yield the symbol versions that a file needs for sure and that the environment's library lacks, the newest first."""
        found: dict[tuple[str, str], TooNew] = {}
        for version in elf.versions:
            there = self.environment.offers(version.name, version.library)
            if version.weak or there is not False or self._has(version, shadowed=False):
                continue
            family, _, number = version.name.rpartition("_")
            ceiling = self.environment.ceiling(family, version.library)
            known = found.get((version.library, family))
            if known is None or numbers(number) > numbers(known.version.name.rpartition("_")[2]):
                hidden = self._has(version, shadowed=True)
                sure = (ceiling is None or ceiling.is_sure) and not hidden
                text = repr(ceiling) if ceiling else None
                found[version.library, family] = TooNew(native, version, text, is_hidden=hidden, is_sure=sure)
        yield from found.values()

    def _has(self, version: Version, *, shadowed: bool) -> bool:
        """Tell whether a copy of a library in the package has a version, or says nothing of versions."""
        if version.library not in self._provided:
            both: tuple[set[str | None], set[str | None]] = set(), set()
            for other in self.named(version.library):
                if other.elf is not None:
                    both[self.is_shadowed(other, other.elf)].update(other.elf.provides or [None])
            self._provided[version.library] = both
        return not self._provided[version.library][shadowed].isdisjoint({version.name, None})

    def is_shadowed(self, native: Native, elf: Elf) -> bool:
        """Tell whether the loader finds the system's own copy of a library first, as far as no file has an RPATH."""
        system = min((self.path.index(folder) for folder in _SYSTEM if folder in self.path), default=len(self.path))
        return not self.has_rpath and native.folder in self.path[system:] and bool(self.environment.has(elf.soname or native.name))

    @property
    def has_own_libc(self) -> bool:
        """Tell whether the package brings a C library, to be started by its own loader, as aws-lambda-cpp's packager does."""
        return self.holds("libc.so.6")


def _links(natives: Natives) -> Iterator[str]:
    """Yield the links of all packages that may be names of libraries."""
    for place, package in natives.filesystem.mounts:
        for entry in package.entries:
            if entry.kind is Kind.LINK and ".so" in entry.path:
                yield f"{place.rstrip('/')}/{entry.path}"


def folders(path: str | None, base: str) -> tuple[str, ...]:
    """Return the folders of a search path; an empty one is where a function starts. None: it is not set."""
    return tuple(part.rstrip("/") or base for part in path.split(":")) if path else ()
