"""What dependencies load in their turn: nothing that the real import does not load, and what it asks for in vain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.filesystem import TASK, Filesystem
from lambdalint.function import Environment, Handler
from lambdalint.handlers import python_closure as closure
from lambdalint.handlers import resolve
from lambdalint.readers import open_package
from tests.handlers.sight import Sight

APP = "import dep\ndef handler(event, context):\n    return 1\n"
#: What a handler's file imports, and what is installed for that.
STACKS = {
    "fastapi": "from fastapi import FastAPI",
    "pandas": "import pandas",
    "scikit-learn": "from sklearn.linear_model import LinearRegression",
    "openai": "from openai import OpenAI",
    "sqlalchemy": "from sqlalchemy.orm import Session",
    "aiohttp": "import aiohttp",
    "cryptography": "from cryptography.fernet import Fernet",
}
LISTED = """
import os, sys, {module}
for module in list(sys.modules.values()):
    place = getattr(module, "__file__", None)
    if place and place.startswith(os.getcwd() + os.sep):
        print(os.path.relpath(place))
"""


def followed(sight: Sight, files: dict[str, str | bytes]) -> tuple[list[str], tuple[str, ...]]:
    """Return what is loaded below ``dep`` and what is absent."""
    tree = {"app.py": APP, **files}
    tree["dep-1.0.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files)
    found = sight.judge(sight.filesystem(tree), "python3.12").further()
    return [node.path.removeprefix(f"{TASK}/") for node in found.nodes], found.absent


def below(sight: Sight, source: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the same when a package holds a source and two submodules, leaving the package itself out."""
    files: dict[str, str | bytes] = {"dep/__init__.py": source, "dep/one.py": "", "dep/two.py": "", "dep/native.abi3.so": b"\x7fELF"}
    loaded, absent = followed(sight, files)
    assert loaded[:1] == ["dep/__init__.py"]
    return loaded[1:], absent


@pytest.mark.parametrize(("source", "loaded"), [
    ("import dep.one", ["dep/one.py"]),
    ("from . import one, two", ["dep/one.py", "dep/two.py"]),
    ("from .one import a", ["dep/one.py"]),
    ("from dep import native", ["dep/native.abi3.so"]),
    ("if True:\n    from . import one\nelse:\n    from . import two", ["dep/one.py"]),
    ("class A:\n    from . import one", ["dep/one.py"]),
    ("with it():\n    pass\nfrom . import one", ["dep/one.py"]),
    ("try:\n    from . import one\nexcept ImportError as error:\n    raise RuntimeError('no') from error", ["dep/one.py"]),
    ("try:\n    from . import one\nfinally:\n    from . import two", ["dep/one.py", "dep/two.py"]),
    # Nothing of these is certain.
    ("try:\n    from . import one\nexcept ImportError:\n    one = None", []),
    ("try:\n    from . import one\nexcept ImportError:\n    if strict:\n        raise", []),
    ("import contextlib\nwith contextlib.suppress(ImportError):\n    from . import one", []),
    ("if flag():\n    from . import one", []),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import one", []),
    ("def later():\n    from . import one", []),
    # Names that are no submodules.
    ("from dep import one\none = 1", []),
    ("from dep import one\nif flag():\n    def one(): ...", []),
    ("from dep import one\nfrom os import *", []),
    ("from . import nothing", []),
    ("broken(", []),
])  # fmt: skip
def test_a_statement(sight: Sight, source: str, loaded: list[str]) -> None:
    assert below(sight, source)[0] == loaded


@pytest.mark.parametrize(("source", "absent"), [
    ("from . import _fast", ("dep._fast",)),
    ("from ._fast import name", ("dep._fast",)),
    ("import elsewhere", ("elsewhere",)),
    ("try:\n    from . import _fast\nexcept ImportError:\n    _fast = None", ()),
    ("from . import _fast\n_fast = 1", ()),
    ("import os, json.decoder, boto3", ()),
])  # fmt: skip
def test_what_is_nowhere(sight: Sight, source: str, absent: tuple[str, ...]) -> None:
    assert below(sight, source)[1] == absent


def test_chains_are_followed_to_their_end(sight: Sight) -> None:
    links: dict[str, str | bytes] = {f"dep/step{number}.py": f"from . import step{number + 1}" for number in range(60)}
    loaded, absent = followed(sight, {"dep/__init__.py": "from . import step0", **links})
    assert loaded == ["dep/__init__.py", *links]
    assert absent == ("dep.step60",)


def test_a_circle_ends(sight: Sight) -> None:
    loaded, _ = followed(sight, {"dep/__init__.py": "from . import a", "dep/a.py": "from dep import b", "dep/b.py": "import dep.a"})
    assert loaded == ["dep/__init__.py", "dep/a.py", "dep/b.py"]


def test_work_is_bounded(sight: Sight, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closure, "_FILES", 5)
    links: dict[str, str | bytes] = {f"dep/step{number}.py": f"from . import step{number + 1}" for number in range(60)}
    assert len(followed(sight, {"dep/__init__.py": "from . import step0", **links})[0]) == 5
    monkeypatch.setattr(closure, "_FILES", 500)
    monkeypatch.setattr(closure, "_BYTES", 100)
    assert len(followed(sight, {"dep/__init__.py": "from . import step0", **links})[0]) == 6


def test_the_handlers_own_modules_are_not_repeated(sight: Sight) -> None:
    tree = {"app.py": "import mine\n" + APP, "mine.py": "", "dep.py": "", "dep-1.0.dist-info/RECORD": "dep.py,,\n"}
    found = sight.judge(sight.filesystem(tree), "python3.12").further()
    assert [node.name for node in found.nodes] == ["dep.py"]


@pytest.mark.real
@pytest.mark.parametrize("name", STACKS)
def test_nothing_is_followed_that_python_does_not_load(tmp_path: Path, name: str) -> None:
    """A real distribution, imported by the Python that runs this test, of which Lambda has a runtime."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile", "--only-binary=:all:", "--target", str(tmp_path), name]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no registry can be reached: {done.stderr[-200:]}")
    (tmp_path / "app.py").write_text(f"{STACKS[name]}\ndef handler(event, context):\n    return 1\n", encoding="utf-8")
    filesystem = Filesystem([(TASK, open_package(str(tmp_path)))])
    runtime = RUNTIMES[f"python3.{sys.version_info[1]}"]
    found = {node.path.removeprefix(f"{TASK}/") for node in resolve(filesystem, Handler("app.handler"), runtime, Environment({})).further().nodes}
    command = [sys.executable, "-B", "-c", LISTED.format(module="app")]
    loaded = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
    assert found - set(loaded) == set()
    assert len(found) > 0.6 * len(loaded)
