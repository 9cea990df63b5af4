"""What can be wrong with an ELF file so that it does not load, each sort a type."""

from __future__ import annotations

from typing import Final


class Fault:
    """A lie or a gap in the file's tables."""

    __slots__ = ("detail", "loader", "signal")

    def __init__(self, detail: str, loader: str | None = None, signal: str | None = None) -> None:
        #: With the numbers of this file: ``the program headers end at byte 904 of 512``.
        self.detail: Final = detail
        #: What glibc's loader says of it (elf/dl-load.c of 2.26 and 2.34, in both the same). None: it has no text for it.
        self.loader: Final = loader
        #: What ends the process that loads it: ``bus error``. None: nothing is known to.
        self.signal: Final = signal

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.detail!r})"


class Truncated(Fault):
    """The file ends before what its headers promise."""

    __slots__ = ()


class Misaligned(Fault):
    """A load command that cannot be mapped: its place in the file and in memory differ by a part of a page."""

    __slots__ = ()


class Malformed(Fault):
    """A header or a table that contradicts itself or leads nowhere."""

    __slots__ = ()
