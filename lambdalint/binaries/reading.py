"""Reads the tables of an ELF file, as far as its bytes were kept."""

from __future__ import annotations

from types import TracebackType
from typing import Final

from lambdalint.binaries import dynamic, programs, symbols
from lambdalint.binaries.dynamic import Version
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.faults import Fault, Malformed
from lambdalint.binaries.header import Header
from lambdalint.binaries.kept import Kept
from lambdalint.binaries.programs import Program
from lambdalint.binaries.tables import NAME, Memory, NotKept, Outside, Table, TooMany

#: Libraries needed by one file; the most seen is 16, and some programs for desktops have a hundred.
LIBRARIES: Final = 1024


class Findings:
    """What is wrong with a file, gathered while its tables are read: ``with about("string table"): ...``."""

    __slots__ = ("_what", "faults", "incomplete")

    def __init__(self) -> None:
        self.faults: Final[list[Fault]] = []
        self.incomplete: Final[list[str]] = []
        self._what = ""

    def __call__(self, what: str) -> Findings:
        self._what = what
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(error, Outside):
            self._add(f"its {self._what} leads out of the file")
        elif isinstance(error, NotKept):
            self.leave_out(self._what)
        elif isinstance(error, TooMany):
            self.leave_out(f"{self._what} beyond {error.most:,} entries")
        else:
            return False
        return True

    def leave_out(self, what: str) -> None:
        """Note what was not looked at."""
        if what not in self.incomplete:
            self.incomplete.append(what)

    def _add(self, detail: str) -> None:
        if all(fault.detail != detail for fault in self.faults):
            self.faults.append(Malformed(detail))


class Reading:
    """The tables of one file."""

    def __init__(self, found: Header | None, segments: list[Program], kept: Kept, about: Findings) -> None:
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
            self._about.leave_out(f"libraries needed beyond {LIBRARIES:,}")
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
                for version in dynamic.versions_needed(table, self._strings, found.format):
                    versions.append(version)  # noqa: PERF402 - what was read before a fault is kept
        return versions

    def _provides(self, found: Header) -> list[str]:
        names: list[str] = []
        if self._strings is not None and dynamic.VERDEF in self._tags:
            with self._about("table of versions provided"):
                table = self._memory.table(self._tags[dynamic.VERDEF])
                for name in dynamic.versions_provided(table, self._strings, found.format):
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
                span = symbols.span_by_hash(self._memory.table(tags[dynamic.HASH]), found.format)
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
