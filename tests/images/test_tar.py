"""The tar walk, held to tarfile on healthy archives and to its bounds on others."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdalint.model import Kind
from lambdalint.readers import gate
from lambdalint.readers.runs import Flowing, Positioned, Slice
from lambdalint.readers.tar import BadTar, Member, TooMuch, walk
from tests import imagewriter as make


class Bytes:
    """A part that lies in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)
        self.stamp, self.changed = "", 0.0

    def at(self, offset: int, count: int) -> bytes:
        return self._data[offset : offset + max(0, count)] if offset >= 0 else b""


def chunked(data: bytes, step: int = 700) -> Flowing:
    return Flowing(data[at : at + step] for at in range(0, len(data), step))


RUNS: list[Callable[[bytes], Positioned | Flowing]] = [lambda data: Positioned(Bytes(data)), chunked]
both = pytest.mark.parametrize("run", RUNS, ids=["by position", "flowing"])


def told(member: Member) -> tuple[str, Kind, int, int, str | None]:
    target = None if member.target is None else member.target.decode("utf-8", "surrogateescape")
    return member.raw.decode("utf-8", "surrogateescape").rstrip("/"), member.kind, member.mode, member.size, target


def by_tarfile(data: bytes) -> list[tuple[str, Kind, int, int, str | None]]:
    kinds = {tarfile.DIRTYPE: Kind.DIR, tarfile.SYMTYPE: Kind.LINK, tarfile.FIFOTYPE: Kind.OTHER, tarfile.CHRTYPE: Kind.OTHER}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return [
            (one.name.rstrip("/"), kinds.get(one.type, Kind.FILE), one.mode & 0o7777, one.size if one.isreg() else 0,
             one.linkname if one.issym() or one.islnk() else None)
            for one in tar
        ]  # fmt: skip


names = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=300).filter(
    lambda name: name.strip("/") != ""
)
members = st.tuples(names, st.sampled_from(["file", "dir", "link", "hard", "fifo"]), st.integers(0, 0o7777), st.binary(max_size=1_500))


@given(
    st.lists(members, max_size=8), st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]), st.integers(1, 2_000)
)
@settings(max_examples=150, deadline=None)
def test_healthy_archives_read_as_by_tarfile(items: list[tuple[str, str, int, bytes]], form: int, step: int) -> None:
    types = {"file": tarfile.REGTYPE, "dir": tarfile.DIRTYPE, "link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "fifo": tarfile.FIFOTYPE}
    out = io.BytesIO()
    bodies = []
    with tarfile.open(fileobj=out, mode="w", format=form) as tar:
        for name, kind, mode, body in items:
            info = tarfile.TarInfo(name)
            info.type, info.mode = types[kind], mode
            info.linkname = f"{name}/target" if kind in ("link", "hard") else ""
            info.size = len(body) if kind == "file" else 0
            try:
                tar.addfile(info, io.BytesIO(body) if kind == "file" else None)
            except ValueError:  # ustar has no room for the name
                continue
            bodies += [body] if kind == "file" else []
    data = out.getvalue()
    expected = by_tarfile(data)
    assert [told(member) for member in walk(Positioned(Bytes(data)))] == expected
    run, found, read = chunked(data, step), [], []
    for member in walk(run):
        found.append(told(member))
        if member.kind is Kind.FILE and not member.hard:
            read.append(b"".join(run.pieces(member.size)))
    assert found == expected
    assert read == bodies


@given(st.binary(max_size=3_000), st.lists(st.tuples(st.integers(0, 2_047), st.integers(0, 255)), max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_bytes_end_in_members_or_bad_tar(noise: bytes, patches: list[tuple[int, int]]) -> None:
    data = bytearray(make.tar(make.pax({"path": b"long/name", "size": b"3"}), make.file("a", b"abc"), make.link("b", "a")) + noise)
    for at, byte in patches:
        data[at] = byte
    results = []
    for run in RUNS:
        seen: list[object] = []
        try:
            seen += [told(member) for member in walk(run(bytes(data)))]
        except BadTar as bad:
            seen.append(bad.detail)
        results.append(seen)
    assert results[0][-1:] == results[1][-1:]


@both
def test_old_directories_are_told_by_their_name(run: Callable[[bytes], Positioned | Flowing]) -> None:
    (member,) = walk(run(make.tar(make.header(b"folder/", flag=b"\0", magic=bytes(8)))))
    assert member.kind is Kind.DIR


@both
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (make.header(b"a", size=1, checksum=b"0000001\0"), "wrong checksum"),
        (make.header(b"a", size=5_000) + b"x", "ends 4,999 bytes before a does"),
        (make.header(b"a", octets=b"\xff" * 12), "negative"),
        (make.header(b"a")[:300], "within a header"),
        (make.header(b"a", octets=b"12345678901x"), "no number"),
        (make.header(b"a", bits=b"-0000644"), "no number"),
        (make.header(b"x", 1 << 30, flag=b"L"), "extended header"),
        (make.pax({"path": b"a"}), "only extends the next"),
        (make.pax({"size": b"1_000"}) + make.file("a"), "size that is no number"),
        (make.pax({"path": b"a\0b"}) + make.file("a"), "zero byte"),
        (make.header(b"p", 3, flag=b"x") + make.padded(b"9 a") + make.file("a"), "wrong length"),
        (make.header(b"p", 9, flag=b"x") + make.padded(b"99999999 ") + make.file("a"), "wrong length"),
        (make.long_name(b"a") * 1_500 + make.file("a"), "in a row"),
        (make.header(b"s", 1 << 40, flag=b"S", more=b"\1") + make.file("a"), "bytes before s does"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_cannot_be_followed_ends_the_walk(run: Callable[[bytes], Positioned | Flowing], data: bytes, said: str) -> None:
    with pytest.raises(BadTar, match=said):
        list(walk(run(data)))


@both
def test_the_last_padding_may_be_missing(run: Callable[[bytes], Positioned | Flowing]) -> None:
    assert [member.size for member in walk(run(make.header(b"a", 3) + b"abc"))] == [3]


@both
def test_a_size_that_the_extended_header_says_otherwise_is_told(run: Callable[[bytes], Positioned | Flowing]) -> None:
    first, second = walk(run(make.tar(make.pax({"size": b"3"}), make.header(b"a", 1_024) + make.padded(b"abc"), make.file("b"))))
    assert (first.size, second.raw) == (3, b"b")
    assert first.odd is not None
    assert second.odd is None


@both
def test_a_path_for_all_is_told_and_not_applied(run: Callable[[bytes], Positioned | Flowing]) -> None:
    (member,) = walk(run(make.tar(make.pax({"path": b"elsewhere", "comment": b"c"}, flag=b"g"), make.file("here"))))
    assert member.raw == b"here"
    assert member.odd is not None


@both
def test_holes_are_known_and_not_read(run: Callable[[bytes], Positioned | Flowing]) -> None:
    records = {"GNU.sparse.major": b"1", "GNU.sparse.minor": b"0", "GNU.sparse.name": b"real", "GNU.sparse.realsize": b"9999"}
    one, other = walk(run(make.tar(make.pax(records), make.file("GNUSparseFile.0/real", b"0\n"), make.file("after"))))
    assert (one.raw, one.size, one.sparse) == (b"real", 9_999, True)
    assert (other.raw, other.sparse) == (b"after", False)


def test_entries_are_bounded_in_number_and_time() -> None:
    data = make.file("a") * (gate.ENTRIES + 1)
    start = time.monotonic()
    with pytest.raises(TooMuch, match="entries"):
        for _ in walk(chunked(data, 1 << 18)):
            pass
    assert time.monotonic() - start < 10


def test_a_slice_gives_nothing_of_its_neighbours() -> None:
    part = Slice(Bytes(b"0123456789"), 2, 4)
    assert (part.size, part.at(0, 9), part.at(3, 9), part.at(4, 9)) == (4, b"2345", b"5", b"")
    assert Slice(Bytes(b"01"), 1, 9).size == 1
