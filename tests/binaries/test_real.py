"""Our reader says of the native files of popular packages what pyelftools and lief say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdalint.binaries.foreign import HEAD, MachO, Pe, identify
from tests.binaries.oracles import by_lief, by_pyelftools, by_us, read

pytestmark = pytest.mark.real

WHEELS = ("numpy", "pandas", "scipy", "lxml", "pillow", "psycopg2-binary", "cryptography", "orjson", "grpcio", "greenlet", "bcrypt")
ADDONS = {
    "x86_64": ("@img/sharp-linux-x64", "@img/sharp-libvips-linux-x64", "@esbuild/linux-x64", "@swc/core-linux-x64-gnu"),
    "aarch64": ("@img/sharp-linux-arm64", "@img/sharp-libvips-linux-arm64", "@esbuild/linux-arm64", "@swc/core-linux-arm64-gnu"),
}
#: Packages that bring the files of every system.
MIXED = ("bcrypt", "argon2", "bufferutil")
#: Where downloads are kept, to run the test more than once.
KEEP = os.environ.get("LAMBDALINT_DOWNLOADS")


def fetch(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no registry can be reached: {done.stderr[-200:]}")


def wheels(folder: Path, cpu: str, *platforms: str) -> Path:
    if not folder.exists():
        folder.mkdir(parents=True)
        told = [word for platform in platforms for word in ("--platform", f"{platform}_{cpu}")]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version", "3.12"]
        fetch([*pip, *told, *WHEELS], folder)
    return folder


def packages(folder: Path, names: tuple[str, ...]) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    if not folder.exists():
        folder.mkdir(parents=True)
        for name in names:
            fetch([npm, "pack", "--silent", name], folder)
    return folder


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of every package in a folder."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                yield from ((f"{path.name}/{name}", wheel.read(name)) for name in wheel.namelist())
        elif path.suffix == ".tgz":
            with tarfile.open(path) as package:
                for member in package:
                    content = package.extractfile(member)
                    if content is not None:
                        yield f"{path.name}/{member.name}", content.read()


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(KEEP) if KEEP else tmp_path_factory.mktemp("downloads")


@pytest.mark.parametrize("cpu", ["x86_64", "aarch64"])
def test_all_agree_on_real_libraries(cpu: str, downloads: Path) -> None:
    folders = (
        wheels(downloads / cpu, cpu, "manylinux2014", "manylinux_2_28"),
        packages(downloads / f"npm-{cpu}", ADDONS[cpu]),
    )
    seen = 0
    for folder in folders:
        for name, content in files(folder):
            if content.startswith(b"\x7fELF"):
                elf = read(content)
                said = by_us(elf)
                assert said == by_pyelftools(content), name
                assert said == by_lief(content), name
                assert not elf.faults, name
                assert not elf.incomplete, name
                assert elf.cpu == cpu, name
                seen += 1
    assert seen >= 150


def test_files_of_other_systems_are_known(downloads: Path) -> None:
    seen = set()
    for name, content in files(packages(downloads / "npm-mixed", MIXED)):
        found = identify(content[:HEAD])
        if name.endswith(".node"):
            assert found is not None, name
            seen.add(type(found))
            assert isinstance(found, MachO) is ("darwin" in name), name
            assert isinstance(found, Pe) is ("win32" in name), name
        else:
            assert found is None, name
    assert len(seen) == 3
