"""Writes zip archives field by field, so that any field can lie."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

LOCAL: Final = struct.Struct("<4s5H3I2H")
CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
END: Final = struct.Struct("<4s4H2IH")
END64: Final = struct.Struct("<4sQ2H2I4Q")
LOCATOR: Final = struct.Struct("<4sIQI")
STORED: Final = 0
DEFLATED: Final = 8
UNIX: Final = 3
#: 1980-01-01 00:00:00, the first date there is; every archive of ours has it.
DATE: Final = 0x21
#: The fields that a lie may replace, by the names that recipes use.
FIELDS: Final = frozenset({"name", "version", "system", "needed", "flags", "method", "time", "date", "crc", "packed", "size", "extra"})
CENTRAL_FIELDS: Final = FIELDS | {"comment", "disk", "internal", "attributes", "offset"}
CHUNK: Final = 1 << 20


class Member:
    """One member: its true bytes, and what the two headers say of it."""

    def __init__(
        self,
        name: bytes,
        chunks: Iterable[bytes] = (),
        *,
        attributes: int = 0,
        method: int = STORED,
        descriptor: bool = False,
        damage: int | None = None,
        in_body: bool = True,
        in_directory: bool = True,
        local: dict[str, int | bytes] | None = None,
        **central: int | bytes,
    ) -> None:
        self.data, crc, size = _pack(chunks, method)
        if damage is not None:
            spot = damage % len(self.data)
            self.data = self.data[:spot] + bytes([self.data[spot] ^ 0xFF]) + self.data[spot + 1 :]
        self.descriptor: Final = descriptor
        self.in_body: Final = in_body
        self.in_directory: Final = in_directory
        #: crc, packed size and size as they truly are.
        self.truth: Final = (crc, len(self.data), size)
        fields: dict[str, int | bytes] = {
            "name": name, "version": 20, "system": UNIX, "needed": 20, "method": method, "time": 0, "date": DATE,
            "flags": (0x800 if _needs_utf8(name) else 0) | (8 if descriptor else 0),
            "crc": crc, "packed": len(self.data), "size": size, "extra": b"", "comment": b"", "disk": 0,
            "internal": 0, "attributes": attributes,
        }  # fmt: skip
        self.central: Final = fields | _known(central, CENTRAL_FIELDS)
        streamed: dict[str, int | bytes] = {"crc": 0, "packed": 0, "size": 0} if descriptor else {}
        self.local: Final = self.central | streamed | _known(local or {}, FIELDS)

    def body(self) -> bytes:
        """Return local header, packed bytes and, if there is one, data descriptor."""
        said, name, extra = self.local, self.local["name"], self.local["extra"]
        assert isinstance(name, bytes)
        assert isinstance(extra, bytes)
        header = LOCAL.pack(
            b"PK\3\4", said["needed"], said["flags"], said["method"], said["time"], said["date"],
            said["crc"], said["packed"], said["size"], len(name), len(extra),
        )  # fmt: skip
        after = struct.pack("<4s3I", b"PK\7\x08", *self.truth) if self.descriptor else b""
        return header + name + extra + self.data + after

    def row(self, offset: int) -> bytes:
        """Return the record of the central directory."""
        said = {"offset": offset} | self.central
        name, extra, comment = said["name"], said["extra"], said["comment"]
        assert isinstance(name, bytes)
        assert isinstance(extra, bytes)
        assert isinstance(comment, bytes)
        assert isinstance(said["system"], int)
        assert isinstance(said["version"], int)
        return CENTRAL.pack(
            b"PK\1\2", said["system"] << 8 | said["version"], said["needed"], said["flags"], said["method"],
            said["time"], said["date"], said["crc"], said["packed"], said["size"], len(name), len(extra),
            len(comment), said["disk"], said["internal"], said["attributes"], said["offset"],
        ) + name + extra + comment  # fmt: skip


def write_zip(
    members: Sequence[Member],
    *,
    prefix: bytes = b"",
    adjusted: bool = True,
    gap: bytes = b"",
    comment: bytes = b"",
    suffix: bytes = b"",
    zip64: bool = False,
    end: dict[str, int] | None = None,
) -> bytes:
    """Return the archive.

    ``adjusted``: offsets count the prefix. ``gap``: bytes before the directory. ``end``: lies in the end record.
    """
    out = bytearray(prefix)
    shift = 0 if adjusted else len(prefix)
    rows = bytearray()
    count = 0
    for member in members:
        offset = len(out) - shift
        if member.in_body:
            out += member.body()
        if member.in_directory:
            rows += member.row(offset)
            count += 1
    out += gap
    said = {"disk": 0, "start_disk": 0, "here": count, "entries": count, "size": len(rows), "offset": len(out) - shift}
    out += rows
    if zip64 or count > 0xFFFF:
        at = len(out) - shift
        out += END64.pack(b"PK\6\6", 44, 45, 45, 0, 0, said["here"], said["entries"], said["size"], said["offset"])
        out += LOCATOR.pack(b"PK\6\7", 0, at, 1)
        said |= {"here": 0xFFFF, "entries": 0xFFFF, "size": 0xFFFFFFFF, "offset": 0xFFFFFFFF}
    lies = end or {}
    if lies.keys() - said.keys():
        raise ValueError(f"no such field of the end record: {sorted(lies.keys() - said.keys())}")
    said |= lies
    out += END.pack(b"PK\5\6", *said.values(), len(comment))
    return bytes(out + comment + suffix)


def _pack(chunks: Iterable[bytes], method: int) -> tuple[bytes, int, int]:
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    out, crc, size = bytearray(), 0, 0
    for chunk in chunks:
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        out += squeeze.compress(chunk) if method == DEFLATED else chunk
    return bytes(out + squeeze.flush() if method == DEFLATED else out), crc, size


def _known(lies: dict[str, int | bytes], fields: frozenset[str]) -> dict[str, int | bytes]:
    if lies.keys() - fields:
        raise ValueError(f"no such field of a zip header: {sorted(lies.keys() - fields)}")
    return lies


def _needs_utf8(name: bytes) -> bool:
    if name.isascii():
        return False
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
