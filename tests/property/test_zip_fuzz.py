"""What must hold for every archive and for every string of bytes: the same as zipfile, or a flaw, and never another exception."""

from __future__ import annotations

import functools
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lambdalint.contents import Contents
from lambdalint.model import Lacking, Package, UnreadablePackage
from lambdalint.readers import inflate
from lambdalint.readers.flaws import OddRecord
from tests.zips import Desk, Unseekable, contents_of, zipped
from tests.zipwriter import DEFLATED, Member, write_zip

ROUNDS = 4_000
#: Values that break arithmetic, among all others.
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF)

names = st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=12)
methods = st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
repeated = st.builds(lambda one, times: one * times, st.binary(min_size=1, max_size=9), st.integers(0, 99_999))
content = st.one_of(st.binary(max_size=300), repeated)
member = st.tuples(names, content, methods, st.booleans(), st.sampled_from((0o644, 0o600, 0o755)))
members = st.lists(member, max_size=6, unique_by=lambda row: row[0])
headed = st.builds(bytes.__add__, st.sampled_from((b"PK\3\4", b"PK\5\6", b"PK\1\2", b"PK\6\6")), st.binary(max_size=99))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("fuzz"))


def written(rows: list[tuple[str, bytes, int, bool, int]], comment: bytes, *, stream: bool) -> bytes:
    pipe, whole = Unseekable(), io.BytesIO()
    with zipfile.ZipFile(pipe if stream else whole, "w") as archive:
        for name, data, method, wide, mode in rows:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = (0o100000 | mode) << 16
            with archive.open(info, "w", force_zip64=wide) as file:
                file.write(data)
        archive.comment = comment
    return bytes(pipe.written) if stream else whole.getvalue()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(members, st.binary(max_size=20), st.booleans(), st.sampled_from([one for one in (inflate.ZLIB, inflate.isal()) if one]))
def test_healthy_archives_read_as_zipfile_reads_them(
    desk: Desk, rows: list[tuple[str, bytes, int, bool, int]], comment: bytes, stream: bool, backend: inflate.Backend
) -> None:
    data = written(rows, comment, stream=stream)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inflate, "bulk", always(backend))
        package = desk.open(data)
        if rows and b"PK\5\6" not in comment:
            assert [flaw for flaw in package.archive.flaws if not (isinstance(flaw, OddRecord) and flaw.harmless)] == []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            expected = {info.filename: (archive.read(info), info.external_attr >> 16 & 0o7777) for info in archive.infolist()}
        assert {path: (content, mode_of(package, path)) for path, content in contents_of(package)} == expected
        package.contents.verify()
    assert package.contents.flaws == []
    assert set(package.contents.inflations.values()) <= {1}


def mode_of(package: Package, path: str) -> int | None:
    entry = package.get(path)
    assert entry is not None
    return entry.mode


def exercised(desk: Desk, data: bytes) -> Package | None:
    """Do everything that can be done with an archive. None: it cannot be opened, and says why."""
    try:
        package = desk.open(data)
    except UnreadablePackage as unreadable:
        if not unreadable.archive.flaws:
            raise
        return None
    for entry in package.entries:
        package.contents.head(entry)
    for entry in package.entries[:3]:
        try:
            assert len(package.read(entry, 10_000)) == min(entry.size, 10_000)
        except Lacking:
            continue
    package.contents.verify()
    check(package, package.contents)
    return package


def check(package: Package, contents: Contents) -> None:
    assert contents.bytes_inflated <= sum(entry.size for entry in package.files())
    assert set(contents.inflations.values()) <= {1}
    assert all(flaw.entry is None or flaw.entry in set(package.entries) or flaw.entry.kind.value == "link" for flaw in contents.flaws)
    if not package.entries:
        assert package.archive.flaws


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=400), headed))
@example(b"PK\5\6" + bytes(18))
@example(b"PK\5\6" + b"\xff" * 18)
@example(b"PK\6\6" + bytes(52) + b"PK\6\7" + bytes(16) + b"PK\5\6" + b"\xff" * 18)
def test_any_bytes(desk: Desk, data: bytes) -> None:
    exercised(desk, data)


@functools.cache
def seeds() -> list[bytes]:
    text = b"def handler(event, context):\n    return event\n" * 9
    wide = struct.pack("<2H2Q", 1, 16, len(text), len(text))
    plain = [
        Member(b"app.py", [text], attributes=0o100644 << 16, method=DEFLATED),
        Member(b"lib/", attributes=0o040755 << 16),
        Member(b"lib/x", [b"target"], attributes=0o120777 << 16),
        Member("lib/é.bin".encode(), [bytes(9_999)], method=DEFLATED, descriptor=True),
        Member(b"wide", [text], size=0xFFFFFFFF, packed=0xFFFFFFFF, extra=wide),
    ]
    inner = write_zip(plain[:1])
    return [
        write_zip(plain),
        write_zip(plain, zip64=True, comment=b"comment"),
        write_zip(plain[:2], prefix=b"#!/bin/sh\n", adjusted=False),
        write_zip([Member(b"inner.zip", [inner]), *plain[:1]], comment=inner),
        zipped(("a.py", text), ("b.py", text), stream=True),
    ]


def mutated(chance: random.Random) -> bytes:
    """Return an archive with some bytes changed, mostly in its headers, where readers decide."""
    data = bytearray(chance.choice(seeds()))
    marks = [at for at in range(len(data) - 4) if data[at : at + 2] == b"PK"]
    for _ in range(chance.randint(1, 5)):
        way = chance.random()
        at = min(len(data) - 1, chance.choice(marks) + chance.randint(0, 60)) if way < 0.85 else chance.randrange(len(data))
        if way < 0.3:
            data[at] = chance.randrange(256)
        elif way < 0.7:
            size, form = chance.choice(((1, "<B"), (2, "<H"), (4, "<L")))
            data[at : at + size] = struct.pack(form, chance.choice(EDGES) & (1 << 8 * size) - 1)
        elif way < 0.8:
            del data[at : at + chance.randint(1, 30)]
        elif way < 0.9:
            data[at:at] = data[at : at + chance.randint(1, 60)]
        else:
            del data[chance.randrange(len(data)) :]
            break
        if not data:
            break
    return bytes(data)


def test_mutated_archives(desk: Desk) -> None:
    """What zipfile and this reader can both read, they read alike, or a flaw tells that readers may differ."""
    chance = random.Random(20_261_121)
    readable = 0
    for _ in range(ROUNDS):
        data = mutated(chance)
        package = exercised(desk, data)
        if package is None or package.archive.flaws or package.contents.flaws:
            continue
        readable += 1
        assert as_zipfile_reads(data) == {(entry.raw.rstrip(b"/"), body(package, entry.raw)) for entry in package.files()}
    assert readable > ROUNDS / 200


def test_both_libraries_find_the_same_wrong_with_a_broken_stream(desk: Desk) -> None:
    chance = random.Random(1)
    text = b"".join(b"def f%d(event):\n    return %d\n" % (number, number * 7) for number in range(40))
    for _ in range(600):
        squeeze = zlib.compressobj(chance.choice((1, 6, 9)), zlib.DEFLATED, -15, strategy=chance.randrange(5))
        packed = bytearray(squeeze.compress(text) + squeeze.flush())
        for _ in range(chance.randint(1, 3)):
            packed[chance.randrange(chance.choice((20, len(packed))))] ^= 1 << chance.randrange(8)
        said: dict[str, int | bytes] = {"crc": zlib.crc32(text), "size": len(text), "method": DEFLATED}
        broken = Member(b"a", [bytes(packed)], local=said)
        broken.central.update(said)
        data, found = write_zip([broken]), []
        for backend in (inflate.ZLIB, inflate.bulk(inflate.WORTH)):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(inflate, "bulk", always(backend))
                found.append([(type(flaw), getattr(flaw, "detail", "")) for flaw in desk.flaws(data)])
        assert found[0] == found[1]


def always(backend: inflate.Backend) -> Callable[[int], inflate.Backend]:
    return lambda size: backend


def as_zipfile_reads(data: bytes) -> set[tuple[bytes, int]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            (info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437"), zlib.crc32(archive.read(info)))
            for info in archive.infolist()
            if not info.is_dir() and (info.create_system not in (3, 19) or info.external_attr >> 28 in (0, 8))
        }


def body(package: Package, raw: bytes) -> int:
    entry = next(entry for entry in package.files() if entry.raw == raw)
    return zlib.crc32(package.read(entry, 1 << 30))


def test_the_archives_that_fuzzing_starts_from_are_healthy(desk: Desk, tmp_path: Path) -> None:
    assert [desk.words(data) for data in seeds()][:2] == [[], []]
