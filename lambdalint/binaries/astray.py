"""Libraries that are in the package, but where the loader does not look for them."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lambdalint.binaries.natives import listed
from lambdalint.binaries.search import Search, Stray, may_preload
from lambdalint.binaries.slots import Loader, Slot
from lambdalint.model import Hit, Lacking, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.linkage import Links


def astray(links: Links) -> Iterator[Hit]:
    """Yield a warning for each distribution and library. Raises Lacking when a layer that was not given may hold another.

    What else was loaded before by that name, and what sources may load by its full path, counts as found. That code of C does the
    same cannot be seen, so this is never more than a warning.
    """
    slots = links.slots
    found: dict[tuple[object, str], list[tuple[Slot, Stray]]] = {}
    roots = {native: slot for slot in slots.all for native in slot.fitting}
    for stray in Search(links.linker).strays(roots):
        slot = roots[stray.root]
        found.setdefault((slots.owner(slot), stray.soname), []).append((slot, stray))
    if not found or links.linker.has_own_libc or links.linker.preloads:
        return
    unread = slots.natives.filesystem.unread
    if unread:
        raise Lacking(f"the content of {unread[0]}")
    filesystem = slots.natives.filesystem
    if may_preload(filesystem, (), [*slots.needs.order, *(one.script.path for one in slots.started.values())]):
        return
    preloading: dict[str, bool] = {}
    for (owner, soname), members in found.items():
        folders = {slot.owner for slot, _ in members}
        for folder in folders - preloading.keys():
            preloading[folder] = may_preload(filesystem, [folder], ())
        if not any(preloading[folder] for folder in folders):
            yield _hit(links, str(owner), soname, members)


def _hit(links: Links, owner: str, soname: str, members: Sequence[tuple[Slot, Stray]]) -> Hit:
    slot, stray = members[0]
    message = f"{owner} needs {soname}, which is in the package at {stray.library.path}, where the loader does not look"
    way = posixpath.relpath(stray.library.folder, stray.native.folder)
    origin = shlex.quote("$ORIGIN" if way == "." else f"$ORIGIN/{way}")
    fix = f"patchelf --set-rpath {origin} {shlex.quote(stray.native.entry.path)}\nor put {soname} into lib/"
    if slot.loader is not Loader.PROGRAM:
        message += "; it loads only if something loads that before"
    return Hit(
        listed(list(dict.fromkeys(one.native for _, one in members))), message, severity=Severity.WARNING,
        aws=links.cannot_open(slot, soname), fix=fix,
    )  # fmt: skip
