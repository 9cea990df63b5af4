"""Bytes from first to last, two ways: by position in a file, where skipping is free, and as they flow by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lambdalint.readers.unpack import Part

#: GNU tar pads to records of 10 KiB, others to at most so many bytes.
_PADDING: Final = 1 << 16
#: Bytes that are read at a time where single headers are: as good as free beside the call itself.
_WINDOW: Final = 2_048


class Slice:
    """A part of a file."""

    __slots__ = ("_part", "_start", "size")

    def __init__(self, part: Part, start: int, size: int) -> None:
        self._part: Final = part
        self._start: Final = start
        #: In bytes, as far as the file goes.
        self.size: Final = max(0, min(size, part.size - start))

    @property
    def stamp(self) -> str:
        """The file's, and where in it the part is."""
        return f"{self._part.stamp}:{self._start}:{self.size}"

    @property
    def changed(self) -> float:
        """When the file was last written to."""
        return self._part.changed

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes; fewer where the part ends."""
        return self._part.at(self._start + offset, min(count, self.size - offset))


class Positioned:
    """Reads a part of a file where its bytes are."""

    __slots__ = ("_begin", "_part", "_window", "position")

    #: What is skipped is never read, and can be read later.
    flows: Final = False

    def __init__(self, part: Part) -> None:
        self._part: Final = part
        #: Bytes from the start.
        self.position = 0
        #: What was read of it last, and where that begins: headers come in rows, and the first bytes of files behind them.
        self._window = b""
        self._begin = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes; fewer at the end."""
        data = self.peek(count)
        self.position += len(data)
        return data

    def peek(self, count: int) -> bytes:
        """Return the next bytes without passing over them; fewer at the end."""
        start = self.position - self._begin
        if start < 0 or start + count > len(self._window):
            self._window = self._part.at(self.position, max(count, _WINDOW))
            self._begin, start = self.position, 0
        return self._window[start : start + count]

    def skip(self, count: int) -> int:
        """Pass over bytes, and return how many there were."""
        passed = min(count, self._part.size - self.position)
        self.position += passed
        return passed


class Flowing:
    """Reads bytes that come once."""

    __slots__ = ("_chunk", "_chunks", "_used", "position")

    flows: Final = True

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks: Final = chunks
        self._chunk = b""
        self._used = 0
        self.position = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes; fewer at the end. For small counts."""
        start, stop = self._used, self._used + count
        if stop <= len(self._chunk):
            self._used = stop
            self.position += count
            return self._chunk[start:stop]
        return b"".join(self.pieces(count))

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield the next bytes as they come; fewer at the end."""
        while count > 0 and self._more():
            piece = self._chunk[self._used : self._used + count]
            self._pass(len(piece))
            count -= len(piece)
            yield piece

    def skip(self, count: int) -> int:
        """Pass over bytes, and return how many there were."""
        left = count
        while left > 0 and self._more():
            step = min(left, len(self._chunk) - self._used)
            self._pass(step)
            left -= step
        return count - left

    def _pass(self, count: int) -> None:
        self._used += count
        self.position += count

    def _more(self) -> bool:
        while self._used >= len(self._chunk):
            chunk = next(self._chunks, None)
            if chunk is None:
                return False
            self._chunk, self._used = chunk, 0
        return True


#: Either.
Run = Positioned | Flowing


def remains(run: Run) -> bool:
    """Go to the end, and tell whether there was anything but zeros. Of a file no more is looked at than tar programs pad."""
    if isinstance(run, Positioned):
        looked = run.take(_PADDING)
        run.skip(1 << 62)
        return bool(looked.strip(b"\0"))
    found = False
    for piece in run.pieces(1 << 62):
        found = found or bool(piece.strip(b"\0"))
    return found
