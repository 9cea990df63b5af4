"""Keeps of a file that streams by the ranges that may be needed later, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

#: Bytes from the beginning of a file, and of those fed last, that are kept while it is not known which are needed. patchelf
#: and BOLT move program headers to the parts that they add: PyTorch's libraries have them at byte 419,430,400 or so, with
#: the dynamic section up to 17 MB before, and the other tables within the first 7 MB or behind.
FIRST: Final = 12 << 20
LATEST: Final = 20 << 20
#: Bytes more that are let come before the older ones are dropped, so that they are moved the less often.
_SLACK: Final = 4 << 20


class Span:
    """Consecutive bytes of a file, as far as they have come."""

    __slots__ = ("data", "start", "stop")

    def __init__(self, start: int, stop: int) -> None:
        self.start: Final = start
        self.stop: Final = stop
        self.data: Final = bytearray()


class Kept:
    """Ranges of a file that is fed from its first byte to its last."""

    __slots__ = ("_first", "_spans", "size")

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._spans: Final = [Span(start, stop) for start, stop in _joined(ranges)]
        #: The first span that is not complete.
        self._first = 0
        #: Bytes fed so far.
        self.size = 0

    def feed(self, chunk: bytes | bytearray) -> None:
        """Take the file's next bytes."""
        start, self.size = self.size, self.size + len(chunk)
        while self._first < len(self._spans):
            span = self._spans[self._first]
            if span.start >= self.size:
                return
            if span.start <= start and span.stop >= self.size:
                span.data.extend(chunk)
            else:
                span.data.extend(memoryview(chunk)[max(span.start - start, 0) : span.stop - start])
            if span.stop > self.size:
                return
            self._first += 1

    def skip(self, size: int) -> None:
        """Pass over bytes of which none is kept."""
        self.size += size

    def find(self, offset: int) -> Span | None:
        """Return the span that holds the byte at an offset. None: it was not kept, or the file ends before it."""
        for span in self._spans:
            if span.start <= offset < span.start + len(span.data):
                return span
        return None

    def take(self, offset: int, size: int) -> memoryview | None:
        """Return the bytes from an offset on, fewer than asked for where they end. None: as of ``find``."""
        span = self.find(offset)
        if span is None:
            return None
        return memoryview(span.data)[offset - span.start : offset - span.start + size]


class Waiting:
    """A file's first bytes and its latest, while it is not known which ranges are needed."""

    __slots__ = ("_latest", "first", "size")

    def __init__(self) -> None:
        self.first: Final = bytearray()
        #: What follows them, or the end of it.
        self._latest: Final = bytearray()
        #: Bytes fed so far.
        self.size = 0

    def feed(self, chunk: bytes) -> None:
        """Take the file's next bytes, less than ``LATEST`` at once."""
        self.size += len(chunk)
        room = FIRST - len(self.first)
        self.first.extend(chunk[:room])
        self._latest.extend(chunk[room:])
        if len(self._latest) > LATEST + _SLACK:
            del self._latest[:-LATEST]

    def take(self, start: int, stop: int) -> bytes | None:
        """Return the bytes between two offsets. None: they have not all come, or were forgotten."""
        latest = self.size - len(self._latest)
        if stop > self.size or (latest > len(self.first) and start < latest and stop > len(self.first)):
            return None
        return bytes(self.first[start:stop] + self._latest[max(start - latest, 0) : max(stop - latest, 0)])

    def keep(self, ranges: Iterable[tuple[int, int]]) -> Kept:
        """Keep these ranges from now on, as far as their bytes are not forgotten, and forget the others."""
        first, latest = len(self.first), self.size - len(self._latest)
        wanted = list(ranges)
        kept = Kept([(start, min(stop, first)) for start, stop in wanted] + [(max(start, latest), stop) for start, stop in wanted])
        kept.feed(self.first)
        self.first.clear()
        kept.skip(latest - first)
        kept.feed(self._latest)
        self._latest.clear()
        return kept


def _joined(ranges: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Return the ranges in order, those that touch as one."""
    out: list[tuple[int, int]] = []
    for start, stop in sorted(ranges):
        if stop <= start:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], stop))
        else:
            out.append((start, stop))
    return out
