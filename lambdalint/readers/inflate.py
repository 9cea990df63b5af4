"""Deflate and CRC-32: by isal where it is installed, else by zlib.

isal needs about a third of zlib's time. It is a near drop-in: its error is a type of its own, and output may be pending
though no input is left, so that whoever unpacks goes on with no input until nothing more comes.
"""

from __future__ import annotations

import zlib
from functools import cache, partial
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

#: Raw deflate, as in zip: no header, no checksum, a window of 32 KiB.
_RAW: Final = -15


class Inflater(Protocol):
    """What ``zlib.decompressobj`` and its like return."""

    @property
    def eof(self) -> bool: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class Backend:
    """One library that inflates and sums."""

    __slots__ = ("crc32", "error", "inflater", "name")

    def __init__(
        self, name: str, inflater: Callable[[], Inflater], crc32: Callable[[bytes, int], int], error: type[Exception]
    ) -> None:
        self.name: Final = name
        #: Makes one for a raw stream.
        self.inflater: Final = inflater
        #: Of some bytes, continuing the sum of those before them.
        self.crc32: Final = crc32
        #: What an inflater raises on bytes that are no deflate stream.
        self.error: Final = error


#: Bytes of an archive from which on isal is worth the millisecond in which it is loaded.
WORTH: Final = 1 << 18
ZLIB: Final = Backend("zlib", partial(zlib.decompressobj, _RAW), zlib.crc32, zlib.error)


@cache
def isal() -> Backend | None:
    """Return isal. None: it is not installed."""
    try:
        from isal import isal_zlib
    except ImportError:  # there is no wheel for this machine
        return None
    # Its stub takes the error for an instance.
    error = cast("type[Exception]", isal_zlib.error)
    return Backend("isal", partial(isal_zlib.decompressobj, _RAW), isal_zlib.crc32, error)


def bulk(size: int) -> Backend:
    """Return what unpacks whole members of an archive of so many bytes soonest.

    A look at a member's first bytes is cheaper with ``ZLIB``, whose inflaters are quicker to make.
    """
    return (isal() if size >= WORTH else None) or ZLIB
