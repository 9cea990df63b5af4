"""The dynamic section of an ELF file, and the versions that it needs and provides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lambdalint.binaries.header import Format
from lambdalint.binaries.tables import Table, TooMany

(NEEDED, HASH, STRTAB, SYMTAB, STRSZ, SONAME, RPATH, RUNPATH) = (1, 4, 5, 6, 10, 14, 15, 29)
GNU_HASH, FLAGS_1, VERDEF, VERNEED = 0x6FFFFEF5, 0x6FFFFFFB, 0x6FFFFFFC, 0x6FFFFFFE
#: DF_1_PIE: a program that can be mapped anywhere.
PIE: Final = 0x08000000
_END: Final = 0
_WEAK: Final = 2
_BASE: Final = 1

#: Entries that are read of one section. The gABI has some 70 tags, and every library needed is one entry more.
ENTRIES: Final = 4096
#: Versions needed, or provided, by one file; of 540 real ones none needs more than 51.
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
    """Yield tags and values up to the one that ends the section, or to where its bytes end. Raises TooMany."""
    size = layout.dynamic.size
    rows = section.rest(ENTRIES * size)
    for tag, value in layout.dynamic.iter_unpack(rows[: len(rows) // size * size]):
        if tag == _END:
            return
        yield tag, value
    if len(rows) == ENTRIES * size:
        raise TooMany(ENTRIES)


def versions_needed(table: Table, strings: Table, layout: Format) -> Iterator[Version]:
    """Yield what a table of type SHT_GNU_verneed asks for. Raises Outside, NotKept or TooMany.

    Offsets in it are unsigned and relative, so that following them always leads onwards. Like glibc's loader this goes by
    them alone, and not by the counts that stand beside them.
    """
    at, left = 0, VERSIONS
    while True:
        file, first, following = table.unpack(layout.need, at)
        soname = strings.text(file)
        inner = at + first
        while True:
            if not left:
                raise TooMany(VERSIONS)
            left -= 1
            flags, name, onwards = table.unpack(layout.auxiliary, inner)
            yield Version(soname, strings.text(name), weak=bool(flags & _WEAK))
            if not onwards:
                break
            inner += onwards
        if not following:
            return
        at += following


def versions_provided(table: Table, strings: Table, layout: Format) -> Iterator[str]:
    """Yield the names that a table of type SHT_GNU_verdef defines, without the file's own. Raises as above."""
    at = 0
    for _ in range(VERSIONS):
        flags, first, following = table.unpack(layout.definition, at)
        if not flags & _BASE:
            yield strings.text(*table.unpack(layout.word, at + first))
        if not following:
            return
        at += following
    raise TooMany(VERSIONS)
