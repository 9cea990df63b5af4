"""What is remembered of packed layers: faster, the same, and not believed when it was touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lambdalint.model import Package
from lambdalint.readers import flaws, layer_cache, open_package
from tests import imagewriter as make
from tests.images.opened import sorts, tree
from tests.images.test_forms import LAYERS, layout


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(layer_cache, "_RACY", -10.0)
    make.write_files(layout(), str(tmp_path / "image"))
    return tmp_path / "image"


def opened(image: Path) -> Package:
    return open_package(str(image), cache_dir=str(image.parent / "cache"))


def remembered(image: Path, sort: str) -> list[Path]:
    return sorted((image.parent / "cache").glob(f"*.{sort}"))


def passes(package: Package) -> int:
    source = package.contents._source
    return int(getattr(source, "passes", 0))


def test_the_second_time_nothing_is_unpacked_and_all_is_the_same(image: Path) -> None:
    plain = open_package(str(image))
    first, second = opened(image), opened(image)
    assert (passes(first), passes(second)) == (1, 0)
    second.contents.verify()
    assert not second.contents.flaws
    assert tree(plain) == tree(first) == tree(second)
    assert len(remembered(image, "layer")) == len(LAYERS)


def test_nothing_is_written_unless_asked(image: Path) -> None:
    open_package(str(image))
    assert not (image.parent / "cache").exists()


@pytest.mark.parametrize("sort", ["layer", "stamp"])
def test_what_was_touched_is_not_believed(image: Path, sort: str) -> None:
    expected = tree(opened(image))
    for path in remembered(image, sort):
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
    assert tree(opened(image)) == expected
    for path in remembered(image, sort):
        path.write_bytes(path.read_bytes()[:40])
    assert tree(opened(image)) == expected


def test_a_blob_that_was_changed_is_seen(image: Path) -> None:
    opened(image)
    packed = [path for path in (image / "blobs" / "sha256").iterdir() if path.read_bytes().startswith(b"\x1f\x8b")]
    blob = max(packed, key=lambda path: path.stat().st_size)
    data = make.zipped(make.tar(make.file("other")))
    blob.write_bytes(data)
    package = opened(image)
    package.contents.verify()
    assert flaws.WrongDigest in sorts(package.contents.flaws)
    assert package.get("other") is not None


def test_a_directory_that_others_may_write_to_is_not_used(image: Path) -> None:
    (image.parent / "cache").mkdir()
    os.chmod(image.parent / "cache", 0o777)
    opened(image)
    assert not remembered(image, "layer")


def test_what_another_program_packed_is_nothing(image: Path) -> None:
    opened(image)
    cache = layer_cache.LayerCache(str(image.parent / "cache"))
    for body in (
        b"",
        b"\0" * 31,
        b"\0" * 32,
        layer_cache._SIZES.pack(2, 0, 0, 0) + b"{}",
        layer_cache._SIZES.pack(2, 0, 8, 0) + b"[]" + bytes(8),
    ):
        for path in remembered(image, "layer"):
            cache._write(str(path), body)
        assert len(opened(image).entries) == len(open_package(str(image)).entries)
