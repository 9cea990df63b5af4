"""Holds a zip's local headers and the layout of its members to what the central directory says.

Readers that have the whole file go by the directory, readers of a stream by the local headers and descriptors, and some
by both: where the two differ, so do they. APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.9.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from lambdalint.model import Entry, Flaw
from lambdalint.readers import gate
from lambdalint.readers.blob import Blob
from lambdalint.readers.flaws import HeaderMismatch, OddRecord, Overlap, Surplus
from lambdalint.readers.zip_directory import DEFLATED, DESCRIBED, ENCRYPTED, MASKED, UTF8, Record, decoded, renaming
from lambdalint.readers.zip_end import DESCRIPTOR, LOCAL, in_bytes
from lambdalint.readers.zip_extra import KNOWN, Oddity, is_usual, parse, unicode_text, widen

#: Version needed, flags, method, time and date, CRC, packed and unpacked size, lengths of the name and the extra fields.
_FIELDS: Final = struct.Struct("<4x3H4L2H")
#: A size that is left to a zip64 field.
_MARK: Final = b"\xff\xff\xff\xff"
#: CRC and sizes of a member whose descriptor has them.
_BLANK: Final = bytes(12)
#: Room for the extra fields of usual tools, so that one read gets the whole header.
_USUAL_EXTRA: Final = 64
#: Flags that are told apart in words of their own: encryption and names.
_TOLD: Final = ENCRYPTED | UTF8
#: 4.4.4: how hard a tool tried to deflate.
_EFFORT: Final = 0x0006
#: 4.3.9: CRC and sizes of 32 or 64 bits, with the signature that nearly all tools write or without.
_DESCRIPTORS: Final = (struct.Struct("<3L"), struct.Struct("<L2Q"))
#: What pex, shiv and installers put before a zip.
_LAUNCHERS: Final = ((b"#!", "a script"), (b"\x7fELF", "a program"), (b"MZ", "a program"))
#: Gaps that are looked at one by one, and names from them that are shown.
_GAPS: Final = 1_000
_NAMES: Final = 3


class Layout:
    """The members in the order of their bytes, and what is wrong with how they lie."""

    def __init__(self, blob: Blob, members: Sequence[tuple[Entry, Record]], edge: int, *, all_known: bool) -> None:
        self._blob = blob
        self._members = sorted(members, key=lambda member: member[1].offset)
        #: Where the central directory begins.
        self._edge = edge
        self._flaws: list[Flaw] = []
        self._gaps: list[tuple[int, int]] = []
        #: Every member is known, with its local header, so that what lies between them is none's.
        self._all_known = all_known

    def check(self) -> list[Flaw]:
        """Find every member's packed bytes. Returns the flaws that were seen on the way."""
        reached, owner = 0, None
        for index, (entry, record) in enumerate(self._members):
            following = self._members[index + 1][1].offset if index + 1 < len(self._members) else self._edge
            end = self._check_member(entry, record, following)
            if record.offset < reached and owner is not None:
                self._flaws.append(Overlap(entry, owner[0]))
                record.start = owner[1].start = None
            elif record.offset > reached:
                self._gaps.append((reached, record.offset))
            if end > reached:
                reached, owner = end, (entry, record)
        if reached > self._edge and owner is not None:
            self._flaws.append(Overlap(owner[0], None))
            owner[1].start = None
        elif reached < self._edge:
            self._gaps.append((reached, self._edge))
        if self._members and self._all_known:
            self._check_gaps()
        return self._flaws

    def _check_member(self, entry: Entry, record: Record, following: int) -> int:
        """Check one local header, and the descriptor behind its bytes. Returns where the member ends."""
        offset, raw = record.offset, record.raw
        header = self._blob.at(offset, _FIELDS.size + len(raw) + _USUAL_EXTRA)
        if len(header) < _FIELDS.size or not header.startswith(LOCAL):
            self._flaws.append(HeaderMismatch(entry, f"there is no local header at {offset:,}", differs=True))
            self._all_known = False
            return offset
        name, extra = header[26] | header[27] << 8, header[28] | header[29] << 8
        extra_at = _FIELDS.size + name
        start = offset + extra_at + extra
        if record.unsized:
            return max(start, following)
        if record.is_plain:
            record.start = start
        end = start + record.packed
        usual = _MARK not in header[18:26] and (not extra or is_usual(header, extra_at, extra_at + extra))
        if usual and header.startswith(raw, _FIELDS.size):
            if header[4:28] == record.shared and not record.flags & DESCRIBED:
                return end
            if header[4:28] == record.shared[:10] + _BLANK + record.shared[22:] and record.flags & DESCRIBED:
                return self._check_descriptor(entry, record, end, following)
        if len(header) < extra_at + extra:
            header = self._blob.at(offset, extra_at + extra)
        return self._compare(entry, record, _Local(header, name, extra), end, following)

    def _compare(self, entry: Entry, record: Record, local: _Local, end: int, following: int) -> int:
        for odd in local.oddities(record):
            self._flaws.append(OddRecord(f"local header: {odd.detail}", entry, harmless=odd.harmless))
        for detail, differs in local.mismatches(record):
            self._flaws.append(HeaderMismatch(entry, detail, differs=differs))
        if local.stamp != record.shared[6:10]:
            self._flaws.append(OddRecord("its two headers differ in its time", entry, harmless=True))
        return self._check_descriptor(entry, record, end, following) if local.flags & DESCRIBED else end

    def _check_descriptor(self, entry: Entry, record: Record, at: int, following: int) -> int:
        """Return where the descriptor ends that repeats the directory's numbers, or should."""
        found = self._blob.at(at, 4 + _DESCRIPTORS[1].size)
        if at + 16 == following and found.startswith(DESCRIPTOR + record.shared[10:22]):
            return following
        told = (record.crc, record.packed, record.size)
        ends = [
            at + skip + form.size
            for skip in ((4, 0) if found.startswith(DESCRIPTOR) else (0,))
            for form in _DESCRIPTORS
            if len(found) >= skip + form.size and form.unpack_from(found, skip) == told
        ]
        if ends:
            # Zeros fit into 32 bits and into 64: the one that reaches the next header is meant.
            return following if following in ends else ends[0]
        if at >= following:
            detail = "the local header says that a data descriptor follows, none does"
        elif found.startswith(DESCRIPTOR):
            crc, packed, size = _DESCRIPTORS[0].unpack_from(found.ljust(16, b"\0"), 4)
            detail = f"the directory says {_numbers(*told)}, the data descriptor says {_numbers(crc, packed, size)}"
        else:
            detail = f"the data descriptor does not repeat what the directory says: {_numbers(*told)}"
        # What readers of a stream extract ends where its deflate data end, whatever is said behind it.
        self._flaws.append(HeaderMismatch(entry, detail, differs=following > at and not record.size))
        return max(at, min(following, at + len(found)))

    def _check_gaps(self) -> None:
        if self._gaps and self._gaps[0][0] == 0:
            self._check_prefix(self._gaps.pop(0)[1])
        if not self._gaps:
            return
        names: list[str] = []
        for start, stop in self._gaps[:_GAPS]:
            if (name := self._orphan(start, stop)) is not None:
                names.append(name)
        size = sum(stop - start for start, stop in self._gaps)
        first = self._gaps[0][0]
        if names:
            shown = ", ".join(names[:_NAMES]) + (" ..." if len(names) > _NAMES else "")
            detail = f"{in_bytes(size)} of members that the directory does not list: {shown}"
        else:
            detail = f"{in_bytes(size)} of no member, from {first:,} on"
        self._flaws.append(Surplus("between", size, detail))

    def _check_prefix(self, size: int) -> None:
        before = self._blob.at(0, 4)
        if size == 4 and before in (DESCRIPTOR, b"PK00"):
            self._flaws.append(OddRecord("it begins with the mark of a split archive that needed no split", harmless=True))
            return
        launcher = next((f": {what}" for magic, what in _LAUNCHERS if before.startswith(magic)), "")
        self._flaws.append(Surplus("before", size, f"{in_bytes(size)} before the first member{launcher}"))

    def _orphan(self, start: int, stop: int) -> str | None:
        """Return the name in a local header that begins a gap. None: there is none."""
        header = self._blob.at(start, min(stop - start, _FIELDS.size + gate.SHOWN))
        if len(header) < _FIELDS.size or not header.startswith(LOCAL):
            return None
        fields = _FIELDS.unpack_from(header)
        return decoded(header[_FIELDS.size : _FIELDS.size + fields[7]], fields[1])


def locate(blob: Blob, record: Record) -> int | None:
    """Return where a member's packed bytes begin. None: there is no local header."""
    header = blob.at(record.offset, _FIELDS.size)
    if len(header) < _FIELDS.size or not header.startswith(LOCAL) or record.unsized:
        return None
    return record.offset + _FIELDS.size + (header[26] | header[27] << 8) + (header[28] | header[29] << 8)


class _Local:
    """One local header."""

    def __init__(self, header: bytes, name: int, extra: int) -> None:
        _, self.flags, self.method, _, self.crc, packed, size, *_ = _FIELDS.unpack_from(header)
        self.stamp = header[10:14]
        self.raw = header[_FIELDS.size : _FIELDS.size + name]
        self._extra = parse(header[_FIELDS.size + name : _FIELDS.size + name + extra]) if extra else parse(b"")
        self._wide = widen(self._extra.zip64, size, packed, 0, 0)

    def oddities(self, record: Record) -> list[Oddity]:
        """What is strange in it by itself."""
        odd = [*self._extra.oddities, *renaming(self._extra.path, self.raw, self.flags)]
        if not (self.flags & DESCRIBED and _is_blank(self._extra.zip64)):
            odd += self._wide.oddities
        if (self.flags ^ record.flags) & UTF8:
            detail = "it and the directory do not agree that the name is in UTF-8"
            odd.append(Oddity(detail, harmless=self.raw.isascii()))
        if differing := (self.flags ^ record.flags) & ~(_TOLD | _EFFORT if record.method == DEFLATED else _TOLD):
            # 7z calls any of these a headers error.
            described = "says that a data descriptor follows" if differing == DESCRIBED else f"has the flags {differing:#06x}"
            odd.append(Oddity(f"only one of the two headers {described}"))
        strange = self._extra.sorts - KNOWN
        if strange and (only := strange - parse(record.extra).sorts):
            listed = ", ".join(f"{sort:#06x}" for sort in sorted(only)[:_NAMES])
            odd.append(Oddity(f"it has extra fields of unknown sorts that the directory lacks: {listed}", harmless=True))
        return odd

    def mismatches(self, record: Record) -> list[tuple[str, bool]]:
        """What it says otherwise than the directory, and whether readers then extract something else."""
        found = []
        if self.raw != record.raw and not record.flags & MASKED:
            found.append((f"the directory names it {_shown(record.raw)}, the local header {_shown(self.raw)}", self._renames(record)))
        if self.method != record.method:
            detail = f"the directory says method {record.method}, the local header says {self.method}"
            found.append((detail, bool(record.size)))
        if (self.flags ^ record.flags) & ENCRYPTED:
            found.append(("only one of its two headers says that it is encrypted", True))
        if not record.flags & MASKED:
            found += self._sizes(record)
        return found

    def _sizes(self, record: Record) -> list[tuple[str, bool]]:
        told = (record.crc, record.packed, record.size)
        here = (self.crc, self._wide.packed, self._wide.size)
        if here == told:
            return []
        # With a descriptor to come they are zero, or the mark of a zip64 field of zeros, unless the tool knew them.
        if self.flags & DESCRIBED and all(one in (right, 0, 0xFFFFFFFF) for one, right in zip(here, told, strict=True)):
            return []
        detail = f"the directory says {_numbers(*told)}, the local header says {_numbers(*here)}"
        return [(detail, here[1:] != told[1:])]

    def _renames(self, record: Record) -> bool:
        """Whether it is another name and not only another spelling of it."""
        return _plain_name(self.raw, self.flags, self._extra.path) != _plain_name(record.raw, record.flags, parse(record.extra).path)


def _plain_name(raw: bytes, flags: int, path: bytes | None) -> str:
    text = unicode_text(path, raw) if path else None
    return decoded(raw, flags).replace("\\", "/") if text is None else decoded(text, UTF8)


def _is_blank(zip64: bytes | None) -> bool:
    return not (zip64 or b"").strip(b"\0")


def _shown(raw: bytes) -> str:
    return decoded(raw[: gate.SHOWN], 0)


def _numbers(crc: int, packed: int, size: int) -> str:
    return f"{in_bytes(packed)} packed, {size:,} unpacked, CRC {crc:08x}"

