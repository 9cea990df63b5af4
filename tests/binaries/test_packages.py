"""Popular packages with native code, installed for Lambda and for others: right ones are clean, wrong ones are not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from lambdalint.binaries import Probe, keep
from lambdalint.book import load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Severity
from lambdalint.readers import open_package
from lambdalint.report import Finding
from lambdalint.target import Target

pytestmark = pytest.mark.real

RULES = [rule for rule in load() if rule.id.startswith("LL4")]
#: Where installed packages are kept, to run the test more than once.
KEEP = os.environ.get("LAMBDALINT_DOWNLOADS")
#: Distributions and what a handler imports of them.
WHEELS = {
    "pandas": "import pandas", "pillow": "from PIL import Image", "psycopg2-binary": "import psycopg2", "pydantic": "import pydantic",
    "cryptography": "from cryptography import x509", "lxml": "from lxml import etree", "grpcio": "import grpc", "orjson": "import orjson",
    "opencv-python-headless": "import cv2", "pyarrow": "import pyarrow", "scipy": "import scipy", "ujson": "import ujson",
}  # fmt: skip
#: Those that work without what does not fit.
LENIENT = {
    "PyYAML": "import yaml", "aiohttp": "import aiohttp", "protobuf": "import google.protobuf.message",
    "SQLAlchemy": "import sqlalchemy",
}  # fmt: skip
ADDONS = ("sharp", "@swc/core", "@node-rs/argon2", "lightningcss", "rollup", "libsql")
#: Those that bring the addons of every platform.
PREBUILT = ("bcrypt", "argon2", "classic-level", "leveldown", "farmhash")
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(KEEP) if KEEP else tmp_path_factory.mktemp("packages")


def installed(command: Sequence[str], folder: Path) -> Path:
    if not folder.exists():
        folder.mkdir(parents=True)
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(folder)
            pytest.skip(f"no registry can be reached: {done.stderr[-200:]}")
    return folder


def wheel(place: Path, name: str, text: str, minor: int, cpu: str) -> Path:
    # Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34.
    newest = 34 if minor > 11 else 26
    platforms = [f"manylinux_2_{number}_{MACHINES[cpu]}" for number in range(5, newest + 1)]
    told = [word for platform in (f"manylinux2014_{MACHINES[cpu]}", *platforms) for word in ("--platform", platform)]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary=:all:", "--no-compile", "--python-version", f"3.{minor}"]
    folder = installed([*pip, *told, "--target", ".", name], place / f"{name}-3.{minor}-{cpu}")
    (folder / "app.py").write_text(f"{text}\ndef handler(event, context):\n    return 1\n", encoding="utf-8")
    return folder


def addon(place: Path, name: str, system: str, cpu: str) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    told = [f"--os={system}", f"--cpu={cpu}", *(["--libc=glibc"] if system == "linux" else [])]
    folder = place / f"{name.replace('/', '+')}-{system}-{cpu}"
    folder = installed([npm, "install", "--prefix", ".", "--no-audit", "--no-fund", "--ignore-scripts", *told, name], folder)
    (folder / "index.js").write_text(f"const it = require('{name}');\nexports.handler = async () => it;\n", encoding="utf-8")
    return folder


def judged(folder: Path, runtime: str, cpu: str) -> list[Finding]:
    package = open_package(str(folder), probe=Probe(), keep=keep)
    handler = "app.handler" if runtime.startswith("python") else "index.handler"
    function = Function(runtime=runtime, handler=handler, architectures=(cpu,))
    verdict = lint([Target(package.archive, package, function)], RULES, Judge()).verdicts[0]
    assert not verdict.crashes
    return list(verdict.findings)


def worst(findings: Sequence[Finding]) -> Severity | None:
    return max((finding.severity for finding in findings), default=None)


@pytest.mark.parametrize("cpu", MACHINES)
@pytest.mark.parametrize("minor", [11, 12])
@pytest.mark.parametrize("name", [*WHEELS, *LENIENT])
def test_wheel(place: Path, name: str, minor: int, cpu: str) -> None:
    folder = wheel(place, name, (WHEELS | LENIENT)[name], minor, cpu)
    assert [finding for finding in judged(folder, f"python3.{minor}", cpu) if finding.severity > Severity.NOTE] == []
    other = "arm64" if cpu == "x86_64" else "x86_64"
    assert worst(judged(folder, f"python3.{minor}", other)) is (Severity.ERROR if name in WHEELS else Severity.WARNING)


@pytest.mark.parametrize("name", ["pandas", "pillow", "pydantic", "lxml", "orjson", "ujson"])
def test_wheel_for_another_python(place: Path, name: str) -> None:
    assert worst(judged(wheel(place, name, WHEELS[name], 12, "x86_64"), "python3.13", "x86_64")) is Severity.ERROR


@pytest.mark.parametrize("name", ADDONS)
def test_part_for_one_platform(place: Path, name: str) -> None:
    folder = addon(place, name, "linux", "x64")
    assert judged(folder, "nodejs22.x", "x86_64") == []
    assert worst(judged(folder, "nodejs22.x", "arm64")) is Severity.ERROR
    assert worst(judged(addon(place, name, "darwin", "arm64"), "nodejs22.x", "arm64")) is Severity.ERROR


@pytest.mark.parametrize("cpu", MACHINES)
@pytest.mark.parametrize("name", PREBUILT)
def test_prebuilt_for_every_platform(place: Path, name: str, cpu: str) -> None:
    assert judged(addon(place, name, "linux", "x64"), "nodejs22.x", cpu) == []
