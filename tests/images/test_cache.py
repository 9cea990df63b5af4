"""What is remembered of packed layers: faster, the same, and not believed when it was touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lambdalint.contents import HEAD
from lambdalint.model import Package
from lambdalint.readers import blob, flaws, layer_cache, layer_record, open_package, sums
from lambdalint.readers.gate import NotAFile
from lambdalint.readers.unpack import Part
from tests import imagewriter as make
from tests.elfwriter import Elf
from tests.face import Face
from tests.imagebuild import base_layer
from tests.images.opened import sorts, tree
from tests.images.test_forms import LAYERS, layout

CODE = make.tar(
    make.folders("var/task", "opt/extensions", "usr/share"),
    make.file("var/task/app.py", b"import json, native, lost\n\ndef handler(event, context):\n    return event\n"),
    make.file("var/task/native.so", Elf(machine=183, exports=["PyInit_native"]).built(), 0o755),
    make.file("var/task/bootstrap", Elf(type="exec").built(), 0o755), make.file("opt/extensions/README", b"about", 0o600),
    make.file("opt/extensions/agent", Elf(machine=183).built(), 0o755), make.file("usr/share/large", os.urandom(1 << 21)),
)  # fmt: skip


@pytest.fixture
def image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(layer_cache, "_RACY", -10.0)
    make.write_files(layout(), str(tmp_path / "image"))
    return tmp_path / "image"


def cache_of(image: Path) -> layer_cache.LayerCache:
    return layer_cache.LayerCache(str(image.parent / "cache"))


def opened(image: Path) -> Package:
    return open_package(str(image), cache=cache_of(image))


def remembered(image: Path) -> list[Path]:
    return sorted((image.parent / "cache").iterdir())


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
    assert len(remembered(image)) == 2 * len(LAYERS)  # the facts, and the digests of the files


def test_nothing_is_written_unless_asked(image: Path) -> None:
    open_package(str(image))
    assert [path.name for path in image.parent.iterdir()] == ["image"]


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes((data[-1] ^ 1,))


@pytest.mark.parametrize("change", [flipped, lambda data: data[:60], lambda data: data + b" ", lambda data: b""], ids=range(4))
def test_what_was_touched_is_not_believed(image: Path, change: Callable[[bytes], bytes]) -> None:
    expected = tree(opened(image))
    for path in remembered(image):
        path.write_bytes(change(path.read_bytes()))
    package = opened(image)
    assert tree(package) == expected
    assert passes(package) >= 1
    assert passes(opened(image)) == 0  # it was written anew


def test_one_file_does_not_stand_in_for_another(image: Path) -> None:
    expected = tree(opened(image))
    contents = [path.read_bytes() for path in remembered(image)]
    for path, content in zip(remembered(image), contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)
    assert tree(opened(image)) == expected


def test_a_blob_that_was_changed_is_seen(image: Path) -> None:
    opened(image)
    packed = [path for path in (image / "blobs" / "sha256").iterdir() if path.read_bytes().startswith(b"\x1f\x8b")]
    changed = max(packed, key=lambda path: path.stat().st_size)
    changed.write_bytes(make.zipped(make.tar(make.file("other"))))
    for _ in range(2):
        package = opened(image)
        package.contents.verify()
        assert flaws.WrongDigest in sorts(package.contents.flaws)
        assert package.get("other") is not None


def test_a_file_that_was_just_written_is_summed_each_time(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_cache, "_RACY", 3600.0)
    first, second = opened(image), opened(image)
    assert (passes(first), passes(second)) == (1, 0)
    assert tree(first) == tree(second)
    assert len(remembered(image)) == len(LAYERS)


def test_digests_of_plain_layers_are_remembered(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = image.parent / "saved"
    files = make.saved(LAYERS)
    saved.write_bytes(make.packed_files(files))
    summed = []
    digest_of = sums.digest_of

    def count(part: Part) -> str:
        summed.append(part)
        return digest_of(part)

    monkeypatch.setattr(sums, "digest_of", count)
    for _ in range(2):
        package = opened(saved)
        package.contents.verify()
        assert not package.contents.flaws
        assert len(summed) == len(LAYERS)
    path = next(name for name in files if name.endswith("/layer.tar"))
    saved.write_bytes(make.packed_files(files | {path: files[path] + bytes(512)}))
    package = opened(saved)
    package.contents.verify()
    assert sorts(package.contents.flaws) == [flaws.WrongDigest]


def test_what_another_program_packed_is_nothing(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = []
    with monkeypatch.context() as patched:
        patched.setattr(layer_cache.LayerCache, "_save", lambda cache, key, body: keys.append(key))
        opened(image)
    assert keys
    for body in (
        b"", b"\0" * 47, b"\0" * 48, layer_record._SIZES.pack(2, 0, 0, 0, 0, 0) + b"{}",
        layer_record._SIZES.pack(2, HEAD, 0, 0, 0, 0) + b"[]" + bytes(HEAD),
    ):  # fmt: skip
        for key in keys:
            cache_of(image)._save(key, [body])
        assert len(opened(image).entries) == len(open_package(str(image)).entries)


def test_a_full_disk_costs_the_next_run_its_time_only(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert tree(opened(image)) == tree(open_package(str(image)))
    assert not remembered(image)


@pytest.mark.skipif(os.name != "posix", reason="modes of directories")
def test_a_directory_that_cannot_be_believed_is_refused(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = image.parent / "cache"
    for mode in (0o777, 0o770, 0o702):
        cache.mkdir(exist_ok=True)
        cache.chmod(mode)
        with pytest.raises(NotAFile, match="by others"):
            opened(image)
    cache.rmdir()
    opened(image)
    assert cache.stat().st_mode & 0o777 == 0o700
    monkeypatch.setattr(os, "geteuid", lambda: cache.stat().st_uid + 1)
    with pytest.raises(NotAFile, match="belongs to another user"):
        opened(image)


# The whole command.


@pytest.fixture
def function(image: Path) -> str:
    """A function on AWS's base with faults, half of them in what only a second pass reads."""
    blobs = make.Blobs()
    settings = {"Entrypoint": ["/lambda-entrypoint.sh"], "WorkingDir": "/var/task", "Cmd": ["app.handler"]}
    pointer = blobs.image([base_layer("python3.12"), CODE], settings)
    return make.write_files(blobs.layout([pointer]), str(image.parent / "function"))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of each reading of a file."""
    counted: list[int] = []
    pread = blob._pread

    def count(fd: int, size: int, offset: int) -> bytes:
        data: bytes = pread(fd, size, offset)
        counted.append(len(data))
        return data

    monkeypatch.setattr(blob, "_pread", count)
    return counted


@pytest.mark.parametrize("more", [("text",), ("json",), ("json", "--require", "handler")])
def test_with_a_cache_the_report_is_the_same_and_little_is_read(
    face: Face, function: str, reads: list[int], more: tuple[str, ...]
) -> None:
    options = (function, "-v", "--as-of", "2026-11-21", "--output-format", *more)
    code, plain, err = face.run(*options)
    assert (code, err) == (1, "")
    assert "native.so" in plain
    told = []
    for _ in range(3):
        reads.clear()
        assert face.run(*options, "--cache-dir", "cache") == (1, plain, "")
        told.append(sum(reads))
    assert told[0] > 2 << 20
    assert max(told[1:]) < 20_000  # the documents, and how the layers begin
    kept = face.directory / "cache"
    assert [path.stat().st_mode & 0o077 for path in (kept, *kept.iterdir())] == [0] * (1 + len(list(kept.iterdir())))


def test_no_verify_remembers_what_was_verified(face: Face, function: str) -> None:
    plain = face.run(function)
    first = face.run(function, "--cache-dir", "cache", "--no-verify")
    assert "not verified" in first[1]
    assert face.run(function, "--cache-dir", "cache") == plain


def test_a_settings_file_and_a_variable_name_the_directory(face: Face, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (face.directory / "deep").mkdir()
    (face.directory / "lambdalint.toml").write_text("cache-dir = 'by-file'\n")
    monkeypatch.chdir(face.directory / "deep")
    face.run(function)
    assert list((face.directory / "by-file").iterdir())
    monkeypatch.setenv("LAMBDALINT_CACHE_DIR", "by-variable")
    face.run(function)
    assert list((face.directory / "deep" / "by-variable").iterdir())


def test_a_directory_that_cannot_be_used_is_wrong_usage(face: Face, function: str) -> None:
    (face.directory / "file").write_text("")
    assert "the cache directory file is not a directory" in face.refused(function, "--cache-dir", "file")
    assert "the cache directory file/below cannot be made" in face.refused(function, "--cache-dir", "file/below")
    (face.directory / "open").mkdir()
    (face.directory / "open").chmod(0o777)
    assert "the cache directory open may be written to by others" in face.refused(function, "--cache-dir", "open")
    assert "does not exist" in face.refused("lost.zip", "--cache-dir", "new")
    assert not (face.directory / "new").exists()
