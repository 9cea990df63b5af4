"""Which shared libraries, in which versions, Lambda's environment supplies to a function's native code.

The names are what a function inside Lambda listed, in us-east-1, by the weekly job of github.com/shogo82148/docker-lambda
(``tools/sonames.py`` refreshes them). It walks the whole file system, so that what it does not list is not there. Whether an
environment is the same in other Regions, or under a runtime version that was pinned before, is not known.

Of the versions, read on 2026-11-21:

- GLIBC: ``GLIBC`` of ``lambdalint.aws.runtimes``; the same in every listing of the packages installed since 2023-11.
- GLIBCXX and CXXABI: the release in libstdc++'s file name, by https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html.
  AWS says of AL2023 that it has GCC 11; its library has been GCC 14's since 2025-06.
- GCC: the package libgcc, 7.2.1, 7.3.1 and 14.2.1, by GCC's own maps of versions.
- ZLIB: the package zlib, 1.2.8, 1.2.7 and 1.2.11, by the zlib.map of each.
- OPENSSL: the package openssl, 3.5.5. Node.js 22 has its own, 3.3.5, which lacks OPENSSL_3.4.0
  (https://github.com/aws/aws-lambda-base-images/issues/482).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from lambdalint.aws import sonames
from lambdalint.aws.environment import default_path
from lambdalint.aws.runtimes import GLIBC, RUNTIMES

#: The day of which the names speak.
AS_OF: Final = sonames.AS_OF

SYSTEMS: Final = ("AL1", "AL2", "AL2023")
ARCHITECTURES: Final = ("x86_64", "arm64")

#: What a program may ask for as its loader (PT_INTERP), by CPU; /lib and /lib64 are links to the same under /usr.
_INTERPRETERS: Final = {
    "x86_64": ("/lib64/ld-linux-x86-64.so.2", "/usr/lib64/ld-linux-x86-64.so.2"),
    "arm64": ("/lib/ld-linux-aarch64.so.1", "/usr/lib/ld-linux-aarch64.so.1"),
}

#: Loaded by a runtime before any code of the function, from a directory that is not searched: a name that is loaded is not
#: looked for again (dl-load.c, _dl_map_object).
_LOADED: Final = {"java": frozenset({"libjvm.so", "libjava.so"})}

#: CXXABI by the last number of libstdc++.so.6.0.N, whose GLIBCXX is 3.4.N.
_CXXABI: Final = {24: "1.3.11", 28: "1.3.12", 29: "1.3.13", 30: "1.3.13", 31: "1.3.14", 32: "1.3.14", 33: "1.3.15", 34: "1.3.16"}

#: By operating system, or by a runtime that has a library of its own: number, and whether that is sure. None: not known.
_CEILINGS: Final[Mapping[str, Mapping[str, tuple[str, bool] | None]]] = {
    "AL1": {"GCC": ("7.0.0", True), "ZLIB": ("1.2.7.1", False)},
    "AL2": {"GCC": ("7.0.0", True), "ZLIB": ("1.2.5.2", False)},
    "AL2023": {"GCC": ("14.0.0", True), "ZLIB": ("1.2.9", False), "OPENSSL": ("3.5.5", False)},
    "nodejs18.x": {"OPENSSL": None},
    "nodejs20.x": {"OPENSSL": None},
    "nodejs22.x": {"OPENSSL": ("3.3.5", True)},
    "nodejs24.x": {"OPENSSL": None},
    "nodejs26.x": {"OPENSSL": None},
}

_VERSION: Final = re.compile(r"([A-Z]+)_(\d+(?:\.\d+)*)")
#: Digits of a number in a version; the longest there are is a date.
_DIGITS: Final = 9


class Ceiling:
    """The newest of a family of symbol versions that an environment has."""

    __slots__ = ("family", "is_sure", "number")

    def __init__(self, family: str, number: str, *, is_sure: bool) -> None:
        #: ``GLIBC``, ``GLIBCXX``, ``CXXABI``, ``GCC``, ``ZLIB`` or ``OPENSSL``.
        self.family: Final = family
        #: As ``2.34``.
        self.number: Final = number
        #: Whether the file that is there says so, or somebody met it; else it follows from a package's version alone.
        self.is_sure: Final = is_sure

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ceiling) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        return f"{self.family}_{self.number}"


class Libraries:
    """What one environment supplies. What was not told of it, and would matter, makes an answer None."""

    def __init__(self, system: str | None, runtime: str | None, architecture: str | None) -> None:
        self._systems: Final = SYSTEMS if system is None else (system,)
        self._runtime: Final = runtime
        self._architectures: Final = ARCHITECTURES if architecture is None else (architecture,)

    def has(self, soname: str) -> bool | None:
        """Whether the loader finds a library of that name outside of the package."""
        if self._runtime is not None and soname in _LOADED.get(_family(self._runtime), ()):
            return True
        answers = {
            self._has(soname, system, architecture) for system in self._systems for architecture in self._architectures
        }
        return answers.pop() if len(answers) == 1 else None

    def _has(self, soname: str, system: str, architecture: str) -> bool | None:
        if _is_in(soname, sonames.PRESENT[system], architecture):
            return True
        if self._runtime is not None and self._runtime in sonames.RUNTIMES:
            return _is_in(soname, sonames.RUNTIMES[self._runtime], architecture)
        # The runtime was not told, or never listed: it may add what others on the same system add.
        return None if any(RUNTIMES[name].os == system for name in self.suppliers(soname)) else False

    def absent(self, soname: str) -> bool:
        """Whether a library is surely not there that packages are known to miss. False for names that nobody watched for."""
        return self.has(soname) is False and soname in _split(sonames.WATCHED)

    def image_only(self, soname: str) -> bool:
        """Whether a library is in the base image, but not in the managed runtime of the same system: it passes every local test."""
        return self.has(soname) is False and any(soname in _split(sonames.IMAGE_ONLY.get(system, "")) for system in self._systems)

    def incidental(self, soname: str) -> bool:
        """Whether a library is there for the system's package manager alone, so that AWS may leave it out one day."""
        return self.has(soname) is True and any(
            soname in _split(sonames.PACKAGE_MANAGER.get(system, "")) for system in self._systems
        )

    def suppliers(self, soname: str) -> tuple[str, ...]:
        """Return the runtimes that bring a library of their own, on any system, for any CPU of those told."""
        return tuple(
            name
            for name in RUNTIMES
            if any(_is_in(soname, sonames.RUNTIMES.get(name, {}), architecture) for architecture in self._architectures)
        )

    def ceiling(self, family: str, _library: str = "") -> Ceiling | None:
        """Return the newest version of a family that is there. None: not known, or it hangs on what was not told."""
        found = self._ceilings(family)
        return found.pop() if len(found) == 1 else None

    def offers(self, version: str, _library: str = "") -> bool | None:
        """Tell whether a symbol version is there: ``GLIBC_2.28``. None: not known, as of names that are no number.

        GLIBC_ABI_DT_RELR marks a file whose relocations glibc unpacks from 2.36 on; AL2023's 2.34 may have learned it since.
        """
        if version == "GLIBC_ABI_DT_RELR":
            return False if "AL2023" not in self._systems else None
        match = _VERSION.fullmatch(version)
        if match is None:
            return None
        wanted = numbers(match[2])
        answers = {None if ceiling is None else wanted <= numbers(ceiling.number) for ceiling in self._ceilings(match[1])}
        return answers.pop() if len(answers) == 1 else None

    def _ceilings(self, family: str) -> set[Ceiling | None]:
        """Return the ceilings of all environments that are meant."""
        return {
            _ceiling(family, system, runtime)
            for system in self._systems
            for runtime in ((self._runtime,) if self._runtime else (None, *_with_own_libraries(system)))
        }

    def has_interpreter(self, path: str) -> bool:
        """Tell whether a program's loader exists on a CPU of those told. There is none of musl, and none for 32 bits."""
        return any(path in _INTERPRETERS[architecture] for architecture in self._architectures)

    @property
    def path(self) -> tuple[str, ...]:
        """The directories of LD_LIBRARY_PATH, unless the function sets its own: the same in every runtime."""
        return default_path("LD_LIBRARY_PATH", RUNTIMES["provided.al2023"]) or ()


def environment(system: str | None, runtime: str | None = None, architecture: str | None = None) -> Libraries:
    """Return what an environment supplies: ``AL2023``, ``python3.12``, ``arm64``; None for what was not told.

    Of a runtime that AWS has, the operating system need not be told.
    """
    if system is None and runtime is not None and runtime in RUNTIMES:
        system = RUNTIMES[runtime].os
    return Libraries(system, runtime, architecture)


def _with_own_libraries(system: str) -> Iterator[str]:
    """Yield the runtimes on a system that bring a newer or older copy of what the system has."""
    return (name for name in (*sonames.LIBSTDCXX, *_CEILINGS) if name in RUNTIMES and RUNTIMES[name].os == system)


def _ceiling(family: str, system: str, runtime: str | None) -> Ceiling | None:
    if family == "GLIBC":
        return Ceiling(family, GLIBC[system], is_sure=True)
    if family in ("GLIBCXX", "CXXABI"):
        own = sonames.LIBSTDCXX.get(runtime or "")
        release = (own or sonames.LIBSTDCXX[system]).rpartition(".")[2]
        number = f"3.4.{release}" if family == "GLIBCXX" else _CXXABI.get(int(release))
        # That a process loads its runtime's copy follows from the search path; nobody has met it yet.
        return None if number is None else Ceiling(family, number, is_sure=own is None)
    row = _CEILINGS.get(runtime or "", {})
    found = row[family] if family in row else _CEILINGS[system].get(family)
    return None if found is None else Ceiling(family, found[0], is_sure=found[1])


def _family(runtime: str) -> str:
    row = RUNTIMES.get(runtime)
    return "" if row is None else row.family


def _is_in(soname: str, table: Mapping[str, str], architecture: str) -> bool:
    return soname in _split(table.get("both", "")) or soname in _split(table.get(architecture, ""))


@functools.cache
def _split(names: str) -> frozenset[str]:
    return frozenset(names.split())


def numbers(text: str) -> tuple[int, ...]:
    """Return a dotted version so that it can be compared; what is no number in it comes before all numbers."""
    # Files say what they like: int() takes no superscript digits, and not more than 4300 of any.
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) <= _DIGITS else -1 for part in text.split("."))
