"""What the whole command says of images that are stored in odd ways: what cannot be read is skipped in sight, and nothing is made up."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import imagewriter as make
from tests.face import Face
from tests.imagebuild import base_layer

BASE = {"Entrypoint": ["/lambda-entrypoint.sh"], "WorkingDir": "/var/task"}


def code(name: str) -> bytes:
    return make.tar(make.folders("var/task"), make.file("var/task/app.py", f"import {name}\n\ndef handler(e, c): ...\n".encode()))


def sparse(name: str, body: bytes) -> bytes:
    """Return a member whose holes are left out, as GNU tar writes it with ``-S --format=pax``."""
    table = b"1\n0\n%d\n" % len(body)
    says = {"major": b"1", "minor": b"0", "name": name.encode(), "realsize": b"%d" % len(body)}
    holder = make.header(b"GNUSparseFile.0/x", make.BLOCK + len(body), mode=0o755)
    return make.pax({f"GNU.sparse.{key}": value for key, value in says.items()}) + holder + make.padded(table.ljust(make.BLOCK, b"\0") + body)


def told(face: Face, data: bytes | Mapping[str, bytes], *options: str, runs_to: int) -> Any:
    """Return the one package of a report."""
    data = data if isinstance(data, bytes) else make.packed_files(data)
    Path("image").write_bytes(data)
    exit_code, out, err = face.run("image", "--output-format", "json", "--as-of", "2026-11-21", *options)
    assert (exit_code, err) == (runs_to, "")
    (package,) = json.loads(out)["packages"]
    assert package["crashed"] == []
    return package


def rules(package: Any) -> list[str]:
    return [finding["rule"] for finding in package["findings"]]


def lacking(package: Any) -> set[str]:
    return {what for skip in package["skipped"] for what in skip["lacking"]}


@pytest.mark.parametrize("pack", [bytes, make.zipped], ids=["plain", "packed"])
@pytest.mark.parametrize(
    ("runtime", "name", "handler"),
    [("python3.13", "app.py", "app.handler"), ("nodejs22.x", "index.js", "index.handler"), ("nodejs22.x", "index.mjs", "index.handler"),
     ("ruby3.3", "app.rb", "app.handler"), ("java21", "A.class", "A::handle")],
)  # fmt: skip
def test_a_handler_with_holes_is_not_judged(
    face: Face, runtime: str, name: str, handler: str, pack: Callable[[bytes], bytes]
) -> None:
    layers = [base_layer(runtime), make.tar(make.folders("var/task"), sparse(f"var/task/{name}", b"x" * 700))]
    blobs = make.Blobs()
    files = blobs.layout([blobs.image(layers, BASE | {"Cmd": [handler]}, pack=pack, suffix="" if pack is bytes else "+gzip")])
    package = told(face, files, "--ignore", "LL704", runs_to=0)
    assert rules(package) == []
    assert lacking(package) == {f"the content of var/task/{name}"}


def test_a_program_with_holes_is_not_judged(face: Face) -> None:
    layer = make.tar(make.folders("opt/extensions"), sparse("main", b"\x7fELF"), sparse("opt/extensions/agent", b"#!/bin/nothing\n"))
    assert rules(told(face, make.saved([layer], {"Entrypoint": ["/main"]}), runs_to=0)) == []


def test_a_root_file_system_is_judged_without_what_only_a_config_tells(face: Face) -> None:
    whole = make.tar(make.folders("etc", "usr/bin", "var/task"), make.file("var/task/app.py"), make.file("var/task/x.py", b"", 0o600))
    for data in (whole, make.zipped(whole), make.zstd(whole)):
        package = told(face, data, runs_to=0)
        assert (package["form"], rules(package)) == ("rootfs", ["LL201"])
        assert lacking(package) == {"the image's configuration"}
        assert len(package["skipped"]) > 20
    assert "want the image's configuration" in face.run("image")[1]


def test_a_config_that_is_not_there_is_told_and_the_files_are_judged(face: Face) -> None:
    blobs = make.Blobs()
    pointer = blobs.image([base_layer("python3.13"), code("json")], BASE)
    lost = json.loads(blobs.all[pointer["digest"]])["config"]["digest"]
    files = blobs.layout([pointer])
    del files[f"blobs/sha256/{lost.removeprefix('sha256:')}"]
    package = told(face, files, runs_to=1)
    assert rules(package) == ["LL119"]
    assert lacking(package) == {"the image's configuration"}


def two_platforms(blobs: make.Blobs) -> list[dict[str, Any]]:
    return [
        blobs.image([base_layer("python3.13"), code(f"for_{cpu}")], BASE | {"Cmd": ["app.handler"]}, architecture=cpu,
                    platform={"os": "linux", "architecture": cpu})
        for cpu in ("amd64", "arm64")
    ]  # fmt: skip


@pytest.mark.parametrize(("architecture", "imported"), [("x86_64", "for_amd64"), ("arm64", "for_arm64")])
@pytest.mark.parametrize("depth", range(4))
def test_of_several_platforms_the_functions_is_judged(face: Face, depth: int, architecture: str, imported: str) -> None:
    blobs = make.Blobs()
    pointers = two_platforms(blobs)
    for _ in range(depth):
        pointers = [blobs.index(pointers)]
    package = told(face, blobs.layout(pointers), "--architecture", architecture, runs_to=1)
    assert rules(package) == ["LL701", "LL306"]
    assert package["findings"][0]["message"] == "the image is an index of 2 platforms (linux/amd64, linux/arm64)"
    assert imported in package["findings"][1]["message"]


def test_an_attestation_is_told_from_another_platform(face: Face) -> None:
    blobs = make.Blobs()
    _, arm = two_platforms(blobs)
    said = blobs.add(b'{"schemaVersion": 2}', make.MANIFEST, platform={"os": "unknown", "architecture": "unknown"})
    package = told(face, blobs.layout([blobs.index([arm, said])]), runs_to=1)
    assert package["findings"][0]["message"] == "the image is an index of linux/arm64 with an attestation"
    assert "--platform linux/arm64 --provenance=false" in package["findings"][0]["fix"]
    package = told(face, blobs.layout([blobs.index([said])]), runs_to=1)
    assert package["findings"][1]["message"] == "the image is an index of nothing but an attestation"


def test_one_changed_layer_is_one_fault(face: Face) -> None:
    blobs = make.Blobs()
    pointer = blobs.image([base_layer("python3.13"), code("json")], BASE | {"Cmd": ["app.handler"]})
    layer = json.loads(blobs.all[pointer["digest"]])["layers"][1]
    files = blobs.layout([pointer]) | {f"blobs/sha256/{layer['digest'].removeprefix('sha256:')}": make.zipped(code("os"))}
    assert rules(told(face, files, runs_to=1))[-1:] == ["LL120"]
    assert rules(told(face, files, runs_to=1)).count("LL120") == 1
    assert "LL120" not in rules(told(face, files, "--no-verify", runs_to=1))
