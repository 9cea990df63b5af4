"""A small lint loads what it needs and nothing else: most of its time is Python's own start."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cases import ROOT

#: What only a package that needs it, or another format, may load.
HEAVY = {
    "argparse", "ast", "asyncio", "boto3", "botocore", "dataclasses", "dnfile", "email", "elftools", "hashlib", "importlib.metadata",
    "inspect", "json", "lief", "logging", "multiprocessing", "packaging", "pathlib", "pathspec", "pkgutil", "rich", "sqlite3",
    "subprocess", "tarfile", "tempfile", "tomllib", "tree_sitter", "typing_extensions", "unittest", "yaml", "zipfile",
}  # fmt: skip
#: Parts of our own that only an image, a layer, native code or a fault needs.
OURS = {
    "binaries.judgement", "binaries.linkage", "binaries.natives", "binaries.needs", "handlers.custom", "handlers.python_closure",
    "handlers.python_faults", "image", "layers", "readers.images", "readers.layer_cache", "shadows", "startup",
}  # fmt: skip
#: Loads click as any program with it would, then lints, and tells what the second added.
PROBE = """
import click, sys
before = set(sys.modules)
from lambdalint.cli import main
code = main(sys.argv[1:])
print("loaded:", *sorted(set(sys.modules) - before))
sys.exit(code)
"""


def loaded(*words: str, cwd: Path) -> set[str]:
    """Return the modules that a lint adds to what ``import click`` loads."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("COVERAGE_", "LAMBDALINT_"))}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], cwd=cwd, env=env | {"PYTHONPATH": ROOT}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    *report, last = done.stdout.splitlines()
    assert done.returncode == 0, report
    return set(last.split()[1:])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "small.zip", "w") as archive:
        info = zipfile.ZipInfo("app.py")
        info.external_attr = 0o100644 << 16
        archive.writestr(info, "def handler(event, context):\n    return event\n")
    return tmp_path


def test_small_lint_loads_nothing_heavy(small: Path) -> None:
    names = loaded("small.zip", cwd=small)
    assert not {name for name in names if name in HEAVY or name.partition(".")[0] in HEAVY}
    assert "lambdalint.reporters.text_" in names


def test_healthy_handler_loads_only_its_language(small: Path) -> None:
    names = loaded("--runtime", "python3.12", "--handler", "app.handler", "small.zip", cwd=small)
    assert "isal" not in names  # it unpacks a few bytes no faster than it is loaded
    assert "lambdalint.handlers.python" in names
    assert not {f"lambdalint.{name}" for name in OURS} & names
    assert not {name for name in names if name.startswith(("lambdalint.handlers.node", "lambdalint.handlers.ruby"))}


def test_settings_file_is_what_loads_tomllib(small: Path) -> None:
    (small / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert "tomllib" not in loaded("small.zip", cwd=small)
    (small / "lambdalint.toml").write_text("fail-on = 'warning'\n")
    assert "tomllib" in loaded("small.zip", cwd=small)


def test_public_face_is_lazy() -> None:
    code = "import sys, lambdalint; print(*[name for name in sys.modules if name.startswith('lambdalint.')])"
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert not done.stdout.strip()
