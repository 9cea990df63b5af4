"""What three readers say of an ELF file, in the same words, so that they can be compared."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import lief
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.enums import ENUM_E_MACHINE
from elftools.elf.gnuversions import GNUVerDefSection, GNUVerNeedSection
from elftools.elf.sections import SymbolTableSection
from elftools.elf.segments import InterpSegment

from lambdalint.binaries.elf import Elf
from lambdalint.binaries.feeder import ElfFeeder
from lambdalint.binaries.symbols import ENTRANCES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "binaries"
ENTRANCE_NAMES = tuple(name.decode() for name in ENTRANCES)

View = dict[str, object]


def elves() -> list[Path]:
    """Every ELF file of the fixtures."""
    return [path for path in sorted(FIXTURES.rglob("*")) if path.is_file() and path.read_bytes()[:4] == b"\x7fELF"]


def read(content: bytes, piece: int = 1 << 16) -> Elf:
    """Return what our reader says of a file that streams by in pieces."""
    feeder = ElfFeeder()
    for start in range(0, len(content), piece):
        feeder.feed(content[start : start + piece])
    return feeder.finish()


def by_us(elf: Elf) -> View:
    assert elf.header is not None
    return {
        "machine": elf.header.machine,
        "bits": elf.header.format.bits,
        "endian": elf.header.format.endian,
        "type": elf.type,
        "os abi": elf.header.os_abi,
        "interp": elf.interp,
        "needed": list(elf.needed),
        "soname": elf.soname,
        "rpath": elf.rpath,
        "runpath": elf.runpath,
        "versions": sorted((version.library, version.name, version.weak) for version in elf.versions),
        "provides": sorted(elf.provides),
        "exports": list(elf.exports),
        "executable stack": elf.executable_stack,
    }


def by_pyelftools(content: bytes) -> View:
    elf: Any = ELFFile(io.BytesIO(content))
    header, segments, sections = elf.header, list(elf.iter_segments()), list(elf.iter_sections())
    tags: list[Any] = [tag for segment in segments if isinstance(segment, DynamicSegment) for tag in segment.iter_tags()]
    named = {tag.entry.d_tag: getattr(tag, tag.entry.d_tag[3:].lower(), None) for tag in tags}
    stacks = [bool(segment["p_flags"] & 1) for segment in segments if segment["p_type"] == "PT_GNU_STACK"]
    return {
        "machine": ENUM_E_MACHINE[header.e_machine],
        "bits": elf.elfclass,
        "endian": "little" if elf.little_endian else "big",
        "type": header.e_type[3:].lower(),
        "os abi": content[7],
        "interp": next((segment.get_interp_name() for segment in segments if isinstance(segment, InterpSegment)), None),
        "needed": [tag.needed for tag in tags if tag.entry.d_tag == "DT_NEEDED"],
        "soname": named.get("DT_SONAME"),
        "rpath": named.get("DT_RPATH"),
        "runpath": named.get("DT_RUNPATH"),
        "versions": sorted(
            (need.name, auxiliary.name, bool(auxiliary["vna_flags"] & 2))
            for section in sections
            if isinstance(section, GNUVerNeedSection)
            for need, auxiliaries in section.iter_versions()
            for auxiliary in auxiliaries
        ),
        "provides": sorted(
            next(auxiliaries).name
            for section in sections
            if isinstance(section, GNUVerDefSection)
            for definition, auxiliaries in section.iter_versions()
            if not definition["vd_flags"] & 1
        ),
        "exports": sorted(
            symbol.name
            for section in sections
            if isinstance(section, SymbolTableSection) and section["sh_type"] == "SHT_DYNSYM"
            for symbol in section.iter_symbols()
            if symbol["st_shndx"] != "SHN_UNDEF" and symbol.name.startswith(ENTRANCE_NAMES)
        ),
        "executable stack": stacks[0] if stacks else None,
    }


def by_lief(content: bytes) -> View:
    elf: Any = lief.ELF.parse(io.BytesIO(content))
    tags = {entry.tag.name: entry for entry in elf.dynamic_entries}
    stacks = [segment for segment in elf.segments if segment.type == lief.ELF.Segment.TYPE.GNU_STACK]
    return {
        "machine": elf.header.machine_type.value,
        "bits": 64 if elf.header.identity_class == lief.ELF.Header.CLASS.ELF64 else 32,
        "endian": "little" if elf.header.identity_data == lief.ELF.Header.ELF_DATA.LSB else "big",
        "type": elf.header.file_type.name.lower(),
        "os abi": elf.header.identity_os_abi.value,
        "interp": elf.interpreter or None,
        "needed": list(elf.libraries),
        "soname": tags["SONAME"].name if "SONAME" in tags else None,
        "rpath": tags["RPATH"].rpath if "RPATH" in tags else None,
        "runpath": tags["RUNPATH"].runpath if "RUNPATH" in tags else None,
        "versions": sorted(
            (need.name, auxiliary.name, bool(auxiliary.flags & 2))
            for need in elf.symbols_version_requirement
            for auxiliary in need.get_auxiliary_symbols()
        ),
        "provides": sorted(
            next(iter(definition.auxiliary_symbols)).name
            for definition in elf.symbols_version_definition
            if not definition.flags & 1
        ),
        "exports": sorted(
            symbol.name for symbol in elf.dynamic_symbols if symbol.shndx and symbol.name.startswith(ENTRANCE_NAMES)
        ),
        "executable stack": any(int(stack.flags) & 1 for stack in stacks) if stacks else None,
    }
