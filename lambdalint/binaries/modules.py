"""Python's extension modules that do not fit: one hit for each distribution and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambdalint.aws import errors
from lambdalint.binaries import guards, unseen, words
from lambdalint.binaries.natives import Native, listed
from lambdalint.filesystem import Node
from lambdalint.model import Aws, Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Misfit, Wanted
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.slots import Member, Slot


def hit(slots: Slots, members: Sequence[Member]) -> Hit:
    """Return the hit for one distribution."""
    needed = _needed(slots, members)
    solid = [member for member in needed if not _is_hollow(slots, member[0], member[1])]
    first = slots.needs.first([member[0] for member in solid or members])
    slot, native, misfit = next(member for member in members if member[0] is first)
    message = misfit.of(slots.owner(slot))
    if _works_without(slot):
        message += "; it works without, more slowly"
    elif needed and not solid:
        message += words.PERHAPS
    fix = [line for line in (slots.install(slot), *slots.turned()) if line]
    return Hit(
        listed([native, *(other for _, other, _ in members if other is not native)]), message,
        severity=None if solid else Severity.WARNING, aws=_said(slots, slot, native, misfit) if solid else None,
        fix="\n".join(fix) or None,
    )  # fmt: skip


def _needed(slots: Slots, members: Sequence[Member]) -> list[Member]:
    """Return the modules without which the function surely fails."""
    # Where a line is known that fails, no closer look at the others is worth its time.
    met = [member for member in members if slots.needs.is_met(member[0])]
    return met or [member for member in members if slots.is_sure(member[0]) or _is_asked_for(slots, member[0])]


def _works_without(slot: Slot) -> bool:
    return slot.name.partition(".")[0] in guards.WORK_WITHOUT


def _is_asked_for(slots: Slots, slot: Slot) -> bool:
    """Tell whether a plain line at the top of a file that is surely loaded imports a module, and finds nothing else by its name."""
    found = None if _works_without(slot) else slots.imports.of(slot.name)
    return found is not None and unseen.fails(slots.natives.filesystem, slot, found)


def _is_hollow(slots: Slots, slot: Slot, native: Native) -> bool:
    """Tell whether Python, which does not see the file, goes on with a folder of that name: it fails where it is used."""
    folder = slots.natives.filesystem.find(f"{native.folder}/{slot.name.rpartition('.')[2]}")
    if _is_seen(native, slots.wanted) or not isinstance(folder, Node) or not folder.is_dir:
        return False
    return not _is_asked_for(slots, slot)


def _is_seen(native: Native, wanted: Wanted) -> bool:
    """Tell whether Python tries to load a file, by its name."""
    system = "linux-musl" if wanted.libc == "musl" else "linux-gnu"
    own = f".cpython-3{wanted.minor}-{wanted.machine}-{system}.so"
    return native.name.endswith((".abi3.so", own)) or (native.name.endswith(".so") and native.name.count(".") == 1)


def _said(slots: Slots, slot: Slot, native: Native, misfit: Misfit) -> Aws | None:
    if not _is_seen(native, slots.wanted):
        return slots.import_error(slot, unseen.said(slots.natives.filesystem, slot, slots.imports.of(slot.name)))
    if native.elf is None:
        return slots.import_error(slot, f"{native.path}: invalid ELF header")
    return slots.import_error(slot, errors.not_opened(misfit.not_found(native)))
