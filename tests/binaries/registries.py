"""Installs packages of PyPI and npm for a platform of one's choice, each with a handler that loads it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

#: Lambda's CPUs in the words of wheels, and in those of npm.
MACHINES: Final = {"x86_64": "x86_64", "arm64": "aarch64"}
CPUS: Final = {"x86_64": "x64", "arm64": "arm64"}
#: The newest glibc that a wheel may ask for: Amazon Linux 2 has 2.26, Amazon Linux 2023 has 2.34.
GLIBC: Final = {9: 26, 10: 26, 11: 26}
AL2023: Final = 34

PYTHON: Final = "{}\ndef handler(event, context):\n    return 1\n"
NODE: Final = "const it = require('{}');\nexports.handler = async () => it;\n"


def platforms(system: str, minor: int) -> list[str]:
    """Return the tags of wheels that a system takes: one of Lambda's CPUs, or what is none of Lambda's."""
    if system in MACHINES:
        numbers = range(5, GLIBC.get(minor, AL2023) + 1)
        return [f"manylinux2014_{MACHINES[system]}", *(f"manylinux_2_{number}_{MACHINES[system]}" for number in numbers)]
    return {
        "newer": [f"manylinux_2_{number}_x86_64" for number in range(27, AL2023 + 1)],
        "macos": ["macosx_14_0_arm64", "macosx_14_0_universal2"],
        "windows": ["win_amd64"],
        "musl": ["musllinux_1_1_x86_64", "musllinux_1_2_x86_64"],
    }[system]


def wheels(place: Path, name: str, code: str, minor: int, system: str) -> Path:
    """Install distributions, several joined by ``+``, for a version of Python and a system."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary=:all:", "--no-compile", "--python-version", f"3.{minor}"]
    told = [word for platform in platforms(system, minor) for word in ("--platform", platform)]
    folder = place / f"{name}-3.{minor}-{system}"
    return _installed([*pip, *told, "--target", ".", *name.split("+")], folder, "app.py", PYTHON.format(code))


def addons(place: Path, name: str, system: str, cpu: str, *more: str) -> Path:
    """Install a package of npm, for ``linux``, ``linuxmusl`` or another system of npm's."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    libc = {"linux": ["--libc=glibc"], "linuxmusl": ["--libc=musl"]}.get(system, [])
    told = [f"--os={system.removesuffix('musl')}", f"--cpu={cpu}", *libc, *more]
    folder = place / "-".join([name.replace("/", "+"), system, cpu, *(word.strip("-") for word in more)])
    command = [npm, "install", "--prefix", ".", "--no-audit", "--no-fund", "--ignore-scripts", *told, name]
    return _installed(command, folder, "index.js", NODE.format(name))


def _installed(command: Sequence[str], folder: Path, handler: str, code: str) -> Path:
    if not folder.exists():
        # Whole or not at all, so that what was cut off is not taken for it in the next run.
        making = folder.with_name(f".{folder.name}")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        done = subprocess.run(command, cwd=making, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(making)
            pytest.skip(f"not to be had: {done.stderr[-200:]}")
        making.rename(folder)
    (folder / handler).write_text(code, encoding="utf-8")
    return folder
