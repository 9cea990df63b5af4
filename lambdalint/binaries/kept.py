"""Keeps of a streamed file the ranges that may be needed later, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final


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
