"""Our reader says of healthy files what pyelftools and lief say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.binaries.oracles import FIXTURES, by_lief, by_pyelftools, by_us, elves, read

everyone = pytest.mark.parametrize("path", elves(), ids=lambda path: str(path.relative_to(FIXTURES)))


@everyone
def test_pyelftools_agrees(path: Path) -> None:
    content = path.read_bytes()
    assert by_us(read(content)) == by_pyelftools(content)


@everyone
def test_lief_agrees(path: Path) -> None:
    content = path.read_bytes()
    assert by_us(read(content)) == by_lief(content)


@everyone
def test_a_healthy_file_has_no_fault(path: Path) -> None:
    elf = read(path.read_bytes())
    assert not elf.faults
    assert not elf.incomplete


@everyone
@pytest.mark.parametrize("piece", [1, 63, 1000, 1 << 30])
def test_the_size_of_pieces_is_no_matter(path: Path, piece: int) -> None:
    content = path.read_bytes()
    assert by_us(read(content, piece)) == by_us(read(content))
