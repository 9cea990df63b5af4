"""Reads a zip's central directory: one record for each header, with its name, its mode and its place.

APPNOTE.TXT 6.3.10, 4.3.12 and 4.4.
"""

from __future__ import annotations

import stat
import struct
from typing import Final

from lambdalint.model import Kind
from lambdalint.readers import gate
from lambdalint.readers.blob import Blob
from lambdalint.readers.zip_end import CENTRAL, Reading
from lambdalint.readers.zip_extra import Oddity, is_usual, parse, unicode_text, widen

#: 4.3.12: version and system that made it, version needed, flags, method, time and date, CRC, sizes, lengths of name, extra
#: fields and comment, disk, attributes, offset.
_FIELDS: Final = struct.Struct("<4x2B3H4L5H2L")
#: Version needed to CRC and sizes and the name's length stand in local headers in the same order.
_SHARED: Final = slice(6, 30)

STORED: Final = 0
DEFLATED: Final = 8

ENCRYPTED: Final = 0x0001
DESCRIBED: Final = 0x0008
PATCHED: Final = 0x0020
STRONGLY_ENCRYPTED: Final = 0x0040
UTF8: Final = 0x0800
MASKED: Final = 0x2000
_ENCRYPTED: Final = ENCRYPTED | STRONGLY_ENCRYPTED | MASKED

#: 4.4.2.2: the systems whose upper half of the attributes is a Unix mode: Unix and macOS.
_UNIX: Final = (3, 19)
#: The bit of the lower half that DOS and Windows set on a directory.
_DOS_DIRECTORY: Final = 0x10
#: 4.4.3: the version of the format, in tenths, that what is stored or deflated can need; unzip 6.0 refuses what needs a
#: later one than 4.6, and zipfile what needs a later one than 6.3. (The upper byte is a system.)
_NEWEST: Final = 46
_KINDS: Final = {0: Kind.FILE, stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.DIR, stat.S_IFLNK: Kind.LINK}


class Record:
    """One central header. ``offset`` counts from the start of the file once the archive's own start was found."""

    __slots__ = (
        "attributes", "crc", "extra", "flags", "is_plain", "method", "offset", "packed", "raw", "shared", "size", "start", "unix",
        "unsized",
    )  # fmt: skip

    def __init__(self, fields: tuple[int, ...], raw: bytes, extra: bytes, shared: bytes) -> None:
        _, system, _, flags, method, _, self.crc, self.packed, self.size, _, _, _, _, _, attributes, self.offset = fields
        self.flags = flags
        self.method = method
        self.attributes = attributes
        #: Stored or deflated, and not encrypted: what this program, and surely Lambda, can unpack.
        self.is_plain = method in (STORED, DEFLATED) and not flags & _ENCRYPTED
        #: Type and permission bits. 0: none are recorded.
        self.unix = attributes >> 16 if system in _UNIX else 0
        self.raw = raw
        self.extra = extra
        #: The fields that a local header should repeat, as bytes.
        self.shared = shared
        #: A size was left to a zip64 field that is not there.
        self.unsized = False
        #: Where the packed bytes begin. None: they cannot be had, and a flaw of the archive says why.
        self.start: int | None = None

    @property
    def is_encrypted(self) -> bool:
        return self.flags & _ENCRYPTED != 0

    @property
    def mode(self) -> int | None:
        """The permission bits. None: no Unix mode is recorded by a system that has them."""
        return self.unix & 0o7777 if self.unix else None

    @property
    def kind(self) -> Kind:
        """What the entry is: by its name's last slash, else by its mode's type, of which 0 is a regular file."""
        if self.raw.endswith(b"/"):
            return Kind.DIR
        kind = _KINDS.get(self.unix & 0o170000, Kind.OTHER)
        if not self.unix and self.attributes & _DOS_DIRECTORY:
            kind = Kind.DIR
        # A directory holds no bytes: what does is a file to every reader that goes by names.
        return Kind.FILE if kind is Kind.DIR and self.size else kind

    @property
    def path(self) -> str:
        """The name as text, without the slashes at its end."""
        text = decoded(self.raw, self.flags)
        return text.rstrip("/") or text

    def oddities(self) -> list[Oddity]:
        """What is strange about an entry's name and sort, by what the directory says of it."""
        odd = []
        if not self.raw:
            odd.append(Oddity("an entry without a name"))
        if self.flags & UTF8 and not _is_utf8(self.raw):
            odd.append(Oddity("the name is marked as UTF-8 and is not"))
        elif not self.flags & UTF8 and not self.raw.isascii():
            # Allowed: such a name is in code page 437, or in whatever its maker and its reader have agreed on.
            odd.append(Oddity("the name has other than ASCII letters and is not marked as UTF-8", harmless=True))
        if self.flags & PATCHED:
            odd.append(Oddity("the entry is marked as a patch to another file, which zipfile refuses to read"))
        slash = self.raw.endswith(b"/")
        if slash and self.size:
            odd.append(Oddity(f"the name is a directory's, and {self.size:,} bytes of data belong to it"))
        sort = stat.S_IFMT(self.unix)
        if slash and sort not in (0, stat.S_IFDIR):
            odd.append(Oddity("the name is a directory's, the mode is not"))
        folder = sort == stat.S_IFDIR or (not self.unix and self.attributes & _DOS_DIRECTORY)
        if not self.unix and stat.S_ISLNK(self.attributes >> 16):
            odd.append(Oddity("the mode is a link's, and by a system that has no modes: a link to some readers, a file to others"))
        if folder and not self.raw.endswith((b"/", b"\\")):
            odd.append(Oddity("the attributes are a directory's, the name has no slash at its end"))
        return odd


class Directory:
    """The central directory as one reading of the end records finds it."""

    __slots__ = ("broken", "end", "odd", "records", "total")

    def __init__(self) -> None:
        self.records: list[Record] = []
        #: What is strange about a record, by its index.
        self.odd: dict[int, list[Oddity]] = {}
        #: How many headers there are, those beyond the cap included.
        self.total = 0
        #: Where the last header ends.
        self.end = 0
        #: What stands where a header should. None: the headers end as they should.
        self.broken: str | None = None


def read_directory(blob: Blob, reading: Reading) -> Directory:
    """Read header after header, as far as they go."""
    directory = Directory()
    data = blob.at(reading.start, min(reading.edge - reading.start, gate.DIRECTORY_BYTES))
    at, total, size = 0, 0, len(data)
    while data.startswith(CENTRAL, at):
        fields = _FIELDS.unpack_from(data, at) if at + _FIELDS.size <= size else ()
        extra_at = at + _FIELDS.size + (fields[9] if fields else size)
        if extra_at > size:
            directory.broken = f"the central header at {reading.start + at:,} is cut off"
            break
        after = extra_at + fields[10] + fields[11]
        if total < gate.ENTRIES:
            raw, shared = data[at + _FIELDS.size : extra_at], data[at + _SHARED.start : at + _SHARED.stop]
            record = Record(fields, raw, data[extra_at : extra_at + fields[10]], shared)
            if after > size or not _is_plain(record, fields):
                odd = _oddities(record, fields, data[after - fields[11] : after], cut=after > size)
                if odd:
                    directory.odd[total] = odd
            directory.records.append(record)
        total += 1
        at = after
    directory.total = total
    directory.end = reading.start + min(at, size)
    return directory


def _is_plain(record: Record, fields: tuple[int, ...]) -> bool:
    """Whether a header needs no second look; nearly none does."""
    raw, extra, sort = record.raw, record.extra, fields[14] & 0xF000_0010
    return (
        raw.isascii()
        and raw[-1:] not in (b"/", b"")
        and sort in (0x8000_0000, 0)
        and not (extra and not is_usual(extra))
        and not fields[11]
        and fields[2] & 0xFF <= _NEWEST
        and 0xFFFFFFFF not in (record.size, record.packed, record.offset)
        and not record.flags & PATCHED
        and not fields[12]
    )


def _oddities(record: Record, fields: tuple[int, ...], comment: bytes, *, cut: bool) -> list[Oddity]:
    """Widen the record's numbers, and return what is strange about its fields."""
    extra = parse(record.extra)
    wide = widen(extra.zip64, record.size, record.packed, record.offset, fields[12])
    record.unsized = wide.lacking
    record.size, record.packed, record.offset = wide.size, wide.packed, wide.offset
    odd = [*extra.oddities, *wide.oddities, *renaming(extra.path, record.raw, record.flags), *record.oddities()]
    if extra.comment and comment.isascii() and unicode_text(extra.comment, comment) != comment:
        odd.append(Oddity("an extra field holds another comment on the entry", harmless=True))
    if not _is_utf8(comment):
        odd.append(Oddity("the entry's comment is not UTF-8", harmless=True))
    if len(comment) > gate.COMMENT_BYTES:
        odd.append(Oddity(f"the entry's comment has {len(comment):,} bytes", harmless=True))
    if fields[2] & 0xFF > _NEWEST and record.is_plain:
        odd.append(Oddity(f"the entry says that it needs version {fields[2] % 256 / 10:.1f} of the format, which unzip refuses to read"))
    if fields[12] and not (fields[12] == 0xFFFF and extra.zip64):
        odd.append(Oddity(f"the entry is said to begin on disk {fields[12]} of a split archive, which 7z refuses to read"))
    if cut:
        odd.append(Oddity("the entry's central header is longer than the directory"))
    return odd


def renaming(content: bytes | None, raw: bytes, flags: int) -> list[Oddity]:
    """Return what is odd about a Unicode path (0x7075): that it gives the entry another name than its header does."""
    if content is None:
        return []
    name = content[5:]
    if name == raw or (not flags & UTF8 and name == decoded(raw, flags).encode("utf-8", "surrogateescape")):
        return []
    text = name[: gate.SHOWN].decode("utf-8", "replace")
    if unicode_text(content, raw) is None:
        # By the standard it is void; readers that do not compute the sum take it.
        return [Oddity(f"an extra field with a wrong checksum names the entry {text}")]
    # What it is made for: a name in a code page of its own. Old readers ignore it.
    return [Oddity(f"an extra field names the entry {text}", harmless=not raw.isascii())]


def decoded(raw: bytes, flags: int) -> str:
    """Return a name as text: UTF-8 where it is marked or reads as such, else code page 437 (APPNOTE, appendix D)."""
    if raw.isascii():
        return raw.decode("ascii")
    if flags & UTF8 or _is_utf8(raw):
        return raw.decode("utf-8", "surrogateescape")
    return raw.decode("cp437")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
