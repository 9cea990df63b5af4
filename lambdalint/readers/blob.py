"""The bytes of an open regular file, by position."""

from __future__ import annotations

import os
from typing import Final


class Blob:
    """Owns a file descriptor and never moves its offset where the system allows that."""

    __slots__ = ("_fd", "size")

    def __init__(self, fd: int) -> None:
        self._fd: Final = fd
        #: In bytes, when it was opened.
        self.size: Final = os.fstat(fd).st_size

    @property
    def stamp(self) -> str:
        """What changes when anybody writes to the file: an inode's ctime cannot be set back."""
        status = os.fstat(self._fd)
        return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"

    @property
    def changed(self) -> float:
        """When that was last, in seconds since 1970."""
        return os.fstat(self._fd).st_ctime

    def at(self, offset: int, count: int) -> bytes:
        """Return up to ``count`` bytes; fewer where the file ends, none where it has no such place.

        A file that shrank since it was opened and a disk that fails read like a file that ends early.
        """
        if count <= 0 or not 0 <= offset < self.size:
            return b""
        try:
            return _pread(self._fd, count, offset)
        except OSError:
            return b""

    def __del__(self) -> None:
        os.close(self._fd)


def _seek_and_read(fd: int, count: int, offset: int) -> bytes:
    os.lseek(fd, offset, os.SEEK_SET)
    return os.read(fd, count)


#: Windows has no pread. Nothing here reads from two threads, so that seek and read cannot be parted.
_pread: Final = getattr(os, "pread", _seek_and_read)
