"""Archives of images as tools and people leave them: what is opened, and what is said of what cannot be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lambdalint.binaries import Probe, keep
from lambdalint.model import Flaw, Form, Lacking, Package, UnreadablePackage
from lambdalint.readers import flaws, gate, open_package, open_packages
from lambdalint.readers.layers import Layers
from tests import imagewriter as make
from tests.images.opened import entry, image, opened, refused, sorts

TAR = make.tar(make.folders("var/task"), make.file("var/task/app.py", b"x"))


@pytest.mark.parametrize(
    ("files", "sort", "form"),
    [
        ({"manifest.json": b"[]"}, flaws.BadDocument, Form.DOCKER),
        ({"manifest.json": json.dumps([{"Config": "c"}]).encode()}, flaws.BadDocument, Form.DOCKER),
        ({"manifest.json": json.dumps([{"Config": "c", "Layers": []}] * (gate.MANIFESTS + 1)).encode()}, flaws.BeyondCap, Form.DOCKER),
        ({"manifest.json": json.dumps([{"Config": "c", "Layers": ["l"] * (gate.LAYERS + 1)}]).encode()}, flaws.BeyondCap, Form.DOCKER),
        ({"oci-layout": b"{}", "index.json": b'{"manifests": []}'}, flaws.BadDocument, Form.OCI),
        ({"oci-layout": b"{}", "index.json": json.dumps({"manifests": [{}] * (gate.MANIFESTS + 1)}).encode()}, flaws.BeyondCap, Form.OCI),
    ],
)  # fmt: skip
def test_archives_without_an_image(tmp_path: Path, files: dict[str, bytes], sort: type[Flaw], form: Form) -> None:
    unreadable = refused(tmp_path / "x", make.packed_files(files))
    assert (sorts(unreadable.archive.flaws), unreadable.archive.form) == ([sort], form)


def test_a_dir_that_holds_an_index_is_told_what_to_do(tmp_path: Path) -> None:
    blobs = make.Blobs()
    listed = [blobs.image([TAR], platform={"os": "linux", "architecture": "amd64"})]
    index = json.dumps({"schemaVersion": 2, "mediaType": make.INDEX, "manifests": listed}).encode()
    root = make.write_files({"manifest.json": index, "version": b"Directory Transport Version: 1.1\n"}, str(tmp_path / "x"))
    (found,) = open_packages(root)
    assert isinstance(found, UnreadablePackage)
    (flaw,) = found.archive.of(flaws.LostBlob)
    assert "copy one image" in flaw.reason
    assert found.archive.image is not None
    assert found.archive.image.index is not None
    assert len(found.archive.image.index.images) == 1


def test_one_bad_image_leaves_the_other(tmp_path: Path) -> None:
    files = make.saved([TAR])
    (good,) = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps([good | {"Layers": ["lost.tar"]}, good]).encode()
    (tmp_path / "x").write_bytes(make.packed_files(files))
    first, second = open_packages(str(tmp_path / "x"))
    assert isinstance(first, UnreadablePackage)
    assert sorts(first.archive.flaws) == [flaws.LostBlob]
    assert isinstance(second, Package)


# What Docker 25 and later save beside their list.


def beside(change: dict[str, Any] | None = None, pointers: list[dict[str, Any]] | None = None) -> bytes:
    files = make.saved_by_25([TAR])
    index = json.loads(files["index.json"])
    index["manifests"] = (pointers or []) + [one | (change or {}) for one in index["manifests"]]
    return make.packed_files(files | {"index.json": json.dumps(index).encode()})


def test_the_manifest_beside_the_list_is_found(tmp_path: Path) -> None:
    lost = {"mediaType": make.MANIFEST, "digest": make.digest(b"lost"), "size": 4}
    for data in (beside(), beside(pointers=[{}]), beside(pointers=[lost])):
        assert image(opened(tmp_path / "x", data)).manifest_type == make.MANIFEST
    for data in (beside({"digest": make.digest(b"lost")}), make.packed_files(make.saved([TAR]))):
        assert image(opened(tmp_path / "x", data)).manifest_type is None


def test_an_index_beside_the_list_is_followed(tmp_path: Path) -> None:
    files = make.saved_by_25([TAR])
    blobs = make.Blobs()
    other = blobs.image([make.tar()], platform={"os": "linux", "architecture": "arm64"})
    (pointer,) = json.loads(files["index.json"])["manifests"]
    platform = {"platform": {"os": "linux", "architecture": "amd64"}}
    whole = blobs.index([other, pointer | platform])
    files |= {name: data for name, data in blobs.layout([whole]).items() if name != "oci-layout"}
    found = image(opened(tmp_path / "x", make.packed_files(files)))
    assert found.index is not None
    assert (found.index.digest, len(found.index.images)) == (whole["digest"], 2)
    only_other = blobs.index([other])
    files |= {name: data for name, data in blobs.layout([only_other]).items() if name != "oci-layout"}
    found = image(opened(tmp_path / "x", make.packed_files(files)))
    assert (found.index, found.manifest_type) == (None, None)


def test_an_index_beside_the_list_that_is_broken_is_told(tmp_path: Path) -> None:
    files = make.saved_by_25([TAR]) | {"index.json": b"{"}
    package = opened(tmp_path / "x", make.packed_files(files))
    assert sorts(package.archive.flaws) == [flaws.BadDocument]
    assert package.get("var/task/app.py") is not None


def test_names_of_an_image_are_gathered(tmp_path: Path) -> None:
    blobs = make.Blobs()
    pointer = blobs.image([TAR])
    tags = [{"annotations": {"org.opencontainers.image.ref.name": tag}} for tag in ("a:1", "a:2")]
    package = opened(tmp_path / "x", make.packed_files(blobs.layout([*(pointer | tag for tag in tags), pointer])))
    assert image(package).names == ("a:1", "a:2")


# Digests.


def test_digests_of_large_layers_are_checked(tmp_path: Path) -> None:
    noise = os.urandom(9 << 20)  # beyond what is summed in the reader's own thread
    layer = make.tar(make.folders("var/task"), make.file("var/task/data", noise))
    files = make.saved([make.zipped(layer)])
    described = next(name for name in files if name.endswith(".json") and name != "manifest.json")
    files[described] = make.config([layer])
    package = opened(tmp_path / "x", make.packed_files(files))
    package.contents.verify()
    assert [*package.archive.flaws, *package.contents.flaws] == []
    files[described] = make.config([layer + b"\0"])
    package = opened(tmp_path / "x", make.packed_files(files))
    package.contents.verify()
    assert sorts([*package.archive.flaws, *package.contents.flaws]) == [flaws.WrongDigest]


# Entries of layers.


def test_names_beyond_any_path_are_left_out_and_told(tmp_path: Path) -> None:
    long = "a/" * (gate.NAME_BYTES // 2) + "b"
    for layer in (
        make.tar(make.pax({"path": long.encode()}), make.file("x", b"1"), make.file("var/task/app.py", b"x")),
        make.tar(make.pax({"linkpath": long.encode()}), make.link("x", "y"), make.file("var/task/app.py", b"x")),
    ):
        for packing in (bytes, make.zipped):
            package = opened(tmp_path / "x", make.packed_files(make.saved([packing(layer)])))
            assert flaws.BeyondCap in sorts(package.archive.flaws)
            assert package.get("x") is None
            assert package.read(entry(package, "var/task/app.py"), 9) == b"x"


def test_files_are_read_though_nobody_foresaw_it(tmp_path: Path) -> None:
    big = bytes(range(256)) * 4096
    layer = make.tar(make.file("srv/big.bin", big), make.file("srv/small.py", b"x = 1"), make.hard("srv/twin", "srv/big.bin"))
    for packing in (bytes, make.zipped, make.zstd):
        package = opened(tmp_path / "x", make.packed_files(make.saved([packing(layer)])))
        assert package.read(entry(package, "srv/big.bin"), 2 << 20) == big
        assert package.read(entry(package, "srv/twin"), 1 << 20) == big
        assert package.read(entry(package, "srv/small.py"), 9) == b"x = 1"


@pytest.mark.parametrize("whole", [bytes, make.zipped], ids=["layer", "archive"])
def test_passes_over_a_packed_layer_are_counted(tmp_path: Path, whole: Callable[[bytes], bytes]) -> None:
    """Files that nothing foresees cost a pass each, until there were too many; the report says which could not be read."""
    layer = make.zipped(make.tar(*(make.file(f"srv/{number}.bin", bytes(99)) for number in range(gate.PASSES + 2))))
    package = opened(tmp_path / "x", whole(make.packed_files(make.saved([layer]))))
    source = package.contents._source
    assert isinstance(source, Layers)
    assert (source.passes, package.contents.bytes_inflated) == (1, 0)
    for number in range(gate.PASSES + 2):
        one = entry(package, f"srv/{number}.bin")
        if number < gate.PASSES - 1:
            assert package.read(one, 2 << 20) == package.read(one, 2 << 20) == bytes(99)
        else:
            with pytest.raises(Lacking):
                package.read(one, 2 << 20)
        assert source.passes == min(number + 2, gate.PASSES)
    assert package.contents.bytes_inflated == 99 * (gate.PASSES - 1)
    assert sorts(package.contents.flaws) == [flaws.BeyondCap] * 3


def test_what_is_probably_asked_for_costs_one_pass(tmp_path: Path) -> None:
    """The sources beside one that is read, and all programs, come by only once more."""
    sources = [make.file(f"var/task/{number}.py", b"#" * (5 << 18)) for number in range(20)]  # more than is remembered at once
    programs = [make.file(f"usr/lib/{number}.so", b"\x7fELF" + bytes(60)) for number in range(20)]
    layer = make.tar(make.folders("var/task", "usr/lib"), *sources, *programs)
    (tmp_path / "x").write_bytes(make.packed_files(make.saved([make.zipped(layer)])))
    package = open_package(str(tmp_path / "x"), probe=Probe(), keep=keep)
    source = package.contents._source
    assert isinstance(source, Layers)
    package.contents.fetch([entry(package, f"var/task/{number}.py") for number in range(5)])
    assert source.passes == 2
    for number in range(5):
        package.read(entry(package, f"var/task/{number}.py"), 9)
    assert source.passes == 2
    for number in range(20):
        assert package.contents.learned(entry(package, f"usr/lib/{number}.so")) is not None
    assert source.passes == 3


def test_an_archive_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    layer = make.tar(make.file("srv/a.bin", os.urandom(1 << 20)), make.file("srv/b.bin", os.urandom(1 << 20)))
    for packing in (bytes, make.zipped):
        path = tmp_path / "x"
        package = opened(path, make.packed_files(make.saved([packing(layer)])))
        os.truncate(path, 1 << 20)
        with pytest.raises(Lacking):
            package.read(entry(package, "srv/b.bin"), 2 << 20)


def test_a_tar_of_a_root_file_system(tmp_path: Path) -> None:
    whole = make.tar(make.folders("etc", "usr/bin", "var/task", "bin", "lib"), make.file("etc/passwd"), make.file("var/task/app.py", b"x"))
    (tmp_path / "x").write_bytes(whole)
    (found,) = open_packages(str(tmp_path / "x"))
    assert isinstance(found, Package)
    assert image(found).config is None
    assert found.read(entry(found, "var/task/app.py"), 9) == b"x"
    (tmp_path / "x").write_bytes(whole[:-1700])
    (cut,) = open_packages(str(tmp_path / "x"))
    assert isinstance(cut, UnreadablePackage)
