"""Files of other systems are told by their first bytes."""

from __future__ import annotations

import struct
import zipfile

import pytest

from lambdalint.binaries.foreign import HEAD, MachO, Pe, identify
from lambdalint.binaries.header import Header
from tests.binaries.oracles import FIXTURES

NATIVE = FIXTURES / "native"


def head(name: str, size: int = HEAD) -> bytes:
    return (NATIVE / name).read_bytes()[:size]


@pytest.mark.parametrize("size", [64, HEAD])
def test_elf(size: int) -> None:
    found = identify(head("program-aarch64", size))
    assert isinstance(found, Header)
    assert (found.cpu, found.type) == ("aarch64", "dyn")


@pytest.mark.parametrize("size", [16, 64, HEAD])
@pytest.mark.parametrize("cpu", ["arm64", "x86_64"])
def test_thin_mach_o(cpu: str, size: int) -> None:
    found = identify(head(f"bundle-{cpu}.so", size))
    assert isinstance(found, MachO)
    assert (found.cpus, found.slices, found.type) == ((cpu,), 1, "bundle")


@pytest.mark.parametrize(("size", "cpus"), [(64, ("x86_64", "arm64")), (40, ("x86_64",)), (8, ()), (HEAD, ("x86_64", "arm64"))])
def test_fat_mach_o(size: int, cpus: tuple[str, ...]) -> None:
    found = identify(head("fat.o", size))
    assert isinstance(found, MachO)
    assert (found.cpus, found.slices, found.type) == (cpus, 2, None)


def test_old_and_odd_mach_o() -> None:
    ppc = identify(b"\xfe\xed\xfa\xce" + struct.pack(">III", 18, 0, 6))
    odd = identify(b"\xcf\xfa\xed\xfe" + struct.pack("<III", 99, 0, 77))
    long = identify(b"\xca\xfe\xba\xbf" + struct.pack(">I", 1) + struct.pack(">I28x", 0x0100000C))
    assert isinstance(ppc, MachO)
    assert isinstance(odd, MachO)
    assert isinstance(long, MachO)
    assert (ppc.cpus, ppc.type) == (("ppc",), "dylib")
    assert (odd.cpus, odd.type) == (("cpu 0x63",), "77")
    assert (long.cpus, long.slices) == (("arm64",), 1)


@pytest.mark.parametrize("major", [45, 52, 61, 65, 69])
@pytest.mark.parametrize("minor", [0, 3, 0xFFFF])
def test_a_java_class_is_no_mach_o(major: int, minor: int) -> None:
    assert identify(b"\xca\xfe\xba\xbe" + struct.pack(">HH", minor, major) + bytes(100)) is None


def test_real_classes_are_no_mach_o() -> None:
    with zipfile.ZipFile(FIXTURES / "java" / "handlers.jar") as jar:
        classes = [jar.read(name) for name in jar.namelist() if name.endswith(".class")]
    assert len(classes) > 30
    assert all(content.startswith(b"\xca\xfe\xba\xbe") and identify(content[:HEAD]) is None for content in classes)


def test_a_fat_file_without_slices_is_none() -> None:
    assert identify(b"\xca\xfe\xba\xbe" + bytes(100)) is None


@pytest.mark.parametrize(("name", "cpu"), [("x86_64", "x86_64"), ("aarch64", "arm64"), ("i686", "x86")])
def test_pe(name: str, cpu: str) -> None:
    found = identify(head(f"library-{name}.pyd"))
    assert isinstance(found, Pe)
    assert (found.cpu, found.system, found.is_library, found.is_managed) == (cpu, "windows", True, False)
    short = identify(head(f"library-{name}.pyd", 64))
    assert isinstance(short, Pe)
    assert (short.cpu, short.is_library, short.is_managed) == (None, None, None)


def pe(machine: int, *, magic: int = 0x20B, clr: bool = True, count: int = 16, size: int = 240, flags: int = 0x2022) -> bytes:
    first = {0x10B: 96, 0x20B: 112}.get(magic, 112)
    optional = bytearray(first + 128)
    optional[:2] = struct.pack("<H", magic)
    optional[first - 4 : first] = struct.pack("<I", count)
    if clr:
        optional[first + 112 : first + 120] = struct.pack("<II", 0x2008, 72)
    coff = b"PE\0\0" + struct.pack("<H14xHH", machine, size, flags)
    return b"MZ".ljust(60, b"\0") + struct.pack("<I", 128) + bytes(64) + coff + optional


@pytest.mark.parametrize(
    ("content", "cpu", "system", "is_managed"),
    [
        (pe(0x14C, magic=0x10B, size=224), "x86", "windows", True),
        (pe(0x8664 ^ 0x7B79), "x86_64", "linux", True),
        (pe(0xAA64 ^ 0x4644), "arm64", "macos", True),
        (pe(0x8664, clr=False), "x86_64", "windows", False),
        (pe(0x8664, count=10), "x86_64", "windows", False),
        (pe(0x8664, size=100), "x86_64", "windows", False),
        (pe(0x8664, magic=0x107), "x86_64", "windows", False),
        (pe(0x1234), "machine 0x1234", "windows", True),
        (pe(0x8664)[:300], "x86_64", "windows", None),
        (pe(0x8664)[:153], "x86_64", "windows", None),
    ],
    ids=["any CPU", "linux", "macos", "native", "few directories", "short header", "rom", "unknown", "cut", "cut early"],
)
def test_net(content: bytes, cpu: str, system: str, is_managed: bool | None) -> None:
    found = identify(content)
    assert isinstance(found, Pe)
    assert (found.cpu, found.system, found.is_managed) == (cpu, system, is_managed)


def test_a_program_of_windows() -> None:
    found = identify(pe(0x8664, flags=0x22))
    assert isinstance(found, Pe)
    assert found.is_library is False


@pytest.mark.parametrize("name", sorted(str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*.dll")))
def test_real_assemblies(name: str) -> None:
    found = identify((FIXTURES / name).read_bytes()[:HEAD])
    assert isinstance(found, Pe)
    assert found.is_managed


@pytest.mark.parametrize(
    "content",
    [
        b"", b"M", b"MZ", b"MZ is how this text begins" + b" " * 100, b"MZ".ljust(60, b"\0") + b"\xff\xff\xff\xff" + bytes(100),
        b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"NE".ljust(100, b"\0"), b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe\0", b"\x7fELF",
        b"#!/bin/sh\n", b"PK\3\4" + bytes(100),
    ],
)  # fmt: skip
def test_what_is_none(content: bytes) -> None:
    assert identify(content) is None
