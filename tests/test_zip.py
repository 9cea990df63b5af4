"""The zip reader: what it makes of healthy archives, and that it sees each way in which readers could disagree."""

from __future__ import annotations

import io
import json
import struct
import sys
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from lambdalint.model import Kind, Lacking, Package, UnreadablePackage
from lambdalint.readers import gate, inflate
from lambdalint.readers.flaws import BrokenDirectory, Damaged, OddRecord, Surplus, WrongSize
from tests.zips import CORPUS, Desk, contents_of, word, zipped
from tests.zipwriter import DEFLATED, END, END64, LOCATOR, STORED, Member, write_zip

TEXT = b"def handler(event, context):\n    return event\n" * 4
BACKENDS = [backend for backend in (inflate.ZLIB, inflate.isal()) if backend is not None]
REGULAR = 0o100644 << 16


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> inflate.Backend:
    assert isinstance(request.param, inflate.Backend)
    monkeypatch.setattr(inflate, "bulk", lambda size: request.param)
    return request.param


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def member(name: bytes = b"app.py", content: bytes = TEXT, **said: Any) -> Member:
    return Member(name, [content], **{"attributes": REGULAR, "method": DEFLATED} | said)


def extra(sort: int, content: bytes) -> bytes:
    return struct.pack("<2H", sort, len(content)) + content


def unicode_path(name: bytes, raw: bytes = b"app.py") -> bytes:
    return extra(0x7075, struct.pack("<BL", 1, zlib.crc32(raw)) + name)


def patched(data: bytes, mark: bytes, offset: int, said: bytes) -> bytes:
    """Return the data with some bytes replaced, counted from a mark."""
    at = data.index(mark) + offset
    return data[:at] + said + data[at + len(said) :]


def only(package: Package) -> Any:
    (entry,) = package.entries
    return entry


# Healthy archives, as many tools write them.


def jar() -> bytes:
    return write_zip([member(b"META-INF/", b"", extra=extra(0xCAFE, b""), attributes=0, system=0, method=STORED)])


HEALTHY = {
    "deflated": zipped(("a.py", TEXT), ("b/c.py", b"")),
    "stored": zipped(("a.py", TEXT), method=zipfile.ZIP_STORED),
    "descriptors": zipped(("a.py", TEXT), ("b.py", TEXT), stream=True),
    "stored with descriptors": zipped(("a.py", TEXT), ("b.py", TEXT), method=zipfile.ZIP_STORED, stream=True),
    "a comment": write_zip([member()], comment=b"built by us"),
    "a comment with a zip's first bytes": write_zip([member()], comment=b"PK\3\4"),
    "DOS attributes": write_zip([member(system=0, attributes=0x20)]),
    "no attributes": write_zip([member(system=0, attributes=0)]),
    "zip64 where it is not needed": write_zip([member()], zip64=True),
    "a jar's first entry": jar(),
    "Info-ZIP's fields": write_zip(
        [
            member(
                extra=extra(0x5455, b"\3\0\0\0\0") + extra(0x7875, b"\1\4\0\0\0\0\4\0\0\0\0"),
                local={"extra": extra(0x5455, b"\3\0\0\0\0\0\0\0\0") + extra(0x7875, b"\1\4\0\0\0\0\4\0\0\0\0")},
            )
        ]
    ),
    "zipalign's padding": write_zip([member(local={"extra": b"\0\0\0"})]),
    "the times of 7-Zip, in the directory only": write_zip([member(extra=extra(0x000A, bytes(32)), local={"extra": b""})]),
    "a name in UTF-8": write_zip([member("café.py".encode())]),
    "files in another order than the directory": write_zip([member(b"b.py"), member(b"a.py")]),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_archives_have_nothing_wrong(name: str, desk: Desk, backend: inflate.Backend) -> None:
    assert desk.words(HEALTHY[name]) == []


@pytest.mark.parametrize("name", HEALTHY)
def test_reads_what_zipfile_reads(name: str, desk: Desk, backend: inflate.Backend) -> None:
    with zipfile.ZipFile(io.BytesIO(HEALTHY[name])) as archive:
        expected = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    assert dict(contents_of(desk.open(HEALTHY[name]))) == expected


def test_zip64_of_zipfile(desk: Desk) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive, archive.open("big.bin", "w", force_zip64=True) as file:
        file.write(TEXT)
    assert desk.words(whole.getvalue()) == []


def test_descriptors_in_all_four_forms(desk: Desk) -> None:
    crc = zlib.crc32(TEXT)
    for signature in (b"PK\7\x08", b""):
        for form in ("<3L", "<L2Q"):
            body = Member(b"a.py", [TEXT], flags=8, local={"crc": 0, "packed": 0, "size": 0}, attributes=REGULAR).body()
            descriptor = signature + struct.pack(form, crc, len(TEXT), len(TEXT))
            row = Member(b"a.py", [TEXT], flags=8, attributes=REGULAR).row(0)
            at = len(body) + len(descriptor)
            data = body + descriptor + row + END.pack(b"PK\5\6", 0, 0, 1, 1, len(row), at, 0)
            assert desk.words(data) == []


def test_66000_entries_take_no_five_seconds(desk: Desk) -> None:
    many = [Member(b"%05x.py" % number, attributes=REGULAR) for number in range(66_000)]
    begun = time.process_time()
    package = desk.open(write_zip(many))
    package.contents.verify()
    assert len(package.entries) == 66_000
    assert package.archive.flaws == ()
    assert time.process_time() - begun < 5


def test_a_count_that_wrapped_is_harmless(desk: Desk) -> None:
    rows = [Member(b"%05x.py" % number, attributes=REGULAR) for number in range(65_540)]
    data = write_zip(rows)
    # Without zip64 records the count is what is left of it in 16 bits: old jar tools did so.
    end = data.rindex(b"PK\5\6")
    directory = data.index(b"PK\1\2")
    size = data.rindex(b"PK\6\6") - directory
    data = data[: directory + size] + END.pack(b"PK\5\6", 0, 0, 4, 4, size, directory, 0)
    assert len(data) < end
    package = desk.open(data)
    assert [word(flaw) for flaw in package.archive.flaws] == ["OddRecord-"]
    assert len(package.entries) == 65_540


# Modes, kinds and names.


@pytest.mark.parametrize(
    ("system", "attributes", "mode"),
    [
        (3, 0o100644 << 16, 0o644),
        (3, 0o100600 << 16, 0o600),
        (3, 0o104755 << 16, 0o4755),
        (3, 0o644 << 16, 0o644),  # no type: a regular file
        (19, 0o100755 << 16, 0o755),  # macOS
        (3, 0o100000 << 16, 0),  # a mode that allows nothing
        (3, 0, None),
        (3, 0x20, None),
        (0, 0o100644 << 16, None),  # Python on Windows
        (10, 0o100644 << 16, None),
        (11, 0, None),
    ],
)
def test_modes(system: int, attributes: int, mode: int | None, desk: Desk) -> None:
    entry = only(desk.open(write_zip([member(system=system, attributes=attributes)])))
    assert (entry.mode, entry.kind) == (mode, Kind.FILE)


@pytest.mark.parametrize(
    ("name", "system", "attributes", "content", "kind"),
    [
        (b"a/", 3, 0o040755 << 16, b"", Kind.DIR),
        (b"a/", 0, 0, b"", Kind.DIR),
        (b"a", 3, 0o040755 << 16, b"", Kind.DIR),
        (b"a", 0, 0x10, b"", Kind.DIR),
        (b"a", 3, 0o040755 << 16, b"x", Kind.FILE),
        (b"a/", 3, 0o100644 << 16, b"x", Kind.DIR),
        (b"a", 3, 0o120777 << 16, b"b", Kind.LINK),
        (b"a", 0, 0o120777 << 16, b"b", Kind.FILE),
        (b"a", 3, 0o010644 << 16, b"", Kind.OTHER),
        (b"a", 3, 0o020644 << 16, b"", Kind.OTHER),
        (b"a", 3, 0o140644 << 16, b"", Kind.OTHER),
        (b"a", 3, 0o170644 << 16, b"", Kind.OTHER),
    ],
)
def test_kinds(name: bytes, system: int, attributes: int, content: bytes, kind: Kind, desk: Desk) -> None:
    entry = only(desk.open(write_zip([member(name, content, system=system, attributes=attributes)])))
    assert (entry.kind, entry.path) == (kind, "a")


@pytest.mark.parametrize(
    ("raw", "flags", "path"),
    [
        (b"a/b.py", 0, "a/b.py"),
        (b"/a.py", 0, "/a.py"),
        (b"a//b.py", 0, "a//b.py"),
        (b"a\\b.py", 0, "a\\b.py"),
        (b"../a.py", 0, "../a.py"),
        (b"a\0b", 0, "a\0b"),
        (b"/", 0, "/"),
        (b"", 0, ""),
        ("é.py".encode(), 0x800, "é.py"),
        ("é.py".encode(), 0, "é.py"),
        (b"\x82.py", 0, "é.py"),  # code page 437
        (b"\xff.py", 0x800, "\udcff.py"),
    ],
)
def test_names(raw: bytes, flags: int, path: str, desk: Desk) -> None:
    entry = only(desk.open(write_zip([member(raw, b"", method=STORED, flags=flags)])))
    assert (entry.raw, entry.path) == (raw, path)


def test_a_link_and_its_target(desk: Desk, backend: inflate.Backend) -> None:
    for method in (STORED, DEFLATED):
        entry = only(desk.open(write_zip([member(b"x", b"../\xff", method=method, attributes=0o120777 << 16)])))
        assert entry.target == "../\udcff"


def test_a_link_whose_target_cannot_be_had(desk: Desk) -> None:
    broken = write_zip([member(b"x", b"target", attributes=0o120777 << 16, crc=1, local={"crc": 1})])
    long = write_zip([member(b"x", b"y" * 5_000, attributes=0o120777 << 16)])
    gone = write_zip([member(b"x", b"target", attributes=0o120777 << 16, offset=3)])
    for data, words in ((broken, ["Damaged"]), (long, ["BeyondCap"]), (gone, ["HeaderMismatch!"])):
        assert only(desk.open(data)).target is None
        assert desk.words(data) == words


# What is wrong with archives that can be opened.

RENAMED = unicode_path(b"evil.py")
WRONG: dict[str, tuple[bytes, list[str]]] = {
    "no entries": (write_zip([]), ["NoEntries"]),
    "a member that the directory lost": (write_zip([member(in_directory=False)]), ["NoEntries", "Surplus before"]),
    "a second row for the same bytes": (write_zip([member(), member(in_body=False, offset=0)]), ["Overlap"]),
    "a member that reaches into the directory": (write_zip([member(packed=500, local={"packed": 500})]), ["Overlap"]),
    "another local name": (write_zip([member(local={"name": b"bad.py"})]), ["HeaderMismatch!"]),
    "another local name, slashes aside": (
        write_zip([member(b"a/b.py", local={"name": b"a\\b.py"})]), ["HeaderMismatch"],
    ),
    "another local method": (write_zip([member(local={"method": STORED})]), ["HeaderMismatch!"]),
    "another local method of nothing": (write_zip([member(content=b"", method=STORED, local={"method": 8})]), ["HeaderMismatch"]),
    "another local size": (write_zip([member(local={"size": 3})]), ["HeaderMismatch!"]),
    "another local packed size": (write_zip([member(local={"packed": 3})]), ["HeaderMismatch!"]),
    "another local checksum": (write_zip([member(local={"crc": 3})]), ["HeaderMismatch"]),
    "encrypted by the local header only": (write_zip([member(local={"flags": 1})]), ["HeaderMismatch!"]),
    "another local time": (write_zip([member(local={"time": 3})]), ["OddRecord-"]),
    "no local header": (write_zip([member(offset=2)]), ["HeaderMismatch!"]),
    "a descriptor that is not there": (write_zip([member(flags=8)]), ["HeaderMismatch"]),
    "a descriptor of one header": (write_zip([member(flags=8, local={"flags": 0})]), ["OddRecord"]),
    "a wrong descriptor": (patched(write_zip([member(descriptor=True)]), b"PK\7\x08", 4, b"?"), ["HeaderMismatch"]),
    "a descriptor with another mark": (patched(write_zip([member(descriptor=True)]), b"PK\7\x08", 0, b"?"), ["HeaderMismatch"]),
    "bytes of a member that should be empty": (
        write_zip([member(descriptor=True, crc=0, packed=0, size=0)]), ["HeaderMismatch!", "OddRecord", "Surplus between"],
    ),
    "a member that is not listed": (write_zip([member(), member(b"b.py", in_directory=False)]), ["Surplus between"]),
    "a gap before the directory": (write_zip([member()], gap=b"?" * 7), ["Surplus between"]),
    "a launcher, offsets adjusted": (write_zip([member()], prefix=b"#!/usr/bin/env python3\n"), ["Surplus before"]),
    "a launcher, offsets as they were": (
        write_zip([member()], prefix=b"#!/bin/sh\n", adjusted=False), ["Surplus before"],
    ),
    "the mark of a split archive": (write_zip([member()], prefix=b"PK\7\x08"), ["OddRecord-"]),
    "junk at the end": (write_zip([member()], suffix=b"\n"), ["Surplus after"]),
    "a comment that is too long": (write_zip([member()], comment=b"abc")[:-1], ["OddRecord"]),
    "an empty archive in the comment": (
        write_zip([member()], comment=END.pack(b"PK\5\6", *[0] * 7)),
        ["NoEntries", "Surplus before", "Surplus end record!"],
    ),
    "an end record in the comment that leads nowhere": (
        write_zip([member()], comment=END.pack(b"PK\5\6", 0, 0, 1, 1, 99, 99, 0)), ["Surplus end record"],
    ),
    "an archive in the comment": (
        write_zip([member()], comment=write_zip([member(b"b.py")])), ["Surplus before", "Surplus end record!"],
    ),
    "too high a count": (write_zip([member()], end={"here": 9, "entries": 9}), ["OddRecord"]),
    "too low a count": (write_zip([member(), member(b"b.py")], end={"here": 1, "entries": 1}), ["OddRecord"]),
    "a count of this disk": (write_zip([member()], end={"here": 9}), ["OddRecord"]),
    "too large a directory": (write_zip([member()], end={"size": 60}), ["OddRecord"]),
    "an offset that is too high": (write_zip([member()], end={"offset": 999_999}), ["OddRecord"]),
    "the second disk": (write_zip([member()], end={"disk": 1, "start_disk": 1}), ["MultiDisk"]),
    "encrypted": (write_zip([member(flags=1)]), ["Encrypted"]),
    "strongly encrypted": (write_zip([member(flags=0x41)]), ["Encrypted"]),
    "masked headers": (write_zip([member(flags=0x2041, local={"crc": 0, "size": 0, "name": b"1"})]), ["Encrypted"]),
    "AES": (patched(write_zip([member(flags=1, local={"method": 99})]), b"PK\1\2", 10, b"\x63"), ["Encrypted"]),
    "LZMA": (patched(write_zip([member(local={"method": 14})]), b"PK\1\2", 10, b"\x0e"), ["UnsupportedMethod"]),
    "no name": (write_zip([member(b"")]), ["OddRecord"]),
    "a name that is not UTF-8": (write_zip([member(b"\xff", flags=0x800)]), ["OddRecord"]),
    "a name in code page 437": (write_zip([member(b"\x82", flags=0)]), ["OddRecord-"]),
    "a name in unmarked UTF-8": (write_zip([member("é".encode(), flags=0)]), ["OddRecord-"]),
    "one header marks the name as UTF-8": (write_zip([member("é".encode(), flags=0x800, local={"flags": 0})]), ["OddRecord"]),
    "a name that is too long": (write_zip([member(b"a" * 5_000)]), ["BeyondCap"]),
    "a directory with bytes": (write_zip([member(b"a/")]), ["OddRecord"]),
    "a directory by its mode only": (write_zip([member(b"a", b"", method=STORED, attributes=0o040755 << 16)]), ["OddRecord"]),
    "a patch": (write_zip([member(flags=0x20)]), ["OddRecord"]),
    "a version to come": (write_zip([member(needed=99)]), ["OddRecord"]),
    "a comment in another code": (write_zip([member(comment=b"\xff")]), ["OddRecord-"]),
    "a novel for a comment": (write_zip([member(comment=b"a" * 5_000)]), ["OddRecord-"]),
    "a field that is cut off": (write_zip([member(extra=b"\x99\x99\xff\0")]), ["OddRecord"]),
    "bytes that are no field": (write_zip([member(extra=b"abc")]), ["OddRecord"]),
    "40 KB of fields": (write_zip([member(extra=extra(0xD935, bytes(40_000)))]), ["OddRecord-"]),
    "more fields than anyone needs": (write_zip([member(extra=extra(0x5455, b"\3\0\0\0\0") * 99)]), ["OddRecord", "OddRecord-"]),
    "a local size left to a field that is not there": (
        write_zip([member(size=0xFFFFFFFF, extra=extra(1, struct.pack("<Q", len(TEXT))), local={"extra": b""})]),
        ["HeaderMismatch!", "OddRecord"],
    ),
    "a field twice": (write_zip([member(extra=extra(0x9999, b"") * 2)]), ["OddRecord-"]),
    "a strange field in the local header": (write_zip([member(local={"extra": extra(0x9999, b"")})]), ["OddRecord-"]),
    "another name in a field": (write_zip([member(extra=RENAMED, local={"extra": b""})]), ["OddRecord"]),
    "another name in a field of both": (write_zip([member(extra=RENAMED)]), ["OddRecord"]),
    "another name in a void field": (write_zip([member(extra=unicode_path(b"evil.py", b"?"))]), ["OddRecord"]),
    "two other names": (write_zip([member(extra=RENAMED * 2)]), ["OddRecord"]),
    "the same name in a field": (write_zip([member(extra=unicode_path(b"app.py"))]), []),
    "another comment in a field": (
        write_zip([member(comment=b"a", extra=extra(0x6375, b"\1\0\0\0\0b"))]), ["OddRecord-"],
    ),
    "zip64 sizes that nobody asked for": (write_zip([member(extra=extra(1, struct.pack("<2Q", 1, 2)))]), ["OddRecord"]),
    "true zip64 sizes that nobody asked for": (
        write_zip([Member(b"a", [TEXT], attributes=REGULAR, extra=extra(1, struct.pack("<2Q", len(TEXT), len(TEXT))))]), [],
    ),
    "zip64 sizes that are missing": (write_zip([member(size=0xFFFFFFFF, packed=0xFFFFFFFF)]), ["OddRecord"]),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong(name: str, desk: Desk) -> None:
    data, words = WRONG[name]
    assert desk.words(data) == words


def test_an_overlap_with_the_directory_has_no_other(desk: Desk) -> None:
    (flaw,) = desk.open(WRONG["a member that reaches into the directory"][0]).archive.flaws
    assert getattr(flaw, "other", ...) is None


def test_overlapping_members_are_not_unpacked(desk: Desk) -> None:
    package = desk.open(WRONG["a second row for the same bytes"][0])
    package.contents.verify()
    assert package.contents.bytes_inflated == 0
    with pytest.raises(Lacking, match=r"the content of app\.py"):
        package.read(package.entries[0], 10)


# End records.


def with_end64(*, count: int = 1, rest: int = 44, locator: int = 0, narrow: tuple[int, int, int] | None = None, junk: bytes = b"") -> bytes:
    """Return an archive with zip64 records of which some fields lie, and plain end fields: count, size, offset."""
    plain = write_zip([member()])
    start, end = plain.index(b"PK\1\2"), plain.index(b"PK\5\6")
    record = END64.pack(b"PK\6\6", rest, 45, 45, 0, 0, count, count, end - start, start)
    count16, size32, offset32 = narrow or (0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    last = END.pack(b"PK\5\6", 0, 0, count16, count16, size32, offset32, 0)
    return plain[:end] + record + junk + LOCATOR.pack(b"PK\6\7", 0, end + locator, 1) + last


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (with_end64(), []),
        (with_end64(rest=44 + 8, junk=bytes(8)), ["OddRecord"]),
        (with_end64(rest=44 + 8), ["OddRecord"]),
        (with_end64(junk=bytes(8)), ["OddRecord"]),
        (with_end64(locator=1), ["OddRecord"]),
        (with_end64(count=3), ["OddRecord"]),
        (with_end64(narrow=(1, 0xFFFFFFFF, 0xFFFFFFFF)), []),
        (with_end64(narrow=(2, 0xFFFFFFFF, 0xFFFFFFFF)), ["OddRecord"]),
        (with_end64(narrow=(0xFFFF, 5, 0xFFFFFFFF)), ["OddRecord"]),
        (b"junk" + with_end64(), ["Surplus before"]),
        (with_end64(locator=1, narrow=(1, 52, 105)), ["OddRecord"]),
    ],
)
def test_zip64_end_records(data: bytes, words: list[str], desk: Desk) -> None:
    assert desk.words(data) == words


def test_zip64_records_that_lead_elsewhere(desk: Desk) -> None:
    first, second = with_end64(), with_end64()
    first = first[:-2] + struct.pack("<H", len(second))
    found = desk.open(first + second.replace(b"app.py", b"bad.py")).archive.flaws
    assert [word(flaw) for flaw in found if isinstance(flaw, Surplus)] == ["Surplus end record!"]


def test_zip64_locator_that_leads_nowhere(desk: Desk) -> None:
    plain = write_zip([member()])
    end = plain.index(b"PK\5\6")
    data = plain[:end] + LOCATOR.pack(b"PK\6\7", 0, 5, 1) + plain[end:]
    assert desk.words(data) == ["OddRecord", "Surplus between"]


UNREADABLE: dict[str, tuple[bytes, str]] = {
    "half an archive": (write_zip([member()])[:100], "Truncated"),
    "an archive inside one that was cut off": (
        write_zip([member(b"inner.zip", write_zip([member()]), method=STORED), member(b"x", b"x" * 99, method=STORED)])[:-200], "Truncated",
    ),
    "the first volume": (b"PK\7\x08" + write_zip([member()])[:50], "MultiDisk"),
    "the last volume": (write_zip([member()], end={"disk": 2, "start_disk": 1, "offset": 9_999, "size": 5}), "MultiDisk"),
    "no directory where it should be": (write_zip([member()], end={"offset": 3, "size": 3}), "BrokenDirectory"),
    "a directory that is cut off": (
        patched(write_zip([member()]), b"PK\1\2", 28, b"\xff\xff"), "BrokenDirectory",
    ),
    "zip64 marks and no zip64 record": (write_zip([member()], end={"offset": 0xFFFFFFFF}), "BrokenDirectory"),
    "read as text": (zipped(("a.bin", bytes(range(256)) * 9)).decode("utf-8", "replace").encode(), "NotAPackage"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_opened(name: str, desk: Desk) -> None:
    data, flaw = UNREADABLE[name]
    with pytest.raises(UnreadablePackage) as caught:
        desk.open(data)
    assert [word(one) for one in caught.value.archive.flaws] == [flaw]
    assert caught.value.archive.size == len(data)


def test_a_directory_that_breaks_off_half_way(desk: Desk) -> None:
    data = write_zip([member(), member(b"b.py")])
    data = patched(data, b"PK\1\2\x14\x03", 46 + 6, b"??")
    package = desk.open(data)
    assert [entry.path for entry in package.entries] == ["app.py"]
    (flaw,) = package.archive.of(BrokenDirectory)
    assert "where entry 2 of 2 should be" in flaw.detail


def test_a_directory_beyond_the_cap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write_zip([member(b"%d.py" % number) for number in range(20)])
    monkeypatch.setattr(gate, "ENTRIES", 5)
    assert desk.words(data) == ["BeyondCap"]
    assert len(desk.open(data).entries) == 5
    monkeypatch.setattr(gate, "DIRECTORY_BYTES", 300)
    assert "BeyondCap" in desk.words(data)


def test_links_beyond_the_cap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "ALL_LINK_BYTES", 10)
    package = desk.open(write_zip([member(b"%d" % number, b"target", attributes=0o120777 << 16) for number in range(4)]))
    assert [entry.target for entry in package.entries] == ["target", None, None, None]
    assert [word(flaw) for flaw in package.contents.flaws] == ["BeyondCap"]


def test_remarks_beyond_the_cap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "REMARKS", 2)
    rows = [member(b"%d" % number, local={"crc": number, "time": 9}) for number in range(5)]
    words = [word(flaw) for flaw in desk.open(write_zip(rows)).archive.flaws]
    assert sorted(words) == ["BeyondCap", "HeaderMismatch", "HeaderMismatch", "OddRecord-", "OddRecord-"]


# What comes to light when members are unpacked.

def lying(packed: bytes, **said: int) -> bytes:
    """Return an archive with one deflated member whose packed bytes and numbers are these."""
    numbers: dict[str, int | bytes] = {"crc": zlib.crc32(b"hello"), "size": 5, "packed": len(packed), "method": DEFLATED}
    numbers.update(said)
    raw = Member(b"a", [packed], attributes=REGULAR, local=numbers)
    raw.central.update(numbers)
    return write_zip([raw])


TRUE = bytes.fromhex("cb48cdc9c90700")
FORGED = b"# benign\nprint('malicious')\n# 12323013111123311000\n"  # its first nine bytes have the same CRC


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lying(TRUE), []),
        (lying(TRUE, crc=1), ["Damaged"]),
        (lying(TRUE, size=3), ["Damaged"]),
        (lying(TRUE, size=9), ["WrongSize"]),
        (lying(TRUE, size=9, crc=1), ["Damaged"]),
        (lying(TRUE, size=1 << 31), ["Damaged"]),
        (lying(TRUE[:-2]), ["Damaged"]),
        (lying(b"\xff" * 9), ["Damaged"]),
        (lying(TRUE + b"more"), ["OddRecord"]),
        (lying(b"", size=0, crc=0), ["OddRecord"]),
        (lying(FORGED, size=9, crc=zlib.crc32(FORGED), method=STORED), ["WrongSize"]),
        (lying(b"hello", method=STORED), []),
        (lying(b"hell", method=STORED), ["Damaged"]),
    ],
)
def test_what_unpacking_brings_to_light(data: bytes, words: list[str], desk: Desk, backend: inflate.Backend) -> None:
    assert desk.words(data) == words
    package = desk.open(data)
    if words in ([], ["OddRecord"]):
        assert package.read(only(package), 99) == (b"hello" if only(package).size else b"")
    else:
        with pytest.raises(Lacking):
            package.read(only(package), 99)
        assert all(isinstance(flaw, (Damaged, WrongSize)) for flaw in package.contents.flaws)


def test_a_bomb_stops_at_its_declared_size(desk: Desk, backend: inflate.Backend) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(64)) + bomb.flush()
    package = desk.open(lying(packed, size=300_000))
    package.contents.verify()
    assert [word(flaw) for flaw in package.contents.flaws] == ["Damaged"]
    assert package.contents.bytes_inflated <= 300_000


def test_no_more_is_unpacked_than_the_cap(desk: Desk, monkeypatch: pytest.MonkeyPatch, backend: inflate.Backend) -> None:
    monkeypatch.setattr(gate, "UNPACKED_BYTES", 2_000_000)
    package = desk.open(zipped(*[(f"{name}.bin", bytes(900_000)) for name in "abcde"]))
    package.contents.verify()
    assert [word(flaw) for flaw in package.contents.flaws] == ["BeyondCap"]
    assert package.contents.bytes_inflated <= 2_000_000
    with pytest.raises(Lacking):
        package.read(package.entries[-1], 10)


def strategies() -> list[tuple[int, int]]:
    return [(level, kind) for level in (0, 1, 6, 9) for kind in (0, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED)]


@pytest.mark.parametrize(("level", "strategy"), strategies())
def test_a_look_at_the_first_bytes_sees_them(level: int, strategy: int, desk: Desk) -> None:
    content = b"\x7fELF" + bytes(range(256)) * 40
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -15, strategy=strategy)
    # A stream may open with empty blocks, as many as it likes.
    packed = squeeze.flush(zlib.Z_FULL_FLUSH) * 200 + squeeze.compress(content) + squeeze.flush()
    package = desk.open(lying(packed, crc=zlib.crc32(content), size=len(content)))
    assert package.contents.head(only(package)) == content[:64]
    assert package.contents.inflations == {}
    package.contents.verify()
    assert package.contents.flaws == []


# Other projects' archives, where they are at hand.


def rows() -> list[dict[str, Any]]:
    manifest = CORPUS / "manifest.json"
    if not manifest.is_file():
        return []
    return [row for row in json.loads(manifest.read_text())["files"] if row["container"] == "zip"]


#: What rules judge by the entries, and no reader: a name that stands twice, a name with a NUL in it.
BY_RULES = {"wheel-1.0-py3-none-any.whl", "incons-filename-nul-byte.zip"}


@pytest.mark.skipif(not rows(), reason="the archives of other projects are not at hand")
def test_other_projects_archives(desk: Desk) -> None:
    missed, false = [], []
    for row in rows():
        name = Path(row["file"]).name
        found = desk.flaws((CORPUS / row["file"]).read_bytes())
        words = {word(flaw) for flaw in found}
        if row["upstream"] == "reject" and not found and name not in BY_RULES:
            missed.append(row["file"])
        mild = {"OddRecord", "OddRecord-", "WrongSize", "NoEntries"}
        if row["upstream"] == "accept" and not words <= mild:
            false.append(row["file"])
    assert (missed, false) == ([], [])


def test_a_harmless_oddity_says_whose_it_is(desk: Desk) -> None:
    (flaw,) = desk.open(WRONG["another local time"][0]).archive.of(OddRecord)
    assert flaw.entry is not None
    assert flaw.entry.path == "app.py"


def test_without_isal_it_is_zlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    inflate.isal.cache_clear()
    assert inflate.bulk(inflate.WORTH) is inflate.ZLIB
    inflate.isal.cache_clear()
