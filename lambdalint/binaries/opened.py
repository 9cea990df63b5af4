"""Plain libraries that Python code opens by name, as lightgbm opens lib_lightgbm.so by ctypes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lambdalint.binaries import guards
from lambdalint.binaries.fit import Wanted
from lambdalint.binaries.natives import Native, Natives
from lambdalint.binaries.slots import Loader, Slot
from lambdalint.filesystem import Filesystem

if TYPE_CHECKING:
    from lambdalint.binaries.needs import Needs


def library_slots(natives: Natives, wanted: Wanted, roots: Iterable[str], taken: Iterable[Slot]) -> Iterator[Slot]:
    """Yield a slot for each library of a top-level package that fits and that no other slot holds.

    Libraries in folders such as ``numpy.libs`` are loaded by other libraries.
    """
    held = {native.path for slot in taken for native in slot.natives}
    tops = sorted((f"{root}/" for root in roots), key=len, reverse=True)
    for native, elf in natives.elves():
        root = next((top for top in tops if native.path.startswith(top)), None)
        parts = native.path[len(root) :].split("/") if root is not None else []
        if len(parts) < 2 or native.path in held or elf.is_program or not elf.is_dynamic or not parts[0].isidentifier():
            continue
        if ".so" in native.name and wanted.file(native) is None and not elf.is_musl:
            yield Slot(Loader.LIBRARY, native.path, f"{root}{parts[0]}", [native], [None])


def is_named(filesystem: Filesystem, slot: Slot) -> bool:
    """Tell whether a source of the package has the library's name as a word."""
    return any(_word(slot).search(text) for _, text in guards.sources(filesystem, slot.owner, (".py",)))


def is_surely_opened(needs: Needs, filesystem: Filesystem, slot: Slot) -> bool:
    """Tell whether a package is nothing but its library: that is the only native file that it has, and what is loaded names it."""
    alone = sum(".so" in node.name for node in filesystem.walk(slot.owner)) == 1
    loaded = guards.followed(filesystem, slot.owner, needs.holds(slot.owner))
    return alone and guards.mentions(filesystem, loaded, _word(slot))


def _word(slot: Slot) -> re.Pattern[bytes]:
    native: Native = slot.natives[0]
    return re.compile(rb"(?<![\w.])" + re.escape(native.name.partition(".so")[0].encode()) + rb"(?:\.so[\w.]*|(?![\w.]))")
