"""What describes native files in detail is loaded for a finding alone, and in the child process alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lambdalint.binaries import evidence
from tests.cases import ROOT
from tests.elfwriter import Elf

#: Lints, then tells what this process and every Python started by it have loaded of what is heavy.
PROBE = """
import os, sys
from lambdalint.cli import main
code = main(sys.argv[1:])
print("loaded:", *sorted({"elftools", "lief", "subprocess"} & sys.modules.keys()))
sys.stdout.flush()
os._exit(code)
"""
#: One that needs no newer C library than Amazon Linux 2 has, and one that needs GLIBC_2.29 for exp.
OLD = Elf(needed=["libc.so.6"], versions={"libc.so.6": ["GLIBC_2.26"]}, exports=["PyInit__fast"]).built()
NEW = (Path(ROOT) / "fixtures" / "binaries" / "native" / "runpath-x86_64.so").read_bytes()
TOLD = ("--isolated", "--runtime", "python3.11", "--handler", "app.handler", "--architecture", "x86_64")


def package(folder: Path, module: bytes) -> Path:
    """Write a package with a module."""
    (folder / "fast").mkdir(parents=True)
    (folder / "app.py").write_text("import fast\n\n\ndef handler(event, context):\n    return 1\n")
    (folder / "fast" / "__init__.py").write_text("from . import _fast\n")
    (folder / "fast" / "_fast.cpython-311-x86_64-linux-gnu.so").write_bytes(module)
    return folder


def linted(folder: Path, *words: str, code: str = PROBE) -> tuple[int, str, str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE_", "LAMBDALINT_"))}
    command = [sys.executable, *words, "-c", code, *TOLD, str(folder)]
    done = subprocess.run(command, env=env | {"PYTHONPATH": ROOT}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_native_code_that_fits_loads_neither(tmp_path: Path) -> None:
    code, told, _ = linted(package(tmp_path / "fits", OLD))
    assert code == 0
    assert told.splitlines()[-1] == "loaded:"


def test_a_finding_loads_them_in_the_child_alone(tmp_path: Path) -> None:
    code, told, _ = linted(package(tmp_path / "new", NEW))
    assert code == 1
    assert "needs GLIBC_2.29 of libm.so.6, Amazon Linux 2 (python3.11) has GLIBC_2.26, for exp" in told
    assert told.splitlines()[-1] == "loaded: subprocess"


@pytest.mark.skipif(os.name != "posix", reason="the child is ended by a signal")
@pytest.mark.parametrize("action", ["os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGSTOP)"])
def test_the_finding_stays_when_the_child_dies_or_hangs(action: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child itself, started as always, is killed or stopped by what it is asked."""
    monkeypatch.setattr(evidence, "_CODE", f"import os, signal, sys\nsys.stdin.buffer.read(4)\n{action}\n")
    monkeypatch.setattr(evidence.Witness.__init__, "__defaults__", (1.0, None))
    from lambdalint.cli import main

    folder = package(tmp_path / "new", NEW)
    target = tmp_path / "out.txt"
    assert main([*TOLD, "-o", str(target), str(folder)]) == 1
    told = target.read_text()
    assert "error    LL407 libc-too-new" in told
    assert "which symbols need it could not be told" in told
    assert not children(), "nothing that was started is left"


def children() -> list[str]:
    """Return the processes that this one started and that are still there, stopped ones and dead ones included."""
    found = Path(f"/proc/self/task/{os.getpid()}/children")
    return found.read_text().split() if found.exists() else []




def test_what_was_not_read_is_told(tmp_path: Path) -> None:
    """A file with more than is kept may need what is not known: neither a finding nor silence."""
    folder = package(tmp_path / "large", Elf(needed=["libc.so.6"] * 1025, exports=["PyInit__fast"]).built())
    code, told, _ = linted(folder)
    assert code == 0
    wanted = "the libraries needed beyond 1,024 of /var/task/fast/_fast.cpython-311-x86_64-linux-gnu.so, more than is kept of one file"
    assert f"skipped: 3 want {wanted}" in told
