"""Opens archives made in memory, and says in short words what was found wrong with them."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lambdalint.model import Flaw, Package, UnreadablePackage
from lambdalint.protocols import Keep, Probe
from lambdalint.readers import open_package
from lambdalint.readers.flaws import HeaderMismatch, OddRecord, Surplus

#: The archives of other projects' tests, where they are at hand.
CORPUS = Path(os.environ.get("LAMBDALINT_CORPUS", Path(__file__).parents[2] / "shared")) / "corpus" / "hostile-upstream"


class Unseekable(io.RawIOBase):
    """A pipe, to which zipfile writes data descriptors."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += data
        return len(data)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, stream: bool = False) -> bytes:
    """Return what zipfile makes of these, with usual modes."""
    pipe, whole = Unseekable(), io.BytesIO()
    with zipfile.ZipFile(pipe if stream else whole, "w", method) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
    return bytes(pipe.written) if stream else whole.getvalue()


class Desk:
    """Writes bytes to a file and opens it."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "archive"

    def open(self, data: bytes, *, probe: Probe | None = None, keep: Keep | None = None) -> Package:
        self._path.write_bytes(data)
        return open_package(str(self._path), probe=probe, keep=keep)

    def flaws(self, data: bytes) -> list[Flaw]:
        """Open, unpack everything, and return all that is wrong."""
        try:
            package = self.open(data)
        except UnreadablePackage as unreadable:
            return list(unreadable.archive.flaws)
        package.contents.verify()
        return [*package.archive.flaws, *package.contents.flaws]

    def words(self, data: bytes) -> list[str]:
        """The sorts of all that is wrong, sorted; a ``!`` where readers come to differ, a ``-`` where none is misled."""
        return sorted({word(flaw) for flaw in self.flaws(data)})


def word(flaw: Flaw) -> str:
    name = type(flaw).__name__
    if isinstance(flaw, Surplus):
        name += f" {flaw.where}"
    if isinstance(flaw, (HeaderMismatch, Surplus)) and flaw.differs:
        return f"{name}!"
    return f"{name}-" if isinstance(flaw, OddRecord) and flaw.harmless else name


def contents_of(package: Package) -> Iterator[tuple[str, bytes]]:
    for entry in package.files():
        yield entry.path, package.read(entry, 1 << 30)
