"""Reads the records of pax headers, which say of a tar member what its own header has no room for."""

from __future__ import annotations

from typing import Final

#: What changes the reading of a member. An extended header has the last word, a global one is not believed.
_TELLING: Final = frozenset((b"path", b"linkpath", b"size"))
_SPARSE: Final = b"GNU.sparse."
_LONGEST: Final = 20


class Overrides:
    """What extended headers say of the member after them."""

    __slots__ = ("odd", "path", "real_size", "size", "sparse", "target", "used")

    def __init__(self) -> None:
        #: None: as the member's own header has it; so are the others.
        self.path: bytes | None = None
        self.target: bytes | None = None
        self.size: int | None = None
        self.sparse = False
        #: Of a sparse member, holes included.
        self.real_size: int | None = None
        self.odd: str | None = None
        #: There was a header that must be followed by a member.
        self.used = False


def read_records(data: bytes, overrides: Overrides, *, everywhere: bool) -> str | None:
    """Note what the records say. Returns what is wrong with them, as the rest of a sentence; None: nothing.

    ``everywhere``: they are said of all members that follow. Programs that make them put a comment there; a path
    or a size for all members is something on which readers disagree, and which is not applied.
    """
    at = 0
    while at < len(data):
        if not data[at]:  # padding of old programs
            return None if not data[at:].strip(b"\0") else "has a record that begins with a zero byte"
        space = data.find(b" ", at, at + _LONGEST)
        digits = data[at:space]
        if space < 0 or not digits.isdigit():
            return f"has a record at {at:,} without a length"
        end = at + int(digits)
        if end > len(data) or end <= space + 2 or data[end - 1 : end] != b"\n":
            return f"has a record at {at:,} of a wrong length"
        key, equals, value = data[space + 1 : end - 1].partition(b"=")
        if not equals:
            return f"has a record at {at:,} without a value"
        if everywhere:
            if key in _TELLING or key.startswith(_SPARSE):
                overrides.odd = f"a global header says {key.decode('ascii', 'replace')} of it and of all others"
        elif (wrong := _note(key, value, overrides)) is not None:
            return wrong
        at = end
    return None


def _note(key: bytes, value: bytes, overrides: Overrides) -> str | None:
    if key.startswith(_SPARSE):
        overrides.sparse = True
        if key == b"GNU.sparse.name":
            overrides.path = value
        elif key in (b"GNU.sparse.realsize", b"GNU.sparse.size"):
            overrides.real_size = _size(value)
    elif key == b"path":
        overrides.path = value or None
    elif key == b"linkpath":
        overrides.target = value or None
    elif key == b"size" and value:
        overrides.size = _size(value)
        if overrides.size is None:
            return "has a size that is no number"
    if key in (b"path", b"linkpath") and b"\0" in value:
        return "has a name with a zero byte"
    return None


def _size(value: bytes) -> int | None:
    if not value.isdigit() or len(value) > _LONGEST or int(value) >= 1 << 62:
        return None
    return int(value)
