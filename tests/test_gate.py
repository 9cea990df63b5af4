"""What is opened at all: regular files and directories, and nothing that could hang."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import pytest

from lambdalint.model import UnreadablePackage
from lambdalint.readers import gate, open_package
from lambdalint.readers.blob import Blob, _seek_and_read
from lambdalint.readers.flaws import NotAPackage
from tests.zips import zipped


def refusal(path: str) -> str:
    with pytest.raises(gate.NotAFile) as caught:
        open_package(path)
    assert "\n" not in str(caught.value).replace(path, "")
    return caught.value.reason


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    (tmp_path / "loop.zip").symlink_to("loop.zip")
    (tmp_path / "zeros.zip").symlink_to("/dev/zero")
    (tmp_path / "plain").write_text("")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s.zip"))
        reasons = {
            str(tmp_path / "pipe.zip"): "is a named pipe",
            str(tmp_path / "s.zip"): "is a socket",
            "/dev/zero": "is a device",
            str(tmp_path / "zeros.zip"): "is a device",
            str(tmp_path / "loop.zip"): "is a symbolic link that leads in a circle",
            str(tmp_path / "nope.zip"): "does not exist",
            str(tmp_path / "plain" / "x"): "does not exist: a part of the path is not a directory",
            "a" * 300: "is longer than a path can be",
            "": "does not exist",
            "a\0b": "cannot be the name of a file",
            "fn:latest": "does not exist as a file: if it is an image, save it first with `docker save -o image.tar fn:latest`",
            "C:nope.zip": "does not exist",
            "12:30.zip": "does not exist",
            "s3://bucket/fn.zip": "does not exist as a file: download it first",
            "arn:aws:lambda:eu-west-1:1:function:fn": "does not exist as a file: download the package of that function or layer first",
        }
        assert {path: refusal(path) for path in reasons} == reasons


def test_the_message_names_the_path() -> None:
    assert str(gate.NotAFile("x.zip", "does not exist")) == "x.zip does not exist"
    assert str(gate.NotAFile("", "does not exist")) == "'' does not exist"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as a user who may read everything, so that the system is made to refuse."""
    path = tmp_path / "x.zip"
    path.write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda _path, _mode: False)
        assert refusal(str(path)) == "may not be read: permission denied"

    def refuse(path: str, flags: int) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert refusal(str(path)) == "may not be read: permission denied"


def test_a_file_that_became_a_pipe_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "x.zip")
    monkeypatch.setattr(gate, "check", lambda _: os.stat(tmp_path))
    with pytest.raises(gate.NotAFile, match="changed while it was opened"):
        gate.open_regular(str(tmp_path / "x.zip"))


# Standard input.


def given(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a pipe that brings some bytes in place of standard input's descriptor."""
    source, sink = os.pipe()

    def bring() -> None:
        with os.fdopen(sink, "wb") as pipe:
            pipe.write(data)

    threading.Thread(target=bring, daemon=True).start()
    dup = os.dup
    monkeypatch.setattr(os, "dup", lambda fd: dup(source) if fd == 0 else dup(fd))


def test_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    given(zipped(("app.py", b"x = 1" * 100_000)), monkeypatch)
    package = open_package("-")
    assert (package.path, package.archive.size) == ("<stdin>", package.archive.size)
    assert package.read(package.entries[0], 5) == b"x = 1"


def test_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given(b"", monkeypatch)
    with pytest.raises(UnreadablePackage) as caught:
        open_package("-")
    assert [flaw.what for flaw in caught.value.archive.of(NotAPackage)] == ["an empty file"]


def test_a_file_in_place_of_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(zipped(("app.py", b"x = 1")))
    file = os.open(tmp_path / "x", os.O_RDONLY)
    monkeypatch.setattr(os, "dup", lambda _: file)
    assert [entry.path for entry in open_package("-").entries] == ["app.py"]


def test_more_than_is_taken_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PIPE_BYTES", 1_000)
    given(bytes(2_000), monkeypatch)
    with pytest.raises(gate.NotAFile, match="gives more than 1,000 bytes"):
        open_package("-")


def test_what_is_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    monkeypatch.setattr(os, "dup", lambda _: null)
    assert "is a terminal, a device or a directory" in refusal("-")

    def refuse(fd: int) -> int:
        raise OSError(9, "Bad file descriptor")

    monkeypatch.setattr(os, "dup", refuse)
    assert refusal("-") == "cannot be read: Bad file descriptor"


# Bytes by position.


@pytest.mark.parametrize("way", ["pread", "seek and read"])
def test_bytes_by_position(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if way == "seek and read":
        monkeypatch.setattr("lambdalint.readers.blob._pread", _seek_and_read)
    (tmp_path / "x").write_bytes(b"0123456789")
    blob = Blob(os.open(tmp_path / "x", os.O_RDONLY))
    places = [(0, 3), (8, 9), (10, 1), (-1, 5), (1 << 70, 5), (3, 0), (3, -1)]
    assert [blob.at(*place) for place in places] == [b"012", b"89", b"", b"", b"", b"", b""]


def test_a_disk_that_fails_reads_like_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(b"0123456789")
    blob = Blob(os.open(tmp_path / "x", os.O_RDONLY))

    def fail(fd: int, count: int, offset: int) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("lambdalint.readers.blob._pread", fail)
    assert blob.at(0, 5) == b""


def test_10_gib_of_zeros(tmp_path: Path) -> None:
    for head, what in ((b"", "a file that begins with nothing but zeros"), (b"PK\3\4", None)):
        with (tmp_path / "x").open("wb") as file:
            file.write(head)
            file.truncate(10 << 30)
        with pytest.raises(UnreadablePackage) as caught:
            open_package(str(tmp_path / "x"))
        (flaw,) = caught.value.archive.flaws
        assert getattr(flaw, "what", None) == what
