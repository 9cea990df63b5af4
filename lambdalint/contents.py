"""What was learned from the bytes of a package's files, each unpacked once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.model import Entry, Flaw, Kind, Lacking
from lambdalint.readers.flaws import Damaged

if TYPE_CHECKING:
    from lambdalint.protocols import Keep, Note, Probe, Source

#: Bytes of a file that are enough to tell its format: a program header's first fields, a shebang line's start.
HEAD: Final = 64
#: Bytes that are remembered of one file, and of all (where they are packed, packed ones): what rules read is text of some kilobytes.
KEEP_ONE: Final = 4 << 20
KEEP_ALL: Final = 16 << 20


class Broken(Exception):  # noqa: N818 - not an error of ours: what a source says of a member
    """A member whose bytes cannot be had as its headers promise. ``flaw`` is None: the archive's own flaws tell already."""

    def __init__(self, flaw: Flaw | None = None) -> None:
        super().__init__()
        self.flaw: Final = flaw


class Contents:
    """The bytes of a package's files, and what was learned from them on the way."""

    def __init__(
        self, source: Source, entries: Sequence[Entry], probe: Probe | None = None, keep: Keep | None = None, note: Note | None = None
    ) -> None:
        self._source = source
        self._note = note
        self._entries = entries
        self._probe = probe
        self._keep = keep
        #: How often each file was unpacked from its first byte to its last; a file that never was is not in it.
        self.inflations: Final[dict[Entry, int]] = {}
        #: Bytes that came out of that.
        self.bytes_inflated = 0
        self._heads: dict[Entry, bytes] = {}
        #: How the files that were looked at begin, two bytes each: what is not in it need not be looked for.
        self.starts: Final[set[bytes]] = set()
        self._kept: dict[Entry, bytes] = {}
        #: Where unpacking a file again costs a pass over many, what is remembered is packed; of whole files only.
        self._packed: dict[Entry, bytes] = {}
        self._room = KEEP_ALL
        self._learned: dict[Entry, object] = {}
        #: Files whose bytes cannot be had, with what is wrong. None: the archive's flaws say it.
        self._broken: dict[Entry, Flaw | None] = {}
        self._verified = False

    def read(self, entry: Entry, limit: int) -> bytes:
        """Return the first ``limit`` bytes of a file. Raises Lacking when they cannot be had as the package promises them."""
        if entry in self._kept and (len(self._kept[entry]) >= min(limit, entry.size)):
            return self._kept[entry][:limit]
        if (whole := self._unpacked(entry)) is not None:
            return whole[:limit]
        self._must_be_whole(entry)
        content = self._unpack(entry, max(limit, KEEP_ONE))
        self._must_be_whole(entry)
        return content[:limit]

    def head(self, entry: Entry) -> bytes:
        """Return the first 64 bytes of a file, fewer if it is shorter, none if they cannot be had."""
        head = self._heads.get(entry)
        if head is None:
            head = self._peek(entry)
            if self._source.is_small:
                self._heads[entry] = head
            self.starts.add(head[:2])
        return head

    def learned(self, entry: Entry) -> object | None:
        """Return what the probe's feeder learned from a file, unpacking it now if nobody did. None: the probe did not ask for it.

        Raises Lacking when the bytes cannot be had.
        """
        if entry not in self.inflations and entry.kind is Kind.FILE and entry not in self._broken:
            if self._probe is None or self._probe(entry, self.head(entry)) is None:
                return None
            self._unpack(entry, KEEP_ONE if self._keep is not None and self._keep(entry) else 0)
        self._must_be_whole(entry)
        return self._learned.get(entry)

    def fetch(self, entries: Sequence[Entry]) -> None:
        """Unpack several files together that will be read or learned from; of a packed image layer that is one pass."""
        missing = [
            entry
            for entry in entries
            if entry.kind is Kind.FILE and entry not in self.inflations and entry not in self._broken
        ]
        missing.sort(key=self._source.place)
        for entry, content in self._source.sweep(missing):
            self._take(entry, content, KEEP_ONE)

    def recall(self, entry: Entry, packed: bytes | None, learned: object | None) -> None:
        """Note what a reader learned of a file, and its bytes, packed, when they went by. None: it did not ask for it."""
        self.inflations[entry] = 1
        self.bytes_inflated += entry.size
        if packed is not None:
            self._packed[entry] = packed
        if learned is not None:
            self._learned[entry] = learned

    def verify(self) -> None:
        """Unpack every file that was not yet, in the archive's own order, and check what it promises of it."""
        if self._verified:
            return
        self._verified = True
        self._source.check()
        if not self._source.is_small:
            return
        files = [
            entry
            for entry in self._entries
            if entry.kind is Kind.FILE and entry not in self.inflations and entry not in self._broken
        ]
        files.sort(key=self._source.place)
        if self._source.promises:
            for entry, content in self._source.sweep(files):
                self._take(entry, content, KEEP_ONE if self._keep is not None and self._keep(entry) else 0)
        elif self._probe is not None:
            for entry in files:
                if self._probe(entry, self.head(entry)) is not None:
                    self._unpack(entry, 0)

    @property
    def is_seen(self) -> bool:
        """Whether the beginning of every file was looked at."""
        return self._verified and self._source.is_small and (self._source.promises or self._probe is not None)

    @property
    def damages(self) -> Sequence[Damaged]:
        """The damaged files found so far, by path."""
        return [flaw for flaw in self.flaws if isinstance(flaw, Damaged)]

    @property
    def flaws(self) -> Sequence[Flaw]:
        """All that unpacking brought to light so far, by path."""
        found = [flaw for flaw in self._broken.values() if flaw is not None]
        found += self._source.flaws
        return sorted(found, key=lambda flaw: "" if flaw.entry is None else flaw.entry.path)

    def _unpack(self, entry: Entry, wanted: int) -> bytes:
        """Unpack a file from end to end, and return and remember its first ``wanted`` bytes."""
        companions = [other for other in self._source.companions(entry) if not self._is_known(other)]
        if not companions:
            ((_, content),) = self._source.sweep((entry,))
            return self._take(entry, content, wanted)
        found = b""
        for one, content in self._source.sweep((entry, *companions)):
            taken = self._take(one, content, wanted if one is entry else min(wanted, KEEP_ONE))
            if one is entry:
                found = taken
        return found

    def _take(self, entry: Entry, content: bytes | Iterator[bytes] | None, wanted: int) -> bytes:
        """Teach whoever wants to learn from a file, and return and remember its first ``wanted`` bytes."""
        self.inflations[entry] = self.inflations.get(entry, 0) + 1
        if not isinstance(content, bytes):
            try:
                content = self._stream(entry, self._source.stream(entry) if content is None else content, wanted)
            except Broken as broken:
                self._broken[entry] = broken.flaw
                return b""
        else:
            self.bytes_inflated += len(content)
            head = content[:HEAD]
            self.starts.add(head[:2])
            if self._source.is_small:
                self._heads[entry] = head
            if self._probe is not None and entry not in self._learned and (feeder := self._probe(entry, head)):
                feeder.feed(content)
                self._learned[entry] = feeder.finish()
            content = content[:wanted]
        if wanted:
            self._remember(entry, content)
        if self._note is not None:
            self._note(entry, self._packed.get(entry), self._learned.get(entry))
        return content

    def _stream(self, entry: Entry, chunks: Iterator[bytes], wanted: int) -> bytes:
        first = b""
        for chunk in chunks:
            first += chunk
            if len(first) >= HEAD:
                break
        self.bytes_inflated += len(first)
        self.starts.add(first[:2])
        if self._source.is_small:
            self._heads[entry] = first[:HEAD]
        feeder = None
        if self._probe is not None and entry not in self._learned:
            feeder = self._probe(entry, first[:HEAD])
        if feeder is not None:
            feeder.feed(first)
        kept = bytearray(first[:wanted])
        for chunk in chunks:
            self.bytes_inflated += len(chunk)
            if feeder is not None:
                feeder.feed(chunk)
            if len(kept) < wanted:
                kept += chunk[: wanted - len(kept)]
        if feeder is not None:
            self._learned[entry] = feeder.finish()
        return bytes(kept)

    def _peek(self, entry: Entry) -> bytes:
        if entry.kind is not Kind.FILE or entry in self._broken:
            return b""
        try:
            return self._source.start(entry)
        except Broken:  # recorded when the whole file is unpacked
            return b""

    def _remember(self, entry: Entry, content: bytes) -> None:
        if not self._source.is_small and len(content) == entry.size:
            from lambdalint.packed import pack

            kept, content = self._packed, pack(content)
        else:
            kept, content = self._kept, content[:KEEP_ONE]
        room = self._room + len(kept.get(entry, b""))
        if len(content) <= room:
            kept[entry] = content
            self._room = room - len(content)

    def _unpacked(self, entry: Entry) -> bytes | None:
        packed = self._packed.get(entry)
        if packed is None:
            return None
        from lambdalint.packed import unpack

        return unpack(packed, entry.size)

    def _is_known(self, entry: Entry) -> bool:
        """Whether a file's bytes are remembered, or all was learned from it that anybody wants of its sort."""
        return entry in self._packed or entry in self._kept or entry in self._learned

    def _must_be_whole(self, entry: Entry) -> None:
        if entry.kind is not Kind.FILE or entry in self._broken:
            raise Lacking(f"the content of {entry.path}")
