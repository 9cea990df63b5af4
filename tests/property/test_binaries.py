"""Whatever bytes an ELF, Mach-O or PE file has: facts or faults, never an exception, in time and memory that its size bounds."""

from __future__ import annotations

import os
import random
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdalint.binaries.elf import Elf
from lambdalint.binaries.feeder import ElfFeeder, parse
from lambdalint.binaries.foreign import HEAD, identify
from tests.mutants import ODD

NATIVE = Path(__file__).parents[2] / "fixtures" / "binaries" / "native"
SEEDS = {path.name: path.read_bytes() for path in sorted(NATIVE.iterdir()) if path.suffix not in (".c", ".sh", ".map")}
ELVES = {name: content for name, content in SEEDS.items() if content.startswith(b"\x7fELF")}
#: Mutants for each file; a release is tried with 3,000, which is 100,000 in all: FUZZ=3000 pytest tests/property/test_binaries.py
ROUNDS = int(os.environ.get("FUZZ", "100"))

ELF_STARTS = (b"\x7fELF", b"\x7fELF\2\1\1", b"\x7fELF\1\2\1", b"\x7fELF\2\1\1" + bytes(9) + b"\3\0\x3e\0")
OTHER_STARTS = (b"", b"MZ", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xce")


def holds(elf: Elf, size: int) -> None:
    """What is true of every answer."""
    assert elf.size == size
    assert (elf.cpu is None) == (elf.header is None)
    assert elf.header is not None or elf.faults
    assert len(elf.needed) <= 1024
    assert len(elf.versions) <= 4096
    assert len(elf.provides) <= 4096
    assert len(elf.exports) <= 257
    assert len(elf.faults) < 20
    assert len(elf.incomplete) < 20
    names = [*elf.needed, *elf.exports, *elf.provides, *(version.name for version in elf.versions)]
    assert all(len(name) < 4096 and "\0" not in name for name in names)
    assert elf.is_static <= elf.is_program
    assert isinstance(elf.is_musl, bool)
    assert repr(elf)


def interesting(content: bytes) -> list[range]:
    """The parts of a file that lead somewhere: headers, program headers, the dynamic section and the tables behind it."""
    parts = [range(min(64, len(content))), range(64, min(1024, len(content)))]
    if content[4:6] == b"\2\1":
        for at in range(64, min(64 + 56 * content[56], len(content) - 56), 56):
            sort, _, offset, _, _, size = struct.unpack_from("<IIQQQQ", content, at)
            if sort in (2, 3, 4):
                parts.append(range(offset, min(offset + size, len(content))))
    return [part for part in parts if part]


def mutants(content: bytes, seed: str, count: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    parts = interesting(content)
    for _ in range(count):
        mutant = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            part = chance.choice(parts) if chance.random() < 0.8 else range(len(mutant))
            at = chance.choice(part)
            width = chance.choice((1, 2, 4, 8))
            value = chance.choice(ODD) if chance.random() < 0.7 else chance.getrandbits(64)
            mutant[at : at + width] = (value & (1 << 8 * width) - 1).to_bytes(width, chance.choice(("little", "big")))
        if chance.random() < 0.1:
            del mutant[chance.randrange(len(mutant)) :]
        yield bytes(mutant)


@pytest.mark.parametrize("name", ELVES)
def test_mutated_elf_files(name: str) -> None:
    began = time.process_time()
    for mutant in mutants(ELVES[name], name, ROUNDS):
        feeder = ElfFeeder()
        feeder.feed(mutant)
        holds(feeder.finish(), len(mutant))
        identify(mutant[:HEAD])
    # A thousandth of a second each is usual; a table that leads in circles would take many.
    assert time.process_time() - began < 1 + ROUNDS * 0.05


@pytest.mark.parametrize("name", sorted(SEEDS.keys() - ELVES.keys()))
def test_mutated_foreign_files(name: str) -> None:
    for mutant in mutants(SEEDS[name], name, ROUNDS):
        for size in (0, 1, 4, 8, 16, 63, 64, 65, HEAD):
            identify(mutant[:size])


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(ELF_STARTS))
def test_any_bytes_behind_the_magic(tail: bytes, start: bytes) -> None:
    holds(parse(start + tail), len(start + tail))


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(OTHER_STARTS))
def test_any_bytes_are_identified(tail: bytes, start: bytes) -> None:
    identify(start + tail)


@settings(deadline=None)
@given(st.data(), st.sampled_from(sorted(ELVES)))
def test_pieces_are_no_matter(data: st.DataObject, name: str) -> None:
    content = ELVES[name]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=10)))
    feeder = ElfFeeder()
    for start, stop in zip([0, *cuts], [*cuts, len(content)], strict=True):
        feeder.feed(content[start:stop])
    found, whole = feeder.finish(), parse(content)
    for field in ("needed", "soname", "runpath", "rpath", "interp", "exports", "provides", "is_program", "size", "cpu"):
        assert getattr(found, field) == getattr(whole, field)
    assert not found.faults
