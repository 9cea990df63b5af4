"""Tells by its first bytes which system and CPU a native file is for, also of macOS and Windows."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from lambdalint.binaries import header
from lambdalint.binaries.header import Header

#: Bytes that tell everything here of nearly every file; 64 tell format and, but for PE, the CPU.
HEAD: Final = 1024

#: cputype by Apple's names (mach/machine.h). The high byte says 64 bits, or 64 bits with short pointers.
_MACH_CPUS: Final = {
    7: "i386", 0x01000007: "x86_64", 12: "arm", 0x0100000C: "arm64", 0x0200000C: "arm64_32", 18: "ppc", 0x01000012: "ppc64",
}  # fmt: skip
#: filetype by its constants in mach-o/loader.h, in small letters.
_MACH_TYPES: Final = {1: "object", 2: "execute", 6: "dylib", 8: "bundle", 9: "dylib_stub", 10: "dsym"}
_THIN: Final = {b"\xfe\xed\xfa\xce": ">", b"\xfe\xed\xfa\xcf": ">", b"\xce\xfa\xed\xfe": "<", b"\xcf\xfa\xed\xfe": "<"}
#: Fat headers are big-endian on every machine; the second sort has offsets of 64 bits.
_FAT: Final = {b"\xca\xfe\xba\xbe": 20, b"\xca\xfe\xba\xbf": 32}
#: A Java class file begins as a fat file does, and has its version where that has its count of slices. 45 is Java 1.1.
_OLDEST_CLASS: Final = 45

#: Machine of a PE file. https://learn.microsoft.com/windows/win32/debug/pe-format#machine-types
_PE_CPUS: Final = {
    0x14C: "x86", 0x8664: "x86_64", 0xAA64: "arm64", 0xA641: "arm64ec", 0x1C0: "arm", 0x1C2: "arm", 0x1C4: "arm",
    0x200: "ia64", 0x5064: "riscv64", 0x6264: "loongarch64",
}  # fmt: skip
#: .NET compiles ahead of time for other systems too, and marks them in the same field (XOR).
#: https://github.com/dotnet/runtime/blob/main/docs/design/coreclr/botr/readytorun-format.md
_PE_SYSTEMS: Final = {0: "windows", 0x7B79: "linux", 0x4644: "macos", 0xADC4: "freebsd", 0x1993: "netbsd", 0x1992: "sunos"}
_LIBRARY: Final = 0x2000
#: The directory that a .NET assembly has, and where the directories stand in both sorts of optional headers.
_CLR: Final = 14
_DIRECTORIES: Final = {0x10B: 96, 0x20B: 112}
#: Where a PE header is at most looked for; linkers put it within the first kilobyte.
_FARTHEST: Final = 1 << 16


class MachO:
    """A file of macOS. Immutable."""

    __slots__ = ("cpus", "slices", "type")

    def __init__(self, cpus: Sequence[str], slices: int, kind: str | None) -> None:
        #: By Apple's names (``arm64``), of those slices that the bytes given reach.
        self.cpus: Final = tuple(cpus)
        #: How many it holds; a thin file is one.
        self.slices: Final = slices
        #: ``dylib``, ``bundle``, ``execute`` ... or a number. None: a fat file says it in each slice only.
        self.type: Final = kind


class Pe:
    """A file in the format of Windows. Immutable."""

    __slots__ = ("cpu", "is_library", "is_managed", "system")

    def __init__(self, cpu: str | None, system: str, *, is_library: bool | None, is_managed: bool | None) -> None:
        #: ``x86_64``, ``arm64``, ``x86`` ... or ``machine 0x1234``. None: the bytes given do not reach it.
        self.cpu: Final = cpu
        #: ``windows``, or what .NET compiled it for ahead of time: ``linux``, ``macos`` ...
        self.system: Final = system
        #: A DLL rather than a program. None: as above.
        self.is_library: Final = is_library
        #: A .NET assembly. With CPU ``x86`` it is most often for any. None: as above.
        self.is_managed: Final = is_managed


def identify(head: bytes) -> Header | MachO | Pe | None:
    """Return what native file begins so. None: none, or one whose header is cut off. ``HEAD`` bytes tell more than 64."""
    if header.is_elf(head):
        return header.read(head)
    magic = head[:4]
    if magic in _THIN:
        return _thin(head, _THIN[magic])
    if magic in _FAT:
        return _fat(head, _FAT[magic])
    if head.startswith(b"MZ"):
        return _pe(head)
    return None


def _thin(head: bytes, order: str) -> MachO | None:
    if len(head) < 16:
        return None
    cpu, _, kind = struct.unpack_from(order + "III", head, 4)
    return MachO([_mach_cpu(cpu)], 1, _MACH_TYPES.get(kind) or str(kind))


def _fat(head: bytes, size: int) -> MachO | None:
    count = int.from_bytes(head[4:8], "big")
    places = range(8, min(len(head) - size, 8 + size * (count - 1)) + 1, size)
    if len(head) < 8 or not 0 < count < _OLDEST_CLASS:
        return None
    return MachO([_mach_cpu(int.from_bytes(head[at : at + 4], "big")) for at in places], count, None)


def _mach_cpu(number: int) -> str:
    return _MACH_CPUS.get(number) or f"cpu {number:#x}"


def _pe(head: bytes) -> Pe | None:
    if len(head) < 64:
        return None
    (at,) = struct.unpack_from("<I", head, 60)
    if at + 24 > len(head):
        return Pe(None, "windows", is_library=None, is_managed=None) if 64 <= at < _FARTHEST else None
    if head[at : at + 4] != b"PE\0\0":
        return None  # a program of DOS, or something else that begins with these two letters
    machine, size, flags = struct.unpack_from("<H14xHH", head, at + 4)
    cpu, system = _machine(machine)
    return Pe(cpu, system, is_library=bool(flags & _LIBRARY), is_managed=_is_managed(head, at + 24, size))


def _machine(number: int) -> tuple[str, str]:
    for mark, system in _PE_SYSTEMS.items():
        if number ^ mark in _PE_CPUS:
            return _PE_CPUS[number ^ mark], system
    return f"machine {number:#x}", "windows"


def _is_managed(head: bytes, at: int, size: int) -> bool | None:
    if len(head) < at + 2:
        return None
    first = _DIRECTORIES.get(int.from_bytes(head[at : at + 2], "little"))
    if first is None:
        return False
    entry = first + 8 * _CLR
    if size < entry + 8:
        return False  # the header ends before: the file has fewer directories
    if len(head) < at + entry + 8:
        return None
    (count,) = struct.unpack_from("<I", head, at + first - 4)
    address, length = struct.unpack_from("<II", head, at + entry)
    return bool(count > _CLR and address and length)
