"""However lambdalint is installed, it finds the same rules: those beside it, and in a checkout those of the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipapp
import zipfile
from pathlib import Path

import pytest

from lambdalint.book import load
from tests.cases import ROOT

#: Prints every rule with the length of its page, and where they were found.
PROBE = """
import json, sys
from lambdalint.book import load
print(json.dumps([[rule.id, rule.name, rule.page] for rule in load()]))
"""
OURS = [[rule.id, rule.name, rule.page] for rule in load()]
#: What a checkout has that the build looks at.
PARTS = ("lambdalint", "rules", "tests", "fixtures", "tools")


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a command away from this checkout and unmeasured: its files are copies that will be gone."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE_", "PYTHON", "LAMBDALINT_"))}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rules_of(python: str | Path, cwd: Path, **variables: str) -> object:
    return json.loads(run(python, "-c", PROBE, cwd=cwd, **variables))


def backend(checkout: Path, call: str, out: Path) -> Path:
    """Call the build backend as pip does and return what it made."""
    out.mkdir(exist_ok=True)
    code = f"import hatchling.build, sys; print(hatchling.build.{call}(sys.argv[1]))"
    return out / run(sys.executable, "-c", code, out, cwd=checkout).split()[-1]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout, which tests may change."""
    copy = tmp_path_factory.mktemp("checkout") / "lambdalint"
    copy.mkdir()
    for part in PARTS:
        shutil.copytree(Path(ROOT, part), copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    for file in Path(ROOT).iterdir():
        if file.is_file() and not file.name.startswith(".coverage"):
            shutil.copy(file, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path) -> Path:
    return backend(checkout, "build_wheel", checkout.parent / "wheel")


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    return install(wheel)


def install(wheel: Path) -> Path:
    """Install a wheel into a folder, without its dependencies: finding rules needs none."""
    folder = wheel.parent / "installed"
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", folder)
    run(*pip, wheel, cwd=wheel.parent)
    return folder


def test_wheel(installed: Path) -> None:
    assert rules_of(sys.executable, installed.parent, PYTHONPATH=str(installed)) == OURS
    assert (installed / "lambdalint" / "py.typed").is_file()


def test_wheel_holds_the_program_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"lambdalint"}
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert not [name for name in names if "test" in name.rpartition("/")[2] or "__pycache__" in name]


def test_raw_checkout(checkout: Path) -> None:
    assert rules_of(sys.executable, checkout.parent, PYTHONPATH=str(checkout)) == OURS


def test_wheel_of_the_sdist(checkout: Path, wheel: Path) -> None:
    sdist = backend(checkout, "build_sdist", checkout.parent / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(sdist.parent, filter="data")
    source = next(path for path in sdist.parent.iterdir() if path.is_dir())
    assert (source / "tests" / "build.py").is_file()
    assert (source / "fixtures" / "packages" / "first-deploy" / "function.zip").is_file()
    again = backend(source, "build_wheel", sdist.parent / "wheel")
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())
    assert rules_of(sys.executable, sdist.parent, PYTHONPATH=str(install(again))) == OURS


def test_editable_install_uses_the_rules_of_the_checkout(checkout: Path) -> None:
    made = backend(checkout, "build_editable", checkout.parent / "editable")
    venv = checkout.parent / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=checkout.parent)
    python = venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index", "--no-deps")
    run(*pip, made, cwd=checkout.parent)
    assert rules_of(python, checkout.parent) == OURS
    changed = next((checkout / "rules").glob("ll101_*.py"))
    before = changed.read_text(encoding="utf-8")
    changed.write_text(before.replace('"""', '"""Changed in the checkout.\n\n', 1), encoding="utf-8")
    try:
        first = next(page for id_, _, page in json.loads(run(python, "-c", PROBE, cwd=venv)) if id_ == "LL101")
        assert first.startswith("Changed in the checkout.")
    finally:
        changed.write_text(before, encoding="utf-8")


def test_zipapp(installed: Path) -> None:
    folder = installed.parent / "app"
    shutil.copytree(installed, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "__main__.py").write_text(PROBE, encoding="utf-8")
    zipapp.create_archive(folder, folder.with_suffix(".pyz"))
    assert json.loads(run(sys.executable, folder.with_suffix(".pyz"), cwd=installed.parent)) == OURS
