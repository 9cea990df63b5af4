"""What may come in: how much of a stranger's archive is read, and which paths are opened at all.

A cap is far above what any package that Lambda takes can hold, and low enough to keep a lint within some hundred
megabytes and ten seconds. What lies beyond one is reported, never passed over in silence.
"""

from __future__ import annotations

import errno
import os
import stat
from typing import Final

from lambdalint.readers.blob import Blob

#: Entries of one archive or directory tree. The largest real packages seen have 73,000; so many cost 250 MB here.
ENTRIES: Final = 300_000
#: Bytes of one entry's name: Linux's PATH_MAX, beyond which no such file can be made.
NAME_BYTES: Final = 4_096
#: Bytes of a zip's central directory: 300,000 entries with names and fields of more than 200 bytes each.
DIRECTORY_BYTES: Final = 64 << 20
#: Bytes of all extra fields of one header: alignment to Android's pages of 16 KiB is the longest use known; others need 100.
EXTRA_BYTES: Final = 32_768
#: Extra fields of one header; tools write up to five.
EXTRA_FIELDS: Final = 64
#: Bytes of a comment on one entry. They are never shown, so that a longer one only makes an archive look odd.
COMMENT_BYTES: Final = 4_096
#: Bytes of a link's target: PATH_MAX again.
LINK_BYTES: Final = 4_096
#: Bytes of all link targets of one archive: 60 for each of ENTRIES links.
ALL_LINK_BYTES: Final = 16 << 20
#: Remarks of one sort on one archive that may all be worded differently; after so many, more tell nothing new.
REMARKS: Final = 1_000
#: Bytes that are unpacked from one archive: four times what Lambda takes as a zip (262,144,000 unzipped).
UNPACKED_BYTES: Final = 1 << 30
#: How often a deflate stream can be longer unpacked: 258 bytes for two bits (RFC 1951, 3.2.5). A header that declares more lies.
RATIO: Final = 1_032
#: How often longer a whole image layer may be unpacked, once that is more than UNPACKED_BYTES.
LAYER_RATIO: Final = 100
#: Streams that follow each other in one compressed layer. pigz and its like make a few.
STREAMS: Final = 50_000
#: Bytes of a manifest, an index or a config: registries take 4 MiB (https://github.com/opencontainers/distribution-spec).
DOCUMENT_BYTES: Final = 4 << 20
#: Manifests that are read of one index, and images of one archive.
MANIFESTS: Final = 300
#: Indexes within indexes.
INDEXES: Final = 8
#: Layers of one image: the kernel's overlayfs takes 500 (fs/overlayfs/params.h, OVL_MAX_STACK).
LAYERS: Final = 1_000
#: Headers that only extend the next one, in a row: long name, long link, pax and global pax make four.
EXTENSIONS: Final = 16
#: Bytes of one such header: extended attributes are at most 64 KiB each.
EXTENSION_BYTES: Final = 1 << 20
#: Folders within folders of a directory tree; a path of PATH_MAX holds 2,048.
DEPTH: Final = 2_048
#: The same in an image, whose layers can hold many such paths in few bytes.
IMAGE_DEPTH: Final = 256
#: How often one packed layer is gone through: once for what it holds, once for what rules read, and some more to be sure.
PASSES: Final = 6
#: The same over all packed layers of an image; and of an archive that is packed as a whole, where each costs all of it.
ALL_PASSES: Final = 128
WHOLE_PASSES: Final = 12
#: Parts of paths that are followed to lay an image's layers over each other: thirty for each of 300,000 entries.
STEPS: Final = 10_000_000
#: Bytes taken from a pipe: the API's limits are far below, images come as files or registries.
PIPE_BYTES: Final = 4 << 30

#: Bytes of a stranger's text that are quoted in a message.
SHOWN: Final = 200

#: What standard input is called in a report.
STDIN: Final = "<stdin>"

_CHUNK: Final = 1 << 16
_WHAT_IT_IS: Final = {
    stat.S_IFIFO: "is a named pipe",
    stat.S_IFSOCK: "is a socket",
    stat.S_IFCHR: "is a device",
    stat.S_IFBLK: "is a device",
}
_REASONS: Final = {
    errno.ENOENT: "does not exist",
    errno.ENOTDIR: "does not exist: a part of the path is not a directory",
    errno.EACCES: "may not be read: permission denied",
    errno.EPERM: "may not be read: permission denied",
    errno.ELOOP: "is a symbolic link that leads in a circle",
    errno.ENAMETOOLONG: "is longer than a path can be",
}


class NotAFile(Exception):  # noqa: N818 - the user's mistake on the command line, not ours
    """A path that is no regular file or directory that can be read: said on one line, before any work."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path or repr(path)} {reason}")
        self.path: Final = path
        #: What it is instead, as the rest of a sentence: ``is a named pipe``.
        self.reason: Final = reason


def check(path: str) -> os.stat_result:
    """Return what the system says of a path that may be opened without hanging. Raises NotAFile."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise NotAFile(path, _WHAT_IT_IS.get(stat.S_IFMT(status.st_mode), "is a special file"))
    if not os.access(path, os.R_OK | (os.X_OK if stat.S_ISDIR(status.st_mode) else 0)):
        raise NotAFile(path, _REASONS[errno.EACCES])
    return status


def check_own_directory(path: str) -> None:
    """Make a directory that only this user may write to, if it is not there. Raises NotAFile for one that may not be believed."""
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        status = os.stat(path)
    except (OSError, ValueError) as error:
        if isinstance(error, FileExistsError):
            raise NotAFile(path, "is not a directory") from None
        raise NotAFile(path, f"cannot be made: {getattr(error, 'strerror', None) or error}") from None
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise NotAFile(path, "belongs to another user")
    if os.name == "posix" and status.st_mode & 0o022:
        raise NotAFile(path, "may be written to by others: chmod go-w it, or name another")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise NotAFile(path, "may not be read and written")


def open_regular(path: str) -> Blob:
    """Open a regular file for reading. Raises NotAFile."""
    check(path)
    try:
        # What check() saw may have been replaced since: without O_NONBLOCK opening a pipe waits for its writer.
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except OSError as error:
        raise _refusal(path, error) from None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise NotAFile(path, "changed while it was opened")
    return Blob(fd)


def open_stdin() -> Blob:
    """Open standard input: itself when it is a regular file, else a copy of it that has no name and goes when we go. Raises NotAFile."""
    try:
        fd = os.dup(0)
    except OSError as error:
        raise _refusal(STDIN, error) from None
    mode = os.fstat(fd).st_mode
    if stat.S_ISREG(mode):
        return Blob(fd)
    try:
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            raise NotAFile(STDIN, "is a terminal, a device or a directory: pipe a package in, or name one")
        return Blob(_copy(fd))
    finally:
        os.close(fd)


def _copy(pipe: int) -> int:
    import tempfile

    with tempfile.TemporaryFile() as copy:
        taken = 0
        while chunk := os.read(pipe, _CHUNK):
            taken += len(chunk)
            if taken > PIPE_BYTES:
                raise NotAFile(STDIN, f"gives more than {PIPE_BYTES:,} bytes; save it to a file")
            try:
                copy.write(chunk)
            except OSError as error:
                raise NotAFile(STDIN, f"cannot be copied to a temporary file: {error.strerror}") from None
        copy.flush()
        return os.dup(copy.fileno())


def _refusal(path: str, error: OSError | ValueError) -> NotAFile:
    if isinstance(error, OSError):
        if error.errno == errno.ENOENT and (elsewhere := _elsewhere(path)):
            return NotAFile(path, f"{_REASONS[errno.ENOENT]} as a file: {elsewhere}")
        return NotAFile(path, _REASONS.get(error.errno or 0) or f"cannot be read: {error.strerror}")
    return NotAFile(path, "cannot be the name of a file")


def _elsewhere(path: str) -> str:
    """Return how what a path names is had, which lies in a registry, a bucket or on a server. Empty: nothing tells that it does."""
    if "://" in path:
        return "download it first"
    name, colon, tag = path.rpartition(":")
    if len(name) < 2 or not colon or "/" in tag or "\\" in path or tag.endswith((".zip", ".tar", ".jar")):
        return ""
    if name.startswith("arn:"):
        return "download the package of that function or layer first"
    return f"if it is an image, save it first with `docker save -o image.tar {path}`"
