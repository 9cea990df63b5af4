"""Slots at fault become hits: one for each distribution and reason, with the words and commands for it."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.binaries import gems, guards, unseen, words
from lambdalint.binaries.commands import folder_of, npm_command, npm_rebuild, pip_command
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.fit import Misfit, Wanted
from lambdalint.binaries.natives import Native, Natives, listed
from lambdalint.binaries.needs import Needs
from lambdalint.binaries.npm import npm_owner, npm_package
from lambdalint.binaries.opened import library_slots
from lambdalint.binaries.owners import Distributions, Owner
from lambdalint.binaries.platforms import Family, is_not_for_linux
from lambdalint.binaries.reason import Reason
from lambdalint.binaries.scripts import started
from lambdalint.binaries.slots import Loader, Slot, node_slots, program_slots, python_slots
from lambdalint.filesystem import OPT, Filesystem, Node
from lambdalint.model import Aws, Hit, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.function import Handler
    from lambdalint.surely import Surely

#: The words for Lambda's CPUs of Go, of cargo-lambda and of .NET.
_COMPILERS: Final = {"x86_64": ("amd64", "--x86-64", "linux-x64"), "arm64": ("arm64", "--arm64", "linux-arm64")}
_CANNOT_OPEN: Final = "cannot open shared object file: No such file or directory"
#: What bash says of a program that the kernel does not start.
_BY_BASH: Final = {errors.OTHER_FORMAT: "cannot execute binary file: Exec format error", errors.NOT_FOUND: "No such file or directory"}
#: CPUs of 32 bits whose programs a kernel for one of Lambda's may start too, as far as they need none of its libraries.
_NARROW: Final = frozenset({"i386", "x32", "arm"})


class Slots:
    """All slots of a function, and what is wrong with them."""

    def __init__(
        self, natives: Natives, wanted: Wanted, surely: Surely, handler: Handler | None
    ) -> None:
        #: Programs that scripts start, which Lambda executes.
        self.started: Final = started(natives.filesystem, surely.programs)
        self.natives: Final = natives
        self.wanted: Final = wanted
        self._handler = handler
        self._files = natives.filesystem
        self.roots: Final = python_roots(self._files, wanted.minor)
        family = wanted.runtime.family if wanted.runtime is not None else None
        paths = dict.fromkeys([*(node.path for node in surely.programs), *self.started])
        slots: list[Slot] = list(program_slots(natives, wanted, paths))
        if family in ("python", None):
            slots += python_slots(natives, wanted, self.roots)
        if family in ("nodejs", None):
            slots += node_slots(natives, wanted)
        if family == "ruby":
            slots += gems.gem_slots(natives, wanted)
        self.all: Final = slots
        self._distributions = Distributions(self._files, wanted.minor)
        self.needs: Final = Needs(self._files, surely, self._distributions, self._root, wanted.machine, slots)

    def libraries(self) -> Iterator[Slot]:
        """Yield the plain libraries that Python code may open by name; whether it does is not looked at."""
        if self.wanted.minor is not None:
            yield from library_slots(self.natives, self.wanted, self.roots, self.all)

    def of(self, reason: Reason) -> Iterator[Hit]:
        """Yield the hits of one reason, a distribution each."""
        groups: dict[tuple[Loader, Owner | str], list[tuple[Slot, Native, Misfit]]] = {}
        for slot in self.all:
            fault = slot.fault
            if fault is not None and fault[1].reason is reason and not self._is_told_elsewhere(slot, *fault):
                groups.setdefault((slot.loader, self.owner(slot)), []).append((slot, *fault))
        for (loader, owner), members in groups.items():
            if loader is Loader.PYTHON:
                yield self._python(owner, members)
            elif loader is Loader.NODE:
                yield self._node(members)
            elif loader is Loader.RUBY:
                yield gems.hit(members, self.wanted, sure=self.is_sure(members[0][0]))
            else:
                yield self._program(members[0])

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
        if slot.loader is Loader.NODE:
            folder = npm_package(slot.natives[0].path)
            return npm_owner(self._files, folder) if folder else slot.owner
        if slot.loader is Loader.PROGRAM:
            return slot.natives[0].entry.path
        if slot.loader is Loader.RUBY:
            return slot.name
        path = slot.natives[0].path
        root = self._root(path)
        return self._distributions.owner(root, path) or slot.owner.rpartition("/")[2].partition(".")[0]

    def is_manylinux(self, slot: Slot) -> bool:
        """Tell whether a slot's file comes from a wheel tagged manylinux."""
        owner = self.owner(slot)
        if not isinstance(owner, Owner) or slot.loader not in (Loader.PYTHON, Loader.LIBRARY):
            return False
        return "manylinux" in self._distributions.tags(self._root(slot.natives[0].path), owner)

    def _root(self, path: str) -> str:
        return max((root for root in self.roots if path.startswith(f"{root}/")), key=len)

    # Python.

    @functools.cached_property
    def _imports(self) -> unseen.Imports:
        names = (slot.name for slot in self.all if slot.loader is Loader.PYTHON)
        return unseen.Imports(self._files, self.needs.order, self.roots, names)

    def _python(self, owner: Owner | str, members: list[tuple[Slot, Native, Misfit]]) -> Hit:
        # Where a line is known that fails, no closer look at the others is worth its time.
        needed = [member for member in members if self.needs.is_met(member[0])]
        needed = needed or [member for member in members if self.is_sure(member[0]) or self._is_asked_for(member[0])]
        solid = [member for member in needed if not self._is_hollow(member[0], member[1])]
        hollow, needed = len(solid) < len(needed), solid
        first = self.needs.first([member[0] for member in needed or members])
        found = self._imports.of(first.name)
        slot, native, misfit = next(member for member in members if member[0] is first)
        places = [native] + [other for _, other, _ in members if other is not native]
        fix = [line for line in (self.install(slot), *self._turned()) if line]
        message = self._message(str(owner), misfit)
        if slot.name.partition(".")[0] in guards.WORK_WITHOUT:
            message += "; it works without, more slowly"
        elif hollow and not needed:
            message += words.PERHAPS
        return Hit(
            listed(places), message, severity=None if needed else Severity.WARNING,
            aws=self._unseen(slot, native, misfit, found) if needed else None, fix="\n".join(fix) or None,
        )  # fmt: skip

    def _is_asked_for(self, slot: Slot) -> bool:
        """Tell whether a plain line at the top of a file that is surely loaded imports a module, and finds nothing else by its name."""
        if slot.name.partition(".")[0] in guards.WORK_WITHOUT:
            return False
        found = self._imports.of(slot.name)
        return found is not None and unseen.fails(self._files, slot, found)

    def _is_hollow(self, slot: Slot, native: Native) -> bool:
        """Tell whether Python, which does not see the file, goes on with a folder of that name: it fails where it is used."""
        folder = self._files.find(f"{native.folder}/{slot.name.rpartition('.')[2]}")
        if self._sees(native) or not isinstance(folder, Node) or not folder.is_dir:
            return False
        return not self._is_asked_for(slot)

    def _sees(self, native: Native) -> bool:
        """Tell whether Python tries to load a file, by its name."""
        system = "linux-musl" if self.wanted.libc == "musl" else "linux-gnu"
        own = f".cpython-3{self.wanted.minor}-{self.wanted.machine}-{system}.so"
        return native.name.endswith((".abi3.so", own)) or (native.name.endswith(".so") and native.name.count(".") == 1)

    def _message(self, owner: str, misfit: Misfit) -> str:
        return f"{owner} is built for {misfit.built}, the function is {misfit.wanted}"

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
        return Aws("Runtime.ImportModuleError", f"Unable to import module '{self._handler.module}': {said}")

    def install(self, slot: Slot, *, older: bool = False) -> str:
        """Return the command that installs the right build. Empty: what to install is not known. ``older``: this version has none."""
        owner = self.owner(slot)
        if not isinstance(owner, Owner):
            return ""
        if self._files.is_whole:
            if self.wanted.architecture is None:
                return ""
            go = _COMPILERS[self.wanted.architecture][0]
            version = f"=={owner.version}" if owner.version and not older else ""
            return f"RUN pip install {owner.name}{version} in the Dockerfile, and docker build --platform linux/{go}"
        root = self._root(slot.natives[0].path)
        there = self._distributions
        return pip_command(
            owner, self.wanted, tags=there.tags(root, owner), folder=folder_of(self._files, root),
            beside=there.beside(root, owner), older=older,
        )  # fmt: skip

    def _unseen(self, slot: Slot, native: Native, misfit: Misfit, found: unseen.Import | None) -> Aws | None:
        said = unseen.said(self._files, slot, found)
        if self._sees(native):
            said = f"{_lacking(native, misfit)}: {_CANNOT_OPEN}" if native.elf is not None else f"{native.path}: invalid ELF header"
        return self.import_error(slot, said)

    def _turned(self) -> list[str]:
        """The other way: turn the function to what everything native in the package is."""
        cpus = {native.cpu if native.elf is not None else None for native in self.natives.all}
        (cpu,) = cpus if len(cpus) == 1 else (None,)
        if cpu in ("x86_64", "arm64") and self.wanted.architecture not in (None, cpu):
            return [f"or make the function {cpu}: everything native in the package is"]
        return []

    # Node.js.

    def _node(self, members: list[tuple[Slot, Native, Misfit]]) -> Hit:
        slot, native, misfit = next((member for member in members if self.is_sure(member[0])), members[0])
        folder = npm_package(native.path) or slot.owner
        owner, family = npm_owner(self._files, folder), self.needs.families.of(folder)
        if family is None or misfit.reason is Reason.ADDON:
            fix = [npm_rebuild(owner, self.wanted, image=self._files.is_whole)]
        else:
            fix = [npm_command(family.owner, self.wanted.architecture)] if self.wanted.architecture else []
        places = [native, *(other for one, _, _ in members for other in one.natives if other is not native)]
        needed, message = self.is_sure(slot), self._message(str(owner), misfit)
        if not needed and self.needs.holds(folder if family is None else family.folder):
            message += words.PERHAPS
        return Hit(
            listed(places), message, severity=None if needed else Severity.WARNING,
            aws=self._not_there(family, native, misfit) if needed else None, fix="\n".join([*fix, *self._turned()]) or None,
        )  # fmt: skip

    def _not_there(self, family: Family | None, native: Native, misfit: Misfit) -> Aws | None:
        """Return what is said of an addon; a package with parts does not even look at those for other platforms."""
        parts = [] if family is None else [name for names in family.parts(self.wanted.architecture).values() for name in names]
        if family is None or not parts:
            return _addon_error(native, misfit)
        # That of libraries alone, as sharp has one, is not what is loaded.
        part = next((name for name in parts if "-lib" not in name), parts[-1])
        return words.said(self._files, family, self.needs.holds(family.folder), part, self.wanted.architecture)

    def is_sure(self, slot: Slot) -> bool:
        """Tell whether the first invocation surely fails when nothing fills a slot."""
        return self.needs.is_sure(slot)

    # Programs.

    def _program(self, member: tuple[Slot, Native, Misfit]) -> Hit:
        slot, native, misfit = member
        musl = misfit.reason is Reason.LIBC
        fix = ["build it on Amazon Linux, or link it statically"] if musl else [self._build(native), *self._turned()]
        message = f"it is built for {misfit.built}, the function is {misfit.wanted}"
        if native.path in self.started:
            message += f"; {self.started[native.path].script.name} starts it"
        severity = None
        if native.elf is not None and native.elf.is_static and native.elf.cpu in _NARROW:
            message += "; whether Lambda's kernel starts such programs AWS does not say"
            severity = Severity.WARNING
        aws = self.cannot_start(native, errors.NOT_FOUND if musl else errors.OTHER_FORMAT)
        return Hit(listed(slot.natives), message, severity=severity, phase=Phase.INIT, aws=aws, fix="\n".join(filter(None, fix)) or None)

    def cannot_start(self, native: Native, cause: str) -> Aws:
        """Return what is told of a program that the kernel does not start, by Lambda itself or by the script that does."""
        if native.path in self.started:
            script = self.started[native.path]
            code = "Extension.Crash" if script.script.path.startswith(f"{OPT}/extensions/") else "Runtime.ExitError"
            return Aws(code, script.said(_BY_BASH[cause]))
        family = None if self.wanted.runtime is None else self.wanted.runtime.family
        own = family in (None, "provided", "custom", "go") or self._files.is_whole
        if not own and not native.path.startswith(f"{OPT}/extensions/"):
            # The wrapper, which the managed runtimes' bootstrap starts, a script of bash.
            return errors.exit_status(127 if cause == errors.NOT_FOUND else 126)
        place = "" if self._files.is_whole else OPT if native.path.startswith(f"{OPT}/") else self._files.base
        return errors.cannot_start(native.path.removeprefix(f"{place}/"), cause, place)

    def _build(self, native: Native) -> str:
        named = _COMPILERS.get(self.wanted.architecture or "")
        if named is None:
            return ""
        go, cargo, dotnet = named
        if native.elf is not None and native.elf.is_go:
            return f"GOOS=linux GOARCH={go} go build -o {native.name} ."
        return f"build it for {self.wanted.machine} Linux (GOARCH={go}, cargo lambda build {cargo}, dotnet publish -r {dotnet})"


def _lacking(native: Native, misfit: Misfit) -> str:
    """Return the file that the loader says it cannot open: one for another CPU it passes over, of one for musl it lacks the library."""
    musl = next((name for name in native.elf.needed if "musl" in name or name == "libc.so"), None) if native.elf is not None else None
    return musl if musl is not None and misfit.reason is Reason.LIBC else native.path


def _addon_error(native: Native, misfit: Misfit) -> Aws | None:
    if misfit.reason is Reason.SYSTEM and not isinstance(native.what, Elf):
        return Aws("Error", f"{native.path}: invalid ELF header")
    if misfit.reason in (Reason.CPU, Reason.LIBC):
        return Aws("Error", f"{_lacking(native, misfit)}: {_CANNOT_OPEN}")
    if misfit.reason is Reason.ADDON:
        built, wanted = (text.partition("ABI ")[2].partition(" ")[0] for text in (misfit.built, misfit.wanted))
        said = f"The module '{native.path}' was compiled against a different Node.js version using NODE_MODULE_VERSION {built}."
        return Aws("Error", f"{said} This version of Node.js requires NODE_MODULE_VERSION {wanted}.")
    return None


def python_roots(filesystem: Filesystem, minor: int | None) -> list[str]:
    """Return the folders of a function that Python searches. ``minor`` None: its version is not told."""
    versions = [minor] if minor is not None else range(8, 16)
    layers = [*(f"{OPT}/python/lib/python3.{one}/site-packages" for one in versions), f"{OPT}/python"]
    if not filesystem.is_whole:
        return [filesystem.base, *layers]
    from lambdalint.handlers.python_search import installed

    own = [place for one in versions for place in installed(filesystem, one)]
    return [filesystem.base.rstrip("/"), *layers, *dict.fromkeys(own)]
