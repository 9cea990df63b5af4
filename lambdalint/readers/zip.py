"""Opens a zip: its entries as Lambda will see them, and all that readers could disagree on.

The stages have modules of their own: the end records, the central directory, the local headers, the members' bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.contents import Contents
from lambdalint.model import Archive, Entry, Flaw, Form, Kind, Package, UnreadablePackage
from lambdalint.readers import gate
from lambdalint.readers.blob import Blob
from lambdalint.readers.flaws import (
    BeyondCap,
    BrokenDirectory,
    Encrypted,
    HeaderMismatch,
    NoEntries,
    OddRecord,
    Surplus,
    Truncated,
    UnsupportedMethod,
)
from lambdalint.readers.zip_directory import Directory, Record, read_directory
from lambdalint.readers.zip_end import LOCAL, End, NoEnd, Reading, find_end, in_bytes
from lambdalint.readers.zip_local import Layout, locate
from lambdalint.readers.zip_members import Members

if TYPE_CHECKING:
    from lambdalint.protocols import Keep, Probe

#: APPNOTE 4.3.13: a digital signature may stand behind the central headers; it is two bytes of length and so many more.
_SIGNATURE: Final = b"PK\x05\x05"
_NAMES: Final = 3


def open_zip(blob: Blob, label: str, *, probe: Probe | None = None, keep: Keep | None = None) -> Package:
    """Read a zip's directory. Raises UnreadablePackage when none can be found."""
    try:
        end = find_end(blob)
        _refuse_remains(blob, end)
    except NoEnd as none:
        from lambdalint.readers.sniff import HEAD, zip_read_as_text

        flaw = zip_read_as_text(blob.at(0, HEAD)) or none.flaw
        raise UnreadablePackage(Archive(label, Form.ZIP, blob.size, [flaw])) from None
    directory = read_directory(blob, end.reading)
    flaws = [*end.flaws, *_judge_directory(blob, end.reading, directory), *_judge_rivals(blob, end, directory)]
    if end.reading.count and not directory.records:
        raise UnreadablePackage(Archive(label, Form.ZIP, blob.size, flaws))
    members = Members(blob)
    flaws += _settle_offsets(blob, directory.records, end.reading.shift)
    entries = [_entry(blob, record, members, label) for record in directory.records]
    all_known = not any(isinstance(flaw, (BeyondCap, BrokenDirectory)) for flaw in flaws)
    layout = Layout(blob, list(zip(entries, directory.records, strict=True)), end.reading.start, all_known=all_known)
    flaws += [*_judge_entries(entries, directory), *layout.check()]
    return Package(Archive(label, Form.ZIP, blob.size, _bounded(flaws)), entries, Contents(members, entries, probe, keep))


def _bounded(flaws: Sequence[Flaw]) -> list[Flaw]:
    """Return the flaws without those that are too many of their sort to tell anything new."""
    seen: dict[object, int] = {}
    kept: list[Flaw] = []
    for flaw in flaws:
        if isinstance(flaw, (HeaderMismatch, OddRecord)):
            sort = (type(flaw), flaw.differs if isinstance(flaw, HeaderMismatch) else flaw.harmless)
            seen[sort] = seen.get(sort, 0) + 1
            if seen[sort] > gate.REMARKS:
                continue
        kept.append(flaw)
    dropped = max(seen.values(), default=0)
    return [*kept, BeyondCap("remarks of one sort", dropped, gate.REMARKS)] if dropped > gate.REMARKS else kept


def _refuse_remains(blob: Blob, end: End) -> None:
    """Raise NoEnd when the only end record is that of an archive within one that was cut off."""
    cut = any(isinstance(flaw, Surplus) and flaw.where == "after" for flaw in end.flaws)
    if cut and end.reading.shift > 0 and blob.at(0, len(LOCAL)) == LOCAL:
        raise NoEnd(Truncated(f"no end record of its own; the one at {end.position:,} is that of an archive inside"))


def _judge_directory(blob: Blob, reading: Reading, directory: Directory) -> list[Flaw]:
    """Hold the directory to what the end records say of it."""
    length = reading.edge - reading.start
    if length > gate.DIRECTORY_BYTES:
        return [BeyondCap("bytes of central directory", length, gate.DIRECTORY_BYTES)]
    flaws: list[Flaw] = []
    total, left = directory.total, reading.edge - directory.end
    if total > gate.ENTRIES:
        flaws.append(BeyondCap("entries", total, gate.ENTRIES))
    if directory.broken is not None:
        return [*flaws, BrokenDirectory(directory.broken)]
    if total < reading.count and left:
        where = f"at {directory.end:,}, where entry {total + 1:,} of {reading.count:,} should be"
        return [*flaws, BrokenDirectory(f"no central header {where}")]
    if total != reading.count:
        fits = not reading.wide and total % 0x10000 == reading.count
        flaws.append(OddRecord(f"the end record counts {reading.count:,} entries, there are {total:,}", harmless=fits))
    if directory.end != reading.start + reading.size:
        size = directory.end - reading.start
        flaws.append(OddRecord(f"the end record says that the directory has {reading.size:,} bytes, it has {size:,}"))
    if not total:
        flaws.append(NoEntries())
        if reading.edge:
            flaws.append(Surplus("before", reading.edge, f"{in_bytes(reading.edge)} before the end record, which lists nothing"))
    elif left and not _is_signature(blob, directory.end, left):
        flaws.append(Surplus("between", left, f"{in_bytes(left)} after the last central header, at {directory.end:,}"))
    return flaws


def _is_signature(blob: Blob, at: int, size: int) -> bool:
    head = blob.at(at, 6)
    return head.startswith(_SIGNATURE) and int.from_bytes(head[4:], "little") + 6 == size


def _judge_rivals(blob: Blob, end: End, directory: Directory) -> list[Flaw]:
    """Compare what other ways to read the end records list."""
    flaws: list[Flaw] = []
    ours = _listing(directory, end.reading)
    for rival in end.rivals:
        other = read_directory(blob, rival)
        differs = _listing(other, rival) != ours
        what = f"begins with {_names(other)}, not with {_names(directory)}" if differs else "lists the same"
        detail = f"by other end records or another reading of them the directory is at {rival.start:,} and {what}"
        flaws.append(Surplus("end record", rival.edge - rival.start, detail, differs=differs))
    return flaws


def _listing(directory: Directory, reading: Reading) -> list[tuple[bytes, int, int]]:
    return [(record.raw, record.crc, record.offset + reading.shift) for record in directory.records]


def _names(directory: Directory) -> str:
    return ", ".join(record.path[: gate.SHOWN] for record in directory.records[:_NAMES]) or "nothing"


def _settle_offsets(blob: Blob, records: Sequence[Record], shift: int) -> list[Flaw]:
    """Make offsets count from the start of the file."""
    if shift == 0 or not records:
        return []
    first = min(records, key=lambda record: record.offset)
    if blob.at(first.offset + shift, len(LOCAL)) != LOCAL and blob.at(first.offset, len(LOCAL)) == LOCAL:
        return [OddRecord(f"the end record misplaces the directory by {abs(shift):,} bytes, its entries are where they say")]
    for record in records:
        record.offset += shift
    return []


def _entry(blob: Blob, record: Record, members: Members, label: str) -> Entry:
    kind = record.kind
    entry = Entry(record.path, record.raw, kind, record.mode, record.size, record.packed, origin=label, record=record)
    if kind is not Kind.LINK:
        return entry
    record.start = locate(blob, record) if record.is_plain else None
    target = members.target(entry)
    return Entry(
        entry.path, entry.raw, kind, entry.mode, entry.size, entry.packed, target, origin=label, record=record
    )  # fmt: skip


def _judge_entries(entries: Sequence[Entry], directory: Directory) -> list[Flaw]:
    """Return what is wrong with single entries by what the directory says of them."""
    flaws: list[Flaw] = []
    for index, odd in directory.odd.items():
        flaws += [OddRecord(one.detail, entries[index], harmless=one.harmless) for one in odd]
    for entry, record in zip(entries, directory.records, strict=True):
        if not record.is_plain:
            flaws.append(Encrypted(entry) if record.is_encrypted else UnsupportedMethod(entry, record.method))
        if len(record.raw) > gate.NAME_BYTES:
            flaws.append(BeyondCap("bytes of a name", len(record.raw), gate.NAME_BYTES, entry))
    return flaws
