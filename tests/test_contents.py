"""What is learned from the bytes of files: each unpacked once, remembered within bounds, and taught to whoever asked."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lambdalint import contents
from lambdalint.contents import HEAD, KEEP_ONE, Contents
from lambdalint.model import Entry, Flaw, Kind, Lacking, Package
from lambdalint.readers import inflate, open_package
from tests.zips import Desk, zipped
from tests.zipwriter import DEFLATED, Member, write_zip

SMALL = b"x = 1\n"
LARGE = b"".join(b"%07d\n" % number for number in range(100_000))
TREE = (("large.txt", LARGE), ("lib/small.py", SMALL), ("empty.py", b""))


@pytest.fixture(params=["zip", "zlib", "directory"])
def package(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """The same tree in each form, and by each library."""
    if request.param == "directory":
        return open_package(str(tree(tmp_path)))
    if request.param == "zlib":
        monkeypatch.setattr(inflate, "bulk", lambda size: inflate.ZLIB)
    return Desk(tmp_path).open(zipped(*TREE))


def tree(folder: Path) -> Path:
    root = folder / "tree"
    for name, content in TREE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def entry(package: Package, path: str) -> Entry:
    found = package.get(path)
    assert found is not None
    return found


class Learner:
    """Sums what it is fed."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._size = 0
        self._crc = 0

    def feed(self, chunk: bytes) -> None:
        self._size += len(chunk)
        self._crc = zlib.crc32(chunk, self._crc)

    def finish(self) -> object:
        return self._head, self._size, self._crc


def large_ones(entry: Entry, head: bytes) -> Learner | None:
    return Learner(head) if head.startswith(b"0000000") else None


LESSON = (LARGE[:HEAD], len(LARGE), zlib.crc32(LARGE))


def test_reads_the_first_bytes(package: Package) -> None:
    assert package.read(entry(package, "large.txt"), 10) == LARGE[:10]
    assert package.read(entry(package, "large.txt"), 1 << 30) == LARGE
    assert package.read(entry(package, "lib/small.py"), 1 << 30) == SMALL
    assert package.read(entry(package, "empty.py"), 1 << 30) == b""
    assert package.read(entry(package, "empty.py"), 0) == b""


def test_each_file_is_unpacked_once(package: Package) -> None:
    for _ in range(2):
        for one in package.files():
            package.read(one, 1 << 20)
            package.contents.head(one)
        package.contents.verify()
    assert package.contents.inflations == dict.fromkeys(package.files(), 1)
    assert package.contents.bytes_inflated == len(LARGE) + len(SMALL)


def test_a_look_is_no_unpacking(package: Package) -> None:
    heads = {one.path: package.contents.head(one) for one in package.files()}
    assert heads == {name: content[:HEAD] for name, content in TREE}
    assert package.contents.inflations == {}


def test_what_was_unpacked_needs_no_second_look(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in package.files():
        package.read(one, 1)
    monkeypatch.setattr(package.contents, "_source", None)
    assert {one.path: package.contents.head(one) for one in package.files()} == {name: content[:HEAD] for name, content in TREE}


def test_verifying_a_zip_unpacks_everything_and_a_directory_nothing(package: Package) -> None:
    package.contents.verify()
    assert len(package.contents.inflations) == (0 if package.form.value == "directory" else 3)
    assert package.contents.damages == package.contents.flaws == []


def test_only_a_prefix_of_a_file_beyond_the_cap_is_remembered(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "KEEP_ONE", 1_000)
    large = entry(package, "large.txt")
    package.read(large, 2_000)
    assert package.read(large, 1_000) == LARGE[:1_000]
    assert package.contents.inflations[large] == 1
    assert package.read(large, 1_001) == LARGE[:1_001]
    assert package.contents.inflations[large] == 2


def test_nothing_more_is_remembered_when_the_room_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "KEEP_ALL", 12)
    package = Desk(tmp_path).open(zipped(*[(f"{name}.py", SMALL) for name in "abc"]))
    for _ in range(2):
        for one in package.files():
            package.read(one, 10)
    assert list(package.contents.inflations.values()) == [1, 1, 2]


@pytest.mark.parametrize("form", ["zip", "directory"])
@pytest.mark.parametrize("way", ["verified", "read", "asked"])
def test_a_probe_learns_in_the_same_pass(form: str, way: str, tmp_path: Path) -> None:
    package = (
        open_package(str(tree(tmp_path)), probe=large_ones)
        if form == "directory"
        else Desk(tmp_path).open(zipped(*TREE), probe=large_ones)
    )
    if way == "verified":
        package.contents.verify()
    elif way == "read":
        package.read(entry(package, "large.txt"), 10)
    learned = {one.path: package.contents.learned(one) for one in package.files()}
    package.contents.verify()
    assert learned == {"large.txt": LESSON, "lib/small.py": None, "empty.py": None}
    assert set(package.contents.inflations.values()) == {1}


class Drops:
    """A source that gives a text byte after byte."""

    promises = True
    is_small = True
    flaws: Sequence[Flaw] = ()

    def check(self) -> None:
        """Nothing is promised of all of it together."""

    def companions(self, _: Entry) -> Sequence[Entry]:
        return ()

    def place(self, _: Entry) -> int:
        return 0

    def start(self, _: Entry) -> bytes:
        return LARGE[:HEAD]

    def sweep(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | None]]:
        return ((entry, None) for entry in entries)

    def stream(self, entry: Entry) -> Iterator[bytes]:
        return (LARGE[at : at + 1] for at in range(entry.size))


def test_a_probe_is_shown_as_many_bytes_as_it_was_promised() -> None:
    """However small the pieces are in which they come."""
    drops = [Entry(f"{size}", b"", Kind.FILE, None, size, size) for size in (0, 1, HEAD - 1, HEAD, HEAD + 1, 5_000)]
    dropped = Contents(Drops(), drops, lambda _, head: Learner(head))
    dropped.verify()
    assert [dropped.learned(drop) for drop in drops] == [
        (LARGE[: min(HEAD, drop.size)], drop.size, zlib.crc32(LARGE[: drop.size])) for drop in drops
    ]
    assert [dropped.read(drop, 100) for drop in drops] == [LARGE[: min(100, drop.size)] for drop in drops]


def test_what_rules_will_read_is_kept_on_the_way(tmp_path: Path) -> None:
    package = Desk(tmp_path).open(zipped(*TREE), keep=lambda entry: entry.path.endswith(".py"))
    package.contents.verify()
    for one in package.files():
        package.read(one, KEEP_ONE)
    counts = {one.path: count for one, count in package.contents.inflations.items()}
    assert counts == {"large.txt": 2, "lib/small.py": 1, "empty.py": 1}


def damaged(name: bytes, content: bytes = SMALL) -> Member:
    return Member(name, [content], attributes=0o100644 << 16, method=DEFLATED, crc=1, local={"crc": 1})


def test_damages_are_told_in_the_order_of_the_package(tmp_path: Path) -> None:
    package = Desk(tmp_path).open(write_zip([damaged(b"a"), damaged(b"b", LARGE), Member(b"c", [b"d"], method=DEFLATED), damaged(b"d")]))
    with pytest.raises(Lacking):
        package.read(entry(package, "d"), 1)
    assert [flaw.entry for flaw in package.contents.damages] == [entry(package, "d")]
    package.contents.verify()
    assert [flaw.entry and flaw.entry.path for flaw in package.contents.damages] == ["a", "b", "d"]


def test_what_cannot_be_had_is_lacking(tmp_path: Path) -> None:
    members = [
        damaged(b"damaged"), damaged(b"large", LARGE), Member(b"dir/", attributes=0o040755 << 16),
        Member(b"encrypted", [SMALL], flags=1), Member(b"link", [b"x"], attributes=0o120777 << 16),
    ]  # fmt: skip
    package = Desk(tmp_path).open(write_zip(members), probe=lambda _, head: Learner(head))
    for one in package.entries:
        for _ in range(2):
            with pytest.raises(Lacking, match=f"the content of {one.path}"):
                package.read(one, 10)
            with pytest.raises(Lacking):
                package.contents.learned(one)
        assert package.contents.head(one) == b"" or one.kind is Kind.FILE
    assert package.contents.inflations[entry(package, "damaged")] == 1


def test_a_damaged_file_shows_its_first_bytes_as_long_as_nobody_read_it(tmp_path: Path) -> None:
    package = Desk(tmp_path).open(write_zip([damaged(b"a")]))
    assert package.contents.head(entry(package, "a")) == SMALL


def test_a_look_at_what_does_not_unpack_shows_nothing(tmp_path: Path) -> None:
    bad = Member(b"a", [b"\xff" * 99], local={"method": DEFLATED})
    bad.central["method"] = DEFLATED
    package = Desk(tmp_path).open(write_zip([bad]))
    assert package.contents.head(entry(package, "a")) == b""
