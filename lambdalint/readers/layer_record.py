"""One layer's facts as bytes, and back again: what a cache keeps of it. Plain JSON and numbers; nothing is executed."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lambdalint.contents import HEAD
from lambdalint.model import Entry, Kind
from lambdalint.readers.layer import SHIFT, Interest, Scan
from lambdalint.readers.layers import Reading

if TYPE_CHECKING:
    from lambdalint.protocols import Memory

#: Of the parts, in their order: what is said of the layer, heads, offsets, contents, what was learned, entries.
_SIZES: Final = struct.Struct("<6Q")
_KINDS: Final = tuple(Kind)
_NUMBERS: Final = {kind: number for number, kind in enumerate(_KINDS)}
#: Rows that are parsed at a time, so that as many as an image may have take little memory.
_ROWS: Final = 1_000
_T = TypeVar("_T")
#: What comes of bytes that another program wrote.
STRANGE: Final = (ValueError, KeyError, IndexError, TypeError, struct.error, RecursionError)


def pack(reading: Reading, memory: Memory | None) -> list[bytes]:
    """Return what is known of a layer, in pieces, since as a whole it is large."""
    scan = reading.scan
    kept = sorted(scan.kept)
    learned = [] if memory is None else [(number, memory.tell(scan.learned[number])) for number in sorted(scan.learned)]
    told = {
        "compression": reading.compression, "packed": reading.packed_size, "unpacked": reading.unpacked_size, "diff": reading.diff,
        "trailing": reading.trailing, "kept": [(number, len(scan.kept[number])) for number in kept],
        "fed": [number for number in kept if number in scan.learned],
    }  # fmt: skip
    parts: list[list[bytes]] = [
        [_json(told)], [bytes(scan.heads)], [scan.offsets.tobytes()], [scan.kept[number] for number in kept],
        list(_lines([one for one in learned if one[1] is not None])), list(_lines(scan.entries, _row)),
    ]  # fmt: skip
    return [_SIZES.pack(*(sum(map(len, part)) for part in parts)), *(piece for part in parts for piece in part)]


def unpack(data: bytes, reading: Reading, label: str, interest: Interest) -> None:
    """Fill a reading with what was packed. Raises STRANGE."""
    scan = reading.scan
    at = _SIZES.size
    parts = []
    for size in _SIZES.unpack_from(data):
        parts.append(memoryview(data)[at : at + size])
        at += size
    told = json.loads(bytes(parts[0]))
    reading.compression, reading.packed_size, reading.unpacked_size = told["compression"], told["packed"], told["unpacked"]
    reading.diff, reading.trailing = told["diff"], told["trailing"]
    scan.heads.extend(parts[1])
    scan.offsets.frombytes(parts[2])
    if len(scan.heads) != HEAD * len(scan.offsets):
        raise ValueError("heads and offsets do not go together")
    for number, one in _parsed(parts[4]):
        learned = interest.recall(one)
        if learned is not None:
            scan.learned[number] = learned
    fed = frozenset(told["fed"])
    start = 0
    for number, size in told["kept"]:
        # The bytes of a file that there is something to learn from are of no use without that.
        if (number in scan.learned or number not in fed) and interest.has_room(size):
            scan.kept[number] = bytes(parts[3][start : start + size])
        start += size
    _fill(scan, parts[5], label, interest)


def _row(entry: Entry) -> object:
    name = entry.raw.decode("utf-8", "surrogateescape")
    number = entry.record & (1 << SHIFT) - 1 if isinstance(entry.record, int) else None
    return name, entry.path == name or entry.path, _NUMBERS[entry.kind], entry.mode, entry.size, entry.target, number


def _fill(scan: Scan, rows: memoryview, label: str, interest: Interest) -> None:
    base = scan.number << SHIFT
    files = range(len(scan.offsets))
    for name, tidy, kind, mode, size, target, number in _parsed(rows):
        raw = name.encode("utf-8", "surrogateescape")
        interest.count(len(raw) + len(target or ""))
        path = name if tidy is True else tidy
        record = None if number is None else base | files[number]
        scan.entries.append(Entry(path, raw, _KINDS[kind], mode, size, size, target, label, scan.number, record))


def _lines(things: Sequence[_T], row: Callable[[_T], object] = lambda thing: thing) -> Iterator[bytes]:
    for at in range(0, len(things), _ROWS):
        yield _json([row(thing) for thing in things[at : at + _ROWS]]) + b"\n"


def _parsed(lines: memoryview) -> Iterator[list[Any]]:
    for line in BytesIO(lines):
        yield from json.loads(line)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
