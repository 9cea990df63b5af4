"""Tells whether the loader would find every library and every symbol version that a native file needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

from lambdalint.binaries.elf import Elf
from lambdalint.binaries.natives import MACHINES, Native, Natives

if TYPE_CHECKING:
    from lambdalint.aws.libraries import Ceiling
    from lambdalint.binaries.dynamic import Version

#: A native file is followed through at most as many libraries of the package.
_FOLLOWED: Final = 2_000


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

    __slots__ = ("is_known", "native", "soname")

    def __init__(self, native: Native, soname: str, *, is_known: bool) -> None:
        #: The file that needs it.
        self.native: Final = native
        self.soname: Final = soname
        #: Whether packages are known to miss it; else it follows from the list of what is there.
        self.is_known: Final = is_known


class TooNew:
    """A symbol version that Lambda's copy of a library does not have."""

    __slots__ = ("ceiling", "is_sure", "native", "version")

    def __init__(self, native: Native, version: Version, ceiling: str | None, *, is_sure: bool) -> None:
        self.native: Final = native
        self.version: Final = version
        #: The newest that is there: ``GLIBC_2.26``. None: the family has no numbers.
        self.ceiling: Final = ceiling
        self.is_sure: Final = is_sure


class Linker:
    """The loader's view of a package: what it holds by soname, and what the environment adds."""

    __slots__ = ("_by_name", "_left_out", "environment", "natives")

    def __init__(
        self, natives: Natives, environment: Supply, architecture: str | None, left_out: tuple[str, ...] = ("ld-linux", "libc.musl")
    ) -> None:
        #: Beginnings of names that other rules speak of.
        self._left_out: Final = left_out
        self.natives: Final = natives
        self.environment: Final = environment
        self._by_name: Final[dict[str, list[Native]]] = {}
        for native, elf in natives.elves():
            if native.cpu == architecture or (architecture is None and native.cpu in MACHINES):
                for name in {native.name, elf.soname or native.name}:
                    self._by_name.setdefault(name, []).append(native)

    def holds(self, soname: str) -> bool:
        """Tell whether the package or a given layer has a library of that name, wherever it lies.

        One that lies off every search path may have been loaded before by its full path, so it is never called missing.
        """
        return soname in self._by_name

    def closure(self, native: Native) -> list[Native]:
        """Return a native file and the package's own libraries that loading it loads."""
        found = [native]
        for one in found:
            elf = one.elf
            for soname in elf.needed if elf is not None and len(found) < _FOLLOWED else ():
                found += [other for other in self._by_name.get(soname, ())[:1] if other not in found]
        return found

    def missing(self, native: Native, elf: Elf) -> Iterator[Missing]:
        """Yield the libraries that a file needs and that are nowhere. What is not known of the environment is not yielded."""
        for soname in elf.needed:
            if not self.holds(soname) and self.environment.has(soname) is False and not soname.startswith(self._left_out):
                yield Missing(native, soname, is_known=self.environment.absent(soname))

    def too_new(self, native: Native, elf: Elf) -> Iterator[TooNew]:
        """Yield the symbol versions that a file needs for sure and that the environment's library lacks, the newest first."""
        found: dict[tuple[str, str], TooNew] = {}
        for version in elf.versions:
            if version.weak or self._brings(version) or self.environment.offers(version.name, version.library) is not False:
                continue
            family, _, number = version.name.rpartition("_")
            ceiling = self.environment.ceiling(family, version.library)
            known = found.get((version.library, family))
            if known is None or _order(number) > _order(known.version.name.rpartition("_")[2]):
                sure = ceiling is None or ceiling.is_sure
                found[version.library, family] = TooNew(native, version, repr(ceiling) if ceiling else None, is_sure=sure)
        yield from found.values()

    def _brings(self, version: Version) -> bool:
        """Tell whether the package has a copy of the library with that version in it."""
        return any(
            other.elf is not None and (version.name in other.elf.provides or not other.elf.provides)
            for other in self._by_name.get(version.library, ())
        )

    @property
    def has_own_libc(self) -> bool:
        """Tell whether the package brings a C library, to be started by its own loader, as aws-lambda-cpp's packager does."""
        return self.holds("libc.so.6")


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else -1 for part in number.split("."))
