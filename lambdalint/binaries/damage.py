"""Files that their loader refuses, whatever they were built for: damaged, cut off, or no native code at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.binaries.executed import cannot_start
from lambdalint.binaries.slots import Loader
from lambdalint.filesystem import Missing
from lambdalint.model import Aws, Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.elf import Elf
    from lambdalint.binaries.faults import Fault
    from lambdalint.binaries.linkage import Links
    from lambdalint.binaries.natives import Native
    from lambdalint.binaries.slots import Slot
    from lambdalint.filesystem import Node

#: Names that only native code has: others end in .so too, and are scripts of linkers.
_NAMED: Final = re.compile(r"\.(?:cpython-3\d+[a-z]*-\w+-linux-gnu|abi3)\.so$|\.node$")
#: What stands in for a file in Git, of which another rule tells.
_POINTER: Final = b"version https://git-lfs"
#: Types of ELF files that are neither programs nor libraries, in words. The kernel says ENOEXEC of them (fs/binfmt_elf.c).
_OTHER_TYPES: Final = {"rel": "an object file, which no linker has made a program", "core": "a memory dump"}


def damaged(links: Links) -> Iterator[Hit]:
    """Yield a hit for each file that is refused, as sure as it is that something loads it."""
    for native, elf in links.slots.natives.elves():
        if not elf.faults and elf.type not in _OTHER_TYPES:
            continue  # as nearly all: to tell what loads a file takes long
        slot = _slot(links, native)
        if slot is not None and native in slot.natives and any(other is not native for other in slot.fitting):
            continue
        if elf.faults:
            yield _faulty(links, native, slot, elf.faults)
        elif slot is not None and slot.loader is Loader.PROGRAM and slot.fitting and elf.type in _OTHER_TYPES:
            yield _no_program(links, native, elf)
    yield from _hollow(links)


def _slot(links: Links, native: Native) -> Slot | None:
    """Return what loads a file, itself or as a library that another needs and of which there is but one. None: nothing is known to."""
    slot = links.slots.holding(native)
    if slot is not None or native.path not in links.reached:
        return slot
    only = all(len(links.linker.named(name)) == 1 for name in (native.name, (native.elf and native.elf.soname) or native.name))
    return links.surest(links.reached[native.path][1]) if only else None


def _faulty(links: Links, native: Native, slot: Slot | None, faults: tuple[Fault, ...]) -> Hit:
    fault = next((one for one in faults if one.loader or one.signal), faults[0])
    sure = slot is not None and links.slots.is_sure(slot) and bool(fault.loader or fault.signal)
    return Hit(
        native.entry, fault.detail, severity=None if sure else Severity.WARNING,
        aws=None if slot is None else _text(links, native.path, slot, fault),
    )  # fmt: skip


def _text(links: Links, path: str, slot: Slot, fault: Fault) -> Aws | None:
    if fault.loader is not None:
        said = f"{path}: {fault.loader}"
        return Aws("Runtime.ExitError", said) if slot.loader is Loader.PROGRAM else links.slots.import_error(slot, said)
    return None if fault.signal is None else Aws("Runtime.ExitError", f"Runtime exited with error: signal: {fault.signal}")


def _no_program(links: Links, native: Native, elf: Elf) -> Hit:
    aws = cannot_start(links.slots, native, errors.OTHER_FORMAT)
    return Hit(native.entry, f"it is {_OTHER_TYPES[elf.type or '']}", aws=aws, fix="link it, and put the program in its place")


def _hollow(links: Links) -> Iterator[Hit]:
    """Yield a hit for each file that is named as native code and is none: empty, a page of HTML, a linker's script."""
    natives = links.slots.natives
    for place, package in natives.filesystem.mounts:
        for entry in package.files():
            # macOS puts files of its own beside, named ._x.so.
            if not _NAMED.search(entry.path) or entry.path.rpartition("/")[2].startswith("._"):
                continue
            head = package.contents.head(entry)
            node = natives.filesystem.find(f"{place.rstrip('/')}/{entry.path}", follow=False)
            if isinstance(node, Missing) or node.entry is not entry or natives.at(node.path) is not None:
                continue
            if (head or not entry.size) and not head.startswith((_POINTER, b"\x7fELF")):
                yield _empty(links, node, head)


def _empty(links: Links, node: Node, head: bytes) -> Hit:
    assert node.entry is not None
    said = "invalid ELF header" if len(head) >= 64 else "file too short"  # dl-load.c, open_verify: less than a header
    sure = node.path in links.slots.needs.loaded
    shown = f"begins with {head[:16]!r}" if head else "is empty"
    message = f"it {shown}, and by its name it is native code"
    return Hit(
        node.entry, message, severity=None if sure else Severity.WARNING,
        aws=links.slots.refused(node.path, f"{node.path}: {said}") if sure else None,
    )  # fmt: skip
