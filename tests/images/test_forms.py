"""One image in every form it is saved in is one package."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lambdalint.binaries import Probe, keep
from lambdalint.model import Form, Kind, UnreadablePackage
from lambdalint.readers import flaws, open_package, open_packages
from tests import imagewriter as make
from tests.images.opened import entry, image, opened, refused, sorts, tree

ELF = b"\x7fELF" + bytes(200)
LAYERS = [
    make.tar(
        make.folders("var/task/lib", "etc", "usr/bin"), make.file("lambda-entrypoint.sh", b"#!/bin/sh\n", 0o755),
        make.file("var/task/app.py", b"old"), make.file("etc/passwd", b"root"), make.file("var/task/lib/x.so", ELF, 0o755),
        make.link("bin", "usr/bin"), make.file("usr/bin/sh", ELF, 0o755),
    ),
    make.tar(make.folders("var/task"), make.file("var/task/app.py", b"def handler(e, c): ..."),
             make.hard("var/task/too.py", "var/task/app.py")),
    make.tar(make.file("etc/.wh.passwd"), make.file("var/task/big.txt", b"b" * 70_000)),
    make.tar(),
]  # fmt: skip
SETTINGS = {
    "Entrypoint": ["/lambda-entrypoint.sh"], "Cmd": ["app.handler"], "WorkingDir": "/var/task", "Env": ["A=1"], "User": "0",
    "Volumes": {"/data": {}}, "ExposedPorts": {"80/tcp": {}},
}  # fmt: skip


def layout(**how: Any) -> dict[str, bytes]:
    blobs = make.Blobs()
    return blobs.layout([blobs.image(LAYERS, SETTINGS, **how)])


def nested() -> dict[str, bytes]:
    """What Docker's containerd store saves: an index within the index, of which some is not there."""
    blobs = make.Blobs()
    here = blobs.image(LAYERS, SETTINGS, platform={"os": "linux", "architecture": "amd64"})
    lost = {"mediaType": make.MANIFEST, "digest": make.digest(b"lost"), "size": 4, "platform": {"os": "linux", "architecture": "arm64"}}
    said = blobs.add(b"{}", make.MANIFEST, platform={"os": "unknown", "architecture": "unknown"},
                     annotations={"vnd.docker.reference.type": "attestation-manifest"})  # fmt: skip
    return blobs.layout([blobs.index([lost, said, here])])


def written(files: Callable[[], Mapping[str, bytes]]) -> Callable[[Path], str]:
    return lambda folder: make.write_files(files(), str(folder / "image"))


def packed(files: Callable[[], Mapping[str, bytes]], wrap: Callable[[bytes], bytes] = bytes) -> Callable[[Path], str]:
    def write(folder: Path) -> str:
        (folder / "image").write_bytes(wrap(make.packed_files(files())))
        return str(folder / "image")

    return write


def old() -> dict[str, bytes]:
    return make.saved(LAYERS, SETTINGS)


def new() -> dict[str, bytes]:
    return make.saved_by_25(LAYERS, SETTINGS)


def linked(folder: Path) -> str:
    (folder / "image").write_bytes(make.linked_archive(old()))
    return str(folder / "image")


FORMS: dict[str, Callable[[Path], str]] = {
    "docker-save": packed(old), "docker-save, gzip": packed(old, make.zipped), "docker-save, zstd": packed(old, make.zstd),
    "docker-save with links": linked, "docker-save of 25": packed(new), "docker-save of 25, gzip": packed(new, make.zipped),
    "OCI": written(layout), "OCI tar": packed(layout), "OCI tar, gzip": packed(layout, make.zipped),
    "OCI, plain": written(lambda: layout(pack=bytes, suffix="")), "OCI, zstd": packed(lambda: layout(pack=make.zstd, suffix="+zstd")),
    "OCI, mixed up": written(lambda: layout(pack=make.zstd, suffix="+gzip")),
    "containerd": packed(nested), "containerd, zstd": packed(nested, make.zstd),
    "dir:": written(lambda: make.dir_files(LAYERS, SETTINGS)),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_all_forms_agree(form: str, tmp_path: Path) -> None:
    package = open_package(FORMS[form](tmp_path), probe=Probe(), keep=keep, architecture="x86_64")
    package.contents.verify()
    assert package.archive.flaws == ()
    assert not package.contents.flaws
    (tmp_path / "plain").write_bytes(make.packed_files(old()))
    assert tree(package) == tree(open_package(str(tmp_path / "plain")))
    config = image(package).config
    assert config is not None
    assert (config.entrypoint, config.command, config.working_directory) == (("/lambda-entrypoint.sh",), ("app.handler",), "/var/task")
    assert (config.environment, config.user, config.volumes, config.exposed_ports) == (("A=1",), "0", ("/data",), ("80/tcp",))
    assert (str(config.platform), config.history) == ("linux/amd64", 4)
    assert [layer.entries for layer in image(package).layers] == [12, 4, 2, 0]
    assert [layer.unpacked_size for layer in image(package).layers] == [len(layer) for layer in LAYERS]
    assert image(package).layers[1].hard_links == (("var/task/too.py", "var/task/app.py"),)
    assert image(package).layers[2].missing_parents == ()
    assert image(package).unpacked_size == sum(map(len, LAYERS))
    assert package.contents.learned(entry(package, "usr/bin/sh")) is not None


@pytest.mark.parametrize(("form", "kind", "as_pushed"), [
    ("docker-save", Form.DOCKER, False), ("docker-save of 25", Form.DOCKER, False), ("docker-save, gzip", Form.DOCKER, False),
    ("OCI", Form.OCI, True), ("OCI tar", Form.OCI, True), ("dir:", Form.OCI, True),
])  # fmt: skip
def test_forms_are_told_by_content(form: str, kind: Form, as_pushed: bool, tmp_path: Path) -> None:
    package = open_package(FORMS[form](tmp_path))
    assert package.form is kind
    assert image(package).is_as_pushed is as_pushed


def test_media_types_are_as_said_and_packing_as_found(tmp_path: Path) -> None:
    mixed = image(open_package(FORMS["OCI, mixed up"](tmp_path))).layers[0]
    assert (mixed.media_type, mixed.compression) == (f"{make.LAYER}+gzip", "zstd")
    saved = image(opened(tmp_path / "new", make.packed_files(new())))
    assert (saved.manifest_type, saved.layers[0].media_type, saved.layers[0].compression) == (make.MANIFEST, make.LAYER, "none")
    assert image(opened(tmp_path / "old", make.packed_files(old()))).manifest_type is None


def test_an_index_is_told_with_what_it_lists(tmp_path: Path) -> None:
    index = image(open_package(FORMS["containerd"](tmp_path))).index
    assert index is not None
    assert [(str(one.platform), one.present) for one in index.images] == [("linux/arm64", False), ("linux/amd64", True)]
    assert len(index.attestations) == 1
    assert image(opened(tmp_path / "x", make.packed_files(layout()))).index is None


def test_the_image_for_the_architecture_is_taken(tmp_path: Path) -> None:
    blobs = make.Blobs()
    both = [
        blobs.image([make.tar(make.file(name))], architecture=name, platform={"os": "linux", "architecture": name})
        for name in ("amd64", "arm64")
    ]
    data = make.packed_files(blobs.layout([blobs.index(both)]))
    for architecture, path in ((None, "amd64"), ("arm64", "arm64"), ("x86_64", "amd64")):
        assert opened(tmp_path / "x", data, architecture=architecture).get(path) is not None
    data = make.packed_files(blobs.layout(both))
    assert opened(tmp_path / "x", data, architecture="arm64").get("arm64") is not None


def test_without_an_architecture_the_first_image_is_taken(tmp_path: Path) -> None:
    blobs = make.Blobs()
    both = [
        blobs.image([make.tar(make.file(name))], architecture=name, platform={"os": "linux", "architecture": name})
        for name in ("arm64", "s390x")
    ]
    assert opened(tmp_path / "x", make.packed_files(blobs.layout([blobs.index(both)]))).get("arm64") is not None


def test_an_index_of_nothing_that_is_there_is_still_told(tmp_path: Path) -> None:
    blobs = make.Blobs()
    lost = {"mediaType": make.MANIFEST, "digest": make.digest(b"lost"), "size": 4}
    unreadable = refused(tmp_path / "x", make.packed_files(blobs.layout([blobs.index([lost])])))
    assert unreadable.archive.image is not None
    assert unreadable.archive.image.index is not None
    assert sorts(unreadable.archive.flaws) == [flaws.LostBlob]


def test_several_images_are_several_packages(tmp_path: Path) -> None:
    one, two = make.saved([make.tar(make.file("a"))], tags=["a:1", "a:2"]), make.saved([make.tar(make.file("b"))], tags=["b:1"])
    listed = json.loads(one["manifest.json"]) + json.loads(two["manifest.json"])
    (tmp_path / "x").write_bytes(make.packed_files(one | two | {"manifest.json": json.dumps(listed).encode()}))
    found = open_packages(str(tmp_path / "x"))
    assert [(image(one).name, image(one).names, one.entries[0].path) for one in found if not isinstance(one, UnreadablePackage)] == [
        ("a:1", ("a:1", "a:2"), "a"), ("b:1", ("b:1",), "b"),
    ]  # fmt: skip
    blobs = make.Blobs()
    tagged = [blobs.image([make.tar(make.file(name))], annotations={"org.opencontainers.image.ref.name": name}) for name in "ab"]
    (tmp_path / "x").write_bytes(make.packed_files(blobs.layout([*tagged, tagged[0] | {"annotations": {}}])))
    assert [image(one).name for one in open_packages(str(tmp_path / "x")) if not isinstance(one, UnreadablePackage)] == ["a", "b"]


@pytest.mark.parametrize("wrap", [bytes, make.zipped, make.zstd])
def test_a_root_file_system_has_no_config(tmp_path: Path, wrap: Callable[[bytes], bytes]) -> None:
    package = opened(tmp_path / "x", wrap(make.tar(make.folders("etc", "usr/lib", "var/task"), make.file("var/task/app.py", b"x"))))
    assert package.form is Form.ROOTFS
    assert image(package).config is None
    assert package.read(entry(package, "var/task/app.py"), 9) == b"x"


@pytest.mark.parametrize("data", [
    make.tar(make.folders("python/lib"), make.file("python/x.py")), make.tar(make.file("app.py")),
    make.tar(make.folders("lib", "bin", "opt")), make.tar(make.file("manifest.webmanifest")),
])  # fmt: skip
def test_other_tars_are_no_packages(tmp_path: Path, data: bytes) -> None:
    for wrapped in (data, make.zipped(data)):
        assert sorts(refused(tmp_path / "x", wrapped).archive.flaws) == [flaws.NotAPackage]


def test_a_directory_of_code_with_a_manifest_is_no_image(tmp_path: Path) -> None:
    make.write_files({"manifest.json": b"{}", "version": b"1.0\n", "index.json": b"{}"}, str(tmp_path))
    assert open_package(str(tmp_path)).form is Form.DIRECTORY


def test_links_in_a_layout_are_not_followed(tmp_path: Path) -> None:
    root = make.write_files(layout(), str(tmp_path / "image"))
    os.rename(f"{root}/blobs", tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", f"{root}/blobs")
    (found,) = open_packages(root)
    assert isinstance(found, UnreadablePackage)
    (flaw,) = found.archive.of(flaws.LostBlob)
    assert "symbolic link" in flaw.reason


def test_special_files_are_kept_as_what_they_are(tmp_path: Path) -> None:
    package = opened(tmp_path / "x", make.packed_files(make.saved([make.tar(make.header(b"dev/null", flag=b"3"))])))
    assert entry(package, "dev/null").kind is Kind.OTHER
