"""What pyelftools and lief tell comes from a child that may die, hang or be missing."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdalint.binaries import evidence, witness
from lambdalint.binaries.evidence import Witness
from tests import elfwriter
from tests.binaries.oracles import FIXTURES

NATIVE = FIXTURES / "native"
MODULE = (NATIVE / "runpath-x86_64.so").read_bytes()

SAYS = """
import struct, sys
sys.stdout.buffer.write(struct.pack('<I', len(text)) + text)
sys.stdout.flush()
sys.stdin.buffer.read()
"""


def child(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def framed(answer: str) -> str:
    """A child that answers so whatever it is asked."""
    return f"text = {answer.encode()!r}\n{SAYS}"


def test_the_symbols_that_need_a_version() -> None:
    with Witness() as ask:
        found = ask.symbols([MODULE[:100], b"", MODULE[100:]], "libm.so.6", "GLIBC_2.29")
        assert found is not None
        assert (found.names, found.count) == (("exp",), 1)
        assert ask.symbols([MODULE], "libm.so.6", "GLIBC_2.99") is None
        assert ask.symbols([MODULE], "libc.so.6", "GLIBC_2.29") is None


def test_what_a_file_of_macos_or_windows_is_built_for() -> None:
    with Witness() as ask:
        [part] = ask.slices([(NATIVE / "bundle-arm64.so").read_bytes()]) or ()
        assert (part.system, part.release, part.cpu) == ("macOS", "11.0", "arm64")
        parts = ask.slices([(NATIVE / "fat.o").read_bytes()]) or ()
        assert sorted(part.cpu for part in parts) == ["arm64", "x86_64"]
        [part] = ask.slices([(NATIVE / "library-x86_64.pyd").read_bytes()]) or ()
        assert (part.system, part.release, part.cpu) == ("Windows", None, "amd64")
        assert ask.slices([b"MZ nothing"]) is None
        assert ask.slices([b"nothing at all"]) is None


def test_the_child_reads_frames_and_answers() -> None:
    stream = io.BytesIO()
    for frame in (b"abc", b"", b"x" * 10):
        witness.send(stream, frame)
    stream.seek(0)
    assert witness._file(stream) == b"abc"
    assert witness.received(stream, most=9) is None
    asked = {"about": "symbols", "library": "libm.so.6", "version": "GLIBC_2.29"}
    assert witness._answer(asked, MODULE) == {"names": ["exp"], "count": 1}
    [part] = witness._slices((NATIVE / "bundle-x86_64.so").read_bytes())
    assert part == {"system": "macOS", "release": "11.0", "cpu": "x86_64", "libraries": part["libraries"]}
    [part] = witness._slices((NATIVE / "library-aarch64.pyd").read_bytes())
    assert part == {"system": "Windows", "release": None, "cpu": "arm64", "libraries": []}


def test_one_child_answers_all() -> None:
    with Witness() as ask:
        ask.symbols([MODULE], "libm.so.6", "GLIBC_2.29")
        first = ask._child
        ask.symbols([MODULE], "libc.so.6", "GLIBC_2.2.5")
        assert ask._child is first is not None
    assert first.poll() is not None


def test_a_child_that_died_is_replaced() -> None:
    with Witness() as ask:
        assert ask.symbols([b"\x7fELF nothing"], "a", "b") is None
        assert ask.symbols([MODULE], "libm.so.6", "GLIBC_2.29") is not None


def test_no_more_children_than_a_few() -> None:
    with Witness(command=child("raise SystemExit(3)")) as ask:
        answers = [ask.symbols([MODULE], "a", "b") for _ in range(10)]
        assert ask._starts == evidence.STARTS
    assert answers == [None] * 10


def endless() -> bytes:
    """A table of versions that pyelftools walks for an hour: as many entries as can be said, each leading to itself."""
    content = bytearray(elfwriter.Elf(versions={"libc.so.6": ["GLIBC_2.34"]}, imports=["puts"]).built())
    at = content.index(b"\x01\x00\x01\x00", 200)
    while content[at + 8 : at + 12] != b"\x10\0\0\0":
        at = content.index(b"\x01\x00\x01\x00", at + 1)
    content[at + 2 : at + 4] = b"\xff\xff"
    section = content.rindex(b"\xfe\xff\xff\x6f")
    content[section + 40 : section + 44] = b"\xff\xff\xff\x7f"
    return bytes(content)


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "while True: pass", "import sys; sys.stdin.buffer.read()"])
def test_a_child_that_hangs_is_ended(code: str) -> None:
    began = time.monotonic()
    with Witness(seconds=0.5, command=child(code)) as ask:
        assert ask.symbols([MODULE], "a", "b") is None
        assert ask.symbols([MODULE], "a", "b") is None
    assert time.monotonic() - began < 5


def test_a_table_without_an_end_hangs_the_child_only() -> None:
    began = time.monotonic()
    with Witness(seconds=2.0) as ask:
        assert ask.symbols([endless()], "libc.so.6", "GLIBC_9") is None
        assert ask._left <= 0
    assert time.monotonic() - began < 8


def test_a_child_that_takes_nothing_is_ended() -> None:
    with Witness(seconds=0.5, command=child("import time; time.sleep(60)")) as ask:
        assert ask.symbols([bytes(1 << 20)] * 8, "a", "b") is None


@pytest.mark.parametrize(
    "answer",
    [
        "null", "[]", "{}", "3", '"x"', "nonsense", "[" * 100_000, '{"names": 3, "count": 1}', '{"names": [3], "count": 1}',
        '{"names": ["x"], "count": "1"}', '{"names": [], "count": 0}', "[3]", '[{"system": 3}]', '[{"system": "x", "cpu": "y"}]',
    ],
)  # fmt: skip
def test_answers_that_are_none(answer: str) -> None:
    with Witness(command=child(framed(answer))) as ask:
        assert ask.symbols([MODULE], "a", "b") is None
    with Witness(command=child(framed(answer))) as ask:
        assert ask.slices([MODULE]) is None


@pytest.mark.parametrize("output", [b"\xff\xff\xff\x7f", b"\1", b"\5\0\0\0abc"])
def test_frames_that_are_none(output: bytes) -> None:
    code = f"import sys; sys.stdout.buffer.write({output!r})"
    with Witness(command=child(code)) as ask:
        assert ask.symbols([MODULE], "a", "b") is None


def test_a_file_too_large_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "FILE", 1000)
    with Witness() as ask:
        assert ask.symbols([bytes(600), bytes(600)], "a", "b") is None


def test_what_reading_the_file_raises_is_passed_on() -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(10)
        raise LookupError

    with Witness() as ask:
        with pytest.raises(LookupError):
            ask.symbols(broken(), "a", "b")
        assert ask._child is None
        assert ask.symbols([MODULE], "libm.so.6", "GLIBC_2.29") is not None


@pytest.mark.parametrize("command", [["/nonexistent/python"], []])
def test_no_child_can_be_had(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with Witness(command=command) as ask:
        assert ask.symbols([MODULE], "a", "b") is None


def test_the_child_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    code = "import json, os\ntext = json.dumps({'names': [*os.environ.values(), 'none'], 'count': 1}).encode()\n"
    with Witness(command=child(code + SAYS)) as ask:
        found = ask.symbols([MODULE], "a", "b")
    assert found is not None
    assert "hunter2" not in found.names


def test_a_library_in_the_working_directory_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elftools").mkdir()
    (tmp_path / "elftools" / "__init__.py").write_text("open('/proc/self/mem')")
    (tmp_path / "lief.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), "", *sys.path])
    with Witness() as ask:
        assert ask.symbols([MODULE], "libm.so.6", "GLIBC_2.29") is not None
        assert ask.slices([(NATIVE / "bundle-arm64.so").read_bytes()]) is not None


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
def test_the_child_is_limited(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("")
    checks = (
        "import sys; sys.path.insert(0, sys.argv[1]); from lambdalint.binaries import witness; witness._limit()",
        "import resource; assert resource.getrlimit(resource.RLIMIT_CPU)[1] == witness.SECONDS",
        "ok = False",
        "try: bytearray(600 << 20)",
        "except MemoryError: ok = True",
        "assert ok",
        "try: open(sys.argv[2], 'wb', buffering=0).write(b'x' * 10)",
        "except OSError: raise SystemExit(7)",
    )
    root = Path(evidence.__file__).parents[2]
    status = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", "\n".join(checks), str(root), str(target)])
    assert status == 7
    assert target.read_text() == ""
