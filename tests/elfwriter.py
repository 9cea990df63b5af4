"""Writes small ELF files that loaders, readelf and pyelftools accept, from a few words about them."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

#: e_machine by the names that recipes use (System V gABI, registered machines).
MACHINES: Final = {"i386": 3, "ppc64": 21, "s390x": 22, "arm": 40, "x86_64": 62, "aarch64": 183, "riscv64": 243}
TYPES: Final = {"rel": 1, "exec": 2, "dyn": 3, "core": 4}
PAGE: Final = 0x1000
(NEEDED, HASH, STRTAB, SYMTAB, STRSZ, SYMENT, SONAME, RPATH, RUNPATH) = (1, 4, 5, 6, 10, 11, 14, 15, 29)
VERNEED, VERNEEDNUM = 0x6FFFFFFE, 0x6FFFFFFF
(PT_LOAD, PT_DYNAMIC, PT_INTERP) = (1, 2, 3)
(SHT_PROGBITS, SHT_STRTAB, SHT_HASH, SHT_DYNAMIC, SHT_DYNSYM) = (1, 3, 5, 6, 11)
SHT_VERDEF, SHT_VERNEED, SHT_VERSYM = 0x6FFFFFFD, 0x6FFFFFFE, 0x6FFFFFFF
VERDEF, VERDEFNUM = 0x6FFFFFFC, 0x6FFFFFFD
VERSYM: Final = 0x6FFFFFF0


class Strings:
    """A string table."""

    def __init__(self) -> None:
        self.data = bytearray(b"\0")

    def add(self, text: str) -> int:
        offset = len(self.data)
        self.data += text.encode(errors="surrogateescape") + b"\0"
        return offset


class Section:
    """Bytes at a place in the file, which is also their address."""

    def __init__(self, name: str, sort: int, data: bytes, link: str = "", entry: int = 0, info: int = 0) -> None:
        self.name: Final = name
        self.sort: Final = sort
        self.data: Final = data
        self.link: Final = link
        self.entry: Final = entry
        self.info: Final = info
        self.offset = 0


class Elf:
    """What a recipe says of an ELF file."""

    def __init__(
        self,
        *,
        machine: str | int = "x86_64",
        type: str = "dyn",  # noqa: A002 - the word of the format
        bits: int = 64,
        endian: str = "little",
        osabi: int = 0,
        flags: int = 0,
        interp: str = "",
        needed: Sequence[str] = (),
        versions: Mapping[str, Sequence[str]] | None = None,
        provides: Sequence[str] = (),
        soname: str = "",
        rpath: str = "",
        runpath: str = "",
        exports: Sequence[str] = (),
        imports: Sequence[str] = (),
        sections: bool = True,
    ) -> None:
        self.machine: Final = machine if isinstance(machine, int) else MACHINES[machine]
        self.type: Final = TYPES[type]
        self.wide: Final = {32: False, 64: True}[bits]
        self.order: Final = {"little": "<", "big": ">"}[endian]
        self.ident: Final = bytes([0x7F, *b"ELF", 2 if self.wide else 1, 1 if endian == "little" else 2, 1, osabi])
        #: Bytes of the file header, a program header, a section header, a symbol and a dynamic entry.
        self.header, self.segment, self.section, self.symbol, self.tag = (64, 56, 64, 24, 16) if self.wide else (52, 32, 40, 16, 8)
        self.flags: Final = flags
        self.interp: Final = interp
        #: Libraries that versions are asked of are needed too.
        self.needed: Final = [*needed, *(name for name in versions or () if name not in needed)]
        self.versions: Final = versions or {}
        self.provides: Final = provides
        self.named: Final = {SONAME: soname, RPATH: rpath, RUNPATH: runpath}
        self.exports: Final = exports
        self.imports: Final = imports
        self.has_sections: Final = sections
        #: False: a program that needs no loader, as Go makes them.
        self.is_dynamic: Final = type == "dyn" or bool(interp or self.needed or exports or imports)

    def _pack(self, words: str, *values: int) -> bytes:
        """Pack; ``n`` stands for a word of the file's own width."""
        return struct.pack(self.order + words.replace("n", "Q" if self.wide else "I"), *values)

    def built(self) -> bytes:
        """Return the file."""
        strings = Strings()
        sections = self._sections(strings) if self.is_dynamic else []
        tags = self._tags(strings)
        if self.is_dynamic:
            sections.append(Section(".dynstr", SHT_STRTAB, bytes(strings.data)))
            sections.append(Section(".dynamic", SHT_DYNAMIC, bytes(self.tag * len(tags)), ".dynstr", self.tag))
        end = self._place(sections)
        at = {part.name: part.offset for part in sections} | {"size of .dynstr": len(strings.data)}
        dynamic = b"".join(self._pack("nn", tag, at.get(value, 0) if isinstance(value, str) else value) for tag, value in tags)
        return self._assemble(sections, dynamic, end)

    def _sections(self, strings: Strings) -> list[Section]:
        """The sections that say something, and the strings they need."""
        found = [Section(".interp", SHT_PROGBITS, self.interp.encode() + b"\0")] if self.interp else []
        names = [*self.imports, *self.exports]
        symbols = bytes(self.symbol)
        for name in names:
            symbols += self._symbol(strings.add(name), defined=name in self.exports)
        chain = self._pack(f"3I{len(names) + 1}I", 1, len(names) + 1, len(names) and 1, *self._chain(len(names)))
        found.append(Section(".dynsym", SHT_DYNSYM, symbols, ".dynstr", self.symbol, info=1))
        found.append(Section(".hash", SHT_HASH, chain, ".dynsym", 4))
        if self.versions:
            global_names = self._pack(f"{len(names) + 1}H", 0, *[1] * len(names))
            found.append(Section(".gnu.version", SHT_VERSYM, global_names, ".dynsym", 2))
            found.append(Section(".gnu.version_r", SHT_VERNEED, self._verneed(strings), ".dynstr", info=len(self.versions)))
        if self.provides:
            found.append(Section(".gnu.version_d", SHT_VERDEF, self._verdef(strings), ".dynstr", info=len(self.provides)))
        return found

    def _verdef(self, strings: Strings) -> bytes:
        out = b""
        for index, version in enumerate(self.provides, 1):
            onwards = 28 if index < len(self.provides) else 0
            out += self._pack("HHHHIII", 1, 0, index, 1, _hash(version), 20, onwards)
            out += self._pack("II", strings.add(version), 0)
        return out

    @staticmethod
    def _chain(count: int) -> list[int]:
        """One bucket whose chain runs through every symbol."""
        return [0, *(index + 1 if index < count else 0 for index in range(1, count + 1))]

    def _symbol(self, name: int, *, defined: bool) -> bytes:
        function, section, value = 0x12, int(defined), PAGE * int(defined)
        if self.wide:
            return self._pack("IBBHnn", name, function, 0, section, value, 0)
        return self._pack("InnBBH", name, value, 0, function, 0, section)

    def _verneed(self, strings: Strings) -> bytes:
        out, index = b"", 2
        for number, (library, versions) in enumerate(self.versions.items(), 1):
            last = number == len(self.versions)
            length = 16 + 16 * len(versions)
            out += self._pack("HHIII", 1, len(versions), strings.add(library), 16, 0 if last else length)
            for left, version in enumerate(versions, 1 - len(versions)):
                out += self._pack("IHHII", _hash(version), 0, index, strings.add(version), 16 if left else 0)
                index += 1
        return out

    def _tags(self, strings: Strings) -> list[tuple[int, int | str]]:
        """The dynamic entries; a string stands for the place of that section."""
        tags: list[tuple[int, int | str]] = [(NEEDED, strings.add(name)) for name in self.needed]
        tags += [(tag, strings.add(text)) for tag, text in self.named.items() if text]
        tags += [(HASH, ".hash"), (SYMTAB, ".dynsym"), (SYMENT, self.symbol)]
        if self.versions:
            tags += [(VERSYM, ".gnu.version"), (VERNEED, ".gnu.version_r"), (VERNEEDNUM, len(self.versions))]
        if self.provides:
            tags += [(VERDEF, ".gnu.version_d"), (VERDEFNUM, len(self.provides))]
        return [*tags, (STRTAB, ".dynstr"), (STRSZ, "size of .dynstr"), (0, 0)]

    def _place(self, sections: Sequence[Section]) -> int:
        offset = self.header + 3 * self.segment
        for section in sections:
            section.offset = offset
            offset += -(-len(section.data) // 8) * 8
        return offset

    def _assemble(self, sections: Sequence[Section], dynamic: bytes, end: int) -> bytes:
        out = bytearray(end)
        for section in sections:
            data = dynamic if section.name == ".dynamic" else section.data
            out[section.offset : section.offset + len(data)] = data
        segments = [(PT_LOAD, 0, end)]
        for sort, name in ((PT_DYNAMIC, ".dynamic"), (PT_INTERP, ".interp")):
            segments += [(sort, part.offset, len(part.data)) for part in sections if part.name == name]
        table = b"".join(self._segment(*segment) for segment in segments)
        tail, count = self._section_table(sections, end) if self.has_sections else (b"", 0)
        header = self.ident.ljust(16, b"\0") + self._pack(
            "HHInnnIHHHHHH", self.type, self.machine, 1, 0,
            self.header, end + len(tail) - count * self.section if count else 0, self.flags, self.header,
            self.segment, len(segments), self.section, count, max(count - 1, 0),
        )  # fmt: skip
        out[: len(header)] = header
        out[self.header : self.header + len(table)] = table
        return bytes(out + tail)

    def _segment(self, sort: int, offset: int, size: int) -> bytes:
        if self.wide:
            return self._pack("IInnnnnn", sort, 5, offset, offset, offset, size, size, PAGE if sort == PT_LOAD else 1)
        return self._pack("IIIIIIII", sort, offset, offset, offset, size, size, 5, PAGE if sort == PT_LOAD else 1)

    def _section_table(self, sections: Sequence[Section], end: int) -> tuple[bytes, int]:
        names = Strings()
        index = {section.name: number for number, section in enumerate(sections, 1)}
        rows = self._section(0, 0, 0, 0, 0, 0, 0, 0)
        for part in sections:
            rows += self._section(
                names.add(part.name),
                part.sort,
                2,
                part.offset,
                len(part.data),
                index.get(part.link, 0),
                part.info,
                part.entry,
            )
        rows += self._section(names.add(".shstrtab"), SHT_STRTAB, 0, end, len(names.data), 0, 0, 0)
        text = bytes(names.data)
        return text.ljust(-(-len(text) // 8) * 8, b"\0") + rows, len(sections) + 2

    def _section(self, name: int, sort: int, flags: int, offset: int, size: int, link: int, info: int, entry: int) -> bytes:
        return self._pack("IInnnnIInn", name, sort, flags, offset if flags else 0, offset, size, link, info, 8 if sort else 0, entry)


def _hash(name: str) -> int:
    """The gABI's hash of a name."""
    value = 0
    for byte in name.encode():
        value = (value << 4) + byte
        top = value & 0xF0000000
        value = (value ^ top >> 24) & ~top
    return value
