"""What a native file says of itself, and whether it fits the function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdalint.binaries import feeder
    from lambdalint.binaries.scripts import Started
    from lambdalint.contents import Contents
    from lambdalint.filesystem import Filesystem, Node
    from lambdalint.model import Aws, Entry, Package
    from lambdalint.protocols import Feeder
    from lambdalint.surely import Surely

#: Texts of installed packages that say what they are and what they need; kept as the bytes go by, since rules on native
#: files read them afterwards.
_METADATA = (".dist-info/WHEEL", ".dist-info/METADATA", ".dist-info/RECORD", "/package.json")
_METADATA_SIZE = 1 << 18

#: How the native files of Linux, macOS (thin, fat; both byte orders) and Windows begin.
_MAGICS = (
    b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce",
    b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf", b"MZ",
)  # fmt: skip

#: Endings that only native code has, so that a file with another beginning is not what it seems.
_ENDINGS = ("-linux-gnu.so", ".abi3.so", ".node")


def has_native(package: Package) -> bool:
    """Tell whether any file begins as a native one, or is named as one; most packages have none and need no closer look."""
    contents = package.contents
    if any(entry.path.endswith(_ENDINGS) for entry in package.files()):
        return True
    if contents.is_seen and contents.starts.isdisjoint({magic[:2] for magic in _MAGICS}):
        return False
    return any(package.contents.head(entry).startswith(_MAGICS) for entry in package.files())


def is_elf_program(entry: Entry, contents: Contents) -> bool:
    """Tell whether a file is an ELF program. Most of today have the type of libraries; what else it says tells them apart."""
    if not contents.head(entry).startswith(_MAGICS[0]):
        return False
    from lambdalint.binaries.elf import Elf
    from lambdalint.model import Lacking

    try:
        learned = contents.learned(entry)
    except Lacking:
        return False  # its bytes cannot be had, which another rule tells
    return isinstance(learned, Elf) and learned.is_program


def begun_by(filesystem: Filesystem, programs: Sequence[Node]) -> Callable[[], Mapping[str, Started]]:
    """Return what finds, once, the programs that scripts among others surely start, by their paths."""

    @functools.cache
    def begun() -> Mapping[str, Started]:
        if not programs:
            return {}
        from lambdalint.binaries.scripts import started

        return started(filesystem, programs)

    return begun


def begun(filesystem: Filesystem, surely: Surely) -> Mapping[Entry, tuple[str, Aws]]:
    """Return the programs that others surely start, each with what starts it, and what AWS says when it may not be executed."""
    if not surely.programs:
        return {}
    from lambdalint.aws.errors import exit_status
    from lambdalint.model import Aws

    found = {} if surely.handed is None else {surely.handed: (surely.by or "", exit_status(126))}
    for path, one in surely.begun().items():
        node = filesystem.file(path)
        if node is not None:
            found[node] = (one.script.name, Aws("Runtime.ExitError", one.said("Permission denied")))
    return {node.entry: said for node, said in found.items() if node.entry is not None}


def chmod(programs: Sequence[Entry], *, image: bool = False) -> str | None:
    """Return the command that makes programs executable. None: they are too many for one line."""
    from shlex import quote

    if image:
        return f"RUN chmod 755 {' '.join(quote(f'/{entry.path}') for entry in programs)} in the Dockerfile" if len(programs) < 4 else None

    names = " ".join(quote(entry.path) for entry in programs[:4])
    if any(entry.mode is None for entry in programs):
        return f"chmod 755 {names}, and zip under Linux, macOS or WSL, or with build-lambda-zip: this zip records no modes"
    return f"chmod 755 {names} before zipping" if len(programs) < 4 else None


class Probe:
    """Asks to learn from ELF files, within the bounds of one package; one that has none does not load their reader."""

    __slots__ = ("_asked",)

    def __init__(self) -> None:
        self._asked: feeder.Probe | None = None

    def __call__(self, entry: Entry, head: bytes) -> Feeder | None:
        return self._reader()(entry, head) if head.startswith(_MAGICS[0]) else None

    def tell(self, learned: object) -> object | None:
        """Return what was learned from a file as plain values. None: it is not all there is."""
        from lambdalint.binaries.remembered import tell

        return tell(learned)

    def recall(self, told: object) -> object | None:
        """Return what was learned, of plain values. None: it is beyond the bounds. Raises what comes of values that never were."""
        return self._reader().recall(told)

    def _reader(self) -> feeder.Probe:
        if self._asked is None:
            from lambdalint.binaries import feeder

            self._asked = feeder.Probe()
        return self._asked


def keep(entry: Entry) -> bool:
    """Whether a file is small metadata that names a package and its version."""
    return entry.size <= _METADATA_SIZE and entry.path.endswith(_METADATA)
