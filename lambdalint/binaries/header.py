"""Tells from an ELF file's first bytes which CPU it is for."""

from __future__ import annotations

import struct
from typing import Final

MAGIC: Final = b"\x7fELF"

#: e_machine by the name that the kernel (``uname -m``) and packagers use, for the usual class and byte order of that CPU.
#: https://www.sco.com/developers/gabi/latest/ch4.eheader.html
MACHINES: Final = {
    2: "sparc", 3: "i386", 4: "m68k", 8: "mips", 15: "parisc", 18: "sparc32plus", 20: "ppc", 21: "ppc64", 22: "s390x",
    40: "arm", 42: "sh4", 43: "sparc64", 50: "ia64", 62: "x86_64", 183: "aarch64", 243: "riscv64", 247: "bpf",
    258: "loongarch64",
}  # fmt: skip

#: What the same e_machine is called with another class or byte order: (e_machine, bits, byte order).
_VARIANTS: Final = {
    (8, 32, "little"): "mipsel", (8, 64, "big"): "mips64", (8, 64, "little"): "mips64el", (21, 64, "little"): "ppc64le",
    (22, 32, "big"): "s390", (62, 32, "little"): "x32", (183, 32, "little"): "aarch64_ilp32", (243, 32, "little"): "riscv32",
    (258, 32, "little"): "loongarch32",
}  # fmt: skip
_BIG: Final = frozenset({2, 4, 8, 15, 18, 20, 21, 22, 43})
_NARROW: Final = frozenset({2, 3, 4, 8, 15, 18, 20, 40, 42})

#: e_type by the names of the standard, in small letters.
TYPES: Final = {0: "none", 1: "rel", 2: "exec", 3: "dyn", 4: "core"}


class Format:
    """How the tables of one class and byte order are laid out."""

    __slots__ = (
        "auxiliary", "bits", "definition", "dynamic", "endian", "header", "need", "order", "program", "symbol", "word",
    )  # fmt: skip

    def __init__(self, bits: int, endian: str) -> None:
        self.bits: Final = bits
        #: ``little`` or ``big``.
        self.endian: Final = endian
        #: The same, for ``struct``.
        self.order: Final = "<" if endian == "little" else ">"
        wide = bits == 64
        #: The file header behind the 16 bytes of e_ident.
        self.header: Final = struct.Struct(self.order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"))
        self.program: Final = struct.Struct(self.order + ("IIQQQQQQ" if wide else "IIIIIIII"))
        self.dynamic: Final = struct.Struct(self.order + ("qQ" if wide else "iI"))
        #: Of a symbol only its name and section are unpacked.
        self.symbol: Final = struct.Struct(self.order + ("I2xH16x" if wide else "I10xH"))
        #: Of the tables of versions, which are the same in both classes: a library and a version needed, a definition.
        self.need: Final = struct.Struct(self.order + "4xIII")
        self.auxiliary: Final = struct.Struct(self.order + "4xH2xII")
        self.definition: Final = struct.Struct(self.order + "2xH8xII")
        self.word: Final = struct.Struct(self.order + "I")


_FORMATS: Final = {
    (1, 1): Format(32, "little"), (1, 2): Format(32, "big"), (2, 1): Format(64, "little"), (2, 2): Format(64, "big"),
}  # fmt: skip


class Header:
    """What the first 20 bytes of an ELF file say."""

    __slots__ = ("cpu", "format", "machine", "os_abi", "type")

    def __init__(self, layout: Format, os_abi: int, type_: int, machine: int) -> None:
        self.format: Final = layout
        #: EI_OSABI: 0 is System V and 3 is GNU, which Linux loads; 9 is FreeBSD's.
        self.os_abi: Final = os_abi
        #: ``exec``, ``dyn``, ``rel``, ``core``, ``none`` or a number in hexadecimal.
        self.type: Final = TYPES.get(type_) or f"{type_:#x}"
        #: e_machine.
        self.machine: Final = machine
        #: ``x86_64`` and ``aarch64`` mean just what Lambda runs: 64 bits, little-endian. ``machine 1234`` for one without a name.
        self.cpu: Final = _cpu(machine, layout.bits, layout.endian)


def is_elf(head: bytes | bytearray) -> bool:
    """Whether a file begins as ELF."""
    return head.startswith(MAGIC)


def read(head: bytes | bytearray) -> Header | None:
    """Return what the first bytes say. None: they are no ELF header, or one cut off, or of a class that does not exist."""
    if len(head) < 20 or not is_elf(head):
        return None
    layout = _FORMATS.get((head[4], head[5]))
    if layout is None:
        return None
    kind, machine = struct.unpack_from(layout.order + "HH", head, 16)
    return Header(layout, head[7], kind, machine)


def cpu(head: bytes) -> str | None:
    """Return the CPU that an ELF file is for, by its first 20 bytes. None: as of ``read``."""
    found = read(head)
    return None if found is None else found.cpu


def _cpu(machine: int, bits: int, endian: str) -> str:
    variant = _VARIANTS.get((machine, bits, endian))
    if variant is not None:
        return variant
    name = MACHINES.get(machine) or f"machine {machine}"
    if machine in MACHINES:
        if (bits == 32) != (machine in _NARROW):
            name += f", {bits}-bit"
        if (endian == "big") != (machine in _BIG):
            name += f", {endian}-endian"
    return name
