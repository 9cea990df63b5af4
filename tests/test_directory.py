"""The directory reader: a tree as it is, and nothing outside it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from lambdalint.model import Kind, Lacking, Package
from lambdalint.readers import directory, gate, open_package
from lambdalint.readers.flaws import Barred, BeyondCap, Damaged, NoEntries


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with every kind of entry, beside something that it must not lead to."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("secret")
    root = tmp_path / "build"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (root / "app.py").write_text("x = 1\n")
    (root / "app.py").chmod(0o4755)
    (root / "lib").mkdir()
    (root / "lib").chmod(0o700)
    (root / "out").symlink_to("../outside")
    (root / "gone").symlink_to("/nowhere")
    os.mkfifo(root / "pipe")
    return root


def opened(path: Path) -> Package:
    return open_package(str(path))


def test_a_tree(root: Path) -> None:
    package = opened(root)
    assert [(entry.path, entry.kind, entry.target) for entry in package.entries] == [
        (".git", Kind.DIR, None),
        (".git/HEAD", Kind.FILE, None),
        ("app.py", Kind.FILE, None),
        ("gone", Kind.LINK, "/nowhere"),
        ("lib", Kind.DIR, None),
        ("out", Kind.LINK, "../outside"),
        ("pipe", Kind.OTHER, None),
    ]
    app, lib = package.get("app.py"), package.get("lib")
    assert app is not None
    assert lib is not None
    assert (app.mode, app.size, app.raw, lib.mode) == (0o4755, 6, b"app.py", 0o700)
    assert package.archive.flaws == ()
    assert package.archive.size is None


def test_a_tree_reached_by_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(root)
    assert [entry.path for entry in opened(tmp_path / "current").entries] == [entry.path for entry in opened(root).entries]


def test_where_modes_mean_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "_HAS_MODES", False)
    assert {entry.mode for entry in opened(root).entries} == {None}


def test_names_that_are_no_text(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode(b"\xff.py")).write_text("")
    except OSError:
        pytest.skip("this file system takes text only")
    (entry,) = opened(tmp_path).entries
    assert (entry.raw, entry.path) == (b"\xff.py", "\udcff.py")


def test_an_empty_tree(tmp_path: Path) -> None:
    assert isinstance(opened(tmp_path).archive.flaws[0], NoEntries)


def test_a_socket_is_special(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        assert [entry.kind for entry in opened(tmp_path).entries] == [Kind.OTHER]


def test_a_part_that_cannot_be_listed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as a user who may list everything, so that the system is made to refuse."""
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.rstrip("/").endswith("lib"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(gate.NotAFile, match="lib/ cannot be listed: Permission denied"):
        opened(root)


def test_a_path_that_is_longer_than_the_system_takes(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    with pytest.raises(gate.NotAFile, match="cannot be listed"):
        opened(tmp_path)


def test_caps(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "DEPTH", 0)
    assert [flaw.what for flaw in opened(root).archive.of(BeyondCap)] == ["folders within folders"] * 2
    monkeypatch.setattr(gate, "ENTRIES", 3)
    package = opened(root)
    assert len(package.entries) == 3
    assert [flaw.what for flaw in package.archive.of(BeyondCap)] == ["entries"]


def test_a_file_that_grew_or_shrank_or_went(root: Path) -> None:
    for change in ("grew", "shrank", "went", "became a link", "became a pipe"):
        (root / "app.py").unlink(missing_ok=True)
        (root / "app.py").write_text("x = 1\n")
        package = opened(root)
        app = package.get("app.py")
        assert app is not None
        if change == "grew":
            (root / "app.py").write_text("x = 12\n")
        elif change == "shrank":
            (root / "app.py").write_text("")
        else:
            (root / "app.py").unlink()
            if change == "became a link":
                (root / "app.py").symlink_to("../outside/secret.txt")
            elif change == "became a pipe":
                os.mkfifo(root / "app.py")
        with pytest.raises(Lacking, match=r"the content of app\.py"):
            package.read(app, 100)
        (flaw,) = package.contents.flaws
        assert isinstance(flaw, Damaged if change in ("grew", "shrank") else Barred)
        assert package.contents.head(app) == b""


def test_no_more_is_read_than_the_cap(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "UNPACKED_BYTES", 10)
    (root / "big.bin").write_bytes(bytes(20))
    package = opened(root)
    big, app = package.get("big.bin"), package.get("app.py")
    assert big is not None
    assert app is not None
    for entry in (big, app):
        with pytest.raises(Lacking):
            package.read(entry, 5)
    assert [type(flaw) for flaw in package.contents.flaws] == [BeyondCap]
