"""Opens a directory: an unzipped build, with the modes and links it has on this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from lambdalint.contents import HEAD, Broken, Contents
from lambdalint.model import Archive, Entry, Flaw, Form, Kind, Package
from lambdalint.readers import gate
from lambdalint.readers.flaws import Barred, BeyondCap, Damaged, NoEntries

if TYPE_CHECKING:
    from lambdalint.protocols import Keep, Probe

_CHUNK: Final = 1 << 16
_KINDS: Final = {stat.S_IFREG: Kind.FILE, stat.S_IFDIR: Kind.DIR, stat.S_IFLNK: Kind.LINK}
#: Windows has no Unix modes; what its stat makes up says nothing.
_HAS_MODES: Final = os.name != "nt"
#: Whatever was put in a file's place since it was listed is neither followed nor waited for.
_OPEN: Final = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
)


def open_directory(path: str, *, probe: Probe | None = None, keep: Keep | None = None) -> Package:
    """List a directory tree, following no link. Raises NotAFile when a part of it cannot be listed."""
    walk = _Walk(path)
    walk.run()
    entries = walk.entries
    if not entries:
        walk.flaws.append(NoEntries())
    contents = Contents(_Files(path), entries, probe, keep)
    return Package(Archive(path, Form.DIRECTORY, None, walk.flaws), entries, contents)


class _Walk:
    """One look at every entry of a tree."""

    def __init__(self, root: str) -> None:
        self._root = root
        self.entries: list[Entry] = []
        self.flaws: list[Flaw] = []

    def run(self) -> None:
        waiting: list[Entry | None] = [None]
        while waiting:
            folder = waiting.pop()
            for entry in self._list(folder):
                if len(self.entries) == gate.ENTRIES:
                    self.flaws.append(BeyondCap("entries", gate.ENTRIES + 1, gate.ENTRIES))
                    return
                self.entries.append(entry)
                if entry.kind is Kind.DIR:
                    waiting.append(entry)

    def _list(self, folder: Entry | None) -> Iterator[Entry]:
        inside = "" if folder is None else f"{folder.path}/"
        if inside.count("/") > gate.DEPTH:
            self.flaws.append(BeyondCap("folders within folders", inside.count("/"), gate.DEPTH, folder))
            return
        try:
            with os.scandir(os.path.join(self._root, inside)) as found:
                # So many, sorted, that the same tree gives the same entries even where the cap cuts them.
                for item in sorted(islice(found, gate.ENTRIES + 1), key=_name):
                    yield self._look(item, inside)
        except OSError as error:
            # What is in there is not known, and a report without it would be green by accident.
            raise gate.NotAFile(os.path.join(self._root, inside), f"cannot be listed: {_reason(error)}") from None

    def _look(self, item: os.DirEntry[str], inside: str) -> Entry:
        path = inside + item.name
        status = item.stat(follow_symlinks=False)
        target = os.readlink(item.path) if stat.S_ISLNK(status.st_mode) else None
        return Entry(
            path,
            os.fsencode(path),
            _KINDS.get(stat.S_IFMT(status.st_mode), Kind.OTHER),
            stat.S_IMODE(status.st_mode) if _HAS_MODES else None,
            status.st_size,
            status.st_size,
            target,
            origin=self._root,
        )


class _Files:
    """The bytes of a tree's files: a source of package contents."""

    promises = False
    is_small = True

    def __init__(self, root: str) -> None:
        self._root = root
        self._left = gate.UNPACKED_BYTES
        self.flaws: list[Flaw] = []

    def place(self, _: Entry) -> int:  # the order of paths is as good as any
        return 0

    def start(self, entry: Entry) -> bytes:
        fd = self._open(entry)
        try:
            return os.read(fd, HEAD)
        except OSError as error:
            raise Broken(Barred(entry, _reason(error))) from None
        finally:
            os.close(fd)

    def sweep(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes | None]]:
        """Yield the files as they come: to stream one costs no more than to read it at once."""
        return ((entry, None) for entry in entries)

    def companions(self, entry: Entry) -> Sequence[Entry]:  # noqa: ARG002 - each is unpacked alone
        return ()

    def check(self) -> None:
        """Nothing is promised but of single files."""

    def stream(self, entry: Entry) -> Iterator[bytes]:
        """Yield a file's bytes. Raises Broken when it is not as long as it was when it was listed."""
        fd = self._open(entry)
        size = 0
        try:
            while chunk := os.read(fd, _CHUNK):
                size += len(chunk)
                self._left -= len(chunk)
                if size > entry.size:
                    break
                if self._left < 0:
                    raise Broken(BeyondCap("bytes read", gate.UNPACKED_BYTES - self._left, gate.UNPACKED_BYTES, entry))
                yield chunk
        except OSError as error:
            raise Broken(Barred(entry, _reason(error))) from None
        finally:
            os.close(fd)
        if size != entry.size:
            raise Broken(Damaged(entry, f"it had {entry.size:,} bytes when it was listed, and changed while it was read"))

    def _open(self, entry: Entry) -> int:
        if self._left < 0:
            raise Broken
        try:
            fd = os.open(os.path.join(self._root, entry.path), _OPEN)
        except OSError as error:
            raise Broken(Barred(entry, _reason(error))) from None
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise Broken(Barred(entry, "it is no longer a regular file"))
        return fd


def _name(item: os.DirEntry[str]) -> str:
    return item.name


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__
