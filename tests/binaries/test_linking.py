"""What the loader makes of files that cases cannot hold: damaged libraries behind sound modules, sources too large to read."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from lambdalint.binaries import Probe, keep
from lambdalint.binaries.search import may_preload
from lambdalint.book import load
from lambdalint.engine import Judge, lint
from lambdalint.filesystem import TASK, Filesystem
from lambdalint.function import Function
from lambdalint.model import Role
from lambdalint.readers import open_package
from lambdalint.report import Finding
from lambdalint.target import Target
from tests.cases import ROOT, TODAY
from tests.elfwriter import Elf

MODULE = "fast/_fast.cpython-312-x86_64-linux-gnu.so"
LIBRARY = (Path(ROOT) / "fixtures" / "binaries" / "native" / "rpath-x86_64.so").read_bytes()


def found(folder: Path, files: dict[str, bytes], rule: str) -> list[Finding]:
    """Judge a function whose handler imports ``fast`` by one rule."""
    sources = {
        "app.py": b"import fast\n\n\ndef handler(event, context):\n    return 1\n",
        "fast/__init__.py": b"from . import _fast\n",
    }
    for path, content in (sources | files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    package = open_package(str(folder), probe=Probe(), keep=keep)
    function = Function(runtime="python3.12", handler="app.handler", architectures=("x86_64",))
    rules = [one for one in load() if one.id == rule]
    (verdict,) = lint([Target(package.archive, package, function, role=Role.FUNCTION)], rules, Judge(today=TODAY)).verdicts
    assert not verdict.crashes
    return list(verdict.findings)


def misaligned(content: bytes) -> bytes:
    """Move a segment in memory by a part of a page, as strip does with what patchelf has added."""
    at = next(at for at in range(64, 64 + 10 * 56, 56) if struct.unpack_from("<I", content, at)[0] == 1)
    (address,) = struct.unpack_from("<Q", content, at + 16)
    return content[: at + 16] + struct.pack("<Q", address + 16) + content[at + 24 :]


def module(*needed: str) -> bytes:
    return Elf(needed=needed, rpath="$ORIGIN", exports=["PyInit__fast"]).built()


def test_a_damaged_library_behind_a_module(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {MODULE: module("libx.so"), "fast/libx.so": misaligned(LIBRARY)}, "LL410")
    assert finding.severity.label == "error"
    assert finding.aws is not None
    text = "/var/task/fast/libx.so: ELF load command address/offset not properly aligned"
    assert finding.aws.message == f"Unable to import module 'app': {text}"


def test_a_damaged_library_of_which_there_are_two(tmp_path: Path) -> None:
    """Which of them is loaded hangs on the order, so that neither is surely at fault."""
    files = {MODULE: module("libx.so"), "fast/libx.so": misaligned(LIBRARY), "lib/libx.so": LIBRARY}
    (finding,) = found(tmp_path, files, "LL410")
    assert finding.severity.label == "warning"


def test_a_module_cut_off_before_what_is_read_first(tmp_path: Path) -> None:
    content = (Path(ROOT) / "fixtures" / "binaries" / "native" / "runpath-x86_64.so").read_bytes()
    (finding,) = found(tmp_path, {MODULE: content[: 2 * 4096]}, "LL410")
    assert finding.severity.label == "error"
    assert finding.aws is not None
    assert (finding.aws.code, finding.aws.message) == ("Runtime.ExitError", "Runtime exited with error: signal: bus error")


def test_a_damaged_module_beside_a_sound_one(tmp_path: Path) -> None:
    assert found(tmp_path, {MODULE: module(), "fast/_fast.abi3.so": misaligned(LIBRARY)}, "LL410") == []


def test_a_library_whose_name_no_system_has(tmp_path: Path) -> None:
    """What auditwheel has named is nowhere else, so that a list of known gaps need not have it."""
    (finding,) = found(tmp_path, {MODULE: module("libx-1a2b3c4d.so.5")}, "LL408")
    assert finding.severity.label == "error"


@pytest.mark.parametrize(
    ("source", "may"),
    [
        (b"import os\n", False), (b"import ctypes\nctypes.CDLL('x')\n", True), (b"process.dlopen(m, path)\n", True),
        (b"x = 1\n" + b"#" * (1 << 18), True),
    ],
)  # fmt: skip
def test_sources_that_may_load_libraries(source: bytes, may: bool, tmp_path: Path) -> None:
    (tmp_path / "fast").mkdir()
    (tmp_path / "fast" / "a.py").write_bytes(source)
    (tmp_path / "fast" / "a.txt").write_bytes(b"CDLL")
    filesystem = Filesystem([(TASK, open_package(str(tmp_path)))])
    assert may_preload(filesystem, [f"{TASK}/fast"], []) is may
    assert may_preload(filesystem, [], [f"{TASK}/fast/a.py", f"{TASK}/fast/a.txt", f"{TASK}/none.py"]) is may


def test_too_many_sources_may_do_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambdalint.binaries.search._FILES", 2)
    for name in "abc":
        (tmp_path / f"{name}.py").write_text("")
    assert may_preload(Filesystem([(TASK, open_package(str(tmp_path)))]), [TASK], [])
