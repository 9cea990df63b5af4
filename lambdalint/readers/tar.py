"""Walks the headers of a tar archive: ustar, pax, GNU and what came before, one member at a time.

Written for what a stranger can send (tarfile hangs or raises on such): every number is checked, every chain is bounded,
nothing is guessed. Where the formats' own readers stop, this stops. https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from lambdalint.model import Kind
from lambdalint.readers import gate
from lambdalint.readers.runs import Run
from lambdalint.readers.tar_pax import Overrides, read_records

BLOCK: Final = 512
_ZEROS: Final = bytes(BLOCK)
_DIGITS: Final = frozenset(b"01234567")
#: By the type flag; those that are not here are files, as the standard has it.
_KINDS: Final = {
    b"1": Kind.FILE, b"2": Kind.LINK, b"3": Kind.OTHER, b"4": Kind.OTHER, b"5": Kind.DIR, b"6": Kind.OTHER,
}  # fmt: skip
_HARD: Final = b"1"
_SPARSE: Final = b"S"
#: Name, mode, size, checksum, type flag, magic and prefix, with what ends a number.
_FIELDS: Final = struct.Struct("100s7sc16x11sc12x6s2sc100x5s83xc166x")
_USUAL: Final = {b"0": Kind.FILE, b"5": Kind.DIR}
#: Long names and links of GNU tar, records of pax and of Solaris: they speak of the next member, or of all.
_EXTENSIONS: Final = frozenset((b"L", b"K", b"x", b"X", b"g"))
#: GNU tar's volume labels and continued members, and its lists of folders, are no files.
_ASIDE: Final = frozenset((b"V", b"M", b"N", b"D"))


#: Nothing is said of most members but in their own header.
_NOTHING: Final = Overrides()


class BadTar(Exception):  # noqa: N818 - the archive's fault, which becomes a flaw
    """A header that cannot be read, or bytes that end early; what came before it was yielded."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail: Final = detail


class TooMuch(BadTar):
    """More than this program reads of a stranger's archive."""

    def __init__(self, what: str, found: int, cap: int) -> None:
        super().__init__(f"{found:,} {what}, more than {cap:,}")
        self.what: Final = what
        self.found: Final = found
        self.cap: Final = cap


class Member:
    """One header's say. Its bytes, if it has any, come next; whoever wants them takes them before the next member.

    Owners are left out: Lambda runs the code as a user that owns nothing of it, whoever built it
    (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html, read 2026-11-21), so that only the bits for others tell.
    """

    __slots__ = ("hard", "kind", "mode", "odd", "raw", "size", "sparse", "stored", "target")

    def __init__(self, raw: bytes, kind: Kind, mode: int, size: int, target: bytes | None) -> None:
        #: The name's own bytes.
        self.raw: Final = raw
        self.kind: Final = kind
        self.mode: Final = mode
        #: Bytes of its content, once unpacked, and as they are stored here: fewer where holes are left out.
        self.size = self.stored = size
        #: Where a link leads, symbolic or hard. None: it is none.
        self.target: Final = target
        #: A hard link: another name of an earlier member.
        self.hard = False
        #: Its bytes are stored with the holes left out, in a way that this program does not read.
        self.sparse = False
        #: What readers disagree on. None: nothing.
        self.odd: str | None = None


def walk(run: Run) -> Iterator[Member]:
    """Yield the members in order. Raises BadTar where the archive cannot be followed any further."""
    count = 0
    while True:
        block = run.take(BLOCK)
        member, aside = _usual(block), False
        if member is None:
            overrides, header = _next_header(run, block)
            if header is None:
                return
            member = _member(run, header, overrides)
            aside = header[156:157] in _ASIDE
        count += 1
        if count > gate.ENTRIES:
            raise TooMuch("entries", count, gate.ENTRIES)
        end = run.position + member.stored
        if not aside:
            yield member
        padding = -member.stored % BLOCK
        ahead = end + padding - run.position
        missing = ahead - run.skip(ahead)
        # The last block may be cut off after the last byte, which no reader minds.
        if missing > padding:
            raise BadTar(f"it ends {missing - padding:,} bytes before {_shown(member.raw)} does")


def _usual(block: bytes) -> Member | None:
    """Return the member of a header as nearly all are: of a file or a directory, and filled in as the standard has it.

    None: it must be looked at more closely, which takes three times as long.
    """
    if len(block) < BLOCK:
        return None
    raw, mode, after_mode, size, after_size, said, after_said, flag, magic, prefix = _FIELDS.unpack(block)
    kind = _USUAL.get(flag)
    if kind is None or prefix != b"\0" or magic != b"ustar" or after_mode != after_size or after_mode != b"\0" or after_said != b"\0 ":
        return None
    if not (mode.isdigit() and size.isdigit() and said.isdigit()):
        return None
    try:
        total, bits, stored = int(said, 8), int(mode, 8) & 0o7777, int(size, 8)
    except ValueError:
        return None
    if (total - (zlib.adler32(block) & 0xFFFF) + 1 + sum(said) + 0x20 - 256) % 65_521:
        return None
    return Member(raw.partition(b"\0")[0], kind, bits, stored if kind is Kind.FILE else 0, None)


def _next_header(run: Run, block: bytes) -> tuple[Overrides, bytes | None]:
    """Return the next member's header, with what the headers before it say of it. None: the archive ends."""
    overrides = _NOTHING
    for _ in range(gate.EXTENSIONS):
        if not block or block == _ZEROS:
            if overrides.used:
                raise BadTar(f"it ends at {run.position:,} behind a header that only extends the next one")
            return overrides, None
        if len(block) < BLOCK:
            raise BadTar(f"it ends within a header, at {run.position:,}")
        _check_sum(block, run.position)
        flag = block[156:157]
        if flag not in _EXTENSIONS:
            return overrides, block
        if overrides is _NOTHING:
            overrides = Overrides()
        _extend(run, block, flag, overrides)
        block = run.take(BLOCK)
    raise TooMuch("headers in a row that only extend the next one", gate.EXTENSIONS + 1, gate.EXTENSIONS)


def _extend(run: Run, block: bytes, flag: bytes, overrides: Overrides) -> None:
    size = _number(block[124:136], "size")
    if size > gate.EXTENSION_BYTES:
        raise TooMuch("bytes of an extended header", size, gate.EXTENSION_BYTES)
    at = run.position
    data = run.take(size)
    run.skip(-size % BLOCK)
    if len(data) < size:
        raise BadTar(f"it ends within an extended header, at {run.position:,}")
    overrides.used = overrides.used or flag != b"g"
    if flag == b"L":
        overrides.path = data.partition(b"\0")[0]
    elif flag == b"K":
        overrides.target = data.partition(b"\0")[0]
    elif (wrong := read_records(data, overrides, everywhere=flag == b"g")) is not None:
        raise BadTar(f"the extended header at {at:,} {wrong}")


def _member(run: Run, block: bytes, overrides: Overrides) -> Member:
    """Return the member that a header speaks of. Passes over blocks that go on with the header."""
    flag = block[156:157]
    kind = _KINDS.get(flag, Kind.FILE)
    stored = _number(block[124:136], "size") if overrides.size is None else overrides.size
    if kind is not Kind.FILE or flag == _HARD:
        stored = 0  # whatever it says: neither Go's reader nor Python's looks for bytes there
    raw = overrides.path
    if raw is None:
        raw = block[:100].partition(b"\0")[0]
        if block[345] and block[257:263] == b"ustar\0":
            raw = block[345:500].partition(b"\0")[0] + b"/" + raw
    if flag == b"\0" and raw.endswith(b"/"):  # before ustar, directories were told by their name
        kind = Kind.DIR
    target = None
    if flag in (b"1", b"2"):
        target = block[157:257].partition(b"\0")[0] if overrides.target is None else overrides.target
    member = Member(raw, kind, _number(block[100:108], "mode") & 0o7777, stored, target)
    member.hard = flag == _HARD
    if flag == _SPARSE or overrides.sparse:
        member.sparse = True
        member.size = _number(block[483:495], "real size") if flag == _SPARSE else overrides.real_size or stored
    member.odd = overrides.odd
    if overrides.size is not None and kind is Kind.FILE and not member.hard:
        said = _number(block[124:136], "size")
        if said not in (0, stored) and stored < 1 << 33:  # a greater one does not fit into the octal field
            member.odd = f"its header says {said:,} bytes, its extended header {stored:,}"
    if flag == _SPARSE:
        _pass_sparse_maps(run, block)
    return member


def _pass_sparse_maps(run: Run, block: bytes) -> None:
    """Step over the blocks that say where the holes of an old GNU sparse member are."""
    more = block[482]
    for _ in range(gate.EXTENSIONS * BLOCK):
        if not more:
            return
        block = run.take(BLOCK)
        if len(block) < BLOCK:
            raise BadTar(f"it ends within a map of holes, at {run.position:,}")
        more = block[504]
    raise TooMuch("blocks of one map of holes", gate.EXTENSIONS * BLOCK + 1, gate.EXTENSIONS * BLOCK)


def _check_sum(block: bytes, end: int) -> None:
    """Hold a header to its checksum: the sum of its bytes, the eight of the sum itself taken for spaces."""
    field = block[148:156]
    said = _number(field[:7] if field[7] == 0x20 else field, "checksum")
    # The low half of Adler-32 is that sum and one, modulo 65,521, ten times as fast; the whole sum is at most 130,560.
    if (said - (zlib.adler32(block) & 0xFFFF) + 1 + sum(field) - 256) % 65_521 == 0:
        return
    # Some old programs summed signed bytes.
    signed = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + block[156:]) + 256
    if said != signed:
        raise BadTar(f"the header at {end - BLOCK:,} has a wrong checksum")


def _number(field: bytes, what: str) -> int:
    """Read a number: octal digits, or base-256 where the first bit is set. Raises BadTar."""
    if not field[-1] and field[:-1].isdigit():  # as nearly all programs write them
        try:
            return int(field[:-1], 8)
        except ValueError:
            raise _no_number(field, what) from None
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ~(0x80 << 8 * (len(field) - 1))
        if field[0] == 0xFF or value >= 1 << 62:
            raise BadTar(f"a header has a {what} that is negative or beyond all measure")
        return value
    digits = field.strip(b" \0")
    if not digits:
        return 0
    if not _DIGITS.issuperset(digits):
        digits = digits.partition(b"\0")[0].rstrip(b" ")
        if not _DIGITS.issuperset(digits) or not digits:
            raise _no_number(field, what)
    return int(digits, 8)


def _no_number(field: bytes, what: str) -> BadTar:
    return BadTar(f"a header has a {what} that is no number: {_shown(field)}")


def _shown(raw: bytes) -> str:
    return raw[: gate.SHOWN].decode("utf-8", "replace")
