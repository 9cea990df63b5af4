"""The names by which runtimes enter a native file, out of its table of dynamic symbols."""

from __future__ import annotations

import struct
from typing import Final

from lambdalint.binaries.header import Format
from lambdalint.binaries.tables import Outside, Table

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

#: Names that are told of one file, and symbols that are looked at: the largest library seen has 130,000.
NAMES: Final = 256
SYMBOLS: Final = 1 << 20
#: Symbols that share a bucket; a linker aims at four.
_CHAIN: Final = 1 << 16


class Entrances:
    """The names found."""

    __slots__ = ("exported", "imported")

    def __init__(self) -> None:
        self.exported: Final[list[str]] = []
        self.imported: Final[list[str]] = []


def entrances(found: Entrances, symbols: Table, strings: Table, span: tuple[int, int], layout: Format) -> None:
    """Collect the entrances among the symbols of a span of indexes. Raises Outside or NotKept."""
    first, stop = span
    data, start, end = strings.data, strings.start, strings.end
    row = layout.symbol
    if data.find(_REGISTRATION, start, end) >= 0:
        first = 0
    rows = symbols.take(first * row.size, (min(stop, SYMBOLS) - first) * row.size)
    begins = data.startswith
    for name, section in row.iter_unpack(rows):
        if section and begins(ENTRANCES, start + name, end):
            found.exported.append(strings.text(name))
        elif not section and first == 0 and begins(REGISTRATIONS, start + name, end):
            found.imported.append(strings.text(name))
        if len(found.exported) > NAMES:
            return


def span_by_hash(table: Table, order: str) -> tuple[int, int]:
    """Return the first symbol that may be exported and the one past the last, by a table of type SHT_HASH. Raises as above."""
    _, count = table.unpack(struct.Struct(order + "II"), 0)
    return 0, count


def span_by_gnu_hash(table: Table, layout: Format) -> tuple[int, int]:
    """Return the same by a table of type SHT_GNU_HASH: its last bucket's chain ends with the last symbol.

    https://sourceware.org/gnu-gabi/program-loading-and-dynamic-linking.txt describes it.
    """
    buckets, first, words, _ = table.unpack(struct.Struct(layout.order + "IIII"), 0)
    at = 16 + words * layout.bits // 8
    last = max((start for (start,) in struct.iter_unpack(layout.order + "I", table.take(at, 4 * buckets))), default=0)
    if last < first:
        return first, first
    word = struct.Struct(layout.order + "I")
    chains = at + 4 * buckets - 4 * first
    for index in range(last, last + _CHAIN):
        if table.unpack(word, chains + 4 * index)[0] & 1:
            return first, index + 1
    raise Outside
