"""What is read of an ELF file, and what is said of one that lies."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from lambdalint.binaries import feeder, header, kept, programs
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.faults import Misaligned, Truncated
from lambdalint.binaries.feeder import ElfFeeder, Probe, parse
from lambdalint.model import Entry, Kind
from tests import elfwriter
from tests.binaries.oracles import FIXTURES, by_us, read

NATIVE = FIXTURES / "native"
ENTRY = Entry("x.so", b"x.so", Kind.FILE, 0o755, 0, 0)


def fixture(name: str) -> Elf:
    return parse((NATIVE / name).read_bytes())


def details(elf: Elf) -> list[str]:
    return [fault.detail for fault in elf.faults]


# What healthy files are.


@pytest.mark.parametrize("cpu", ["x86_64", "aarch64"])
def test_a_module_by_runpath(cpu: str) -> None:
    elf = fixture(f"runpath-{cpu}.so")
    assert (elf.cpu, elf.type, elf.is_program, elf.is_dynamic) == (cpu, "dyn", False, True)
    assert elf.needed == ("libeggs.so.1", "libm.so.6", "libc.so.6")
    assert (elf.soname, elf.rpath, elf.runpath) == (None, None, "$ORIGIN/../spam.libs")
    assert elf.exports == ("PyInit_spam",)
    assert ("libm.so.6", "GLIBC_2.29", False) in [(version.library, version.name, version.weak) for version in elf.versions]
    assert ("libeggs.so.1", "EGGS_1.0") in [(version.library, version.name) for version in elf.versions]
    assert elf.executable_stack is False


@pytest.mark.parametrize("cpu", ["x86_64", "aarch64"])
def test_entrances_of_other_runtimes(cpu: str) -> None:
    assert fixture(f"rpath-{cpu}.so").rpath == "$ORIGIN:/opt/lib"
    assert fixture(f"rpath-{cpu}.so").runpath is None
    assert fixture(f"rpath-{cpu}.so").exports == ("Init_spam",)
    assert fixture(f"old-{cpu}.so").exports == ("JNI_OnLoad",)
    assert fixture(f"napi-{cpu}.node").exports == ("napi_register_module_v1",)
    assert fixture(f"abi115-{cpu}.node").exports == ("node_register_module_v115",)


@pytest.mark.parametrize("cpu", ["x86_64", "aarch64"])
def test_a_library_provides_versions(cpu: str) -> None:
    elf = fixture(f"libeggs-{cpu}.so.1")
    assert elf.soname == "libeggs.so.1"
    assert elf.provides == ("EGGS_1.0", "EGGS_1.2")


@pytest.mark.parametrize(
    ("name", "interp", "is_static", "is_musl"),
    [
        ("program-x86_64", "/lib64/ld-linux-x86-64.so.2", False, False),
        ("program-aarch64", "/lib/ld-linux-aarch64.so.1", False, False),
        ("fixed-x86_64", "/lib64/ld-linux-x86-64.so.2", False, False),
        ("fixed-aarch64", "/lib/ld-linux-aarch64.so.1", False, False),
        ("program-musl-x86_64", "/lib/ld-musl-x86_64.so.1", False, True),
        ("static-musl-x86_64", None, True, False),
        ("static-pie-x86_64", None, True, False),
    ],
)
def test_programs(name: str, interp: str | None, is_static: bool, is_musl: bool) -> None:
    elf = fixture(name)
    assert elf.is_program
    assert (elf.interp, elf.is_static, elf.is_musl) == (interp, is_static, is_musl)


def test_packed_relocations_are_a_version() -> None:
    assert "GLIBC_ABI_DT_RELR" in [version.name for version in fixture("relr-x86_64.so").versions]


def test_an_object_file_is_neither_program_nor_dynamic() -> None:
    elf = fixture("object-x86_64.o")
    assert (elf.type, elf.is_program, elf.is_dynamic, elf.faults) == ("rel", False, False, ())


@pytest.mark.parametrize(
    ("cpu", "bits", "endian"),
    [
        ("i386", 32, "little"), ("arm", 32, "little"), ("mips", 32, "big"), ("powerpc", 32, "big"), ("powerpc64le", 64, "little"),
        ("riscv64", 64, "little"), ("aarch64_be", 64, "big"),
    ],
)  # fmt: skip
def test_other_cpus(cpu: str, bits: int, endian: str) -> None:
    names = {"powerpc": "ppc", "powerpc64le": "ppc64le", "aarch64_be": "aarch64, big-endian"}
    elf = fixture(f"bare-{cpu}.so")
    assert elf.header is not None
    assert (elf.cpu, elf.header.format.bits, elf.header.format.endian) == (names.get(cpu, cpu), bits, endian)
    assert elf.exports == ("PyInit_spam",)


@pytest.mark.parametrize(
    ("machine", "bits", "endian", "cpu"),
    [
        (62, 64, "little", "x86_64"), (62, 32, "little", "x32"), (62, 64, "big", "x86_64, big-endian"), (3, 32, "little", "i386"),
        (3, 64, "little", "i386, 64-bit"), (183, 64, "little", "aarch64"), (183, 32, "little", "aarch64_ilp32"), (22, 64, "big", "s390x"),
        (22, 32, "big", "s390"), (0x1234, 64, "little", "machine 4660"), (40, 32, "big", "arm, big-endian"),
    ],
)  # fmt: skip
def test_cpu_by_the_first_bytes(machine: int, bits: int, endian: str, cpu: str) -> None:
    content = elfwriter.Elf(machine=machine, bits=bits, endian=endian).built()
    assert header.cpu(content[:20]) == cpu
    assert header.cpu(content[:19]) is None
    assert parse(content).cpu == cpu


def test_what_is_no_elf_has_no_cpu() -> None:
    assert header.cpu(b"MZ" + bytes(100)) is None
    assert header.cpu(b"\x7fELF\3\1" + bytes(100)) is None
    assert not header.is_elf(b"\x7fEL")


def test_addons_that_register_themselves() -> None:
    content = elfwriter.Elf(imports=["node_module_register", "napi_module_register", "uv_run"], exports=["spam"]).built()
    assert parse(content).imports == ("napi_module_register", "node_module_register")


def test_names_that_are_no_text() -> None:
    content = elfwriter.Elf(needed=["lib\udcff.so", "a\nb\x1b[2J.so", "::error ::x"], soname="\u202e").built()
    elf = parse(content)
    assert elf.needed == ("lib\udcff.so", "a\nb\x1b[2J.so", "::error ::x")
    assert elf.soname == "\u202e"


def test_weak_versions_are_told() -> None:
    content = bytearray(elfwriter.Elf(versions={"libc.so.6": ["GLIBC_2.99"]}).built())
    [version] = parse(bytes(content)).versions
    assert not version.weak
    row = struct.pack("<I", _hash("GLIBC_2.99")) + bytes(2)
    at = content.index(row)
    content[at + 4] = 2
    [version] = parse(bytes(content)).versions
    assert version.weak
    assert repr(version) == "Version('libc.so.6', 'GLIBC_2.99', weak=True)"


def _hash(name: str) -> int:
    return elfwriter._hash(name)


def test_a_library_that_can_be_executed_is_a_library() -> None:
    content = elfwriter.Elf(interp="/lib64/ld-linux-x86-64.so.2", soname="libc.so.6", needed=["ld-linux-x86-64.so.2"]).built()
    assert not parse(content).is_program


@pytest.mark.parametrize(
    ("elf", "is_musl"),
    [
        (elfwriter.Elf(needed=["libc.musl-x86_64.so.1"]), True),
        (elfwriter.Elf(needed=["libc.so"]), True),
        (elfwriter.Elf(versions={"libc.so": ["LIBC"]}), False),
        (elfwriter.Elf(needed=["libc.so.6"]), False),
    ],
    ids=["alpine", "musl-gcc", "android", "glibc"],
)
def test_musl(elf: elfwriter.Elf, is_musl: bool) -> None:
    assert parse(elf.built()).is_musl is is_musl


# Headers that lie, and files cut off.

WIDE = struct.Struct("<HHIQQQIHHHHHH")
FIELDS = (
    "type", "machine", "version", "entry", "phoff", "shoff", "flags", "ehsize", "phentsize", "phnum", "shentsize", "shnum",
    "shstrndx",
)  # fmt: skip


def patched(content: bytes, **fields: int) -> bytes:
    """Change fields of a 64-bit file header."""
    values = dict(zip(FIELDS, WIDE.unpack_from(content, 16), strict=True)) | fields
    return content[:16] + WIDE.pack(*values.values()) + content[64:]


def segment(content: bytes, sort: int, **fields: int) -> bytes:
    """Change fields of the first program header of a sort."""
    names = ("sort", "flags", "offset", "address", "physical", "size", "memory", "align")
    row = struct.Struct("<IIQQQQQQ")
    for at in range(64, 64 + 10 * row.size, row.size):
        values = dict(zip(names, row.unpack_from(content, at), strict=True))
        if values["sort"] == sort:
            return content[:at] + row.pack(*(values | fields).values()) + content[at + row.size :]
    raise AssertionError(sort)


def tagged(content: bytes, tag: int, value: int) -> bytes:
    """Change an entry of the dynamic section."""
    dynamic = next(at for at in range(64, 2000, 56) if struct.unpack_from("<I", content, at)[0] == programs.DYNAMIC)
    (start,) = struct.unpack_from("<Q", content, dynamic + 8)
    for at in range(start, len(content) - 16, 16):
        found, _ = struct.unpack_from("<qQ", content, at)
        if found == tag:
            return content[: at + 8] + struct.pack("<Q", value) + content[at + 16 :]
    raise AssertionError(tag)


MODULE = (NATIVE / "runpath-x86_64.so").read_bytes()
PROGRAM = (NATIVE / "program-x86_64").read_bytes()


@pytest.mark.parametrize("size", [4, 19, 20, 52, 63])
def test_a_header_cut_off(size: int) -> None:
    elf = parse(MODULE[:size])
    assert (elf.cpu, elf.type, elf.size) == (None, None, size)
    [fault] = elf.faults
    assert isinstance(fault, Truncated)
    assert (fault.detail, fault.loader) == (f"it has {size} bytes, and ends within its header", "file too short")


@pytest.mark.parametrize("ident", [b"\0\1", b"\3\1", b"\2\0", b"\2\3"])
def test_a_class_that_does_not_exist(ident: bytes) -> None:
    elf = parse(MODULE[:4] + ident + MODULE[6:])
    assert elf.header is None
    assert details(elf) == [f"class {ident[0]} and byte order {ident[1]} do not exist"]


@pytest.mark.parametrize("size", [64, 100, 64 + 56 * 2])
def test_program_headers_cut_off(size: int) -> None:
    elf = parse(MODULE[:size])
    assert elf.cpu == "x86_64"
    assert isinstance(elf.faults[0], Truncated)
    assert elf.faults[0].loader == "cannot read file data"


@pytest.mark.parametrize("size", [1000, 5000, 12_000, len(MODULE) - 2000])
def test_a_file_cut_off(size: int) -> None:
    elf = parse(MODULE[:size])
    assert isinstance(elf.faults[0], Truncated)
    assert f"and has {size:,}" in elf.faults[0].detail


def test_a_file_cut_off_by_pages_ends_the_process() -> None:
    """The page of the dynamic section is not there; where only the end of it is missing, zeros are."""
    found = next(at for at in range(64, 2000, 56) if struct.unpack_from("<I", MODULE, at)[0] == programs.DYNAMIC)
    (start,) = struct.unpack_from("<Q", MODULE, found + 8)
    page = start // programs.PAGE * programs.PAGE
    assert parse(MODULE[:page]).faults[0].signal == "bus error"
    assert parse(MODULE[: page + 1]).faults[0].signal is None


def test_only_section_headers_cut_off_is_no_fault() -> None:
    elf = parse(MODULE[: len(MODULE) - 64])
    assert not elf.faults
    assert elf.needed


def test_section_headers_are_not_read() -> None:
    for fields in ({"shoff": 0, "shnum": 0, "shstrndx": 0}, {"shoff": 1 << 63, "shnum": 0xFFFF}, {"shentsize": 1}):
        elf = parse(patched(MODULE, **fields))
        assert not elf.faults
        assert elf.needed == parse(MODULE).needed


def test_program_headers_of_another_size() -> None:
    elf = parse(patched(MODULE, phentsize=32))
    assert details(elf) == ["its program headers have 32 bytes each instead of 56"]
    assert elf.faults[0].loader == "ELF file's phentsize not the expected size"


def test_no_program_headers() -> None:
    elf = parse(patched(MODULE, phnum=0))
    assert details(elf) == ["no part of it is mapped"]


def test_more_program_headers_than_linux_loads() -> None:
    elf = parse(patched(MODULE, phnum=0xFFFF))
    assert details(elf) == ["it has 65,535 program headers, which is more than Linux loads"]


@pytest.mark.parametrize("offset", [(1 << 64) - 1, 1 << 63, 1 << 32, len(MODULE) - 8])
def test_program_headers_out_of_the_file(offset: int) -> None:
    elf = parse(patched(MODULE, phoff=offset))
    assert isinstance(elf.faults[0], Truncated)


def test_program_headers_at_the_end_are_read() -> None:
    table = MODULE[64 : 64 + 56 * MODULE[56]]
    moved = patched(MODULE, phoff=len(MODULE)) + table
    assert parse(moved).needed == parse(MODULE).needed


@pytest.mark.parametrize("bits", [32, 64])
def test_program_headers_behind_what_is_forgotten(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of PyTorch's libraries: the tables are at the beginning, the program headers hundreds of megabytes behind."""
    monkeypatch.setattr(kept, "FIRST", 4096)
    monkeypatch.setattr(kept, "LATEST", 8192)
    monkeypatch.setattr(kept, "_SLACK", 1000)
    plain = elfwriter.Elf(bits=bits, needed=["libc.so.6"], versions={"libm.so.6": ["GLIBC_2.29"]}, sections=False).built()
    header_size, row = (64, 56) if bits == 64 else (52, 32)
    table = plain[header_size : header_size + 3 * row]
    far = plain + bytes(100_000) + table + bytes(500)
    place = struct.pack("<Q" if bits == 64 else "<I", len(far) - 500 - len(table))
    at = 32 if bits == 64 else 28
    far = far[:at] + place + far[at + len(place) :]
    for piece in (100, 5000):
        assert by_us(read(far, piece)) == by_us(parse(plain))
        assert not read(far, piece).faults
    monkeypatch.setattr(kept, "FIRST", 200)
    found = read(far, 100)
    assert found.cpu == parse(plain).cpu
    assert found.incomplete
    assert not found.faults


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"align": 0x1001}, "ELF load command alignment not page-aligned"),
        ({"align": 8}, "ELF load command alignment not page-aligned"),
        ({"align": 0x200000, "address": 0x1000}, "ELF load command address/offset not properly aligned"),
        ({"address": 0x10}, "ELF load command address/offset not properly aligned"),
    ],
)
def test_a_library_that_cannot_be_mapped(fields: dict[str, int], text: str) -> None:
    elf = parse(segment(MODULE, 1, **fields))
    assert isinstance(elf.faults[0], Misaligned)
    assert elf.faults[0].loader == text


def test_what_the_kernel_maps_is_laxer() -> None:
    assert not parse(segment(PROGRAM, 1, align=8)).faults
    assert isinstance(parse(segment(PROGRAM, 1, address=0x10)).faults[0], Misaligned)


@pytest.mark.parametrize("path", ["/lib64/ld-linux", "x" * 4000], ids=["short", "long"])
def test_an_interpreter_without_an_end(path: str) -> None:
    content = elfwriter.Elf(type="exec", interp=path, needed=["libc.so.6"]).built()
    elf = parse(segment(content, 3, size=len(path)))
    assert elf.interp is None
    assert details(elf) == ["the path of its interpreter does not end within the file"]


@pytest.mark.parametrize(
    ("tag", "detail"),
    [
        (5, "its string table leads out of the file"),
        (6, "its table of symbols leads out of the file"),
        (0x6FFFFEF5, "its table of symbols leads out of the file"),
        (0x6FFFFFFE, "its table of versions needed leads out of the file"),
        (1, "its name of a library needed leads out of the file"),
        (29, "its RUNPATH leads out of the file"),
    ],
)
@pytest.mark.parametrize("value", [(1 << 64) - 1, 1 << 40])
def test_an_entry_that_leads_nowhere(tag: int, detail: str, value: int) -> None:
    elf = parse(tagged(MODULE, tag, value))
    assert detail in details(elf)
    assert elf.cpu == "x86_64"


def test_no_string_table() -> None:
    content = elfwriter.Elf(needed=["libc.so.6"]).built()
    at = content.index(struct.pack("<Q", 5), 64 + 3 * 56)
    elf = parse(content[:at] + struct.pack("<Q", 0x1234) + content[at + 8 :])
    assert details(elf) == ["its dynamic section names no string table"]
    assert elf.needed == ()


def test_a_dynamic_section_out_of_the_file() -> None:
    elf = parse(segment(MODULE, 2, address=1 << 40))
    assert details(elf) == ["its dynamic section leads out of the file"]


# Tables that never end.


def loops(aux: int, following: int) -> bytes:
    """A file whose table of versions has rows that lead on by so much."""
    content = bytearray(elfwriter.Elf(versions={"libc.so.6": ["GLIBC_2.34"]}).built())
    at = content.index(struct.pack("<I", _hash("GLIBC_2.34")) + bytes(2))
    content[at + 12 : at + 16] = struct.pack("<I", aux)
    content[at - 4 : at] = struct.pack("<I", following)
    return bytes(content)


@pytest.mark.parametrize(("aux", "following"), [(0, 0), (1, 0), (0, 1), (0xFFFFFFF0, 0), (0, 0xFFFFFFF0), (16, 16), (1, 1)])
def test_tables_of_versions_end(aux: int, following: int) -> None:
    elf = parse(loops(aux, following))
    assert elf.needed == ("libc.so.6",)
    assert len(elf.versions) <= 4096


def test_counts_in_tables_of_versions_are_not_trusted() -> None:
    content = bytearray(elfwriter.Elf(versions={"libc.so.6": ["GLIBC_2.34"]}).built())
    at = content.index(struct.pack("<HH", 1, 1), 200)
    content[at + 2 : at + 4] = b"\xff\xff"
    elf = parse(bytes(content))
    assert [version.name for version in elf.versions] == ["GLIBC_2.34"]


def hashed(change: Callable[[bytearray, int], None]) -> Elf:
    """The module with its GNU hash table changed."""
    content = bytearray(MODULE)
    tag = next(at for at in range(0, len(MODULE) - 16, 8) if struct.unpack_from("<q", MODULE, at)[0] == 0x6FFFFEF5)
    (address,) = struct.unpack_from("<Q", MODULE, tag + 8)
    change(content, address)  # its first segment is mapped to where it lies in the file
    return parse(bytes(content))


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 0xFFFFFFFF), (0, 0), (4, 0xFFFFFFFF), (8, 0xFFFFFFFF), (0, 100_000), (4, 0), (12, 0xFFFFFFFF)],
)
def test_a_hash_table_that_lies(place: int, value: int) -> None:
    def change(content: bytearray, at: int) -> None:
        content[at + place : at + place + 4] = struct.pack("<I", value)

    elf = hashed(change)
    assert elf.needed == parse(MODULE).needed
    assert set(elf.exports) <= {"PyInit_spam"}


def test_a_chain_without_an_end() -> None:
    def change(content: bytearray, at: int) -> None:
        buckets, _, words, _ = struct.unpack_from("<IIII", content, at)
        start = at + 16 + 8 * words + 4 * buckets
        content[start : start + 4] = bytes(4)

    assert hashed(change).needed == parse(MODULE).needed


def test_too_much_is_said_and_not_kept() -> None:
    many = [f"lib{number}.so" for number in range(1500)]
    elf = parse(elfwriter.Elf(needed=many).built())
    assert len(elf.needed) == 1024
    assert elf.incomplete == ("libraries needed beyond 1,024",)
    elf = parse(elfwriter.Elf(needed=["x"], exports=[f"Init_{number}" for number in range(400)]).built())
    assert elf.incomplete == ("table of symbols beyond 256 entries",)
    elf = parse(elfwriter.Elf(versions={"libc.so.6": [f"V_{number}" for number in range(5000)]}).built())
    assert len(elf.versions) == 4096
    assert elf.incomplete == ("table of versions needed beyond 4,096 entries",)
    elf = parse(elfwriter.Elf(needed=["x"] * 5000).built())
    assert "dynamic section beyond 4,096 entries" in elf.incomplete


def test_a_name_without_an_end() -> None:
    content = elfwriter.Elf(needed=["x" * 5000, "libc.so.6"]).built()
    elf = parse(content)
    assert elf.needed == ("libc.so.6",)
    assert details(elf) == ["its name of a library needed leads out of the file"]


def test_the_files_of_a_package_share_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeder, "NAME_BYTES", 10_000)
    probe = Probe()
    found = []
    for _ in range(100):
        learner = probe(ENTRY, MODULE[:64])
        assert learner is not None
        learner.feed(MODULE)
        found.append(learner.finish())
    assert found[0].needed
    assert not found[0].incomplete
    assert found[-1].incomplete == ("names",)
    assert (found[-1].cpu, found[-1].needed) == ("x86_64", ())
    assert probe(ENTRY, b"#!/bin/sh\n") is None


# Memory.


def test_only_what_may_be_needed_is_kept() -> None:
    size = 100 << 20
    content = elfwriter.Elf(needed=["libc.so.6"]).built()
    feed = ElfFeeder()
    feed.feed(segment(content, 1, size=size))
    for _ in range(size // (1 << 20)):
        feed.feed(bytes(1 << 20))
    kept = feed._kept
    assert kept is not None
    assert sum(len(span.data) for span in kept._spans) <= programs.KEPT + (1 << 20)
    elf = feed.finish()
    assert elf.needed == ("libc.so.6",)
    assert not elf.faults


def test_tables_in_what_was_not_kept_are_incomplete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "KEPT", 1100)
    elf = parse(MODULE)
    assert elf.incomplete
    assert not elf.faults
    assert elf.cpu == "x86_64"


def test_a_large_file_in_one_piece() -> None:
    elf = parse(MODULE + bytes(3 << 20))
    assert by_us(elf) == by_us(parse(MODULE))
    assert elf.size == len(MODULE) + (3 << 20)


def test_small_segments_are_kept_first() -> None:
    big = programs.Program(1, 4, 0, 0, 100 << 20, 4096)
    code = programs.Program(1, 5, 100 << 20, 0, 300 << 20, 4096)
    small = programs.Program(1, 6, 400 << 20, 0, 1 << 20, 4096)
    ranges = list(programs.worth_keeping([big, code, small]))
    assert (400 << 20, 401 << 20) in ranges
    assert (100 << 20, 101 << 20) in ranges
    assert (0, 30 << 20) in ranges
