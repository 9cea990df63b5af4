"""The seal itself: it must break, or the tests under it prove nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.conftest import Broken

Seal = Callable[[], AbstractContextManager[None]]


@pytest.mark.parametrize(
    "deed",
    [
        lambda path: subprocess.run([sys.executable, "-c", ""], check=True),
        lambda path: os.system("true"),
        lambda path: socket.socket(),
        lambda path: (path / "new").write_text("x"),
        lambda path: os.open(path / "new", os.O_CREAT | os.O_WRONLY),
        lambda path: (path / "folder").mkdir(),
        lambda path: (path / "old").unlink(),
        lambda path: (path / "old").rename(path / "new"),
        lambda path: (path / "old").chmod(0o777),
        lambda path: (path / "link").symlink_to("old"),
    ],
    ids=["subprocess", "system", "socket", "write", "create", "mkdir", "unlink", "rename", "chmod", "symlink"],
)
def test_seal_breaks(deed: Callable[[Path], object], sealed: Seal, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("as it was")
    with pytest.raises(Broken), sealed():
        deed(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old").read_text() == "as it was"


def test_reading_is_allowed(sealed: Seal, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("as it was")
    with sealed():
        assert (tmp_path / "old").read_text() == "as it was"
        assert os.listdir(tmp_path) == ["old"]
