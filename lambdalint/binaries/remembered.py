"""What an ELF file says, as plain values that JSON can hold, and back again."""

from __future__ import annotations

import struct
from typing import Any, Final

from lambdalint.binaries import faults, header
from lambdalint.binaries.dynamic import Version
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.faults import Fault
from lambdalint.binaries.header import Header

_FAULTS: Final = {sort.__name__: sort for sort in (faults.Truncated, faults.Misaligned, faults.Malformed)}
_TYPES: Final = {name: number for number, name in header.TYPES.items()}
_PLAIN: Final = tuple(slot for slot in Elf.__slots__ if slot not in ("header", "size", "versions", "faults"))


def tell(elf: object) -> object | None:
    """Return what there is to know. None: it is not all, since the files before it took the room for names."""
    if not isinstance(elf, Elf) or "names" in elf.incomplete:
        return None
    return [
        None if elf.header is None else _head(elf.header),
        elf.size,
        [getattr(elf, slot) for slot in _PLAIN],
        [(version.library, version.name, version.weak) for version in elf.versions],
        [(type(fault).__name__, fault.detail, fault.loader, fault.signal) for fault in elf.faults],
    ]


def recall(told: Any) -> Elf:
    """Return what was told. Raises ValueError, TypeError, KeyError or struct.error for what never was."""
    head, size, plain, versions, wrong = told
    if len(plain) != len(_PLAIN):
        raise ValueError("another program's")
    return Elf(
        None if head is None else _header(*head),
        size,
        **dict(zip(_PLAIN, plain, strict=True)),
        versions=[Version(library, name, weak=weak) for library, name, weak in versions],
        faults=[_fault(*fault) for fault in wrong],
    )


def _head(found: Header) -> tuple[object, ...]:
    return found.format.bits, found.format.endian, found.os_abi, found.type, found.machine


def _header(bits: int, endian: str, os_abi: int, name: str, machine: int) -> Header:
    """Return a header by way of the bytes that say the same."""
    little = endian == "little"
    number = _TYPES[name] if name in _TYPES else int(name, 16)
    ident = header.MAGIC + bytes((1 if bits == 32 else 2, 1 if little else 2, 1, os_abi)) + bytes(8)
    found = header.read(ident + struct.pack("<HH" if little else ">HH", number, machine))
    if found is None:
        raise ValueError("no header")
    return found


def _fault(sort: str, detail: str, loader: str | None, signal: str | None) -> Fault:
    return _FAULTS[sort](detail, loader, signal)
