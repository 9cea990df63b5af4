"""The extra fields of a zip's headers: sizes beyond 32 bits, names in Unicode, and what is odd about them.

APPNOTE.TXT 6.3.10, 4.5 and 4.6.9. Readers differ in how strictly they take them, and names and sizes hang on them.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import Final

from lambdalint.readers import gate

ZIP64: Final = 0x0001
UNICODE_COMMENT: Final = 0x6375
UNICODE_PATH: Final = 0x7075

#: The sorts that APPNOTE 4.5.2 and 4.6.1 list, and those of Android's and OpenOffice's tools and of WinZip and 7-Zip.
#: Many of them stand in local headers only.
KNOWN: Final = frozenset(
    (
        ZIP64, UNICODE_COMMENT, UNICODE_PATH, 0x0007, 0x0008, 0x0009, 0x000A, 0x000C, 0x000D, 0x000E, 0x000F, 0x0014,
        0x0015, 0x0016, 0x0017, 0x0018, 0x0019, 0x0020, 0x0021, 0x0022, 0x0023, 0x0065, 0x0066, 0x4690, 0x07C8, 0x1986,
        0x2605, 0x2705, 0x2805, 0x334D, 0x4154, 0x4341, 0x4453, 0x4704, 0x470F, 0x4B46, 0x4C41, 0x4D49, 0x4D63, 0x4F4C, 0x5356, 0x5455,
        0x554E, 0x5855, 0x6542, 0x6854, 0x7441, 0x756E, 0x7855, 0x7875, 0xA11E, 0xA220, 0xCAFE, 0xD935, 0xE57A, 0xFB4A,
        0xFD4A, 0x9901, 0x9902,
    )
)  # fmt: skip

_FIELD: Final = struct.Struct("<2H")
_WIDE: Final = struct.Struct("<Q")
_DISK: Final = struct.Struct("<L")
_UNICODE: Final = struct.Struct("<BL")


#: What Info-ZIP and its kin write into nearly every header: times (0x5455) and owner (0x7875), once each.
_USUAL: Final = re.compile(
    rb"(UT\x05\x00.{5}|UT\x09\x00.{9}|UT\x0d\x00.{13})?(ux\x0b\x00\x01\x04.{4}\x04.{4})?", re.DOTALL
)


class Oddity:
    """Something strange in a header, before it is known whose header it is."""

    __slots__ = ("detail", "harmless")

    def __init__(self, detail: str, *, harmless: bool = False) -> None:
        self.detail: Final = detail
        #: No reader is misled by it.
        self.harmless: Final = harmless


class Extra:
    """The extra fields of one header, those that matter by their content."""

    __slots__ = ("comment", "oddities", "path", "sorts", "zip64")

    def __init__(self) -> None:
        #: The numbers of its fields.
        self.sorts: set[int] = set()
        #: The contents of fields 0x0001, 0x7075 and 0x6375, the first if there are several. None: there is none.
        self.zip64: bytes | None = None
        self.path: bytes | None = None
        self.comment: bytes | None = None
        self.oddities: list[Oddity] = []

    def take(self, sort: int, content: bytes) -> None:
        """Add a field. Which one of two counts, readers do not agree on."""
        if sort in self.sorts:
            harmless = sort not in (ZIP64, UNICODE_PATH)
            self.oddities.append(Oddity(f"extra field {sort:#06x} is there twice", harmless=harmless))
        elif sort == ZIP64:
            self.zip64 = content
        elif sort == UNICODE_PATH:
            self.path = content
        elif sort == UNICODE_COMMENT:
            self.comment = content
        self.sorts.add(sort)


def is_usual(extra: bytes, start: int = 0, end: int = 1 << 16) -> bool:
    """Whether a part of some bytes is nothing but those fields that tell nothing and break nothing."""
    return _USUAL.fullmatch(extra, start, end) is not None


def parse(extra: bytes) -> Extra:
    """Take the fields apart."""
    found = Extra()
    at = 0
    for _ in range(gate.EXTRA_FIELDS):
        if at + _FIELD.size > len(extra):
            break
        sort, size = _FIELD.unpack_from(extra, at)
        at += _FIELD.size
        content = extra[at : at + size]
        if len(content) < size:
            found.oddities.append(Oddity(f"extra field {sort:#06x} is {size:,} bytes long, {len(content):,} are there"))
            return found
        at += size
        found.take(sort, content)
    else:
        found.oddities.append(Oddity(f"{gate.EXTRA_FIELDS} extra fields or more"))
        return found
    # Android's zipalign pads with up to three zeros that are no field; bsdtar refuses anything else.
    if extra[at:].strip(b"\0"):
        found.oddities.append(Oddity(f"the extra fields end with {len(extra) - at} bytes that are no field"))
    if len(extra) > gate.EXTRA_BYTES:
        found.oddities.append(Oddity(f"{len(extra):,} bytes of extra fields", harmless=True))
    return found


class Wide:
    """Sizes and offset of a header once its zip64 field was read. ``lacking``: a number was left to a field that is not there."""

    __slots__ = ("lacking", "oddities", "offset", "packed", "size")

    def __init__(self, size: int, packed: int, offset: int) -> None:
        self.size = size
        self.packed = packed
        self.offset = offset
        self.lacking = False
        self.oddities: list[Oddity] = []


def widen(zip64: bytes | None, size: int, packed: int, offset: int, disk: int) -> Wide:
    """Take from a zip64 field what the header's own 32 bits leave to it: APPNOTE 4.5.3, in that order, only what is marked."""
    wide = Wide(size, packed, offset)
    marked = [name for name, value in (("size", size), ("packed", packed), ("offset", offset)) if value == 0xFFFFFFFF]
    if not marked and zip64 is None:
        return wide
    content = zip64 or b""
    if len(content) < 8 * len(marked):
        wide.lacking = True
        wide.oddities.append(Oddity(f"sizes are left to a zip64 field that has {len(content)} of {8 * len(marked)} bytes"))
        return wide
    for index, name in enumerate(marked):
        setattr(wide, name, _WIDE.unpack_from(content, 8 * index)[0])
    rest = content[8 * len(marked) :]
    if disk == 0xFFFF and len(rest) >= _DISK.size:
        rest = rest[_DISK.size :]
    if rest and not _same_in_full(content, wide):
        wide.oddities.append(Oddity("the zip64 field holds other sizes than the header, which does not leave them to it"))
    return wide


def _same_in_full(content: bytes, wide: Wide) -> bool:
    """Whether a field that holds more than it should says the same: some tools always write all of it."""
    numbers = [_WIDE.unpack_from(content, at)[0] for at in range(0, len(content) - 7, 8)]
    return numbers[:3] == [wide.size, wide.packed, wide.offset][: len(numbers[:3])]


def unicode_text(content: bytes, raw: bytes) -> bytes | None:
    """Return the UTF-8 text of a Unicode field. None: it was made for another text, of which only this sum is left, or is none."""
    if len(content) < _UNICODE.size:
        return None
    version, crc = _UNICODE.unpack_from(content)
    if version != 1 or crc != zlib.crc32(raw):
        return None
    return content[_UNICODE.size :]
