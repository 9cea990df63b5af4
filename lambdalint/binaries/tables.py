"""The tables of an ELF file where its loader would find them: at the addresses that its segments are mapped to."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

from lambdalint.binaries.kept import Kept
from lambdalint.binaries.programs import Program

#: Bytes of one name: PATH_MAX, which no soname or search path of a working library comes near.
NAME: Final = 4096


class Outside(Exception):  # noqa: N818 - says where a table leads, not that we failed
    """A table or string that no bytes of the file are mapped to."""


class NotKept(Exception):  # noqa: N818 - the same
    """A table or string in bytes of the file that were not kept."""


class TooMany(Exception):  # noqa: N818 - the same
    """A table with more entries than this program reads of a stranger's file."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most: Final = most


class Table:
    """The bytes from an address on, as far as they are mapped from the file."""

    __slots__ = ("data", "end", "is_cut", "start")

    def __init__(self, data: bytearray, start: int, end: int, *, is_cut: bool) -> None:
        self.data: Final = data
        #: Where in ``data`` the table begins, and where its bytes end.
        self.start: Final = start
        self.end: Final = end
        #: Whether the file has more of it, which was not kept.
        self.is_cut: Final = is_cut

    def unpack(self, layout: struct.Struct, offset: int) -> tuple[Any, ...]:
        """Unpack a row. Raises Outside or NotKept."""
        at = self.start + offset
        if at + layout.size > self.end:
            raise self._beyond()
        return layout.unpack_from(self.data, at)

    def take(self, offset: int, size: int) -> memoryview:
        """Return so many bytes. Raises Outside or NotKept when not all of them are there."""
        at = self.start + offset
        if at + size > self.end:
            raise self._beyond()
        return memoryview(self.data)[at : at + size]

    def rest(self, size: int) -> memoryview:
        """Return the first bytes, fewer than asked for if there are no more."""
        return memoryview(self.data)[self.start : min(self.end, self.start + size)]

    def text(self, index: int) -> str:
        """Return the string that begins at an index. Raises Outside or NotKept."""
        at = self.start + index
        stop = self.data.find(0, at, min(self.end, at + NAME)) if at < self.end else -1
        if stop >= 0:
            return self.data[at:stop].decode("utf-8", "surrogateescape")
        raise Outside if at + NAME <= self.end else self._beyond()

    def _beyond(self) -> Exception:
        return NotKept() if self.is_cut else Outside()


class Memory:
    """A file's bytes by address."""

    __slots__ = ("_kept", "_loads")

    def __init__(self, loads: Sequence[Program], kept: Kept) -> None:
        self._loads: Final = loads
        self._kept: Final = kept

    def table(self, address: int, size: int | None = None) -> Table:
        """Return what is mapped from an address on. ``size`` None: the table does not say how long it is. Raises Outside or NotKept."""
        for load in self._loads:
            if load.address <= address < load.address + load.size:
                offset = load.offset + address - load.address
                end = load.offset + load.size
                return self._at(offset, end if size is None else min(end, offset + size))
        raise Outside

    def _at(self, offset: int, end: int) -> Table:
        """Return the bytes from one offset to another, as far as the file has them."""
        end = min(end, self._kept.size)
        if offset >= end:
            raise Outside
        span = self._kept.find(offset)
        if span is None:
            raise NotKept
        stop = min(end, span.start + len(span.data))
        return Table(span.data, offset - span.start, stop - span.start, is_cut=stop < end)
