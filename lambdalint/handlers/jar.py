"""Finds classes in the bytes of a jar, as the JVM's own zip reader does.

That reader looks only at the end record and the central directory, takes the last of two entries with one name, checks
no sum, and refuses the whole jar when one entry is encrypted or packed in a way it does not know; a refused jar is
passed over without a word.
Source: java.util.zip.ZipFile of OpenJDK 11 to 25 (read 2026-11-21).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Final

_END: Final = b"PK\x05\x06"
_CENTRAL: Final = b"PK\x01\x02"
_LOCAL: Final = b"PK\x03\x04"
_END_SIZE: Final = 22
_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 1
_STORED: Final = 0
_DEFLATED: Final = 8
_END64: Final = b"PK\x06\x06"
_LOCATOR64: Final = b"PK\x06\x07"
_VERSIONS: Final = "META-INF/versions/"
#: Nobody's manifest is larger.
_MANIFEST_LIMIT: Final = 1 << 20
_MANIFEST: Final = b"META-INF/MANIFEST.MF"
_ENTRY: Final = struct.Struct("<4s4xHH8xI4xHHH8xI")
_HEADER: Final = _ENTRY.size

#: Method, packed size, offset of the local header.
_Member = tuple[int, int, int]


class Jar:
    """A jar that the JVM finds its way into. It keeps the directory only, and asks for the bytes to read a member."""

    __slots__ = ("_base", "_directory", "_load", "_members", "_multi")

    def __init__(self, directory: bytes, base: int, load: Callable[[], bytes]) -> None:
        self._directory = directory
        #: What the offsets in the directory count from; not 0 when something stands before the archive.
        self._base = base
        self._load = load
        self._members: dict[bytes, _Member] | None = None
        self._multi: bool | None = None

    def members(self) -> dict[bytes, _Member]:
        """Return the members by name. Raises ValueError when the JVM would refuse the jar."""
        if self._members is None:
            self._members = _members(self._directory)
        return self._members

    def names(self) -> list[str]:
        """Return the names of all members. Raises ValueError when the JVM would refuse the jar."""
        return [name.decode("utf-8", "replace") for name in self.members()]

    def may_hold(self, name: str) -> bool:
        """Tell quickly whether the name stands anywhere in the directory."""
        return _raw(name) in self._directory

    def find(self, name: str, release: int) -> str | None:
        """Return the name under which a release of Java finds a member. None: it does not.

        Raises ValueError when the JVM would refuse the jar.
        """
        if not self.may_hold(name):
            return None
        members = self.members()
        if release >= 9 and self._is_multi_release():
            for number in range(release, 8, -1):
                versioned = f"{_VERSIONS}{number}/{name}"
                if _raw(versioned) in members:
                    return versioned
        return name if _raw(name) in members else None

    def read(self, name: str, limit: int) -> bytes:
        """Return the first bytes of a member. Raises ValueError when they cannot be had."""
        return self._bytes(self.members()[_raw(name)], limit)

    def _bytes(self, member: _Member, limit: int) -> bytes:
        method, packed, offset = member
        data = self._load()
        start = self._base + offset
        header = data[start : start + 30]
        if len(header) < 30 or not header.startswith(_LOCAL):
            raise ValueError("no local header")
        start += 30 + sum(struct.unpack_from("<HH", header, 26))
        raw = data[start : start + packed]
        if method == _STORED:
            return raw[:limit]
        try:
            return zlib.decompressobj(-15).decompress(raw, limit)
        except zlib.error as error:
            raise ValueError(str(error)) from None

    def class_path(self) -> list[str]:
        """Return the entries of the manifest's Class-Path, which may lead to further jars."""
        return self._attribute("Class-Path").split()

    def _is_multi_release(self) -> bool:
        if self._multi is None:
            self._multi = self.may_hold(_VERSIONS) and self._attribute("Multi-Release").lower() == "true"
        return self._multi

    def _attribute(self, name: str) -> str:
        """Return an attribute of the manifest's main section; empty: it has none."""
        member = _member_at(self._directory, self._directory.rfind(_MANIFEST) - _HEADER)
        if member is None:
            return ""
        try:
            text = self._bytes(member, _MANIFEST_LIMIT).decode("utf-8", "replace")
        except ValueError:
            return ""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n ", "").split("\n")
        for line in lines:
            if not line:
                break  # the main section ends
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.removeprefix(" ")  # a space at its end counts: with one, Multi-Release is not true
        return ""


def open_jar(load: Callable[[], bytes]) -> Jar:
    """Find the central directory. Raises ValueError when the JVM finds none."""
    data = load()
    at = len(data) - _END_SIZE
    stop = max(at - _COMMENT, 0)
    while at >= stop:
        at = data.rfind(_END, stop, at + 4)
        if at < 0:
            break
        size, offset, comment = struct.unpack_from("<IIH", data, at + 12)
        end, size, offset = _zip64(data, at, size, offset)
        start = end - size
        base = start - offset
        whole = at + _END_SIZE + comment == len(data)
        if start >= 0 and base >= 0 and (whole or _plausible(data, start, base)):
            return Jar(data[start:end], base, load)
        if whole:
            break  # the JVM looks no further
        at -= 1
    raise ValueError("no end record")


def _zip64(data: bytes, at: int, size: int, offset: int) -> tuple[int, int, int]:
    """Return where the directory ends, its size and offset: past 65,535 entries a second end record tells."""
    if at < 76 or not data.startswith(_LOCATOR64, at - 20) or not data.startswith(_END64, at - 76):
        return at, size, offset
    size, offset = struct.unpack_from("<QQ", data, at - 76 + 40)
    return at - 76, size, offset


def _plausible(data: bytes, start: int, base: int) -> bool:
    """Whether an end record with a wrong comment length leads to a directory and to a first entry."""
    return data.startswith(_CENTRAL, start) and data.startswith(_LOCAL, base)


def _members(directory: bytes) -> dict[bytes, _Member]:
    found: dict[bytes, _Member] = {}
    at, end = 0, len(directory)
    unpack = _ENTRY.unpack_from
    while at < end:
        if at + _HEADER > end:
            raise ValueError("directory cut off")
        signature, flags, method, packed, name, extra, comment, offset = unpack(directory, at)
        if signature != _CENTRAL or flags & _ENCRYPTED or method not in (_STORED, _DEFLATED):
            raise ValueError("an entry that the JVM cannot read")
        start = at + _HEADER
        at = start + name + extra + comment
        if at > end:
            raise ValueError("directory cut off")
        found[directory[start : start + name]] = (method, packed, offset)
    return found


def _member_at(directory: bytes, at: int) -> _Member | None:
    """Return the manifest's entry, whose name was seen behind ``at``, without reading the whole directory."""
    if at < 0:
        return None
    signature, flags, method, packed, name, _extra, _comment, offset = _ENTRY.unpack_from(directory, at)
    fits = signature == _CENTRAL and name == len(_MANIFEST) and not flags & _ENCRYPTED and method in (_STORED, _DEFLATED)
    return (method, packed, offset) if fits else None


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
