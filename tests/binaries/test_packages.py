"""Popular packages with native code, installed for Lambda and for others: right ones are clean, wrong ones are not."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lambdalint.binaries import Probe, keep
from lambdalint.book import load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Severity
from lambdalint.readers import open_package
from lambdalint.report import Finding
from lambdalint.target import Target
from tests.binaries.registries import CPUS, MACHINES, addons, wheels

pytestmark = pytest.mark.real

RULES = [rule for rule in load() if rule.id.startswith("LL4")]
ROOT = Path(__file__).parents[2]
#: Where installed packages are kept, to run the test more than once.
KEEP = os.environ.get("LAMBDALINT_DOWNLOADS")
OTHER = {"x86_64": "arm64", "arm64": "x86_64"}

#: Distributions and what a handler imports of them.
WHEELS = {
    "numpy+pandas+scipy": "import numpy\nimport pandas\nimport scipy", "pillow": "from PIL import Image", "psycopg2-binary": "import psycopg2",
    "cryptography": "from cryptography import x509", "pydantic": "import pydantic", "lxml": "from lxml import etree", "grpcio": "import grpc",
    "opencv-python-headless": "import cv2", "pyarrow": "import pyarrow", "orjson": "import orjson", "ujson": "import ujson",
}  # fmt: skip
#: Those that work without what does not fit.
LENIENT = {
    "PyYAML": "import yaml", "aiohttp": "import aiohttp", "protobuf": "import google.protobuf.message",
    "SQLAlchemy": "import sqlalchemy",
}  # fmt: skip
#: Those that need more than glibc 2.26 where a wheel tagged so is taken; of pillow only what reads AVIF and WebP.
NEWER = {
    "numpy+pandas+scipy": Severity.ERROR, "opencv-python-headless": Severity.ERROR, "pyarrow": Severity.ERROR,
    "pillow": Severity.WARNING,
}  # fmt: skip
#: Packages of npm in parts for single platforms, and what is said where the part is another's: they throw, or may work without.
ADDONS = dict.fromkeys((
    "sharp", "@swc/core", "@node-rs/argon2", "@node-rs/bcrypt", "@node-rs/crc32", "lightningcss", "rollup", "libsql", "snappy",
    "@resvg/resvg-js", "@napi-rs/canvas", "@duckdb/node-api", "@parcel/watcher", "@tailwindcss/oxide", "lmdb",
), Severity.ERROR) | dict.fromkeys(("esbuild", "msgpackr-extract"), Severity.WARNING)  # fmt: skip
#: Those of which npm installs what runs with glibc where musl is asked for.
BOTH = ("libsql", "lmdb", "esbuild", "msgpackr-extract")
#: Those that bring the addons of every platform, and what is said when the one for Linux was pruned.
PREBUILT = dict.fromkeys((
    "bcrypt", "argon2", "classic-level", "leveldown", "farmhash", "onnxruntime-node",
), Severity.ERROR) | dict.fromkeys(("utf-8-validate", "bufferutil"), Severity.WARNING)  # fmt: skip
NODES = ("nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(KEEP) if KEEP else tmp_path_factory.mktemp("packages")


def wheel(place: Path, name: str, minor: int, system: str) -> Path:
    return wheels(place, name, (WHEELS | LENIENT)[name], minor, system)


def judged(folder: Path, runtime: str, cpu: str) -> list[Finding]:
    package = open_package(str(folder), probe=Probe(), keep=keep)
    handler = "app.handler" if runtime.startswith("python") else "index.handler"
    function = Function(runtime=runtime, handler=handler, architectures=(cpu,))
    verdict = lint([Target(package.archive, package, function)], RULES, Judge()).verdicts[0]
    assert not verdict.crashes
    return list(verdict.findings)


def troubles(folder: Path, runtime: str, cpu: str) -> list[str]:
    return [f"{found.rule.id} {found.message}" for found in judged(folder, runtime, cpu) if found.severity > Severity.NOTE]


def worst(findings: Sequence[Finding]) -> Severity | None:
    return max((finding.severity for finding in findings), default=None)


@pytest.mark.parametrize("cpu", MACHINES)
@pytest.mark.parametrize("minor", [9, 11, 12, 13])
@pytest.mark.parametrize("name", [*WHEELS, *LENIENT])
def test_wheel(place: Path, name: str, minor: int, cpu: str) -> None:
    folder, runtime = wheel(place, name, minor, cpu), f"python3.{minor}"
    # Which versions of Python a distribution requires is not in every registry's index, so that pip may install what is too new.
    assert [said for said in troubles(folder, runtime, cpu) if "requires Python" not in said] == []
    found = [one for one in judged(folder, runtime, OTHER[cpu]) if "requires Python" not in one.message]
    assert worst(found) is (Severity.ERROR if name in WHEELS else Severity.WARNING)


@pytest.mark.parametrize(("built", "minor"), [(9, 12), (11, 9), (11, 12), (12, 9), (12, 11), (12, 13), (13, 12)])
@pytest.mark.parametrize("name", WHEELS)
def test_wheel_for_another_python(place: Path, name: str, built: int, minor: int) -> None:
    assert worst(judged(wheel(place, name, built, "x86_64"), f"python3.{minor}", "x86_64")) is Severity.ERROR


@pytest.mark.parametrize("minor", [12, 13])
def test_wheel_for_all_pythons(place: Path, minor: int) -> None:
    folder = wheels(place, "bcrypt", "import bcrypt", 11, "x86_64")
    assert troubles(folder, f"python3.{minor}", "x86_64") == []
    assert worst(judged(folder, f"python3.{minor}", "arm64")) is Severity.ERROR


@pytest.mark.parametrize("system", ["macos", "windows", "musl"])
@pytest.mark.parametrize("name", [*WHEELS, *LENIENT])
def test_wheel_for_another_system(place: Path, name: str, system: str) -> None:
    folder = wheel(place, name, 12, system)
    if any(folder.rglob("*.so")) or any(folder.rglob("*.pyd")):  # some have a wheel without native code for such systems
        for cpu in MACHINES:
            assert worst(judged(folder, "python3.12", cpu)) is (Severity.ERROR if name in WHEELS else Severity.WARNING)


@pytest.mark.parametrize("name", NEWER)
def test_wheel_for_a_newer_system(place: Path, name: str) -> None:
    findings = judged(wheel(place, name, 11, "newer"), "python3.11", "x86_64")
    assert {finding.rule.id for finding in findings} == {"LL407"}
    assert worst(findings) is NEWER[name]


def misplaced(folder: Path, runtime: str, cpu: str) -> list[str]:
    """What is wrong, aside from what needs a newer system than the oldest runtime has, which many do."""
    return [said for said in troubles(folder, runtime, cpu) if runtime != "nodejs18.x" or not said.startswith("LL407")]


def part(place: Path, name: str, system: str, cpu: str, *more: str) -> Path:
    folder = addons(place, name, system, cpu, *more)
    if not more and not any(folder.rglob("*.node")) and not any(folder.rglob("bin/esbuild")):
        pytest.skip("the registry does not have this platform's part")
    return folder


@pytest.mark.parametrize("cpu", MACHINES)
@pytest.mark.parametrize("name", ADDONS)
def test_part_for_this_platform(place: Path, name: str, cpu: str) -> None:
    folder = part(place, name, "linux", CPUS[cpu])
    for runtime in NODES:
        assert misplaced(folder, runtime, cpu) == []
    assert worst(judged(folder, "nodejs22.x", OTHER[cpu])) is ADDONS[name]


@pytest.mark.parametrize(
    "wrong", [("darwin", "arm64"), ("win32", "x64"), ("linuxmusl", "x64"), ("linux", "x64", "--omit=optional")], ids="-".join
)
@pytest.mark.parametrize("name", ADDONS)
def test_part_for_another_platform(place: Path, name: str, wrong: tuple[str, ...]) -> None:
    folder = addons(place, name, *wrong)
    for runtime in NODES:
        if "linuxmusl" in wrong and name in BOTH:
            assert misplaced(folder, runtime, "x86_64") == []
        else:
            assert worst(judged(folder, runtime, "x86_64")) is ADDONS[name]


@pytest.mark.parametrize("cpu", MACHINES)
@pytest.mark.parametrize("name", PREBUILT)
def test_prebuilt_for_every_platform(place: Path, tmp_path: Path, name: str, cpu: str) -> None:
    folder = addons(place, name, "linux", "x64")
    fitting = [file.relative_to(folder) for file in folder.rglob("*.node")]
    fitting = [file for file in fitting if re.search(rf"\blinux[-/]{CPUS[cpu]}\b", str(file))]
    if not fitting:
        pytest.skip("it is not there for this CPU")
    for runtime in NODES:
        assert misplaced(folder, runtime, cpu) == []
    pruned = tmp_path / "pruned"
    shutil.copytree(folder, pruned, symlinks=True)
    for file in fitting:
        (pruned / file).unlink()
    assert worst(judged(pruned, "nodejs22.x", cpu)) is PREBUILT[name]


def command(*arguments: str) -> dict[str, Any]:
    told = [sys.executable, "-m", "lambdalint", "--isolated", "--output-format", "json", "--select", "LL3,LL4", *arguments]
    done = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def zipped(archive: Path, folder: Path, *names: str) -> str:
    if shutil.which("zip") is None:
        pytest.skip("there is no zip")
    subprocess.run(["zip", "-rq", str(archive), *(names or ["."])], cwd=folder, check=True)
    return str(archive)


@pytest.mark.parametrize("form", ["function", "layer"])
@pytest.mark.parametrize("name", ["psycopg2-binary", "pydantic", "pillow", "lxml", "cryptography"])
def test_zip_by_the_whole_command(place: Path, tmp_path: Path, name: str, form: str) -> None:
    folder = wheel(place, name, 12, "x86_64")
    if form == "function":
        packages = [zipped(tmp_path / "function.zip", folder)]
    else:
        (tmp_path / "python").symlink_to(folder)
        packages = ["--layer", zipped(tmp_path / "layer.zip", tmp_path, "python"), zipped(tmp_path / "app.zip", folder, "app.py")]
    told = ["--runtime", "python3.12", "--handler", "app.handler", "--architecture"]
    assert command(*told, "x86_64", *packages)["summary"]["errors"] == 0
    findings = command(*told, "arm64", *packages)["packages"][0]["findings"]
    assert {one["rule"] for one in findings} == {"LL401"}
    assert "error" in {one["severity"] for one in findings}


def repaired(folder: Path, findings: Sequence[Finding]) -> None:
    """Execute the first command of each fix, as it is given."""
    for line in dict.fromkeys(finding.fix.partition("\n")[0] for finding in findings if finding.fix is not None):
        program, *rest = shlex.split(line)
        started = [sys.executable, "-m", "pip"] if program == "pip" else [shutil.which(program) or program]
        done = subprocess.run([*started, *rest], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{line}\n{done.stderr}"


@pytest.mark.parametrize(
    ("name", "built", "system", "minor", "cpu"),
    [
        ("pydantic", 12, "macos", 12, "x86_64"),
        ("pillow", 12, "x86_64", 12, "arm64"),
        ("lxml", 12, "musl", 12, "x86_64"),
        ("psycopg2-binary", 12, "x86_64", 11, "x86_64"),
        ("cryptography", 12, "x86_64", 13, "x86_64"),
        ("protobuf", 12, "windows", 12, "arm64"),
        ("SQLAlchemy", 11, "x86_64", 12, "arm64"),
        ("numpy+pandas+scipy", 11, "newer", 11, "x86_64"),
        ("numpy+pandas+scipy", 12, "x86_64", 12, "arm64"),
        ("pyarrow", 12, "macos", 13, "arm64"),
    ],
)
def test_fix_of_a_wheel(place: Path, tmp_path: Path, name: str, built: int, system: str, minor: int, cpu: str) -> None:
    folder = tmp_path / "function"
    shutil.copytree(wheel(place, name, built, system), folder)
    findings = judged(folder, f"python3.{minor}", cpu)
    assert findings
    repaired(folder, findings)
    assert troubles(folder, f"python3.{minor}", cpu) == []


@pytest.mark.parametrize(
    ("name", "wrong", "cpu"),
    [
        ("sharp", ("darwin", "arm64"), "x86_64"),
        ("sharp", ("linux", "x64", "--omit=optional"), "arm64"),
        ("@swc/core", ("linux", "x64"), "arm64"),
        ("esbuild", ("win32", "x64"), "x86_64"),
        ("lightningcss", ("linuxmusl", "x64"), "x86_64"),
    ],
)
def test_fix_of_an_addon(place: Path, tmp_path: Path, name: str, wrong: tuple[str, ...], cpu: str) -> None:
    folder = tmp_path / "function"
    shutil.copytree(addons(place, name, *wrong), folder, symlinks=True)
    findings = judged(folder, "nodejs22.x", cpu)
    assert findings
    repaired(folder, findings)
    assert troubles(folder, "nodejs22.x", cpu) == []
