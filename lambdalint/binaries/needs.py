"""Tells whether the first invocation surely loads what fills a slot, and fails without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import guards
from lambdalint.binaries.opened import is_surely_opened
from lambdalint.binaries.owners import Distributions
from lambdalint.binaries.platforms import Families
from lambdalint.binaries.slots import Loader, Slot, npm_package
from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.binaries.natives import Native

#: Bytes of a native file in which a name is looked for.
_WHOLE: Final = 64 << 20


class Needs:
    """What the handler surely loads, asked slot by slot; each answer is found once, since sources are read for it."""

    def __init__(
        self, filesystem: Filesystem, loaded: Sequence[Node], distributions: Distributions, root_of: Callable[[str], str]
    ) -> None:
        self._files: Final = filesystem
        #: Paths of what the handler surely loads, in that order. Empty: not known.
        self.order: Final = [node.path for node in loaded]
        self.loaded: Final = frozenset(self.order)
        self.families: Final = Families(filesystem)
        self._distributions: Final = distributions
        self._root_of: Final = root_of
        self._sure: Final[dict[Slot, bool]] = {}

    def is_sure(self, slot: Slot, slots: Sequence[Slot]) -> bool:
        """Tell whether the first invocation surely fails when nothing fills a slot."""
        if slot.loader is Loader.PROGRAM:
            return True
        if slot not in self._sure:
            self._sure[slot] = self._ask(slot, slots)
        return self._sure[slot]

    def _ask(self, slot: Slot, slots: Sequence[Slot]) -> bool:
        if slot.loader is Loader.NODE:
            return self._addon(slot)
        if slot.loader is Loader.LIBRARY:
            return is_surely_opened(self, self._files, slot, slots)
        return self._module(slot, slots)

    def holds(self, folder: str) -> list[str]:
        """Return the files of a folder that are surely loaded, in that order."""
        return [path for path in self.order if path.startswith(f"{folder}/")]

    def first(self, slots: Sequence[Slot]) -> Slot:
        """Return the one of a distribution's slots whose import fails first, as far as that can be told."""
        stems = {slot.name.rpartition(".")[2]: slot for slot in reversed(slots)}
        stem = guards.first_imported(self._files, self.holds(slots[0].owner), list(stems))
        return slots[0] if stem is None else stems[stem]

    # Python.

    def _module(self, slot: Slot, slots: Sequence[Slot]) -> bool:
        top = slot.name.partition(".")[0]
        if top in guards.WORK_WITHOUT or not self._is_loaded(slot, top, slots):
            return False
        if top in guards.HOLLOW and not guards.imports_of(self._files, self.order, top):
            return False
        if top in guards.FAIL_WITHOUT:
            return True
        stem = slot.name.rpartition(".")[2]
        twin = self._files.find(f"{slot.natives[0].folder}/{stem}.py")
        return not isinstance(twin, Node) and not guards.is_guarded(self._files, slot.owner, stem)

    def _is_loaded(self, slot: Slot, top: str, slots: Sequence[Slot]) -> bool:
        # Whether all modules of the package fit alike, or none does, so that whichever it loads first tells.
        whole = len({other.fault is None for other in slots if other.owner == slot.owner}) == 1
        if slot.owner in self.loaded or self.holds(slot.owner):
            return whole or any(native.path in self.loaded for native in slot.natives)
        if whole and guards.imported_at_top(self._files, self.order, top):
            return True
        return whole and self._is_required(self._root_of(slot.natives[0].path), top, slots)

    def _is_required(self, root: str, top: str, slots: Sequence[Slot]) -> bool:
        """Tell whether a package that is surely loaded both requires this one and imports it at the top of a file."""
        parents = [
            f"{root}/{parent}"
            for name in self._distributions.names(root)
            if top in self._distributions.tops(root, name)
            for other in self._distributions.names(root)
            if name in self._distributions.requirements(root, other)
            for parent in self._distributions.tops(root, other)
        ]
        loaded = [folder for folder in parents if self.holds(folder)]
        if top == guards.CFFI:
            return any(self._names_cffi(slot.fitting) for slot in slots if slot.owner in loaded and self.is_sure(slot, slots))
        return bool(loaded) and guards.imports_at_top(self._files, loaded[0], top)

    def _names_cffi(self, natives: Sequence[Native]) -> bool:
        """Tell whether modules were made by cffi: such a module imports cffi's own as the first thing it does."""
        for native in natives:
            try:
                if guards.CFFI.encode() in native.package.read(native.entry, _WHOLE):
                    return True
            except Lacking:
                continue
        return False

    # Node.js.

    def _addon(self, slot: Slot) -> bool:
        folder = npm_package(slot.natives[0].path) or slot.owner
        if any(one.path in self.loaded for one in slot.natives) and not guards.tries_addon(self._files, folder):
            return True
        family = self.families.of(folder)
        return self.fails_without(folder if family is None else family.folder)

    def fails_without(self, folder: str) -> bool:
        """Tell whether an npm package is surely loaded and throws when there is no addon for it."""
        if self.throws_without(folder):
            return True
        works = folder.rpartition("/node_modules/")[2] in guards.NPM_WORK_WITHOUT
        loads = not works and guards.loads_addon(self._files, self.holds(folder))
        return loads and not guards.tries_addon(self._files, folder)

    def throws_without(self, folder: str) -> bool:
        """Tell the same of a package that was seen to throw, or that says that it will."""
        loaded = self.holds(folder)
        name = folder.rpartition("/node_modules/")[2]
        if not loaded or name in guards.NPM_WORK_WITHOUT:
            return False
        return name in guards.NPM_FAIL_WITHOUT or guards.refuses(self._files, loaded)


def npm_needs(filesystem: Filesystem, loaded: Sequence[Node]) -> Needs:
    """Return the same for Node.js alone, where no native file need be there."""
    return Needs(filesystem, loaded, Distributions(filesystem), lambda _: filesystem.base)
