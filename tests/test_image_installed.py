"""Where an image's Python may have what is installed: paths in, names out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint import Environment, Filesystem, Form
from lambdalint.image_installed import Installed
from lambdalint.readers import open_package
from tests.build import Recipe


@pytest.mark.parametrize(
    "path",
    [
        "usr/lib/python3/dist-packages/one/__init__.py", "usr/local/lib/python3.12/site-packages/one.py", "usr/lib64/python3.12/site-packages/one.py",
        "opt/conda/lib/python3.12/site-packages/one/x.py", "root/.local/lib/python3.12/site-packages/one/x.py", "usr/lib/python3.12/one/x.py",
        "usr/lib/python3.12/lib-dynload/one.cpython-312-x86_64-linux-gnu.so", "layer/python/one/x.py", "dist-packages/one.py",
        "venv/lib/python3.12/site-packages/one/x.py", "src/one.py",
    ],
)  # fmt: skip
def test_it_may_be_there(path: str, tmp_path: Path) -> None:
    installed = seen(tmp_path, path, {"PYTHONPATH": "/src:more"})
    assert installed.may_have("one")
    assert installed.may_have("one.two")
    assert not installed.may_have("two")


@pytest.mark.parametrize(
    "path",
    [
        "usr/lib/python3.11/site-packages/one/__init__.py", "usr/lib/python3.11/one.py", "home/one/app.py", "other/lib/python3.12/site-packages/one/x.py",
        "usr/lib/python3.12/site-packages/pip/_vendor/one/x.py", "srcs/one.py",
    ],
)  # fmt: skip
def test_it_is_not_there(path: str, tmp_path: Path) -> None:
    assert not seen(tmp_path, path, {"PYTHONPATH": "/src"}).may_have("one")
    assert seen(tmp_path, path, {"PYTHONHOME": "/x"}).may_have("one")


def seen(folder: Path, path: str, variables: Mapping[str, str]) -> Installed:
    place = f"{folder}/{len(variables)}{''.join(variables)}"
    environments = [{"path": "other/pyvenv.cfg", "text": ""}, {"path": "venv/pyvenv.cfg", "text": ""}, {"path": "venv/bin/python", "text": "x"}]
    Recipe({"image": {"config": {"Cmd": ["/venv/bin/python"]}}, "files": [{"path": path, "text": ""}, *environments]}, "").make(Form.OCI, place)
    filesystem = Filesystem([("/", open_package(place))], base="/app", started=["/venv/bin/python"])
    return Installed(filesystem, "python", "3.12", Environment(variables))
