"""Unpacks the members of a zip, in bounded memory, and holds them to their sizes and checksums."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

from lambdalint.contents import HEAD, Broken
from lambdalint.model import Entry, Flaw
from lambdalint.readers import gate, inflate
from lambdalint.readers.blob import Blob
from lambdalint.readers.flaws import BeyondCap, Damaged, OddRecord, WrongSize
from lambdalint.readers.zip_directory import DEFLATED, STORED, Record

#: Packed bytes that are read at once, and unpacked bytes that are handed on at once.
_IN: Final = 1 << 16
_OUT: Final = 1 << 18
#: A member of at most so many bytes, packed and unpacked, is unpacked in one go.
_SMALL: Final = 1 << 18
#: Bytes that are read ahead over small members that follow each other; more of them are slower, not faster.
_WINDOW: Final = 1 << 15
#: Packed bytes that nearly always give the first 64: the tables of a dynamic block alone can take 300.
_PEEK: Final = 512


class Members:
    """The bytes of a zip's members: a source of package contents."""

    promises = True
    is_small = True

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._left = gate.UNPACKED_BYTES
        self._link_room = gate.ALL_LINK_BYTES
        #: Oddities of members that unpack as they should.
        self.flaws: list[Flaw] = []

    def place(self, entry: Entry) -> int:
        return _record(entry).offset

    def start(self, entry: Entry) -> bytes:
        """Return the first bytes of a member, feeding the inflater until they come: a stream may open with empty blocks."""
        record, start = self._opened(entry)
        if record.method == STORED or not record.size:
            return self._blob.at(start, min(HEAD, record.packed, record.size))
        # zlib's inflaters are made faster than isal's, and that is most of the work here.
        inflater = inflate.ZLIB.inflater()
        head, wanted = b"", min(HEAD, record.size)
        for data in self._packed(record, start, _PEEK):
            try:
                head += inflater.decompress(data, wanted - len(head))
            except zlib.error:
                raise Broken from None
            if len(head) >= wanted or inflater.eof:
                return head
        return head

    def sweep(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | None]]:
        """Yield members with their bytes, reading ahead. None: stream it, and learn what is wrong if anything is.

        Most packages are thousands of small files, and most of the time of a lint is spent here: hence one loop.
        """
        backend = inflate.bulk(self._blob.size)
        inflater_of, crc32 = backend.inflater, backend.crc32
        window, begins, ends = b"", 0, 0
        ahead = _WINDOW if len(entries) > 1 else 0
        for entry in entries:
            record = _record(entry)
            start, packed, size = record.start, record.packed, record.size
            if start is None or packed > _SMALL or size > _SMALL or size > self._left:
                yield entry, None
                continue
            if not begins <= start <= start + packed <= ends:
                window = self._blob.at(start, max(packed, ahead))
                begins, ends = start, start + len(window)
            data = window[start - begins : start - begins + packed]
            if record.method == DEFLATED:
                inflater = inflater_of()
                try:
                    data = inflater.decompress(data, size + 1)
                except backend.error:
                    yield entry, None
                    continue
                if not inflater.eof or inflater.unused_data:
                    yield entry, None
                    continue
            if len(data) != size or crc32(data, 0) != record.crc:
                yield entry, None
                continue
            self._left -= size
            yield entry, data

    def companions(self, entry: Entry) -> Sequence[Entry]:  # noqa: ARG002 - each is unpacked alone
        return ()

    def check(self) -> None:
        """Nothing is promised but of single files."""

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Yield all bytes of a member. Raises Broken when they turn out to be others than its headers promise."""
        record, _ = self._opened(entry)
        try:
            yield from self._checked(entry, inflate.bulk(self._blob.size))
        except Broken as broken:
            if not isinstance(broken.flaw, (Damaged, WrongSize)) or record.method == STORED:
                raise
            # Libraries give up at different bytes of a broken stream. zlib's word counts, so that reports do not depend on them.
            raise Broken(self._diagnosis(entry) or broken.flaw) from None

    def _diagnosis(self, entry: Entry) -> Flaw | None:
        try:
            for _ in self._checked(entry, inflate.ZLIB):
                pass
        except Broken as broken:
            return broken.flaw
        return None

    def _checked(self, entry: Entry, backend: inflate.Backend) -> Iterator[bytes]:
        record, start = self._opened(entry)
        if record.method == DEFLATED and record.size > record.packed * gate.RATIO:
            raise Broken(Damaged(entry, f"declared as {record.size:,} bytes, more than {record.packed:,} packed bytes can hold"))
        packed = self._packed(record, start, _IN)
        inflation = _Inflation(entry, packed, backend)
        size, crc = 0, 0
        for chunk in packed if record.method == STORED or record.packed == record.size == 0 else inflation:
            within = chunk[: record.size - size]
            crc = backend.crc32(within, crc)
            self._take(entry, len(within))
            if within:
                yield within
            size += len(within)
            if len(within) < len(chunk):
                raise Broken(_too_long(entry, record, right=crc == record.crc))
        if size < record.size:
            raise Broken(_too_short(entry, record, size, right=crc == record.crc))
        if crc != record.crc:
            raise Broken(Damaged(entry, f"the CRC of its bytes is {crc:08x}, declared is {record.crc:08x}"))
        if inflation.rest:
            self.flaws.append(OddRecord(f"its data end {inflation.rest:,} bytes before its packed bytes do", entry))
        elif record.method == DEFLATED and not record.packed:
            # Every reader extracts an empty file; 7z and unzip complain.
            self.flaws.append(OddRecord("it is marked as deflated and has no packed bytes, not even those of an empty stream", entry))

    def target(self, link: Entry) -> str | None:
        """Return what a link leads to. None: it cannot be had, for a reason that ``flaws`` tell, or those of the archive."""
        if link.size > gate.LINK_BYTES:
            self.flaws.append(BeyondCap("bytes of a link's target", link.size, gate.LINK_BYTES, link))
            return None
        if self._link_room < 0:
            return None
        self._link_room -= link.size
        if self._link_room < 0:
            self.flaws.append(BeyondCap("bytes of links' targets", gate.ALL_LINK_BYTES - self._link_room, gate.ALL_LINK_BYTES))
            return None
        try:
            return b"".join(self.stream(link)).decode("utf-8", "surrogateescape")
        except Broken as broken:
            if broken.flaw is not None:
                self.flaws.append(broken.flaw)
            return None

    def _packed(self, record: Record, start: int, step: int) -> Iterator[bytes]:
        for at in range(start, start + record.packed, step):
            data = self._blob.at(at, min(step, start + record.packed - at))
            if not data:
                return
            yield data

    def _opened(self, entry: Entry) -> tuple[Record, int]:
        """Return where the packed bytes of a member begin. Raises Broken when the archive's flaws say that they cannot be had."""
        record = _record(entry)
        if record.start is None:
            raise Broken
        return record, record.start

    def _take(self, entry: Entry, size: int) -> None:
        if self._left < 0:
            raise Broken
        self._left -= size
        if self._left < 0:
            raise Broken(BeyondCap("unpacked bytes", gate.UNPACKED_BYTES - self._left, gate.UNPACKED_BYTES, entry))


class _Inflation:
    """The bytes of a deflated member, as they come out."""

    def __init__(self, entry: Entry, packed: Iterator[bytes], backend: inflate.Backend) -> None:
        self._entry = entry
        self._packed = packed
        self._backend = backend
        self._inflater = backend.inflater()
        #: Packed bytes behind the end of the stream; known when it was reached.
        self.rest = 0

    def __iter__(self) -> Iterator[bytes]:
        inflater = self._inflater
        while not inflater.eof:
            data = inflater.unconsumed_tail or next(self._packed, b"")
            try:
                chunk = inflater.decompress(data, _OUT)
            except self._backend.error:
                raise self._broken() from None
            if chunk:
                yield chunk
            elif not data:
                raise self._broken()
        self.rest = len(inflater.unused_data) + sum(map(len, self._packed))

    def _broken(self) -> Broken:
        return Broken(Damaged(self._entry, "its packed bytes are no whole deflate stream"))


def _record(entry: Entry) -> Record:
    assert isinstance(entry.record, Record)
    return entry.record


def _too_long(entry: Entry, record: Record, *, right: bool) -> Flaw:
    detail = f"declared as {record.size:,} bytes, it unpacks to more"
    if right:
        # Readers that stop there find the checksum right: a forger's work, or an accident of a tool.
        return WrongSize(entry, f"{detail}; its first {record.size:,} bytes have the right CRC")
    return Damaged(entry, detail)


def _too_short(entry: Entry, record: Record, size: int, *, right: bool) -> Flaw:
    detail = f"declared as {record.size:,} bytes, it unpacks to {size:,}"
    return WrongSize(entry, f"{detail} with the right CRC") if right else Damaged(entry, detail)
