"""Breaks native files where their readers decide: a few fields of their headers and tables, or where they end."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Final

#: Values that break sums and comparisons, of which every width takes the low bytes.
ODD: Final = (
    0, 1, 2, 7, 8, 16, 0x7F, 0xFF, 0xFFF, 0x1000, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF, 1 << 62,
    (1 << 63) - 1, (1 << 64) - 16, (1 << 64) - 1,
)  # fmt: skip
#: Tags of the dynamic section that lead somewhere or say how much is there.
_TAGS: Final = (0, 1, 2, 4, 5, 6, 10, 14, 15, 29, 30, 0x6FFFFEF5, 0x6FFFFFF0, 0x6FFFFFFB, 0x6FFFFFFC, 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF)
_VERDEF, _VERNEED, _HASH, _GNU_HASH = 0x6FFFFFFC, 0x6FFFFFFE, 4, 0x6FFFFEF5
#: More than is unpacked at once, so that a member is fed in pieces.
_LONG: Final = 400_000

Mutator = Callable[[bytearray, random.Random], None]


class Field:
    """Some bytes that are one number."""

    def __init__(self, at: int, width: int, order: str) -> None:
        self.at: Final = at
        self.width: Final = width
        self.order: Final = order

    def get(self, content: bytearray) -> int:
        return int.from_bytes(content[self.at : self.at + self.width], "little" if self.order == "<" else "big")

    def set(self, content: bytearray, value: int) -> None:
        if 0 <= self.at <= len(content) - self.width:
            number = (value & (1 << 8 * self.width) - 1).to_bytes(self.width, "little" if self.order == "<" else "big")
            content[self.at : self.at + self.width] = number


class Map:
    """Where the fields of an ELF file are, by what they are for; of a broken one, as far as it leads."""

    def __init__(self, content: bytearray) -> None:
        self.content: Final = content
        self.wide: Final = content[4:5] == b"\2"
        self.order: Final = ">" if content[5:6] == b"\2" else "<"
        self.word: Final = 8 if self.wide else 4
        widths = (2, 2, 4, *[self.word] * 3, 4, *[2] * 6)
        self.header: Final = [self._field(16 + sum(widths[:place]), width) for place, width in enumerate(widths)]
        size = 56 if self.wide else 32
        shape = (4, 4, *[8] * 6) if self.wide else (4,) * 8
        start, count = self.header[4].get(content), min(self.header[9].get(content), 20)
        self.programs: Final = [
            [self._field(start + number * size + sum(shape[:place]), width) for place, width in enumerate(shape)]
            for number in range(count)
        ]
        self.dynamic: Final = list(self._dynamic())

    def _field(self, at: int, width: int) -> Field:
        return Field(at, width, self.order)

    def _program(self, program: list[Field]) -> tuple[int, int, int, int]:
        """Return sort, offset, address and size."""
        places = (0, 2, 3, 5) if self.wide else (0, 1, 2, 4)
        sort, offset, address, size = (program[place].get(self.content) for place in places)
        return sort, offset, address, size

    def _dynamic(self) -> Iterator[tuple[Field, Field]]:
        for program in self.programs:
            sort, offset, _, size = self._program(program)
            for at in range(offset, offset + min(size, 2048), 2 * self.word) if sort == 2 else ():
                yield self._field(at, self.word), self._field(at + self.word, self.word)

    def table(self, *tags: int) -> int | None:
        """Return where the table lies that one of some tags leads to. None: nowhere in the file."""
        for address in (value.get(self.content) for tag, value in self.dynamic if tag.get(self.content) in tags):
            for sort, offset, start, size in map(self._program, self.programs):
                if sort == 1 and start <= address < start + size:
                    return offset + address - start
        return None


def odd(value: int, size: int, chance: random.Random) -> int:
    """Return a number that is wrong in place of another: none, too much, about the file's end, or close by."""
    return chance.choice((chance.choice(ODD), size, size - 1, size + 1, value + 1, value - 1, value * 2, -value, chance.getrandbits(64)))


def _one(fields: list[Field], content: bytearray, chance: random.Random) -> None:
    if fields:
        field = chance.choice(fields)
        field.set(content, odd(field.get(content), len(content), chance))


def header(content: bytearray, chance: random.Random) -> None:
    """A field of the file header, or class and byte order."""
    _one([*Map(content).header, Field(4, 1, "<"), Field(5, 1, "<")], content, chance)


def program(content: bytearray, chance: random.Random) -> None:
    """A field of a program header, or one header in place of another, so that segments overlap or come twice."""
    programs = Map(content).programs
    if not programs:
        return
    if chance.random() < 0.6:
        _one(chance.choice(programs), content, chance)
        return
    source, target = chance.choice(programs), chance.choice(programs)
    for one, other in list(zip(source, target, strict=True))[chance.randrange(3) :]:
        other.set(content, one.get(content))


def dynamic(content: bytearray, chance: random.Random) -> None:
    """A dynamic entry: another tag, another value, or where another table lies."""
    entries = Map(content).dynamic
    if not entries:
        return
    tag, value = chance.choice(entries)
    way = chance.random()
    if way < 0.3:
        tag.set(content, chance.choice(_TAGS))
    elif way < 0.6:
        value.set(content, chance.choice(entries)[1].get(content))
    else:
        value.set(content, odd(value.get(content), len(content), chance))


def versions(content: bytearray, chance: random.Random) -> None:
    """A table of versions: counts beyond all measure, entries that lead to themselves, backwards or out of the file."""
    where = Map(content)
    start = where.table(_VERNEED) if chance.random() < 0.7 else where.table(_VERDEF)
    if start is not None:
        # version, count, file, auxiliary, next; then hash, flags, other, name, next of the entry behind.
        fields = [Field(start + at, width, where.order) for at, width in ((2, 2), (4, 4), (8, 4), (12, 4), (20, 2), (24, 4), (28, 4))]
        chance.choice(fields).set(content, chance.choice((0, 1, 16, -16, 0xFFFF, 0x7FFFFFFF, chance.getrandbits(32))))


def hashes(content: bytearray, chance: random.Random) -> None:
    """A hash table, by which symbols are counted."""
    where = Map(content)
    start = where.table(_HASH, _GNU_HASH)
    if start is not None:
        _one([Field(start + 4 * place, 4, where.order) for place in range(12)], content, chance)


def bytes_anywhere(content: bytearray, chance: random.Random) -> None:
    """Any bytes, mostly of the first kilobyte."""
    at = chance.randrange(min(len(content), 1024) if chance.random() < 0.5 else len(content)) if content else 0
    Field(at, chance.choice((1, 2, 4, 8)), "<").set(content, odd(0, len(content), chance))


def end(content: bytearray, chance: random.Random) -> None:
    """An early end."""
    size = min(len(content), 1024) if chance.random() < 0.3 else len(content)
    del content[chance.randrange(size + 1) :]


def growth(content: bytearray, chance: random.Random) -> None:
    """Zeros behind the end or within."""
    at = len(content) if chance.random() < 0.7 else chance.randrange(len(content) + 1)
    content[at:at] = bytes(_LONG)


def mach(content: bytearray, chance: random.Random) -> None:
    """A field of the header of a file of macOS: its CPU, the count of its slices, where they lie."""
    order = ">" if content[:1] == b"\xca" else "<"
    if chance.random() < 0.1:
        content[:4] = chance.choice((b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe"))
    _one([Field(at, 4, order) for at in range(4, 72, 4)], content, chance)


def pe(content: bytearray, chance: random.Random) -> None:
    """Where the header of a file of Windows lies, or a field of it."""
    start = int.from_bytes(content[60:64], "little")
    fields = [Field(60, 4, "<"), *[Field(start + at, 2, "<") for at in range(0, 28, 2)], *[Field(start + at, 4, "<") for at in (116, 132, 232)]]
    _one(fields[:1] if chance.random() < 0.3 else fields, content, chance)


_ELF: Final[tuple[Mutator, ...]] = (header, program, program, dynamic, dynamic, versions, hashes, bytes_anywhere)
_ENDS: Final[tuple[Mutator, ...]] = (end, end, growth)


def mutators(content: bytes) -> tuple[Mutator, ...]:
    """Return what breaks a file of this format."""
    if content.startswith(b"\x7fELF"):
        return _ELF
    return (pe, bytes_anywhere) if content.startswith(b"MZ") else (mach, bytes_anywhere)


def mutants(content: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    """Yield a file that was broken in one to four ways."""
    ways = mutators(content)
    for _ in range(count):
        mutant = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            chance.choice(ways)(mutant, chance)
        if chance.random() < 0.1:
            chance.choice(_ENDS)(mutant, chance)
        yield bytes(mutant)
