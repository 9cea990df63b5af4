"""The dynamic section of an ELF file, and the versions that it needs and provides."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from lambdalint.binaries.header import Format
from lambdalint.binaries.tables import Table

(NEEDED, HASH, STRTAB, SYMTAB, STRSZ, SONAME, RPATH, RUNPATH) = (1, 4, 5, 6, 10, 14, 15, 29)
GNU_HASH, FLAGS_1, VERDEF, VERNEED = 0x6FFFFEF5, 0x6FFFFFFB, 0x6FFFFFFC, 0x6FFFFFFE
#: DF_1_PIE: a program that can be mapped anywhere.
PIE: Final = 0x08000000
_END: Final = 0
_WEAK: Final = 2
_BASE: Final = 1

#: Entries that are read of one section. The gABI has some 70 tags, and every library needed is one entry more.
ENTRIES: Final = 4096
#: Versions needed, or provided, by one file; of 492 real libraries none needs more than 60.
VERSIONS: Final = 4096


class Version:
    """A version that a file needs of a library: ``GLIBC_2.28`` of ``libc.so.6``."""

    __slots__ = ("library", "name", "weak")

    def __init__(self, library: str, name: str, *, weak: bool) -> None:
        #: The soname by which the library is needed.
        self.library: Final = library
        self.name: Final = name
        #: Whether the loader only warns of its absence (VER_FLG_WEAK).
        self.weak: Final = weak

    def __repr__(self) -> str:
        return f"Version({self.library!r}, {self.name!r}, weak={self.weak})"


def entries(section: Table, layout: Format) -> Iterator[tuple[int, int]]:
    """Yield tags and values up to the one that ends the section, or to where its bytes end."""
    size = layout.dynamic.size
    rows = section.rest(ENTRIES * size)
    for tag, value in layout.dynamic.iter_unpack(rows[: len(rows) // size * size]):
        if tag == _END:
            return
        yield tag, value


def versions_needed(table: Table, strings: Table, order: str) -> Iterator[Version]:
    """Yield what a table of type SHT_GNU_verneed asks for. Raises Outside or NotKept.

    Offsets in it are unsigned and relative, so that following them always leads onwards. Like glibc's loader this goes by
    them alone, and not by the counts that stand beside them.
    """
    library, version = struct.Struct(order + "4xIII"), struct.Struct(order + "4xH2xII")
    at, left = 0, VERSIONS
    while True:
        file, first, following = table.unpack(library, at)
        soname = strings.text(file)
        inner = at + first
        while left:
            left -= 1
            flags, name, onwards = table.unpack(version, inner)
            yield Version(soname, strings.text(name), weak=bool(flags & _WEAK))
            if not onwards:
                break
            inner += onwards
        if not following or not left:
            return
        at += following


def versions_provided(table: Table, strings: Table, order: str) -> Iterator[str]:
    """Yield the names that a table of type SHT_GNU_verdef defines, without the file's own. Raises Outside or NotKept."""
    definition, name = struct.Struct(order + "2xH8xII"), struct.Struct(order + "I")
    at = 0
    for _ in range(VERSIONS):
        flags, first, following = table.unpack(definition, at)
        if not flags & _BASE:
            yield strings.text(*table.unpack(name, at + first))
        if not following:
            return
        at += following
