"""Reads an ELF file as it streams by, in bounded memory.

What a loader goes by is read, which is segments and the dynamic section; section headers may be missing or lie. Nothing
here follows an offset backwards or trusts a count, so that time and memory grow with the bytes fed alone.
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import dynamic, header, programs, symbols
from lambdalint.binaries.dynamic import Version
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.faults import BeyondCap, Fault, Malformed, Truncated
from lambdalint.binaries.header import Header
from lambdalint.binaries.kept import Kept
from lambdalint.binaries.programs import Program
from lambdalint.binaries.tables import NAME, Memory, NotKept, Outside, Table

if TYPE_CHECKING:
    from lambdalint.model import Entry

#: Bytes of program headers: the kernel refuses more (fs/binfmt_elf.c, load_elf_phdrs).
PROGRAM_BYTES: Final = 1 << 16
#: Libraries needed by one file; the most seen is below 50.
LIBRARIES: Final = 1024

#: The longest file header: that of 64 bits.
_HEADER: Final = 64
_IDENT: Final = 16


def probe(_: Entry, head: bytes) -> ElfFeeder | None:
    """Return what learns from a file all that this program asks of an ELF file. None: it is none."""
    return ElfFeeder() if header.is_elf(head) else None


def parse(content: bytes) -> Elf:
    """Return what an ELF file says that is in memory."""
    feeder = ElfFeeder()
    feeder.feed(content)
    return feeder.finish()


class ElfFeeder:
    """Learns from an ELF file that is fed from its first byte to its last."""

    __slots__ = ("_about", "_header", "_kept", "_programs", "_start")

    def __init__(self) -> None:
        self._about: Final = _Findings()
        #: The first bytes, until all headers are among them.
        self._start: Final = bytearray()
        self._header: Header | None = None
        self._programs: list[Program] = []
        #: None: it is not known yet what is worth keeping.
        self._kept: Kept | None = None

    def feed(self, chunk: bytes) -> None:
        """Take the file's next bytes."""
        if self._kept is not None:
            self._kept.feed(chunk)
            return
        self._start.extend(chunk)
        if len(self._start) >= _HEADER and self._has_headers():
            self._settle()

    def finish(self) -> Elf:
        """Return what the file says, now that all of it was fed."""
        if self._kept is None:
            self._settle()
        assert self._kept is not None
        return _Reading(self._header, self._programs, self._kept, self._about).elf()

    def _has_headers(self) -> bool:
        """Whether the bytes so far hold all program headers, or will never do so within the cap."""
        found = header.read(self._start)
        if found is None:
            return True
        _, end = self._program_table(found)
        return len(self._start) >= min(end, programs.KEPT)

    def _program_table(self, found: Header) -> tuple[int, int]:
        """Return where the program headers begin and end. The file header must be there."""
        fields = found.format.header.unpack_from(self._start, _IDENT)
        offset, count = fields[4], fields[9]
        size = min(count * found.format.program.size, PROGRAM_BYTES)
        return offset, offset + size

    def _settle(self) -> None:
        """Read the headers from the first bytes, and keep of the file from now on what they make worth it."""
        self._header = found = header.read(self._start)
        if found is None or len(self._start) < _IDENT + found.format.header.size:
            self._header = None
            self._about.faults.append(self._no_header())
        else:
            self._read_programs(found)
        self._kept = Kept(programs.worth_keeping(self._programs))
        self._kept.feed(self._start)
        self._start.clear()

    def _no_header(self) -> Fault:
        if len(self._start) >= _HEADER:
            return Malformed(f"class {self._start[4]} and byte order {self._start[5]} do not exist", "invalid ELF header")
        return Truncated(f"it has {len(self._start)} bytes, and ends within its header", "file too short")

    def _read_programs(self, found: Header) -> None:
        layout = found.format
        fields = layout.header.unpack_from(self._start, _IDENT)
        size, count = fields[8], fields[9]
        offset, end = self._program_table(found)
        faults = self._about.faults
        if count and size != layout.program.size:
            faults.append(
                Malformed(
                    f"its program headers have {size} bytes each instead of {layout.program.size}",
                    "ELF file's phentsize not the expected size",
                )
            )
        elif count * layout.program.size > PROGRAM_BYTES:
            faults.append(BeyondCap(f"it has {count:,} program headers; the kernel takes {PROGRAM_BYTES:,} bytes of them"))
        elif end <= len(self._start):
            self._programs = programs.parse(bytes(self._start[offset:end]), layout)
        elif end > programs.KEPT <= len(self._start):
            self._about.incomplete.append("program headers")
        else:
            faults.append(
                Truncated(f"its program headers end at byte {end:,} of {len(self._start):,}", "cannot read file data")
            )


class _Findings:
    """What is wrong with a file, gathered while its tables are read: ``with about("string table"): ...``."""

    __slots__ = ("_what", "faults", "incomplete")

    def __init__(self) -> None:
        self.faults: Final[list[Fault]] = []
        self.incomplete: Final[list[str]] = []
        self._what = ""

    def __call__(self, what: str) -> _Findings:
        self._what = what
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(error, Outside):
            self._add(f"its {self._what} leads out of the file")
        elif isinstance(error, NotKept):
            if self._what not in self.incomplete:
                self.incomplete.append(self._what)
        else:
            return False
        return True

    def _add(self, detail: str) -> None:
        if all(fault.detail != detail for fault in self.faults):
            self.faults.append(Malformed(detail))


class _Reading:
    """The tables of one file."""

    def __init__(self, found: Header | None, segments: list[Program], kept: Kept, about: _Findings) -> None:
        self._header: Final = found
        self._segments: Final = segments
        self._kept: Final = kept
        self._about: Final = about
        self._memory: Final = Memory([segment for segment in segments if segment.sort == programs.LOAD], kept)
        self._tags: Final[dict[int, int]] = {}
        self._strings: Table | None = None

    def elf(self) -> Elf:
        """Return what they say."""
        found = self._header
        if found is None or found.type not in ("exec", "dyn"):
            return Elf(found, self._kept.size, faults=self._about.faults, incomplete=self._about.incomplete)
        interp = self._interp()
        needed = self._dynamic(found)
        soname = self._text(dynamic.SONAME, "soname")
        is_program = (
            found.type == "exec"
            or bool(self._tags.get(dynamic.FLAGS_1, 0) & dynamic.PIE)
            # glibc's libc.so.6 and some of Qt's libraries can be executed too, to say their version.
            or (interp is not None and soname is None)
        )
        self._mapping(is_program=is_program)
        entrances = self._entrances(found)
        stack = self._segment(programs.STACK)
        return Elf(
            found,
            self._kept.size,
            interp=interp,
            needed=needed,
            soname=soname,
            rpath=self._text(dynamic.RPATH, "RPATH"),
            runpath=self._text(dynamic.RUNPATH, "RUNPATH"),
            versions=self._versions(found),
            provides=self._provides(found),
            exports=entrances.exported,
            imports=entrances.imported,
            is_dynamic=bool(self._tags or needed),
            is_program=is_program,
            is_go=self._is_go(found),
            executable_stack=None if stack is None else stack.executable,
            faults=self._about.faults,
            incomplete=self._about.incomplete,
        )

    def _segment(self, sort: int) -> Program | None:
        return next((segment for segment in self._segments if segment.sort == sort), None)

    def _mapping(self, *, is_program: bool) -> None:
        faults = self._about.faults
        # They name the cause of which tables that lead nowhere are the effect.
        faults[:0] = programs.mapping_faults(self._segments, self._kept.size, by_loader=not is_program)
        if not faults and not self._about.incomplete and self._segment(programs.LOAD) is None:
            faults.append(Malformed("no part of it is mapped", "object file has no loadable segments"))

    def _interp(self) -> str | None:
        segment = self._segment(programs.INTERP)
        if segment is None:
            return None
        path = bytes(self._kept.take(segment.offset, min(segment.size, NAME)) or b"")
        if b"\0" not in path:
            self._about.faults.append(Malformed("the path of its interpreter does not end within the file"))
            return None
        return path.partition(b"\0")[0].decode("utf-8", "surrogateescape")

    def _dynamic(self, found: Header) -> list[str]:
        """Read the dynamic section, and return the libraries needed."""
        segment = self._segment(programs.DYNAMIC)
        names: list[str] = []
        if segment is None or not segment.size:
            return names
        offsets = []
        with self._about("dynamic section"):
            for tag, value in dynamic.entries(self._memory.table(segment.address, segment.size), found.format):
                if tag == dynamic.NEEDED:
                    offsets.append(value)
                else:
                    self._tags[tag] = value
        if len(offsets) > LIBRARIES:
            self._about.faults.append(BeyondCap(f"it needs {len(offsets):,} libraries, of which {LIBRARIES:,} were looked at"))
        if dynamic.STRTAB not in self._tags:
            if self._tags or offsets:
                self._about.faults.append(Malformed("its dynamic section names no string table"))
            return names
        with self._about("string table"):
            strings = self._strings = self._memory.table(self._tags[dynamic.STRTAB], self._tags.get(dynamic.STRSZ))
            for offset in offsets[:LIBRARIES]:
                with self._about("name of a library needed"):
                    names.append(strings.text(offset))
        return names

    def _text(self, tag: int, what: str) -> str | None:
        text = None
        if self._strings is not None and tag in self._tags:
            with self._about(what):
                text = self._strings.text(self._tags[tag])
        return text

    def _versions(self, found: Header) -> list[Version]:
        versions: list[Version] = []
        if self._strings is not None and dynamic.VERNEED in self._tags:
            with self._about("table of versions needed"):
                table = self._memory.table(self._tags[dynamic.VERNEED])
                for version in dynamic.versions_needed(table, self._strings, found.format.order):
                    versions.append(version)  # noqa: PERF402 - what was read before a fault is kept
        return versions

    def _provides(self, found: Header) -> list[str]:
        names: list[str] = []
        if self._strings is not None and dynamic.VERDEF in self._tags:
            with self._about("table of versions provided"):
                table = self._memory.table(self._tags[dynamic.VERDEF])
                for name in dynamic.versions_provided(table, self._strings, found.format.order):
                    names.append(name)  # noqa: PERF402 - as above
        return names

    def _entrances(self, found: Header) -> symbols.Entrances:
        entrances = symbols.Entrances()
        tags = self._tags
        if self._strings is None or dynamic.SYMTAB not in tags:
            return entrances
        with self._about("table of symbols"):
            if dynamic.GNU_HASH in tags:
                span = symbols.span_by_gnu_hash(self._memory.table(tags[dynamic.GNU_HASH]), found.format)
            elif dynamic.HASH in tags:
                span = symbols.span_by_hash(self._memory.table(tags[dynamic.HASH]), found.format.order)
            else:
                return entrances
            table = self._memory.table(tags[dynamic.SYMTAB])
            symbols.entrances(entrances, table, self._strings, span, found.format)
        return entrances

    def _is_go(self, found: Header) -> bool:
        """Whether there is a note of Go's linker (cmd/link/internal/ld/elf.go: ELF_NOTE_GO_NAME, tag 4)."""
        mark = (4).to_bytes(4, "little" if found.format.endian == "little" else "big") + b"Go\0\0"
        notes = (self._kept.take(segment.offset, NAME) for segment in self._segments if segment.sort == programs.NOTE)
        return any(note is not None and mark in bytes(note) for note in notes)
