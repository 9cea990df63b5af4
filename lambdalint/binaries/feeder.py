"""Learns from an ELF file as it streams by, in bounded memory.

What a loader goes by is read, which is segments and the dynamic section; section headers may be missing or lie. Nothing
here follows an offset backwards or trusts a count, so that time and memory grow with the bytes fed alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import header, programs
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.faults import Fault, Malformed, Truncated
from lambdalint.binaries.header import Header
from lambdalint.binaries.kept import Kept, Waiting
from lambdalint.binaries.programs import Program
from lambdalint.binaries.reading import Findings, Reading

if TYPE_CHECKING:
    from lambdalint.model import Entry

#: Bytes of program headers: the kernel refuses more (fs/binfmt_elf.c, load_elf_phdrs).
PROGRAM_BYTES: Final = 1 << 16
#: Bytes that the names in all ELF files of a package may take, each with what an object costs. The 256 libraries of a
#: data-science stack take less than one megabyte.
NAME_BYTES: Final = 32 << 20
_OBJECT: Final = 100

#: The longest file header: that of 64 bits.
_HEADER: Final = 64
_IDENT: Final = 16
#: Bytes that are taken at once while the headers have not come.
_PIECE: Final = 1 << 20


class Probe:
    """Says which files are ELF files, and learns from them; one for each package, whose files share its bounds."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = NAME_BYTES

    def __call__(self, _: Entry, head: bytes) -> ElfFeeder | None:
        """Return what learns from a file all that this program asks of an ELF file. None: it is none."""
        return ElfFeeder(self._affords) if header.is_elf(head) else None

    def recall(self, told: object) -> Elf | None:
        """Return what was learned, of plain values. None: there is no room for its names. Raises as the conversion does."""
        from lambdalint.binaries.remembered import recall

        elf = recall(told)
        return elf if self._affords(_cost(elf)) else None

    def _affords(self, size: int) -> bool:
        self._left -= size
        return self._left >= 0


def parse(content: bytes) -> Elf:
    """Return what an ELF file says that is in memory."""
    feeder = ElfFeeder()
    feeder.feed(content)
    return feeder.finish()


class ElfFeeder:
    """Learns from an ELF file that is fed from its first byte to its last."""

    __slots__ = ("_about", "_affords", "_header", "_kept", "_programs", "_waiting")

    def __init__(self, affords: Callable[[int], bool] | None = None) -> None:
        #: Told how many bytes the names of the file take, says whether they may. None: as many as the file has.
        self._affords: Final = affords
        self._about: Final = Findings()
        self._header: Header | None = None
        self._programs: list[Program] = []
        self._waiting: Final = Waiting()
        #: None: the program headers have not come yet, so that it is not known what is worth keeping.
        self._kept: Kept | None = None

    def feed(self, chunk: bytes) -> None:
        """Take the file's next bytes."""
        if self._kept is not None:
            self._kept.feed(chunk)
            return
        # In small pieces, so that no header is forgotten before it is looked for.
        for at in range(0, len(chunk), _PIECE):
            piece = chunk[at : at + _PIECE]
            if self._kept is not None:
                self._kept.feed(piece)
                continue
            self._waiting.feed(piece)
            if self._has_headers():
                self._kept = self._keep()

    def finish(self) -> Elf:
        """Return what the file says, now that all of it was fed."""
        kept = self._kept or self._keep()
        elf = Reading(self._header, self._programs, kept, self._about).elf()
        if self._affords is not None and not self._affords(_cost(elf)):
            return Elf(elf.header, elf.size, is_program=elf.is_program, faults=elf.faults, incomplete=["names"])
        return elf

    def _has_headers(self) -> bool:
        """Whether the bytes so far hold all headers, or show that there are none."""
        if self._waiting.size < _HEADER:
            return False
        found = header.read(self._waiting.first)
        return found is None or self._waiting.size >= self._program_table(found).stop

    def _program_table(self, found: Header) -> range:
        """Return where the program headers are. The file header must be there."""
        fields = found.format.header.unpack_from(self._waiting.first, _IDENT)
        offset, count = fields[4], fields[9]
        return range(offset, offset + min(count * found.format.program.size, PROGRAM_BYTES))

    def _keep(self) -> Kept:
        """Read the headers, and keep of the file from now on what they make worth it."""
        start = self._waiting.first
        found = header.read(start)
        if found is None or len(start) < _IDENT + found.format.header.size:
            self._about.faults.append(_no_header(start))
        else:
            self._header = found
            self._read_programs(found)
        return self._waiting.keep(programs.worth_keeping(self._programs))

    def _read_programs(self, found: Header) -> None:
        layout, faults = found.format, self._about.faults
        fields = layout.header.unpack_from(self._waiting.first, _IDENT)
        size, count = fields[8], fields[9]
        place = self._program_table(found)
        table = self._waiting.take(place.start, place.stop)
        if count and size != layout.program.size:
            text = f"its program headers have {size} bytes each instead of {layout.program.size}"
            faults.append(Malformed(text, "ELF file's phentsize not the expected size"))
        elif count * layout.program.size > PROGRAM_BYTES:
            faults.append(Malformed(f"it has {count:,} program headers, which is more than Linux loads"))
        elif table is None:
            text = f"its program headers end at byte {place.stop:,} of {self._waiting.size:,}"
            faults.append(Truncated(text, "cannot read file data"))
        else:
            self._programs = programs.parse(table, layout)


def _no_header(start: bytearray) -> Fault:
    if len(start) >= _HEADER:
        return Malformed(f"class {start[4]} and byte order {start[5]} do not exist", "invalid ELF header")
    return Truncated(f"it has {len(start)} bytes, and ends within its header", "file too short")


def _cost(elf: Elf) -> int:
    """Return the bytes that a file's names take, about."""
    names = [*elf.needed, *elf.provides, *elf.exports, *elf.imports, elf.rpath or "", elf.runpath or "", elf.interp or ""]
    names += [name for version in elf.versions for name in (version.library, version.name)]
    return sum(map(len, names)) + _OBJECT * len(names)
