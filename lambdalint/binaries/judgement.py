"""All slots of a function, and those at fault as hits: one for each distribution and reason, in its loader's words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.binaries import addons, carried, executed, gems, modules, unseen
from lambdalint.binaries.commands import DOCKER_CPUS, folder_of, pip_command
from lambdalint.binaries.fit import Misfit, Wanted
from lambdalint.binaries.natives import MACHINES, Native, Natives
from lambdalint.binaries.needs import Needs
from lambdalint.binaries.npm import npm_owner, npm_package
from lambdalint.binaries.opened import library_slots
from lambdalint.binaries.owners import Distributions, Owner
from lambdalint.binaries.platforms import is_not_for_linux
from lambdalint.binaries.reason import Reason
from lambdalint.binaries.slots import Loader, Member, Slot, node_slots, program_slots, python_roots, python_slots
from lambdalint.filesystem import OPT
from lambdalint.model import Aws, Hit

if TYPE_CHECKING:
    from lambdalint.function import Handler
    from lambdalint.surely import Surely

#: What makes a hit of the slots of one owner. Libraries that are opened by name are slots only once they fit.
_HITS: Final[Mapping[Loader, Callable[[Slots, Sequence[Member]], Hit]]] = {
    Loader.PYTHON: modules.hit, Loader.NODE: addons.hit, Loader.RUBY: gems.hit, Loader.PROGRAM: executed.hit,
}  # fmt: skip


class Slots:
    """All slots of a function, and what is wrong with them."""

    def __init__(
        self, natives: Natives, wanted: Wanted, surely: Surely, handler: Handler | None
    ) -> None:
        self.natives: Final = natives
        self.wanted: Final = wanted
        #: None: not known.
        self._handler: Final = handler
        self._files: Final = natives.filesystem
        #: Programs that scripts start, which Lambda executes, by their paths.
        self.started: Final = surely.begun()
        #: Where the program lies that a shell starts in the end, of which the log tells the status alone. None: there is none.
        self.handed: Final = None if surely.handed is None else surely.handed.path
        #: Folders that Python searches.
        self.roots: Final = python_roots(self._files, wanted.minor)
        self.all: Final = list(self._slots(node.path for node in surely.programs))
        self._distributions: Final = Distributions(self._files, wanted.minor)
        self.needs: Final = Needs(self._files, surely, self._distributions, self._root, wanted.machine, self.all)

    def _slots(self, programs: Iterator[str]) -> Iterator[Slot]:
        """Yield what the runtime's language loads, and what is executed; of a runtime that is not told, what is told by its place."""
        family = None if self.wanted.runtime is None else self.wanted.runtime.family
        handed = () if self.handed is None else (self.handed,)
        yield from program_slots(self.natives, self.wanted, dict.fromkeys([*programs, *self.started, *handed]))
        if family in ("python", None):
            yield from python_slots(self.natives, self.wanted, self.roots)
        if family in ("nodejs", None):
            yield from node_slots(self.natives, self.wanted)
        if family == "ruby":
            yield from gems.gem_slots(self.natives, self.wanted)

    def libraries(self) -> Iterator[Slot]:
        """Yield the plain libraries that Python code may open by name; whether it does is not looked at."""
        if self.wanted.minor is not None:
            yield from library_slots(self.natives, self.wanted, self.roots, self.all)

    def of(self, reason: Reason) -> Iterator[Hit]:
        """Yield the hits of one reason, a distribution each."""
        groups: dict[tuple[Loader, Owner | str], list[Member]] = {}
        for slot in self.all:
            fault = slot.fault
            if fault is not None and fault[1].reason is reason and not self._is_told_elsewhere(slot, *fault):
                groups.setdefault((slot.loader, self.owner(slot)), []).append((slot, *fault))
        first = self._first_of_image(groups[key][0] for key in groups if key[0] is Loader.PROGRAM)
        for (loader, _), members in groups.items():
            if first is None or loader is Loader.PROGRAM or any(native.cpu != first for _, native, _ in members):
                yield _HITS[loader](self, members)
        yield from carried.misfits(self, reason)

    def _first_of_image(self, programs: Iterator[tuple[Slot, Native, Misfit]]) -> str | None:
        """Return the CPU of an image's program that is for another one: code for the same has the same cause, the image's platform.

        An extension comes from elsewhere, and says nothing of the rest.
        """
        of_image = (one for one in programs if not one[1].path.startswith(f"{OPT}/"))
        found = [native.cpu for _, native, misfit in of_image if misfit.reason is Reason.CPU]
        return found[0] if self._files.is_whole and found else None

    def _is_told_elsewhere(self, slot: Slot, native: Native, misfit: Misfit) -> bool:
        """Tell whether a file is no fault of this rule.

        An npm package may say that it is not for Linux, and be no part of one that is: ``fsevents``. A gem for another system
        is passed over by RubyGems, which shows where it is required.
        """
        if slot.loader is Loader.RUBY:
            return misfit.reason is Reason.SYSTEM and bool(self.needs.order)
        folder = npm_package(native.path) if slot.loader is Loader.NODE else None
        return folder is not None and is_not_for_linux(self._files, folder) and self.needs.families.of(folder) is None

    @functools.cached_property
    def _holders(self) -> Mapping[Native, Slot]:
        return {native: slot for slot in reversed(self.all) for native in slot.natives}

    def holding(self, native: Native) -> Slot | None:
        """Return the slot that a file is to fill. None: it fills none."""
        return self._holders.get(native)

    def owner(self, slot: Slot) -> Owner | str:
        """Return whom a slot belongs to; a name alone where no metadata tells more."""
        if slot.loader is Loader.NODE:
            folder = npm_package(slot.natives[0].path)
            return npm_owner(self._files, folder) if folder else slot.owner
        if slot.loader is Loader.PROGRAM:
            return slot.natives[0].entry.path
        if slot.loader is Loader.RUBY:
            return slot.name
        path = slot.natives[0].path
        return self._distributions.owner(self._root(path), path) or slot.owner.rpartition("/")[2].partition(".")[0]

    def is_manylinux(self, slot: Slot) -> bool:
        """Tell whether a slot's file comes from a wheel tagged manylinux."""
        owner = self.owner(slot)
        if not isinstance(owner, Owner) or slot.loader not in (Loader.PYTHON, Loader.LIBRARY):
            return False
        return "manylinux" in self._distributions.tags(self._root(slot.natives[0].path), owner)

    def _root(self, path: str) -> str:
        return max((root for root in self.roots if path.startswith(f"{root}/")), key=len)

    @functools.cached_property
    def imports(self) -> unseen.Imports:
        """Lines of what is surely loaded that import extension modules."""
        names = (slot.name for slot in self.all if slot.loader is Loader.PYTHON)
        return unseen.Imports(self._files, self.needs.order, self.roots, names)

    def is_sure(self, slot: Slot) -> bool:
        """Tell whether the first invocation surely fails when nothing fills a slot."""
        return self.needs.is_sure(slot)

    def import_error(self, slot: Slot, said: str) -> Aws | None:
        """Return what the runtime says when loading a slot's file fails. None: the handler is not known."""
        if slot.loader is Loader.RUBY:
            return Aws("Init<LoadError>", f"{said} - {slot.natives[0].path}")
        return self.refused(".node" if slot.loader is Loader.NODE else "", said)

    def refused(self, path: str, said: str) -> Aws | None:
        """Return the same of a file that its loader refuses."""
        if path.endswith(".node"):
            return Aws("Error", said)
        if self._handler is None:
            return None
        return errors.raised(self._handler.module, "ImportError", said)

    def install(self, slot: Slot, *, older: bool = False) -> str:
        """Return the command that installs the right build of a Python distribution. ``older``: this version has none.

        Empty: what to install is not known, or it is none.
        """
        owner = self.owner(slot)
        if not isinstance(owner, Owner) or slot.loader is Loader.NODE:
            return ""
        if self._files.is_whole:
            if self.wanted.architecture is None:
                return ""
            version = f"=={owner.version}" if owner.version and not older else ""
            platform = f"linux/{DOCKER_CPUS[self.wanted.architecture]}"
            return f"RUN pip install {owner.name}{version} in the Dockerfile, and docker build --platform {platform}"
        elf, root = slot.natives[0].elf, self._root(slot.natives[0].path)
        there = self._distributions
        machine = elf.cpu if elf is not None and elf.cpu in MACHINES.values() else None
        return pip_command(
            owner, self.wanted, tags=there.tags(root, owner), machine=machine, folder=folder_of(self._files, root),
            beside=there.beside(root, owner), older=older,
        )  # fmt: skip

    def turned(self) -> list[str]:
        """Return the other way, if there is one: to turn the function to what everything native in the package is."""
        cpus = {native.cpu if native.elf is not None else None for native in self.natives.all}
        (cpu,) = cpus if len(cpus) == 1 else (None,)
        if cpu in ("x86_64", "arm64") and self.wanted.architecture not in (None, cpu):
            return [f"or make the function {cpu}: everything native in the package is"]
        return []
