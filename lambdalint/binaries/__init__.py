"""What a native file says of itself, and whether it fits the function."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdalint.contents import Feeder
    from lambdalint.model import Entry

#: Texts of installed packages that say what they are and what they need; kept as the bytes go by, since rules on native
#: files read them afterwards.
_METADATA = (".dist-info/WHEEL", ".dist-info/METADATA", "/package.json")
_METADATA_SIZE = 1 << 16


def probe(entry: Entry, head: bytes) -> Feeder | None:
    """Ask to learn from ELF files; who has none does not load their reader."""
    if not head.startswith(b"\x7fELF"):
        return None
    from lambdalint.binaries.reading import probe as ask

    return ask(entry, head)


def keep(entry: Entry) -> bool:
    """Whether a file is small metadata that names a package and its version."""
    return entry.size <= _METADATA_SIZE and entry.path.endswith(_METADATA)
