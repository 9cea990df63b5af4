"""A whole lint of a sound image unpacks each of its packed layers once."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest

from lambdalint.contents import Contents
from lambdalint.model import Entry
from lambdalint.readers import layer, layers, room
from tests import imagewriter as make
from tests.elfwriter import Elf
from tests.face import Face
from tests.imagebuild import base_layer

HANDLER = "def handler(event, context):\n    return event\n"
PROGRAM = Elf(type="exec").built()
#: A system that starts scripts, has several names for one program, and says in two steps what it is.
SYSTEM = make.tar(
    make.folders("etc", "usr/bin", "usr/lib", "usr/lib/python3/dist-packages"), make.link("bin", "usr/bin"), make.link("lib", "usr/lib"),
    make.link("etc/os-release", "../usr/lib/os-release"), make.file("usr/lib/os-release", b'PRETTY_NAME="Debian GNU/Linux 12"\n'),
    make.link("usr/bin/sh", "dash"), make.file("usr/bin/dash", PROGRAM, 0o755), make.file("usr/bin/perl", PROGRAM, 0o755),
    make.hard("usr/bin/perl5.36.0", "usr/bin/perl"), make.file("usr/bin/python3.11", PROGRAM, 0o755), make.link("usr/bin/python3", "python3.11"),
    make.file("usr/lib/python3/dist-packages/distutils-precedence.pth", b"import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = 1\n"),
    make.file("entry.sh", b'#!/bin/sh\nexec /usr/bin/python3 -m awslambdaric "$@"\n', 0o755),
    *(make.file(f"usr/lib/python3/dist-packages/big{number}.py", random.Random(number).randbytes(99_000).hex().encode()) for number in range(9)),
)  # fmt: skip


def installed(place: str, names: str) -> list[bytes]:
    """Return distributions as pip installs them, each of which asks for the next."""
    parts, found = names.split(), []
    for name, after in zip(parts, [*parts[1:], "json"], strict=True):
        about = f"{place}/{name}-1.0.dist-info"
        record = "".join(f"{one},,\n" for one in (f"{name}/__init__.py", f"{name}-1.0.dist-info/RECORD"))
        found += [
            make.folders(f"{place}/{name}", about), make.file(f"{place}/{name}/__init__.py", f"import {after}\n".encode()),
            make.file(f"{about}/RECORD", record.encode()), make.file(f"{about}/METADATA", f"Name: {name}\nVersion: 1.0\n".encode()),
        ]  # fmt: skip
    return found


def code(place: str, *members: bytes) -> bytes:
    app = f"import one, awslambdaric\n{HANDLER}".encode()
    return make.tar(make.folders(place), *members, make.file(f"{place}/app.py", app), *installed(place, "one two three four five awslambdaric"))


NODE = make.tar(
    make.folders("var/task/node_modules/one"), make.file("var/task/app.js", b"const one = require('one'); exports.handler = async () => one;\n"),
    make.file("var/task/node_modules/one/package.json", json.dumps({"name": "one", "version": "1.0.0", "main": "main.js"}).encode()),
    make.file("var/task/node_modules/one/main.js", b"module.exports = 1;\n"),
)  # fmt: skip
JAVA = make.tar(make.folders("var/task/lib"), make.file("var/task/lib/readme", b"text"))
OWN = {"WorkingDir": "/function", "Cmd": ["app.handler"]}
AWS = {"Entrypoint": ["/lambda-entrypoint.sh"], "WorkingDir": "/var/task", "Cmd": ["app.handler"]}
IMAGES: Mapping[str, tuple[list[bytes], dict[str, Any]]] = {
    "python of AWS": ([base_layer("python3.12"), code("var/task")], AWS),
    "Node.js of AWS": ([base_layer("nodejs22.x"), NODE], AWS),
    "Java of AWS": ([base_layer("java21"), JAVA], AWS | {"Cmd": ["example.App::handle"]}),
    "provided of AWS": ([base_layer("provided.al2023"), make.tar(make.file("var/runtime/bootstrap", PROGRAM, 0o755))], AWS),
    "own base": ([SYSTEM, code("function")], OWN | {"Entrypoint": ["/usr/bin/python3", "-m", "awslambdaric"]}),
    "own base, a script": ([SYSTEM, code("function")], OWN | {"Entrypoint": ["/entry.sh"]}),
    "own base, a venv": (
        [SYSTEM, make.tar(
            make.folders("venv/bin", "function"), make.file("venv/pyvenv.cfg", b"home = /usr/bin\n"), make.link("venv/bin/python", "/usr/bin/python3"),
            make.file("function/app.py", f"import one\n{HANDLER}".encode()), *installed("venv/lib/python3.11/site-packages", "one two awslambdaric"),
        )],
        OWN | {"Entrypoint": ["/venv/bin/python", "-m", "awslambdaric"], "Env": ["PATH=/venv/bin:/usr/bin:/bin"]},
    ),
    "own base, a search path": (
        [SYSTEM, code("srv/code"), make.tar(make.folders("function"))],
        OWN | {"Entrypoint": ["/usr/bin/python3", "-m", "awslambdaric"], "Env": ["PATH=/usr/bin:/bin", "PYTHONPATH=/srv/code:relative"]},
    ),
}  # fmt: skip


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What packed layers were gone through again for."""
    asked: list[list[str]] = []
    real = layer.again

    def noted(run: Any, wanted: Any) -> Any:
        asked.append(sorted(entry.path for entry in wanted.values()))
        return real(run, wanted)

    monkeypatch.setattr(layers, "again", noted)
    return asked


def written(face: Face, stack: list[bytes], config: Mapping[str, Any]) -> str:
    blobs = make.Blobs()
    return make.write_files(blobs.layout([blobs.image(stack, dict(config))]), str(face.directory / "image"))


@pytest.mark.parametrize("name", IMAGES)
def test_each_layer_is_unpacked_once(face: Face, again: list[list[str]], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "ROOM", 1 << 19)  # less than the system's own sources take
    _, out, err = face.run(written(face, *IMAGES[name]), "--as-of", "2026-11-21", "-v")
    assert not err
    assert not again, out


def test_what_does_not_fit_is_gone_through_once_for_all(face: Face, again: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """With no room at all, the first source of a layer that is asked for brings the others along."""
    monkeypatch.setattr(room, "ROOM", 0)
    face.run(written(face, *IMAGES["own base"]), "--as-of", "2026-11-21")
    system, function = sorted(again, key=lambda paths: "function/app.py" in paths)
    assert "usr/lib/python3/dist-packages/big8.py" in system
    assert {"function/app.py", "function/five/__init__.py", "function/five-1.0.dist-info/RECORD"} <= set(function)


def test_remembered_bytes_that_are_damaged_are_not_believed(face: Face, again: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    image = written(face, *IMAGES["python of AWS"])
    told = face.run(image, "--as-of", "2026-11-21")
    recall = Contents.recall

    def spoilt(contents: Contents, entry: Entry, packed: bytes | None, learned: object | None) -> None:
        recall(contents, entry, packed and packed[: None if entry.name != "app.py" else -9], learned)

    monkeypatch.setattr(Contents, "recall", spoilt)
    assert face.run(image, "--as-of", "2026-11-21") == told
    assert again == [["var/task/app.py"]]
