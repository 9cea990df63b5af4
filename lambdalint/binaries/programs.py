"""The program headers of an ELF file: what of it is mapped, whether that can be, and what is worth keeping of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from lambdalint.binaries.faults import Fault, Misaligned, Truncated
from lambdalint.binaries.header import Format

LOAD, DYNAMIC, INTERP, NOTE, STACK = 1, 2, 3, 4, 0x6474E551
_WANTED: Final = frozenset({LOAD, DYNAMIC, INTERP, NOTE, STACK})
_EXECUTE: Final = 1

#: Lambda's pages: x86_64 has no others, and Amazon Linux's kernels for aarch64 use the same.
PAGE: Final = 4096

#: Bytes that are kept of one file. All mapped parts of the 540 real libraries together with 1 MiB of their code have 16 MB at
#: most; only PyTorch's have more.
KEPT: Final = 32 << 20
#: What is kept of machine code: links of before 2018 have their tables in its first part (10 of 230 aarch64 libraries had).
_CODE: Final = 1 << 20
#: The same where it begins the file, so that all tables precede the code; large ones have megabytes of names.
_FIRST_CODE: Final = 8 << 20
#: What is kept of the small segments: a dynamic section, an interpreter's path, notes.
_PART: Final = {DYNAMIC: 64 << 10, INTERP: 4096, NOTE: 4096}


class Program:
    """One program header: a segment."""

    __slots__ = ("address", "align", "executable", "offset", "size", "sort")

    def __init__(self, sort: int, flags: int, offset: int, address: int, size: int, align: int) -> None:
        #: p_type.
        self.sort: Final = sort
        self.executable: Final = bool(flags & _EXECUTE)
        self.offset: Final = offset
        self.address: Final = address
        #: Bytes in the file.
        self.size: Final = size
        self.align: Final = align


def parse(table: bytes, layout: Format) -> list[Program]:
    """Return the headers of the sorts that matter here."""
    found = []
    rows = layout.program.iter_unpack(table)
    if layout.bits == 64:
        for sort, flags, offset, address, _, size, _, align in rows:
            if sort in _WANTED:
                found.append(Program(sort, flags, offset, address, size, align))
    else:
        for sort, offset, address, _, size, _, flags, align in rows:
            if sort in _WANTED:
                found.append(Program(sort, flags, offset, address, size, align))
    return found


def worth_keeping(programs: Sequence[Program]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the file in which its dynamic tables can be: all that is mapped but most of the code."""
    left = KEPT
    # Tables are megabytes where constants, the only part that is longer, are hundreds of them.
    for size, program in sorted(((_part(program), program) for program in programs), key=lambda part: part[0]):
        kept = min(size, left)
        left -= kept
        yield program.offset, program.offset + kept


def _part(program: Program) -> int:
    if program.sort != LOAD:
        return min(program.size, _PART.get(program.sort, 0))
    if not program.executable:
        return program.size
    return min(program.size, _CODE if program.offset else _FIRST_CODE)


def mapping_faults(programs: Sequence[Program], size: int, *, by_loader: bool) -> Iterator[Fault]:
    """Yield why a file of that many bytes cannot be mapped. ``by_loader``: by glibc's, which is stricter than the kernel."""
    loads = [program for program in programs if program.sort == LOAD]
    misaligned = (_by_loader(load) if by_loader else _by_kernel(load) for load in loads)
    yield from itertools.islice((fault for fault in misaligned if fault is not None), 1)
    end = max((load.offset + load.size for load in loads if load.size), default=0)
    if end > size:
        yield Truncated(f"it maps bytes up to {end:,} and has {size:,}", signal=_signal(programs, size))


def _signal(programs: Sequence[Program], size: int) -> str | None:
    """Return what the end of a file of that many bytes comes to: the loader reads the dynamic section first.

    Of 50 libraries of popular wheels, cut off at six places each, all 184 without that page ended so (glibc 2.36, 2026-11-21).
    """
    pages = -(-size // PAGE) * PAGE
    return "bus error" if any(program.sort == DYNAMIC and program.offset >= pages for program in programs) else None


def _by_loader(load: Program) -> Fault | None:
    # https://sourceware.org/git/?p=glibc.git;a=blob;f=elf/dl-load.c;hb=glibc-2.34, _dl_map_object_from_fd
    if load.align & (PAGE - 1):
        return Misaligned(_place(load), "ELF load command alignment not page-aligned")
    if (load.address - load.offset) & (load.align - 1):
        return Misaligned(_place(load), "ELF load command address/offset not properly aligned")
    return None


def _by_kernel(load: Program) -> Fault | None:
    # Its elf_map() asks mmap() for an offset that is no multiple of a page, and gets EINVAL.
    if load.size and (load.address - load.offset) % PAGE:
        return Misaligned(_place(load))
    return None


def _place(program: Program) -> str:
    return f"the part at byte {program.offset:,} goes to address {program.address:#x}, aligned to {program.align:#x}"
