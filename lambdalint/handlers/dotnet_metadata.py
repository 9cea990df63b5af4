"""Reads the tables and heaps of a .NET assembly; never its code.

Layout: ECMA-335, partition II, sections 22 to 25 (6th edition; read 2026-11-21). dnfile reads the same, but raises what
it does not document on damaged files, and takes longer to import than this takes to read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

MODULE, TYPE_REF, TYPE_DEF, METHOD_DEF, PARAM = 0x00, 0x01, 0x02, 0x06, 0x08
INTERFACE_IMPL, MEMBER_REF, CUSTOM_ATTRIBUTE, MODULE_REF = 0x09, 0x0A, 0x0C, 0x1A
TYPE_SPEC, ASSEMBLY, ASSEMBLY_REF, EXPORTED_TYPE, NESTED_CLASS, GENERIC_PARAM = 0x1B, 0x20, 0x23, 0x27, 0x29, 0x2A

#: Which tables each sort of coded index can point into, in the order of its tag (II.24.2.6); -1: none.
_CODED: Final = {
    "TypeDefOrRef": (0x02, 0x01, 0x1B),
    "HasConstant": (0x04, 0x08, 0x17),
    "HasCustomAttribute": (
        0x06, 0x04, 0x01, 0x02, 0x08, 0x09, 0x0A, 0x00, 0x0E, 0x17, 0x14, 0x11, 0x1A, 0x1B, 0x20, 0x23, 0x26, 0x27,
        0x28, 0x2A, 0x2C, 0x2B,
    ),
    "HasFieldMarshal": (0x04, 0x08),
    "HasDeclSecurity": (0x02, 0x06, 0x20),
    "MemberRefParent": (0x02, 0x01, 0x1A, 0x06, 0x1B),
    "HasSemantics": (0x14, 0x17),
    "MethodDefOrRef": (0x06, 0x0A),
    "MemberForwarded": (0x04, 0x06),
    "Implementation": (0x26, 0x23, 0x27),
    "CustomAttributeType": (-1, -1, 0x06, 0x0A, -1),
    "ResolutionScope": (0x00, 0x1A, 0x23, 0x01),
    "TypeOrMethodDef": (0x02, 0x06),
}  # fmt: skip

#: The columns of each table (II.22): a number of bytes, a heap (S strings, G GUIDs, B blobs), #NN a row of a table, or
#: a coded index.
_TABLES: Final = {
    0x00: "2 S G G G", 0x01: "ResolutionScope S S", 0x02: "4 S S TypeDefOrRef #04 #06", 0x03: "#04", 0x04: "2 S B",
    0x05: "#06", 0x06: "4 2 2 S B #08", 0x07: "#08", 0x08: "2 2 S", 0x09: "#02 TypeDefOrRef",
    0x0A: "MemberRefParent S B", 0x0B: "2 HasConstant B", 0x0C: "HasCustomAttribute CustomAttributeType B",
    0x0D: "HasFieldMarshal B", 0x0E: "2 HasDeclSecurity B", 0x0F: "2 4 #02", 0x10: "4 #04", 0x11: "B", 0x12: "#02 #14",
    0x13: "#14", 0x14: "2 S TypeDefOrRef", 0x15: "#02 #17", 0x16: "#17", 0x17: "2 S B", 0x18: "2 #06 HasSemantics",
    0x19: "#02 MethodDefOrRef MethodDefOrRef", 0x1A: "S", 0x1B: "B", 0x1C: "2 MemberForwarded S #1A", 0x1D: "4 #04",
    0x1E: "4 4", 0x1F: "4", 0x20: "4 2 2 2 2 4 B S S", 0x21: "4", 0x22: "4 4 4", 0x23: "2 2 2 2 4 B S S B",
    0x24: "4 #23", 0x25: "4 4 4 #23", 0x26: "4 S B", 0x27: "4 4 S S Implementation", 0x28: "4 4 S Implementation",
    0x29: "#02 #02", 0x2A: "2 2 TypeOrMethodDef S", 0x2B: "MethodDefOrRef B", 0x2C: "#2A TypeDefOrRef",
}  # fmt: skip

#: A column's heap, and the bit of the heap sizes that makes its indices wide (II.24.2.6).
_HEAPS: Final = {"S": 1, "G": 2, "B": 4}
_SECTIONS: Final = 96
_STREAMS: Final = 16


class BadAssembly(ValueError):  # noqa: N818 - what the file is
    """Bytes that are no .NET assembly that this reader can follow."""


class NotManaged(BadAssembly):
    """A file that .NET itself would refuse: no PE file, or one without .NET's header."""


class Tables:
    """The tables of one assembly; rows count from 1. Every method raises BadAssembly when the file lies."""

    def __init__(self, data: bytes) -> None:
        try:
            root, self.entry_point = _metadata(data)
            streams = dict(_streams(root))
            self._strings = streams.get("#Strings", b"")
            self._blobs = streams.get("#Blob", b"")
            self._open(streams.get("#~", streams.get("#-", b"")))
        except (struct.error, IndexError) as error:
            raise BadAssembly(str(error)) from None

    def _open(self, stream: bytes) -> None:
        wide, valid = struct.unpack_from("<BxQ", stream, 6)
        present = [number for number in range(64) if valid >> number & 1]
        if any(number not in _TABLES for number in present):
            raise BadAssembly("a table of another standard")
        counts = struct.unpack_from(f"<{len(present)}I", stream, 24)
        self._counts: dict[int, int] = dict(zip(present, counts, strict=True))
        self._stream = stream
        self._rows: dict[int, tuple[int, struct.Struct]] = {}
        at = 24 + 4 * len(present) + (4 if wide & 0x40 else 0)
        for number in present:
            layout = struct.Struct("<" + "".join(self._width(column, wide) for column in _TABLES[number].split()))
            self._rows[number] = at, layout
            at += layout.size * self._counts[number]
        if at > len(stream):
            raise BadAssembly("tables cut off")

    def _width(self, column: str, wide: int) -> str:
        if column in "24":
            return "H" if column == "2" else "I"
        if column in _HEAPS:
            return "I" if wide & _HEAPS[column] else "H"
        if column.startswith("#"):
            return "I" if self.count(int(column[1:], 16)) > 0xFFFF else "H"
        tables = _CODED[column]
        most = max(self.count(table) for table in tables)
        return "I" if most >= 1 << 16 - (len(tables) - 1).bit_length() else "H"

    def count(self, table: int) -> int:
        return self._counts.get(table, 0)

    def row(self, table: int, number: int) -> tuple[int, ...]:
        if not 1 <= number <= self.count(table):
            raise BadAssembly(f"no row {number} in table {table:#x}")
        at, layout = self._rows[table]
        return layout.unpack_from(self._stream, at + (number - 1) * layout.size)

    def rows(self, table: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        if self.count(table):
            at, layout = self._rows[table]
            block = self._stream[at : at + layout.size * self.count(table)]
            yield from enumerate(layout.iter_unpack(block), 1)

    def text(self, index: int) -> str:
        end = self._strings.find(b"\0", index)
        if end < 0:
            raise BadAssembly("a name that is cut off")
        return self._strings[index:end].decode("utf-8", "replace")

    def blob(self, index: int) -> bytes:
        try:
            size, at = unpack_size(self._blobs, index)
        except IndexError:
            raise BadAssembly("a blob that is cut off") from None
        return self._blobs[at : at + size]


def decode(kind: str, value: int) -> tuple[int, int]:
    """Split a coded index into a table and a row. Raises BadAssembly."""
    tables = _CODED[kind]
    bits = (len(tables) - 1).bit_length()
    tag = value & (1 << bits) - 1
    if tag >= len(tables) or tables[tag] < 0:
        raise BadAssembly("an index of an unknown sort")
    return tables[tag], value >> bits


def encode(kind: str, table: int, row: int) -> int:
    """Return the coded index of a row."""
    tables = _CODED[kind]
    return row << (len(tables) - 1).bit_length() | tables.index(table)


def unpack_size(data: bytes, at: int) -> tuple[int, int]:
    """Read a compressed number (II.23.2) and return it with what follows. Raises IndexError."""
    first = data[at]
    if first < 0x80:
        return first, at + 1
    if first < 0xC0:
        return (first & 0x3F) << 8 | data[at + 1], at + 2
    return (first & 0x1F) << 24 | data[at + 1] << 16 | data[at + 2] << 8 | data[at + 3], at + 4


def _metadata(data: bytes) -> tuple[bytes, int]:
    """Return .NET's metadata and the token of the entry point, 0 for a library."""
    if not data.startswith(b"MZ"):
        raise NotManaged("no PE file")
    pe = struct.unpack_from("<I", data, 0x3C)[0]
    if data[pe : pe + 4] != b"PE\0\0":
        raise NotManaged("no PE file")
    sections, optional = struct.unpack_from("<H12xH", data, pe + 6)
    magic = struct.unpack_from("<H", data, pe + 24)[0]
    directory = pe + 24 + (112 if magic == 0x20B else 96) + 14 * 8
    rva = struct.unpack_from("<I", data, directory)[0] if directory + 8 <= pe + 24 + optional else 0
    if not rva:
        raise NotManaged("a native program")
    table = pe + 24 + optional
    places = [struct.unpack_from("<4I", data, table + 40 * number + 8) for number in range(min(sections, _SECTIONS))]
    header = _offset(places, rva)
    start, size, _flags, entry = struct.unpack_from("<4I", data, header + 8)
    at = _offset(places, start)
    root = data[at : at + size]
    if not root.startswith(b"BSJB") or len(root) != size:
        raise BadAssembly("no metadata")
    return root, entry


def _offset(places: list[tuple[int, ...]], rva: int) -> int:
    for virtual_size, address, raw_size, raw in places:
        if address <= rva < address + max(virtual_size, raw_size):
            return rva - address + raw
    raise BadAssembly("an address outside the file")


def _streams(root: bytes) -> Iterator[tuple[str, bytes]]:
    version = struct.unpack_from("<I", root, 12)[0]
    at = 16 + version
    count = struct.unpack_from("<H", root, at + 2)[0]
    at += 4
    for _ in range(min(count, _STREAMS)):
        start, size = struct.unpack_from("<II", root, at)
        end = root.index(b"\0", at + 8, at + 40) if b"\0" in root[at + 8 : at + 40] else at + 40
        yield root[at + 8 : end].decode("ascii", "replace"), root[start : start + size]
        at = end + 4 - (end - at) % 4
