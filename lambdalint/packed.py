"""Texts that rules will read, packed until then: sources take a third of their room, and packing them costs next to nothing.

What is not remembered of an image's layer costs another pass over all of it.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable


def pack(data: bytes) -> bytes:
    """Return bytes in zlib's format."""
    return _packer()(data)


def unpack(packed: bytes, size: int) -> bytes | None:
    """Return ``size`` bytes. None: these are not what so many bytes were packed to."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, size + 1)
    except zlib.error:
        return None
    return data if len(data) == size and stream.eof else None


@functools.cache
def _packer() -> Callable[[bytes], bytes]:
    try:
        from isal import isal_zlib
    except ImportError:  # there is no wheel for this machine
        return lambda data: zlib.compress(data, 1)
    return lambda data: isal_zlib.compress(data, 0)
