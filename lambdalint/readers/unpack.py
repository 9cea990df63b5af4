"""Unpacks gzip and zstd as it goes by, told by magic bytes; what is neither passes unchanged."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from lambdalint.readers import gate

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
#: A zstd stream may begin with a frame that is to be skipped (RFC 8878, 3.1.2); ``zstd:chunked`` layers end with some.
_SKIPPABLE: Final = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
_IN: Final = 1 << 17
_OUT: Final = 1 << 17


class BadStream(Exception):  # noqa: N818 - the archive's fault, which becomes a flaw
    """Bytes that do not unpack to their end, or to far more than such bytes ever do."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail: Final = detail


class Part(Protocol):
    """Bytes by position: a file, or a part of one."""

    @property
    def size(self) -> int: ...
    @property
    def stamp(self) -> str: ...
    @property
    def changed(self) -> float: ...
    def at(self, offset: int, count: int) -> bytes: ...


class Decompressor(Protocol):
    """One stream of a format; ``bz2.BZ2Decompressor`` set the fashion."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def packing(head: bytes) -> str:
    """Return how bytes are packed that begin so: ``gzip``, ``zstd``, or ``none`` as far as this program knows."""
    if head.startswith(GZIP):
        return "gzip"
    if head.startswith((ZSTD, *_SKIPPABLE)):
        return "zstd"
    return "none"


def pieces(part: Part, step: int = _IN) -> Iterator[bytes]:
    """Yield all bytes of a part as they are."""
    at = 0
    while chunk := part.at(at, min(step, part.size - at)):
        at += len(chunk)
        yield chunk


def unpacked(chunks: Iterator[bytes], how: str, size: int) -> Iterator[bytes]:
    """Yield what packed bytes, ``size`` of them, unpack to, in pieces of bounded size. Raises BadStream."""
    if how == "none":
        yield from chunks
        return
    new, error = _gzip() if how == "gzip" else _zstd()
    most = max(gate.UNPACKED_BYTES, size * gate.LAYER_RATIO)
    total = 0
    try:
        for chunk in _streams(chunks, new):
            total += len(chunk)
            if total > most:
                raise BadStream(f"{size:,} packed bytes unpack to more than {most:,}")
            yield chunk
    except error as reason:
        raise BadStream(f"it is no whole {how} stream: {reason}") from None


def _streams(chunks: Iterator[bytes], new: Callable[[], Decompressor]) -> Iterator[bytes]:
    """Unpack streams that follow each other, as both formats allow."""
    stream = new()
    count, data, begun = 1, b"", False
    while True:
        if not data and (not begun or stream.needs_input):
            data = next(chunks, b"")
            if not data:
                break
        begun = True
        out = stream.decompress(data, _OUT)
        data = b""
        if out:
            yield out
        if stream.eof:
            data = stream.unused_data or next(chunks, b"")
            if not data.strip(b"\0"):  # padding, which gzip itself passes over
                return
            stream, count, begun = new(), count + 1, False
            if count > gate.STREAMS:
                raise BadStream(f"it is made of more than {gate.STREAMS:,} streams")
    raise BadStream("its packed bytes end before its data do")


def _gzip() -> tuple[Callable[[], Decompressor], type[Exception]]:
    try:
        from isal import igzip_lib
    except ImportError:  # there is no wheel for this machine
        return _Zlib, zlib.error
    flag: int = igzip_lib.DECOMP_GZIP
    # Its stub takes the error for an instance.
    error: type[Exception] = igzip_lib.error  # type: ignore[assignment]
    return lambda: igzip_lib.IgzipDecompressor(flag), error


def _zstd() -> tuple[Callable[[], Decompressor], type[Exception]]:
    try:
        from compression import zstd  # type: ignore[import-not-found,unused-ignore]
    except ImportError:  # before Python 3.14
        try:
            from backports import zstd
        except ImportError:  # there is no wheel for this machine
            raise BadStream("it is packed with zstd, which this installation cannot read") from None
    return zstd.ZstdDecompressor, zstd.ZstdError


class _Zlib:
    """zlib's gzip reader in the fashion of the others."""

    def __init__(self) -> None:
        self._inner: Final = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail and not self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
