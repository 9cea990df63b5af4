"""The layers of an archive's images: each gone through once, held to its digests, and a source of package contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.contents import Broken
from lambdalint.model import Entry, Flaw
from lambdalint.readers import gate
from lambdalint.readers.flaws import BeyondCap, Damaged, WrongDigest
from lambdalint.readers.layer import SHIFT, Interest, Scan, again, is_source
from lambdalint.readers.runs import Flowing, Positioned, remains
from lambdalint.readers.sniff import HEAD as SNIFFED
from lambdalint.readers.sniff import is_tar, what_instead
from lambdalint.readers.sums import Sums
from lambdalint.readers.tar import BLOCK, BadTar
from lambdalint.readers.unpack import BadStream, Part, packing, pieces, unpacked

if TYPE_CHECKING:
    from lambdalint.readers.store import Store

_STEP: Final = 1 << 18
#: Packed bytes from which on a second thread sums while the first unpacks: both let go of the interpreter while they do.
_WORTH_A_THREAD: Final = 8 << 20
_ELF: Final = b"\x7fELF"
#: ELF files that are learned from in one pass, beside the one that was asked for.
_MOST_COMPANIONS: Final = 4_096


class Reading:
    """One layer as stored, after it was gone through."""

    __slots__ = (
        "__weakref__", "compression", "diff", "digest", "fault", "grew", "name", "packed_size", "part", "scan", "trailing", "unpacked_size",
    )  # fmt: skip

    def __init__(self, name: str, scan: Scan) -> None:
        #: Where it lies in the archive.
        self.name: Final = name
        self.scan: Final = scan
        #: Its bytes, when it is a plain tar in a file that can be read anywhere. None: they come only once.
        self.part: Part | None = None
        self.compression = "none"
        self.packed_size = 0
        self.unpacked_size: int | None = None
        #: ``sha256:...`` of the bytes as stored, and unpacked. None: not computed.
        self.digest: str | None = None
        self.diff: str | None = None
        #: Why it cannot be read to its end. None: it was.
        self.fault: str | None = None
        self.trailing = False
        #: More of it was unpacked since it was gone through.
        self.grew = False


def read_part(part: Part, reading: Reading, interest: Interest, label: str, *, verify: bool) -> Reading:
    """Go through a layer that lies in a file."""
    head = part.at(0, SNIFFED)
    reading.packed_size = part.size
    if packing(head) != "none":
        return read_flow(pieces(part, _STEP), part.size, head, reading, interest, label, verify=verify)
    if (other := _other_format(head, part.size)) is not None:
        reading.compression, reading.fault = other, f"is {other}, and no tar"
        return reading
    run = Positioned(part)
    try:
        reading.scan.read(run, interest, label)
        reading.part, reading.unpacked_size = part, part.size
        reading.trailing = remains(run)
    except BadTar as bad:
        reading.fault = bad.detail
    return reading


def read_flow(
    chunks: Iterator[bytes], size: int, head: bytes, reading: Reading, interest: Interest, label: str, *, verify: bool
) -> Reading:
    """Go through a layer whose bytes come only once."""
    reading.packed_size = size
    reading.compression = packing(head)
    sums = Sums(threaded=size > _WORTH_A_THREAD) if verify else None
    differs = reading.compression != "none"
    flow = _Counted(unpacked(_summed(chunks, sums), reading.compression, size), sums, differs=differs)
    run = Flowing(_told_apart(flow, reading))
    reading.scan.inflations += 1
    try:
        reading.scan.read(run, interest, label)
        reading.trailing = remains(run)
        for _ in chunks:  # what is left behind the last stream belongs to the digest all the same
            pass
        reading.unpacked_size = flow.size
    except (BadTar, BadStream) as bad:
        reading.fault = bad.detail
    if sums is not None:
        packed, whole = sums.finish()
        if reading.fault is None:
            reading.digest, reading.diff = packed, whole if differs else packed
    return reading


class _Counted:
    """Counts and sums what was unpacked."""

    def __init__(self, chunks: Iterator[bytes], sums: Sums | None, *, differs: bool) -> None:
        self._chunks = chunks
        self._sums = sums
        #: Else they are the bytes as stored, which were summed.
        self._differs = differs
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            if self._sums is not None and self._differs:
                self._sums.add(1, chunk)
            yield chunk


def _summed(chunks: Iterator[bytes], sums: Sums | None) -> Iterator[bytes]:
    for chunk in chunks:
        if sums is not None:
            sums.add(0, chunk)
        yield chunk


def _told_apart(chunks: _Counted, reading: Reading) -> Iterator[bytes]:
    """Pass on what is a tar. Raises BadStream for what unpacks to something else."""
    first = True
    for chunk in chunks:
        if first and (other := _other_format(chunk, len(chunk))) is not None:
            raise BadStream(f"unpacks from {reading.compression} to {other}, and no tar")
        first = False
        yield chunk


def _other_format(head: bytes, size: int) -> str | None:
    """Return what bytes are that are no tar. None: they are one, or an empty one."""
    if not head or is_tar(head) or not head[:BLOCK].strip(b"\0"):
        return None
    return what_instead(head[:SNIFFED], size).what


class Layers:
    """The bytes of an image's files: a source of package contents."""

    promises = False
    is_small = False

    def __init__(self, readings: Sequence[Reading], store: Store, interest: Interest) -> None:
        self._readings: Final = {reading.scan.number: reading for reading in readings}
        self._store: Final = store
        self._interest: Final = interest
        self._entries: Sequence[Entry] = ()
        self._left = store.passes
        #: What is checked when somebody asks for all of it.
        self.promised: list[tuple[Reading, str, str | None, str | None]] = []
        self.flaws: list[Flaw] = []

    def tell(self, entries: Sequence[Entry]) -> None:
        """Note the merged entries, among which companions are found."""
        self._entries = entries

    @property
    def passes(self) -> int:
        """How often the packed layer that was unpacked most often was."""
        return max((reading.scan.inflations for reading in self._readings.values()), default=0)

    def place(self, entry: Entry) -> int:
        return entry.record if isinstance(entry.record, int) else 0

    def start(self, entry: Entry) -> bytes:
        reading, record = self._at(entry)
        return reading.scan.head(record, entry.size)

    def companions(self, entry: Entry) -> Sequence[Entry]:
        """Return what is probably asked for next of a layer that must be unpacked again: libraries, or sources where it matters."""
        if not isinstance(entry.record, int) or self._at(entry)[0].part is not None:
            return ()
        number = entry.record >> SHIFT
        # By record, since hard links are the same bytes by another name.
        others = {mate.record: mate for mate in self._entries if isinstance(mate.record, int) and mate.record >> SHIFT == number}
        others.pop(entry.record, None)
        mates = list(others.values())
        if self.start(entry).startswith(_ELF):
            return [mate for mate in mates if self.start(mate).startswith(_ELF)][:_MOST_COMPANIONS]
        folder, top = entry.path.rpartition("/")[0], f"{entry.path.partition('/')[0]}/"
        near = [mate for mate in mates if is_source(mate) and (mate.path.startswith(top) or self._interest.covers(mate.path))]
        near.sort(key=lambda mate: mate.path.rpartition("/")[0] != folder)
        return near

    def check(self) -> None:
        """Hold the layers to their digests; the plain ones are read for this, the others were summed as they were unpacked."""
        for reading, what, digest, diff in self.promised:
            if reading.part is not None and reading.digest is None:
                reading.digest = reading.diff = self._store.digest_of(reading.part)
            for said, found, which in ((digest, reading.digest, what), (diff, reading.diff, f"{what}, unpacked")):
                if said is not None and found is not None and said != found:
                    self.flaws.append(WrongDigest(which, reading.name, said, found))
                    break  # other bytes unpack to others: one cause
        self.promised = []

    def note(self, entry: Entry, packed: bytes | None, learned: object | None) -> None:
        """Note what a pass over a packed layer brought, for a cache; a file's bytes packed once more."""
        if not isinstance(entry.record, int):
            return
        reading = self._readings[entry.record >> SHIFT]
        number = entry.record & (1 << SHIFT) - 1
        if reading.part is not None:
            return
        if packed is not None and number not in reading.scan.kept:
            reading.scan.kept[number] = packed
            reading.grew = True
        if learned is not None and number not in reading.scan.learned:
            reading.scan.learned[number] = learned
            reading.grew = True

    def sweep(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | Iterator[bytes] | None]]:
        """Yield files in the order of their layers; of packed layers in one pass each."""
        packed: dict[int, dict[int, Entry]] = {}
        for entry in entries:
            record = entry.record
            reading = self._readings.get(record >> SHIFT) if isinstance(record, int) else None
            if reading is None or reading.part is not None or not isinstance(record, int):
                yield entry, None
                continue
            wanted = packed.setdefault(reading.scan.number, {})
            number = record & (1 << SHIFT) - 1
            if number in wanted:  # hard links: the same bytes by another name
                yield entry, None
            else:
                wanted[number] = entry
        for number, wanted in packed.items():
            yield from self._pass(self._readings[number], wanted)

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file's bytes. Raises Broken when they are not there."""
        reading, record = self._at(entry)
        if reading.part is None:
            for _, chunks in self._pass(reading, {record & (1 << SHIFT) - 1: entry}):
                yield from chunks
            return
        at, left = reading.scan.offset(record), entry.size
        while left:
            chunk = reading.part.at(at, min(_STEP, left))
            if not chunk:
                raise Broken(Damaged(entry, f"it ends {left:,} bytes early, and did not when the archive was opened"))
            at += len(chunk)
            left -= len(chunk)
            yield chunk

    def _pass(self, reading: Reading, wanted: dict[int, Entry]) -> Iterator[tuple[Entry, Iterator[bytes]]]:
        """Unpack a layer again for some of its files."""
        scan = reading.scan
        left = dict(wanted)
        if scan.inflations < gate.PASSES and self._left > 0:
            scan.inflations += 1
            self._left -= 1
            flow = unpacked(self._store.flow(reading.name), reading.compression, reading.packed_size)
            found = again(Flowing(flow), wanted)
            while left:
                try:
                    entry, chunks = next(found)
                except (StopIteration, BadTar, BadStream):
                    break
                left = {number: one for number, one in left.items() if one is not entry}
                yield entry, self._whole(entry, chunks)
        for entry in left.values():
            yield entry, _nothing(entry, beyond=scan.inflations >= gate.PASSES or self._left <= 0)

    def _whole(self, entry: Entry, chunks: Iterator[bytes]) -> Iterator[bytes]:
        size = 0
        try:
            for chunk in chunks:
                size += len(chunk)
                yield chunk
        except BadStream as bad:
            raise Broken(Damaged(entry, bad.detail)) from None
        if size != entry.size:
            raise Broken(Damaged(entry, f"it ends {entry.size - size:,} bytes early, and did not when the archive was opened"))

    def _at(self, entry: Entry) -> tuple[Reading, int]:
        record = entry.record
        if not isinstance(record, int):
            raise Broken  # its holes are left out, in a way that is not read: what wants its bytes is skipped, and says so
        return self._readings[record >> SHIFT], record


def _nothing(entry: Entry, *, beyond: bool) -> Iterator[bytes]:
    flaw: Flaw = Damaged(entry, "it is no longer where it was when the archive was opened")
    if beyond:
        flaw = BeyondCap("passes over a packed layer", gate.PASSES + 1, gate.PASSES, entry)
    yield from ()
    raise Broken(flaw)
