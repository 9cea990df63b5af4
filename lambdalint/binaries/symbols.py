"""The names by which runtimes enter a native file, out of its table of dynamic symbols."""

from __future__ import annotations

import struct
from typing import Final

from lambdalint.binaries.header import Format
from lambdalint.binaries.tables import Outside, Table, TooMany

#: What each runtime looks up in a library that it loads:
#: CPython's import (https://docs.python.org/3/extending/building.html, and PEP 793 for PyModExport), Node.js's
#: process.dlopen (https://nodejs.org/api/addons.html, https://nodejs.org/api/n-api.html), Ruby's require
#: (https://docs.ruby-lang.org/en/3.4/extension_rdoc.html) and Java's System.loadLibrary.
ENTRANCES: Final = (
    b"PyInit_", b"PyInitU_", b"PyModExport_", b"PyModExportU_", b"napi_register_module_v1", b"node_register_module_v",
    b"Init_", b"JNI_OnLoad",
)  # fmt: skip
#: What an addon of Node.js calls that registers itself while it is loaded: with Node-API, or with one version of V8.
REGISTRATIONS: Final = (b"napi_module_register", b"node_module_register")
_REGISTRATION: Final = b"_module_register"
#: A table of strings with none of these has no entrance in it, and no symbol need be looked at: C finds that out faster.
_MARKS: Final = (b"Init", b"PyModExport", b"_register_module_v", b"JNI_OnLoad")

#: Names that are told of one file; the most seen is 27.
NAMES: Final = 256
#: Buckets of a hash table that are unpacked at a time.
_BLOCK: Final = 1 << 12
#: Symbols that share a bucket; a linker aims at four.
_CHAIN: Final = 1 << 16


class Entrances:
    """The names found."""

    __slots__ = ("exported", "imported")

    def __init__(self) -> None:
        self.exported: Final[list[str]] = []
        self.imported: Final[list[str]] = []


def entrances(found: Entrances, symbols: Table, strings: Table, span: tuple[int, int], layout: Format) -> None:
    """Collect the entrances among the symbols of a span of indexes. Raises Outside, NotKept or TooMany."""
    first, stop = span
    data, start, end = strings.data, strings.start, strings.end
    row = layout.symbol
    if data.find(_REGISTRATION, start, end) >= 0:
        first = 0
    elif all(data.find(mark, start, end) < 0 for mark in _MARKS):
        return
    rows = symbols.take(first * row.size, (stop - first) * row.size)
    begins = data.startswith
    for name, section in row.iter_unpack(rows):
        if section and begins(ENTRANCES, start + name, end):
            found.exported.append(strings.text(name))
        elif not section and first == 0 and begins(REGISTRATIONS, start + name, end):
            found.imported.append(strings.text(name))
        if len(found.exported) > NAMES:
            raise TooMany(NAMES)


def span_by_hash(table: Table, layout: Format) -> tuple[int, int]:
    """Return the first symbol that may be exported and the one past the last, by a table of type SHT_HASH. Raises as above."""
    return 0, table.unpack(layout.word, layout.word.size)[0]


def span_by_gnu_hash(table: Table, layout: Format) -> tuple[int, int]:
    """Return the same by a table of type SHT_GNU_HASH: its last bucket's chain ends with the last symbol.

    https://sourceware.org/gnu-gabi/program-loading-and-dynamic-linking.txt describes it.
    """
    buckets, first, words = struct.unpack(layout.order + "III", table.take(0, 12))
    at = 16 + words * layout.bits // 8
    starts = table.take(at, 4 * buckets)
    last = 0
    for block in range(0, len(starts), 4 * _BLOCK):
        part = starts[block : block + 4 * _BLOCK]
        last = max(last, *struct.unpack(f"{layout.order}{len(part) // 4}I", part))
    if last < first:
        return first, first
    chains = at + 4 * buckets - 4 * first
    for index in range(last, last + _CHAIN):
        if table.unpack(layout.word, chains + 4 * index)[0] & 1:
            return first, index + 1
    raise Outside
