"""Broken native files on the whole way of a member: out of an archive, by every rule on native code, into a report."""

from __future__ import annotations

import functools
import os
import random
import sysconfig
import time
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lambdalint.binaries import Probe, keep
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.systems import LINUX, elf_system
from lambdalint.book import Rule, load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Package, Role, Severity
from lambdalint.readers import open_package
from lambdalint.report import Verdict
from lambdalint.target import Target
from tests.cases import TODAY
from tests.mutants import mutants

NATIVE = Path(__file__).parents[2] / "fixtures" / "binaries" / "native"
SEEDS = {path.name: path.read_bytes() for path in sorted(NATIVE.iterdir()) if path.suffix not in (".c", ".sh", ".map", ".md")}
#: Mutants in one package, and packages for each run; ``-m real`` makes 100,000 mutants and more.
MEMBERS = 100
PACKAGES = int(os.environ.get("FUZZ_PACKAGES", "30"))
#: Seconds of CPU that a mutant may take on average, rules and archive included. A table that leads in circles would take minutes.
EACH = 0.03
#: Bytes of Python's objects for a package of mutants: as much as the caps let one file keep, and a few megabytes.
MEMORY = 64 << 20

APP = b"import fast\n\n\ndef handler(event, context):\n    return 1\n"
FUNCTION = Function(runtime="python3.12", handler="app.handler", architectures=("x86_64",))


@functools.cache
def rules() -> list[Rule]:
    return [rule for rule in load() if rule.id.startswith("LL4")]


def installed() -> dict[str, bytes]:
    """Real libraries: some of what is installed here, one of each order of size up to one megabyte."""
    folder = Path(sysconfig.get_path("platlib"))
    found = {path.stat().st_size.bit_length(): path for path in sorted(folder.rglob("*.so*")) if path.is_file()}
    return {path.name: path.read_bytes() for bits, path in found.items() if 10 < bits <= 20}


def batch(seeds: Mapping[str, bytes], number: int) -> dict[str, bytes]:
    """Return the members of one package, by their names: as many mutants as there is room for, of all files in turn."""
    chance = random.Random(number)
    names = sorted(seeds)
    members = {}
    for place in range(MEMBERS):
        name = names[(number * MEMBERS + place) % len(names)]
        (mutant,) = mutants(seeds[name], chance, 1)
        suffix = ".pyd" if mutant.startswith(b"MZ") else ".cpython-312-x86_64-linux-gnu.so"
        members[f"fast/_m{place}{suffix}"] = mutant
    return members


def written(folder: Path, members: Mapping[str, bytes], number: int) -> Path:
    """Write them as a zip, stored or packed, or as a directory, with a handler that loads all of them."""
    imports = "".join(f"from . import _m{place}\n" for place in range(MEMBERS)).encode()
    files = {"app.py": APP, "fast/__init__.py": imports, **members}
    path = folder / f"package{number}"
    if number % 5 == 0:
        for name, content in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr, info.compress_type = 0o100755 << 16, archive.compression
            archive.writestr(info, content)
    return path


def judged(path: Path) -> tuple[Package, Verdict]:
    package = open_package(str(path), probe=Probe(), keep=keep)
    target = Target(package.archive, package, FUNCTION, role=Role.FUNCTION)
    (verdict,) = lint([target], rules(), Judge(today=TODAY)).verdicts
    return package, verdict


def holds(package: Package, verdict: Verdict, members: Mapping[str, bytes]) -> Iterator[Elf]:
    """Check what is true of every report, and yield what was learned of each ELF file."""
    assert not verdict.crashes
    damaged = [finding.place.path for finding in verdict.findings if finding.rule.id == "LL410"]
    assert len(damaged) == len(set(damaged)), "one finding for each damaged file"
    assert damaged == [] or set(damaged) <= members.keys()
    for finding in verdict.findings:
        assert len(finding.message) < 20_000
    for name, content in members.items():
        entry = package.get(name)
        assert entry is not None
        if not content.startswith(b"\x7fELF"):
            continue
        elf = package.contents.learned(entry)
        assert isinstance(elf, Elf)
        assert elf.size == len(content)
        assert elf.cpu is not None or elf.faults
        assert (name in damaged) == (bool(elf.faults) and elf_system(elf) == LINUX)
        yield elf


def fuzz(folder: Path, seeds: Mapping[str, bytes], packages: int) -> int:
    """Judge packages of mutants, and return how many mutants there were."""
    count, whole, began = 0, 0, time.process_time()
    for number in range(packages):
        members = batch(seeds, number)
        path = written(folder, members, number)
        elves = list(holds(*judged(path), members))
        whole += sum(not elf.faults and not elf.incomplete for elf in elves)
        count += len(members)
        if path.is_file():
            path.unlink()
    assert time.process_time() - began < 10 + count * EACH
    # Some mutants must be such that a loader would take them: else all that is tried is the first check.
    assert count / 20 < whole < count
    return count


def test_broken_members_are_facts_or_one_finding(tmp_path: Path) -> None:
    assert fuzz(tmp_path, SEEDS, PACKAGES) == PACKAGES * MEMBERS


@pytest.mark.real
def test_a_hundred_thousand_broken_members(tmp_path: Path) -> None:
    seeds = {**SEEDS, **installed()}
    assert len(seeds) > len(SEEDS)
    assert fuzz(tmp_path, seeds, 1000) == 100_000


def test_broken_members_take_bounded_memory(tmp_path: Path) -> None:
    members = batch(SEEDS, 1)
    path = written(tmp_path, members, 1)
    judged(path)  # what is imported on the way is not what is measured
    tracemalloc.start()
    try:
        judged(path)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_the_files_that_fuzzing_starts_from_are_healthy(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, {"fast/_m0.cpython-312-x86_64-linux-gnu.so": SEEDS[name]}, 1)
    _, verdict = judged(path)
    assert [finding.rule.id for finding in verdict.findings if finding.rule.id == "LL410"] == []
    assert not verdict.crashes
    assert all(finding.severity <= Severity.ERROR for finding in verdict.findings)
