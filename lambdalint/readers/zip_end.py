"""Finds where a zip's central directory lies, by every way in which readers look for it.

APPNOTE.TXT 6.3.10 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) 4.3.14 to 4.3.16 has the records. It
leaves open how to find them, and so readers do it in different ways: the last signature or the one whose comment ends
the file, the zip64 record where its locator says or just before the locator, the directory at its offset or right
before the end records. A healthy archive gives one answer to all of them.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from lambdalint.model import Flaw
from lambdalint.readers.blob import Blob
from lambdalint.readers.flaws import BrokenDirectory, Encrypted, MultiDisk, OddRecord, Surplus, Truncated

CENTRAL: Final = b"PK\x01\x02"
LOCAL: Final = b"PK\x03\x04"
DESCRIPTOR: Final = b"PK\x07\x08"
_END: Final = b"PK\x05\x06"
_LOCATOR: Final = b"PK\x06\x07"
_END64: Final = b"PK\x06\x06"

#: How a zip begins that nothing was put before: a member, a directory without members, the marks of a split one (8.5.4).
BEGINNINGS: Final = (LOCAL, CENTRAL, _END, _END64, DESCRIPTOR, b"PK00")

#: The fields of APPNOTE 4.3.16: disks, counts, size, offset, comment length.
_END_FIELDS: Final = struct.Struct("<4x4H2LH")
#: 4.3.15: disk, offset of the record, number of disks.
_LOCATOR_FIELDS: Final = struct.Struct("<4xLQL")
#: 4.3.14: size of the rest, versions, disks, counts, size, offset.
_END64_FIELDS: Final = struct.Struct("<4xQ4x2L4Q")

#: 7.3.4: where the number of the algorithm ends that the directory is encrypted with, from the end of the record's length.
_ALGORITHM: Final = _END64_FIELDS.size - 12 + 20

#: An end record and the longest comment: no reader looks further.
SEARCHED: Final = _END_FIELDS.size + 0xFFFF
#: Ways to read one archive that are compared; more of them tell nothing new.
_RIVALS: Final = 8


def in_bytes(size: int) -> str:
    """Say a size in words."""
    return "1 byte" if size == 1 else f"{size:,} bytes"


class Reading:
    """One way to understand the end records."""

    __slots__ = ("count", "edge", "shift", "size", "start", "wide")

    def __init__(self, count: int, size: int, start: int, shift: int, edge: int, *, wide: bool) -> None:
        #: Entries and bytes, as declared.
        self.count: Final = count
        self.size: Final = size
        #: Where the first central header is.
        self.start: Final = start
        #: What must be added to offsets in the directory: bytes that were put before the archive after it was made.
        self.shift: Final = shift
        #: Where the directory has to end: the first of the end records.
        self.edge: Final = edge
        #: The count is of 64 bits.
        self.wide: Final = wide


class End:
    """What was found at the end of an archive. Others than the first reading lie elsewhere and may list something else."""

    __slots__ = ("flaws", "position", "reading", "rivals")

    def __init__(self, position: int, readings: Sequence[Reading], flaws: Sequence[Flaw]) -> None:
        #: Of the end record.
        self.position: Final = position
        self.reading: Final = readings[0]
        self.rivals: Final = tuple(readings[1:])
        self.flaws: Final = tuple(flaws)


class NoEnd(Exception):  # noqa: N818 - the user's file, not our error
    """There is no end record that leads to a central directory."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__()
        self.flaw: Final = flaw


class _Candidate:
    """An end record's signature, and what follows from taking it at its word."""

    __slots__ = ("count", "directory_disk", "disk", "encrypted", "flaws", "offset", "position", "reach", "readings", "size", "split")

    def __init__(self, position: int, fields: tuple[int, ...]) -> None:
        self.disk, self.directory_disk, here, self.count, self.size, self.offset, comment = fields
        self.position = position
        #: Where the file should end.
        self.reach = position + _END_FIELDS.size + comment
        self.flaws: list[Flaw] = []
        self.readings: list[Reading] = []
        #: The zip64 record says that the directory is encrypted.
        self.encrypted = False
        #: Another volume holds the rest. 0xFFFF leaves the answer to the zip64 record, if there is one.
        self.split = self.disk != 0 or self.directory_disk != 0
        if here != self.count and not self.split:
            self.flaws.append(OddRecord(f"the end record counts {here:,} entries on this disk and {self.count:,} in all"))


def find_end(blob: Blob) -> End:
    """Return what the end of the archive says of it. Raises NoEnd."""
    candidates = _candidates(blob)
    usable = sorted((one for one in candidates if one.readings), key=lambda one: one.split)
    if not usable:
        raise NoEnd(_why_none(blob, candidates))
    chosen = next((one for one in usable if one.reach == blob.size), usable[0])
    flaws = chosen.flaws
    if chosen.split:
        flaws.append(MultiDisk())
    readings = list(chosen.readings)
    for other in usable:
        if other is not chosen and not other.split and (other.position > chosen.position or other.reach == blob.size):
            readings += other.readings
    decoys = [one for one in candidates if one.position > chosen.position and (one.split or not one.readings)]
    flaws += _odd_tail(blob, chosen, decoys)
    return End(chosen.position, _distinct(readings), flaws)


def _odd_tail(blob: Blob, chosen: _Candidate, decoys: Sequence[_Candidate]) -> list[Flaw]:
    """Return what is wrong behind the end record that was chosen."""
    flaws: list[Flaw] = []
    if decoys:
        more = f", and those of {len(decoys) - 1:,} more," if len(decoys) > 1 else ""
        detail = f"an end record's signature at {decoys[0].position:,}{more} inside what follows the real one, leads nowhere"
        flaws.append(Surplus("end record", _END_FIELDS.size * len(decoys), detail))
    surplus = blob.size - chosen.reach
    if surplus > 0:
        flaws.append(Surplus("after", surplus, f"{in_bytes(surplus)} after the end of the archive, at {chosen.reach:,}"))
    elif surplus < 0:
        flaws.append(OddRecord(f"the archive's comment should be {-surplus:,} bytes longer than the file is"))
    return flaws


def has_end(blob: Blob) -> bool:
    """Whether an end record leads to a central directory with an entry, so that the file is a zip however it begins."""
    return any(reading.count for candidate in _candidates(blob) for reading in candidate.readings)


def _candidates(blob: Blob) -> list[_Candidate]:
    """Return every end record in the last bytes of the file, the last one first."""
    start = max(0, blob.size - SEARCHED)
    tail = blob.at(start, SEARCHED)
    found = []
    at = tail.rfind(_END)
    while at >= 0:
        if at + _END_FIELDS.size <= len(tail):
            candidate = _Candidate(start + at, _END_FIELDS.unpack_from(tail, at))
            _read_end(blob, candidate)
            found.append(candidate)
        at = tail.rfind(_END, 0, at + len(_END) - 1)
    return found


def _read_end(blob: Blob, end: _Candidate) -> None:
    """Find out where the directory is by this end record, and by the zip64 record before it."""
    locator_at = end.position - _LOCATOR_FIELDS.size
    locator = blob.at(locator_at, _LOCATOR_FIELDS.size) if locator_at >= 0 else b""
    if locator.startswith(_LOCATOR):
        _read_end64(blob, end, locator_at, _LOCATOR_FIELDS.unpack(locator))
        if end.readings:
            return
    if end.size != 0xFFFFFFFF and end.offset != 0xFFFFFFFF:
        end.readings = _readings(blob, end.count, end.size, end.offset, end.position, wide=False)


def _read_end64(blob: Blob, end: _Candidate, locator_at: int, locator: tuple[int, ...]) -> None:
    locator_disk, declared, disks = locator
    adjacent = locator_at - _END64_FIELDS.size
    found = False
    for position in dict.fromkeys((declared, adjacent)):
        record = blob.at(position, _END64_FIELDS.size)
        if position >= locator_at or len(record) < _END64_FIELDS.size or not record.startswith(_END64):
            continue
        rest, disk, directory_disk, here, count, size, offset = _END64_FIELDS.unpack(record)
        readings = _readings(blob, count, size, offset, position, wide=True)
        if not found:
            end.encrypted = rest >= _ALGORITHM and blob.at(position + 12 + _ALGORITHM - 2, 2).strip(b"\0") != b""
            end.split = bool({end.disk, end.directory_disk} - {0, 0xFFFF} or locator_disk or disks > 1 or disk or directory_disk)
            if not disks:
                end.flaws.append(OddRecord("the zip64 locator counts no disk, not even one"))
            end.flaws += _odd_end64(end, position, rest, locator_at, (here, count, size, offset))
            moved = readings[0].shift if readings else 0
            if position != declared and position != declared + moved:
                end.flaws.append(OddRecord(f"the zip64 record is at {position:,}, its locator says {declared:,}"))
        found = True
        end.readings += readings
    if not found:
        end.flaws.append(OddRecord(f"the zip64 locator leads to {declared:,}, where no zip64 record is"))
    if end.readings and _contradicts(end, end.readings[0]):
        end.readings += _readings(blob, end.count, end.size, end.offset, end.position, wide=False)


def _odd_end64(end: _Candidate, position: int, rest: int, locator_at: int, fields: tuple[int, int, int, int]) -> list[Flaw]:
    """Yield what is odd about a zip64 record: its own length, and fields that the plain end record gives otherwise."""
    flaws: list[Flaw] = []
    here, count, size, offset = fields
    after = position + 12 + rest
    if after != locator_at:
        flaws.append(OddRecord(f"the zip64 record ends at {after:,}, its locator begins at {locator_at:,}"))
    elif rest != _END64_FIELDS.size - 12:
        flaws.append(OddRecord(f"the zip64 record has {rest - _END64_FIELDS.size + 12:,} more bytes than zipfile knows of"))
    if here != count:
        flaws.append(OddRecord(f"the zip64 record counts {here:,} entries on this disk and {count:,} in all"))
    for name, narrow, wide, unset in (
        ("entries", end.count, count, 0xFFFF),
        ("bytes of directory", end.size, size, 0xFFFFFFFF),
        ("as the directory's offset", end.offset, offset, 0xFFFFFFFF),
    ):
        # Some tools write the low bits of a number that does not fit instead of the mark that it does not.
        if narrow not in (unset, wide & unset):
            flaws.append(OddRecord(f"the end record says {narrow:,} {name}, the zip64 record says {wide:,}"))
    return flaws


def _contradicts(end: _Candidate, reading: Reading) -> bool:
    if end.size == 0xFFFFFFFF or end.offset == 0xFFFFFFFF:
        return False
    return end.offset + reading.shift != reading.start or end.size != reading.size


def _readings(blob: Blob, count: int, size: int, offset: int, edge: int, *, wide: bool) -> list[Reading]:
    """Return the places where a directory is: right before the end records, as zipfile looks, and at its offset, as Go does."""
    adjacent = edge - size
    if count == 0 and size == 0:
        # An empty directory is anywhere; bytes before it are surplus.
        return [Reading(0, 0, min(offset, edge), 0, edge, wide=wide)]
    places = [Reading(count, size, adjacent, adjacent - offset, edge, wide=wide)]
    if adjacent != offset:
        places.append(Reading(count, size, offset, 0, edge, wide=wide))
    return [one for one in places if 0 <= one.start < edge and blob.at(one.start, 4) == CENTRAL]


def _distinct(readings: Sequence[Reading]) -> list[Reading]:
    unique: dict[int, Reading] = {}
    for reading in readings:
        unique.setdefault(reading.start, reading)
    return list(unique.values())[:_RIVALS]


def _why_none(blob: Blob, candidates: Sequence[_Candidate]) -> Flaw:
    if any(candidate.encrypted for candidate in candidates):
        return Encrypted()
    if any(candidate.split for candidate in candidates):
        return MultiDisk()
    if not candidates:
        # A first volume begins with the mark of split archives (APPNOTE 8.5.4) and has no end record.
        if blob.at(0, 8) == DESCRIPTOR + LOCAL:
            return MultiDisk()
        return Truncated(f"no end record in the last {min(blob.size, SEARCHED):,} bytes")
    end = candidates[0]
    return BrokenDirectory(
        f"the end record at {end.position:,} says that the central directory is at {end.offset:,}, where none is"
    )
