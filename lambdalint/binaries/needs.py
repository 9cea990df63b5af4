"""Tells whether the first invocation surely loads what fills a slot, and fails without it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import gems, guards
from lambdalint.binaries.npm import npm_name, npm_package
from lambdalint.binaries.opened import is_surely_opened
from lambdalint.binaries.owners import Distributions
from lambdalint.binaries.platforms import Families
from lambdalint.binaries.slots import Loader, Slot
from lambdalint.filesystem import Filesystem
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.binaries.natives import Native
    from lambdalint.surely import Closure, Surely

#: Bytes of a native file in which a name is looked for.
_WHOLE: Final = 64 << 20


class Needs:
    """What the handler surely loads, asked slot by slot; each answer is found once, since sources are read for it."""

    def __init__(
        self,
        filesystem: Filesystem,
        surely: Surely,
        distributions: Distributions,
        root_of: Callable[[str], str],
        machine: str | None = None,
        slots: Sequence[Slot] = (),
    ) -> None:
        self._files: Final = filesystem
        self._surely: Final = surely
        self._distributions: Final = distributions
        self._root_of: Final = root_of
        #: The function's, in the compilers' words. None: not told.
        self._machine: Final = machine
        self.families: Final = Families(filesystem)
        self._slots: Final = slots
        self._gems: Final = gems.Compiled(filesystem)
        self._sure: Final[dict[Slot, bool]] = {}
        #: By root: whether a module made by cffi is surely loaded, or code that asks cffi for its own.
        self._makers: Final[dict[str, bool]] = {}

    @functools.cached_property
    def _closure(self) -> Closure:
        return self._surely.further()

    @functools.cached_property
    def order(self) -> list[str]:
        """Paths of what is surely loaded: by the handler's own code, then by that of dependencies. Empty: not known."""
        nodes = (*self._surely.loaded, *self._closure.nodes)
        return list(dict.fromkeys(node.path for node in nodes))

    @functools.cached_property
    def loaded(self) -> Mapping[str, int]:
        """The same paths, with their places in that order."""
        return {path: place for place, path in enumerate(self.order)}

    @functools.cached_property
    def _absent(self) -> Mapping[str, int]:
        """Modules that surely are asked for and are nowhere, with their places among those."""
        return {name: place for place, name in enumerate(self._closure.absent)}

    @functools.cached_property
    def _filled(self) -> frozenset[str]:
        """Owners of which at least one module fits."""
        return frozenset(slot.owner for slot in self._slots if slot.fault is None)

    def is_sure(self, slot: Slot) -> bool:
        """Tell whether the first invocation surely fails when nothing fills a slot."""
        if slot.loader is Loader.PROGRAM:
            return True
        if slot not in self._sure:
            self._sure[slot] = self._ask(slot)
        return self._sure[slot]

    def _ask(self, slot: Slot) -> bool:
        if slot.loader is Loader.NODE:
            return self._addon(slot)
        if slot.loader is Loader.RUBY:
            return gems.is_sure(self._gems, slot, self.order, self._machine)
        if slot.loader is Loader.LIBRARY:
            return is_surely_opened(self, self._files, slot)
        return self._module(slot)

    def holds(self, folder: str) -> list[str]:
        """Return the files of a folder that are surely loaded, in that order."""
        return [path for path in self.order if path.startswith(f"{folder}/")]

    def first(self, slots: Sequence[Slot]) -> Slot:
        """Return the one of a distribution's slots whose import fails first, as far as that can be told."""
        met = [slot for slot in slots if self.is_met(slot)]
        if met:
            return min(met, key=self._turn)
        for slot in slots:
            if slot.name in guards.HEARTS:
                return slot
        stems = {slot.name.rpartition(".")[2]: slot for slot in reversed(slots)}
        stem = guards.first_imported(self._files, self.holds(slots[0].owner), list(stems))
        return slots[0] if stem is None else stems[stem]

    # Python.

    def is_met(self, slot: Slot) -> bool:
        """Tell whether a line that surely runs, and that nothing catches, asks for this very module."""
        if slot.name.partition(".")[0] in guards.WORK_WITHOUT:
            return False
        return slot.name in self._absent or any(native.path in self.loaded for native in slot.natives)

    def _turn(self, slot: Slot) -> int:
        """Return when a module is asked for; of two distributions' files one may be there and another be absent, of one not."""
        if slot.name in self._absent:
            return self._absent[slot.name]
        return min(self.loaded[native.path] for native in slot.natives if native.path in self.loaded)

    def _module(self, slot: Slot) -> bool:
        top = slot.name.partition(".")[0]
        if self.is_met(slot):
            return True
        if top == guards.CFFI:
            root = self._root_of(slot.natives[0].path)
            if root not in self._makers:
                self._makers[root] = guards.makes_ffi(self._files, self.order) or self._makes_cffi(root)
            return self._makers[root]
        return top in guards.FAIL_WITHOUT and self._is_loaded(slot, top)

    def _is_loaded(self, slot: Slot, top: str) -> bool:
        """Tell whether a package is surely loaded of which no module fits, so that whichever it loads first tells, or its heart."""
        if slot.owner in self._filled and slot.name not in guards.HEARTS:
            return False
        if top in guards.HOLLOW:
            return guards.imports_of(self._files, self.order, top)
        asker = guards.ASKED_FOR_BY.get(top, top)
        return slot.owner in self.loaded or bool(self.holds(f"{slot.owner.rpartition('/')[0]}/{asker}"))

    def _makes_cffi(self, root: str) -> bool:
        """Tell whether a module made by cffi is surely loaded, of a distribution that requires cffi."""
        names = self._distributions.names(root)
        requiring = [name for name in names if "cffi" in self._distributions.requirements(root, name)]
        owners = {f"{root}/{top}" for name in requiring for top in self._distributions.tops(root, name)}
        # What is called as cffi's own module is would ask for itself.
        made = (slot for slot in self._slots if slot.owner in owners and slot.name.partition(".")[0] != guards.CFFI)
        return any(self._names_cffi(slot.fitting) for slot in made if self.is_sure(slot))

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
        works = npm_name(folder) in guards.NPM_WORK_WITHOUT
        loads = not works and guards.loads_addon(self._files, self.holds(folder))
        return loads and not guards.tries_addon(self._files, folder)

    def throws_without(self, folder: str) -> bool:
        """Tell the same of a package that was seen to throw, or that says that it will."""
        loaded = self.holds(folder)
        name = npm_name(folder)
        if not loaded or name in guards.NPM_WORK_WITHOUT:
            return False
        return name in guards.NPM_FAIL_WITHOUT or guards.refuses(self._files, loaded)


def npm_needs(filesystem: Filesystem, surely: Surely) -> Needs:
    """Return the same for Node.js alone, where no native file need be there."""
    return Needs(filesystem, surely, Distributions(filesystem), lambda _: filesystem.base)
