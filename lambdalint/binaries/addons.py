"""Addons of Node.js that do not fit: one hit for each npm package and reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lambdalint.aws import errors
from lambdalint.binaries import words
from lambdalint.binaries.commands import npm_command, npm_rebuild
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.natives import Native, listed
from lambdalint.binaries.npm import npm_owner, npm_package
from lambdalint.binaries.reason import Reason
from lambdalint.model import Aws, Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Misfit
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.platforms import Family
    from lambdalint.binaries.slots import Member


def hit(slots: Slots, members: Sequence[Member]) -> Hit:
    """Return the hit for one package."""
    slot, native, misfit = next((member for member in members if slots.is_sure(member[0])), members[0])
    filesystem, architecture = slots.natives.filesystem, slots.wanted.architecture
    folder = npm_package(native.path) or slot.owner
    owner, family = npm_owner(filesystem, folder), slots.needs.families.of(folder)
    if family is None or misfit.reason is Reason.ADDON:
        fix = [npm_rebuild(owner, slots.wanted, image=filesystem.is_whole)]
    else:
        fix = [npm_command(family.owner, architecture)] if architecture else []
    needed, message = slots.is_sure(slot), misfit.of(owner)
    if not needed and slots.needs.holds(folder if family is None else family.folder):
        message += words.PERHAPS
    places = [native, *(other for one, _, _ in members for other in one.natives if other is not native)]
    return Hit(
        listed(places), message, severity=None if needed else Severity.WARNING,
        aws=_said(slots, family, native, misfit) if needed else None, fix="\n".join([*fix, *slots.turned()]) or None,
    )  # fmt: skip


def _said(slots: Slots, family: Family | None, native: Native, misfit: Misfit) -> Aws | None:
    """Return what is said of an addon; a package with parts does not even look at those for other platforms."""
    architecture = slots.wanted.architecture
    parts = [] if family is None else [name for names in family.parts(architecture).values() for name in names]
    if family is None or not parts:
        return _refused(native, misfit)
    # That of libraries alone, as sharp has one, is not what is loaded.
    part = next((name for name in parts if "-lib" not in name), parts[-1])
    return words.said(slots.natives.filesystem, family, slots.needs.holds(family.folder), part, architecture)


def _refused(native: Native, misfit: Misfit) -> Aws | None:
    """Return what Node.js says of an addon that it tries to load. None: it is not known."""
    if misfit.reason is Reason.SYSTEM and not isinstance(native.what, Elf):
        return Aws("Error", f"{native.path}: invalid ELF header")
    if misfit.reason in (Reason.CPU, Reason.LIBC):
        return Aws("Error", errors.not_opened(misfit.not_found(native)))
    if misfit.reason is Reason.ADDON:
        built, wanted = (text.partition("ABI ")[2].partition(" ")[0] for text in (misfit.built, misfit.wanted))
        said = f"The module '{native.path}' was compiled against a different Node.js version using NODE_MODULE_VERSION {built}."
        return Aws("Error", f"{said} This version of Node.js requires NODE_MODULE_VERSION {wanted}.")
    return None
