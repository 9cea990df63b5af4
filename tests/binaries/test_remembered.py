"""What an ELF file says survives being told in plain values, all of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lambdalint.binaries import Probe
from lambdalint.binaries.elf import Elf as Found
from lambdalint.binaries.feeder import parse
from lambdalint.binaries.remembered import recall, tell
from tests.elfwriter import Elf

BINARIES = Path(__file__).parents[2] / "fixtures" / "binaries"
FULL = Elf(
    needed=["libc.so.6", "libm.so.6"], versions={"libc.so.6": ["GLIBC_2.17", "GLIBC_2.34"]}, soname="libx.so.1", rpath="$ORIGIN",
    runpath="/opt/lib", exports=["PyInit_x"], imports=["napi_module_register"],
).built()  # fmt: skip
MADE = {
    "full": FULL, "cut": FULL[:200], "shorter": FULL[:30], "other class": FULL[:4] + b"\x07" + FULL[5:], "none": b"",
    "program": Elf(type="exec", interp="/lib64/ld-linux-x86-64.so.2").built(), "narrow": Elf(machine="arm", bits=32).built(),
    "big": Elf(machine=21, endian="big").built(), "odd type": FULL[:16] + b"\x01\xfe" + FULL[18:],
}  # fmt: skip
REAL = {path.name: path.read_bytes() for path in sorted(BINARIES.rglob("*")) if path.is_file() and path.read_bytes()[:4] == b"\x7fELF"}
MADE["pages are missing"] = REAL["runpath-x86_64.so"][: 2 * 4096]


def plain(thing: object) -> Any:
    """All that an object says, by the names of its attributes."""
    if isinstance(thing, tuple):
        return [plain(one) for one in thing]
    slots = [slot for sort in type(thing).__mro__ for slot in getattr(sort, "__slots__", ())]
    if not slots or type(thing).__name__ == "Struct":
        return repr(thing) if type(thing).__name__ != "Struct" else thing.format  # type: ignore[attr-defined]
    return {"": type(thing).__name__, **{slot: plain(getattr(thing, slot)) for slot in slots}}


@pytest.mark.parametrize("content", [*MADE.values(), *REAL.values()], ids=[*MADE, *REAL])
def test_all_that_is_known_comes_back(content: bytes) -> None:
    elf = parse(content)
    back = recall(json.loads(json.dumps(tell(elf))))
    assert plain(back) == plain(elf)


def test_names_that_are_no_utf8_come_back() -> None:
    content = FULL.replace(b"libx.so.1", b"lib\xff.so.1")
    assert recall(json.loads(json.dumps(tell(parse(content))))).soname == "lib\udcff.so.1"


def test_what_is_not_all_is_not_told_and_nothing_else_either() -> None:
    elf = parse(FULL)
    assert tell(Found(elf.header, elf.size, incomplete=["names"])) is None
    assert tell("something else") is None
    told = json.loads(json.dumps(tell(elf)))
    for wrong in (None, [], told[:-1], [*told[:2], [], *told[3:]], [[64, "little", 0, "no type", 62], *told[1:]]):
        with pytest.raises((ValueError, TypeError)):
            recall(wrong)


def test_names_count_when_they_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    from lambdalint.binaries import feeder

    told = tell(parse(FULL))
    monkeypatch.setattr(feeder, "NAME_BYTES", 2_000)
    probe = Probe()
    found = [probe.recall(told) for _ in range(3)]
    assert found[0] is not None
    assert found[-1] is None
