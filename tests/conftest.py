"""What tests share: the seal under which hostile input runs, and the switch that rewrites golden reports."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.face import Face

#: What a lint must never do, by the beginnings of the names of audit events
#: (https://docs.python.org/3/library/audit_events.html). ``open`` is judged by its flags.
FORBIDDEN = (
    "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.", "socket.",
    "urllib.", "ftplib.", "http.", "smtplib.", "os.chflags", "os.chmod", "os.chown", "os.kill", "os.link",
    "os.lockf", "os.mkdir", "os.mkfifo", "os.mknod", "os.remove", "os.rename", "os.rmdir", "os.setxattr", "os.symlink",
    "os.truncate", "os.unlink", "os.utime", "shutil.", "tempfile.", "pickle.", "webbrowser.",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Broken(BaseException):
    """The seal was broken; no handler of exceptions in the program may swallow that."""


class Seal:
    """An audit hook cannot be taken off again; this one listens only while it is closed."""

    def __init__(self) -> None:
        self.closed = False
        self.broken: list[str] = []

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.closed:
            return
        writes = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITING)
        if writes or event.startswith(FORBIDDEN):
            self.broken.append(f"{event} {arguments!r:.200}")
            raise Broken(self.broken[-1])


SEAL = Seal()
sys.addaudithook(SEAL.hear)


@contextmanager
def closed() -> Iterator[None]:
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    SEAL.broken.clear()
    SEAL.closed = True
    try:
        yield
    finally:
        SEAL.closed = False
        sys.dont_write_bytecode = before
    assert not SEAL.broken


@pytest.fixture(scope="session")
def sealed() -> Callable[[], AbstractContextManager[None]]:
    """A context in which no process may be started, no socket opened and nothing written."""
    return closed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--goldens", action="store_true", help="rewrite the golden reports instead of comparing with them")


@pytest.fixture
def face(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Face:
    """The command line, in an empty directory."""
    directory = tmp_path / "project"
    directory.mkdir()
    return Face(directory, capsys, monkeypatch)
