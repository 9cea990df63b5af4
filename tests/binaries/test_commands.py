"""What a fix says to install, and what packages say when the right build is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.binaries import unseen, words
from lambdalint.binaries.commands import npm_rebuild, pip_command
from lambdalint.binaries.fit import Wanted
from lambdalint.binaries.owners import Distributions, Owner
from lambdalint.binaries.platforms import Family
from lambdalint.filesystem import TASK
from tests.binaries.test_judging import seen

AL2 = Wanted("x86_64", RUNTIMES["python3.11"])
AL2023 = Wanted("arm64", RUNTIMES["python3.13"])
FAMILY = Family(f"{TASK}/node_modules/@a/tool", Owner("@a/tool", "1.0.0"), {})


def test_no_wheel_for_a_newer_system_than_the_runtime_has() -> None:
    tags = "Tag: cp311-cp311-manylinux_2_26_x86_64\nTag: cp311-cp311-manylinux_2_28_x86_64\nTag: cp311-cp311-manylinux_2_34_x86_64\n"
    assert [word[10:] for word in pip_command(Owner("a", "1"), AL2, tags=tags).split() if word.startswith("manylinux_2")] == [
        "2_24_x86_64", "2_26_x86_64",
    ]  # fmt: skip
    assert "manylinux_2_34_aarch64" in pip_command(Owner("a", "1"), AL2023, tags=tags)


def test_pip_replaces_what_is_there_and_keeps_what_shares_its_folder() -> None:
    said = pip_command(Owner("a", "1"), AL2023, folder="python", beside=[Owner("b", "2"), Owner("c", None)])
    assert said.endswith("--upgrade --target python a==1 b==2 c")


def test_an_older_version_where_this_one_has_no_build() -> None:
    assert pip_command(Owner("a", "1.5"), AL2, older=True).endswith("'a<=1.5'")


@pytest.mark.parametrize("wanted", [Wanted(None, RUNTIMES["python3.11"]), Wanted("arm64", None), Wanted("arm64", RUNTIMES["ruby3.4"])])
def test_no_command_for_what_is_not_told(wanted: Wanted) -> None:
    assert pip_command(Owner("a", "1"), wanted) == ""


@pytest.mark.parametrize(
    ("wanted", "image", "said"),
    [
        (Wanted("arm64", RUNTIMES["nodejs22.x"]), False, "public.ecr.aws/sam/build-nodejs22.x npm rebuild 'a b'"),
        (Wanted("arm64", RUNTIMES["nodejs22.x"]), True, "RUN npm rebuild 'a b' in the Dockerfile, and docker build --platform linux/arm64"),
        (Wanted(None, RUNTIMES["nodejs22.x"]), False, "npm rebuild 'a b' under the Node.js of the runtime"),
        (Wanted("x86_64", None), False, "npm rebuild 'a b' under the Node.js of the runtime"),
    ],
)
def test_addon_that_comes_in_no_parts(wanted: Wanted, said: str, *, image: bool) -> None:
    assert npm_rebuild(Owner("a b", "1"), wanted, image=image).endswith(said)


def test_distributions_beside(tmp_path: Path) -> None:
    records = {"a-1": "g/a.py,,\na.py,,\nbin/x,,\n../../etc/x,,\n", "b-2": "g/b.py,,\n", "c-3": "c/c.py,,\nbin/x,,\n../../etc/y,,\n"}
    there = Distributions(seen(tmp_path, {f"{name}.dist-info/RECORD": text for name, text in records.items()}))
    assert there.beside(TASK, Owner("a", "1")) == [Owner("b", "2")]
    assert there.beside(TASK, Owner("c", "3")) == []
    assert there.beside(TASK, Owner("d", "4")) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("throw new Error(`Cannot find native binding. ` +", "Cannot find native binding. npm has a bug"),
        ("if (loadError) {\r\n  throw loadError\r\n}\r\nthrow new Error(`Failed to load native binding`)", "Cannot find module '@a/tool-linux-x64'"),
        ("throw new Error('Failed to load native binding')", "Failed to load native binding"),
        ("`npm has a bug related to optional dependencies (", "Cannot find module @a/tool-linux-x64. npm has a bug"),
        ("`No prebuild or local build of @a/tool found. Tried ${name}.`", "build of @a/tool found. Tried @a/tool-linux-x64."),
        ("require('node-gyp-build-optional-packages')", "No native build was found for platform=linux arch=x64"),
        ("module.exports = require(`@a/tool-${process.platform}`)", "Cannot find module '@a/tool-linux-x64'"),
    ],
)
def test_words_of_a_package_in_parts(tmp_path: Path, source: str, said: str) -> None:
    filesystem = seen(tmp_path, {"node_modules/@a/tool/index.js": source})
    loaded = [f"{FAMILY.folder}/index.js", f"{FAMILY.folder}/gone.js"]
    assert said in words.said(filesystem, FAMILY, loaded, "@a/tool-linux-x64", "x86_64").message
    if "arch=" in said:
        assert words.said(filesystem, FAMILY, loaded, "part", None).message == "Cannot find module 'part'"


@pytest.mark.parametrize(
    ("path", "source", "names", "from_package"),
    [
        ("app.py", "import fast.tree", [], False),
        ("app.py", "import fast.tree.more", None, False),
        ("app.py", "from fast.tree import go", ["go"], False),
        ("app.py", "from fast import tree", [], True),
        ("fast/a.py", "from . import other, tree as core", [], True),
        ("fast/a.py", "from .tree import *", ["*"], False),
        ("fast/sub/a.py", "from ..tree import go", ["go"], False),
        ("fast/a.py", "try:\n    from .tree import go\nexcept ImportError:\n    go = None", None, False),
        ("fast/a.py", "try:\n    from .tree import go\nexcept ImportError:\n    raise", ["go"], False),
        ("fast/a.py", "if x:\n    from .tree import go", None, False),
        ("fast/a.py", "from .tree import (", None, False),
        ("fast/a.txt", "from .tree import go", None, False),
    ],
)
def test_import_at_the_top(tmp_path: Path, path: str, source: str, names: list[str] | None, *, from_package: bool) -> None:
    found = unseen.Imports(seen(tmp_path, {path: source}), [f"{TASK}/{path}"], [TASK], ["fast.tree"]).of("fast.tree")
    assert (None if found is None else list(found.names)) == names
    assert found is None or found.from_package is from_package
