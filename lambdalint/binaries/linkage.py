"""What the loader would not find becomes hits: one for each distribution and library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.aws.libraries import numbers
from lambdalint.binaries.astray import astray
from lambdalint.binaries.executed import cannot_start
from lambdalint.binaries.linking import Linker, Missing, TooNew
from lambdalint.binaries.natives import MACHINES, Native, listed
from lambdalint.binaries.opened import Named
from lambdalint.binaries.slots import Loader, Slot
from lambdalint.binaries.unseen import is_tried
from lambdalint.model import Aws, Hit, Lacking, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.elf import Elf
    from lambdalint.binaries.evidence import Witness
    from lambdalint.binaries.image_libraries import ImageLibraries
    from lambdalint.binaries.judgement import Slots

#: The operating systems in their own words.
_SYSTEMS: Final = {"AL1": "Amazon Linux 1", "AL2": "Amazon Linux 2", "AL2023": "Amazon Linux 2023"}
#: Bytes of a file that are shown to the witness for evidence.
_EVIDENCE: Final = 64 << 20

#: What mends a program that was built on another distribution than the image's.
_STATIC: Final = "build it in a stage FROM the image's own base\nor link it statically (Go: CGO_ENABLED=0; Rust: a target for musl)"
#: What mends code that is too new for an image.
_REBUILD: Final = "build it in a stage FROM the image's own base, choose a newer base, or link it statically"
#: A library in a program's place, or a program linked with --no-dynamic-linker: the kernel jumps into what nothing has relocated.
_ALONE: Final = "it names no loader and needs libraries, which nothing loads: it is a library, or was linked without a loader"
_CRASH: Final = Aws("Runtime.ExitError", "Runtime exited with error: signal: segmentation fault")

#: Libraries that auditwheel lets a manylinux wheel expect of the system, and that Amazon Linux 2 or 2023 on Lambda lacks
#: (https://peps.python.org/pep-0599/ and auditwheel's manylinux-policy.json, read 2026-11-21).
_LEFT_OUT: Final = frozenset({
    "libatomic.so.1", "libX11.so.6", "libXext.so.6", "libXrender.so.1", "libICE.so.6", "libSM.so.6", "libGL.so.1", "libnsl.so.1",
    "libgobject-2.0.so.0", "libgthread-2.0.so.0", "libglib-2.0.so.0", "libexpat.so.1", "libmvec.so.1",
})  # fmt: skip


class Links:
    """The native files that something loads, each with what loads it, and what they lack."""

    def __init__(self, slots: Slots, linker: Linker, image: ImageLibraries | None = None) -> None:
        self.slots: Final = slots
        #: None: it is no image.
        self._image: Final = image
        self.linker: Final = linker
        #: What loads each file, by its path: the slots through which it is reached.
        self.reached: Final[dict[str, tuple[Native, list[Slot]]]] = {}
        for slot in slots.all:
            for native in self._best(slot) if len(slot.natives) > 1 else slot.fitting:
                for other in linker.closure(native):
                    self.reached.setdefault(other.path, (other, []))[1].append(slot)
        libraries = list(slots.libraries())
        named = Named(slots.natives.filesystem, libraries)
        for slot in libraries:
            self._open(slot, named)

    def _open(self, slot: Slot, named: Named) -> None:
        """Add a library that Python code opens by name. Sources are read only for one that would not load."""
        chain = self.linker.closure(slot.natives[0])
        if slot.natives[0].path in self.reached or all(map(self._loads, chain)):
            return
        if named.has(slot):
            for native in chain:
                self.reached.setdefault(native.path, (native, []))[1].append(slot)

    def _best(self, slot: Slot) -> list[Native]:
        """Return the files of a slot that load; all, when none does. Of builds for several systems one is enough."""
        fitting = slot.fitting
        return [one for one in fitting if all(self._loads(other) for other in self.linker.closure(one))] or fitting

    def _loads(self, native: Native) -> bool:
        elf = native.elf
        return elf is not None and not any(self.linker.missing(native, elf)) and not any(self.linker.too_new(native, elf))

    def _elves(self) -> Iterator[tuple[list[Slot], Native]]:
        if not self.linker.has_own_libc:
            for native, slots in self.reached.values():
                started = [slot for slot in slots if slot.loader is not Loader.PROGRAM or not any(self._lacks_loader(slot))]
                if started and self._is_in_system(started[0]):
                    yield started, native

    def _is_in_system(self, slot: Slot) -> bool:
        """Tell whether all is there that a file is loaded by: no library can be missed where even the C library is."""
        return slot.loader is Loader.PROGRAM or self._image is None or not self._image.is_bare

    def _lacks_loader(self, slot: Slot) -> Iterator[Native]:
        """Yield the files of a program whose loader is not there, so that nothing is looked for after it."""
        for native in slot.fitting:
            elf = native.elf
            if elf is None or elf.interp is None or self.linker.environment.has_interpreter(elf.interp):
                continue
            if self._image is not None or (not elf.is_musl and self.slots.natives.filesystem.file(elf.interp) is None):
                yield native

    def surest(self, slots: list[Slot]) -> Slot:
        """Return one that is surely loaded, if there is one. To tell that sources are read, so only what is at fault is asked."""
        return next((slot for slot in slots if self.slots.is_sure(slot)), slots[0])

    def missing(self) -> Iterator[Hit]:
        """Yield a hit for each library that is nowhere. Raises Lacking when a layer that was not given may hold it."""
        groups: dict[tuple[object, str], list[tuple[Slot, Missing]]] = {}
        for slots, native in self._elves():
            assert native.elf is not None
            lost = list(self.linker.missing(native, native.elf))
            # Built for glibc, put into an image of musl: what else is missing follows from it.
            for found in [one for one in lost if self._image is not None and one.soname.startswith("ld-linux")] or lost:
                slot = self.surest(slots)
                # All that auditwheel put beside a package's own code is lost together, with the folder that held it.
                soname = "" if found.is_bundled else found.soname
                groups.setdefault((self.slots.owner(slot), soname), []).append((slot, found))
        unread = self.slots.natives.filesystem.unread
        if groups and unread:
            raise Lacking(f"the content of {unread[0]}")
        for (owner, soname), members in groups.items():
            yield self._missing(str(owner), soname, members) if soname else self._unbundled(str(owner), members)
        if self._image is None:
            yield from astray(self)
        self.demand_all()

    def demand_all(self) -> None:
        """Raise Lacking when more may be needed than is known: by a file whose tables were not read to their end, or of what system."""
        if not all(self._is_in_system(slot) for _, slots in self.reached.values() for slot in slots):
            raise Lacking("the image's own C library")
        for native, elf in self.slots.natives.elves():
            if elf.incomplete and self.linker.knows(native):
                raise Lacking(f"the {elf.incomplete[0]} of {native.path}, more than is kept of one file")

    def _missing(self, owner: str, soname: str, members: list[tuple[Slot, Missing]]) -> Hit:
        slot, found = next((member for member in members if self.slots.is_sure(member[0])), members[0])
        program = slot.loader is Loader.PROGRAM
        sure = self.slots.is_sure(slot) and (found.is_known or program)
        system = self._system()
        message = f"{owner} needs {soname}, which is " + ("neither in the package nor in " if self._image is None else "not in ") + system
        environment = self.linker.environment
        if environment.image_only(soname):
            message += "; AWS's base image has it, so that a test in it passes"
        elif soname in _LEFT_OUT and self.slots.is_manylinux(slot):
            message += "; wheels tagged manylinux may leave it out, and still need it"
        elif self._image is None and self.slots.wanted.architecture == "arm64" and soname == "libcrypt.so.1":
            message += " on arm64; on x86_64 it is there"
        fix = f"put {soname}, built for {system}, into a layer's or the package's lib/, or use a build that bundles it"
        if self._image is not None:
            fix = f"install the system's package that has {soname} (RUN apt-get, dnf or apk), or use a build that bundles it"
            if self._image.libc == "musl" and soname.startswith("ld-linux"):
                fix = "install a build for musl (pip: musllinux; npm: --libc=musl), or take a base image that has glibc"
        places = listed(list(dict.fromkeys(one.native for _, one in members)))
        if not sure and all(one.loader is Loader.PYTHON and is_tried(self.slots.natives.filesystem, one) for one, _ in members):
            return Hit(places, f"{message}; its own code goes on without", severity=Severity.NOTE, fix=fix)
        return Hit(places, message, severity=None if sure else Severity.WARNING, aws=self.cannot_open(slot, soname), fix=fix)

    def _unbundled(self, owner: str, members: list[tuple[Slot, Missing]]) -> Hit:
        """Tell of libraries of a wheel's own, which no system has."""
        slot, found = next((member for member in members if self.slots.is_sure(member[0])), members[0])
        more = len({one.soname for _, one in members}) - 1
        message = f"{owner} needs {found.soname}, " + (f"and {more} more of the libraries" if more else "one of the libraries")
        message += f" that its wheel brings, not in the {'package' if self._image is None else 'image'}"
        return Hit(
            listed(list(dict.fromkeys(one.native for _, one in members))), message,
            severity=None if self.slots.is_sure(slot) else Severity.WARNING, aws=self.cannot_open(slot, found.soname),
            fix="\n".join(filter(None, ["keep the wheel's folder whose name ends in .libs", self.slots.install(slot)])),
        )  # fmt: skip

    def cannot_open(self, slot: Slot, soname: str) -> Aws | None:
        """Return what is told of a library that the loader does not find."""
        said = errors.not_opened(soname)
        if self._image is not None and self._image.libc == "musl":
            said = f"Error loading shared library {soname}: No such file or directory (needed by {slot.natives[0].path})"
        if slot.loader is Loader.PROGRAM:
            return _given_up(f"{slot.name}: error while loading shared libraries: {said}")
        return self.slots.import_error(slot, said)

    def _system(self) -> str:
        if self._image is not None:
            return self._image.name
        runtime = self.slots.wanted.runtime
        if runtime is None:
            return "any runtime of Lambda"
        return f"{_SYSTEMS.get(runtime.os or '', 'the system')} ({runtime.name})"

    def too_new(self) -> Iterator[Hit]:
        """Yield a hit for each family of symbol versions that is too new, with the symbols that need it."""
        groups: dict[tuple[object, str, str], list[tuple[Slot, TooNew]]] = {}
        for slots, native in self._elves():
            assert native.elf is not None
            for found in self.linker.too_new(native, native.elf):
                slot = self.surest(slots)
                key = (self.slots.owner(slot), found.version.library, found.version.name.rpartition("_")[0])
                groups.setdefault(key, []).append((slot, found))
        if groups:
            from lambdalint.binaries.evidence import Witness

            with Witness() as witness:
                for (owner, _, _), members in groups.items():
                    yield self._too_new(str(owner), members, witness)
        self.demand_all()

    def _too_new(self, owner: str, members: list[tuple[Slot, TooNew]], witness: Witness) -> Hit:
        slot, found = max(members, key=lambda member: (self.slots.is_sure(member[0]), numbers(member[1].version.name.rpartition("_")[2])))
        version, native = found.version, found.native
        has = f"has {found.ceiling}" if found.ceiling else "does not have it"
        message = f"{owner} needs {version.name} of {version.library}, {self._system()} {has}"
        if found.is_hidden:
            message += ", which the loader finds before the copy in the package"
        shown = None
        if native.entry.size <= _EVIDENCE:
            shown = witness.symbols([native.package.read(native.entry, _EVIDENCE)], version.library, version.name)
        if shown is None:
            message += "; which symbols need it could not be told"
        else:
            more = f" and {shown.count - 3} more" if shown.count > 3 else ""
            message += f", for {', '.join(shown.names[:3])}{more}"
        said = f"/lib64/{version.library}: version `{version.name}' not found (required by {native.path})"
        aws = _given_up(f"{slot.name}: {said}") if slot.loader is Loader.PROGRAM else self.slots.import_error(slot, said)
        sure = self.slots.is_sure(slot) and found.is_sure
        places = list(dict.fromkeys([native, *(one.native for _, one in members)]))
        return Hit(listed(places), message, severity=None if sure else Severity.WARNING, aws=aws, fix=self._older(slot))

    def _older(self, slot: Slot) -> str:
        runtime = self.slots.wanted.runtime
        lines = []
        if self._image is not None:
            return "\n".join(filter(None, [_REBUILD, self.slots.install(slot)]))
        if slot.loader is Loader.PYTHON:
            lines.append(self.slots.install(slot, older=True))
        elif slot.loader is Loader.PROGRAM:
            lines.append(f"build it on {self._system()}, or link it statically")
        if runtime is not None and runtime.os == "AL2" and runtime.successor:
            lines.append(f"move to {runtime.successor}, which has glibc 2.34")
        return "\nor ".join(line for line in lines if line) or "build it on the runtime's own system, in its base image"

    def loaders(self) -> Iterator[Hit]:
        """Yield a hit for each program whose loader is not there, or that names none and needs libraries."""
        for slot in self.slots.all:
            if slot.loader is not Loader.PROGRAM:
                continue
            for native in slot.fitting:
                if native.elf is not None and native.elf.interp is None and native.elf.needed and not native.elf.faults:
                    yield Hit(native.entry, _ALONE, aws=_CRASH, fix="build a program in its place (-buildmode=exe, -pie)")
            for native in self._lacks_loader(slot):
                assert native.elf is not None
                aws = cannot_start(self.slots, native, errors.NOT_FOUND)
                message = f"it asks for the loader {native.elf.interp}, which "
                if self._image is None:
                    yield Hit(native.entry, f"{message}Lambda does not have", aws=aws)
                else:
                    yield Hit(native.entry, f"{message}is not in {self._image.named(native.elf)}", aws=aws, fix=_STATIC)

    def shadowed(self) -> Iterator[Hit]:
        """Yield one hit for the bundled copies of libraries that the loader never reaches."""
        elves = self.slots.natives.elves()
        places = [native for native, elf in elves if native.cpu in MACHINES and self._is_hidden(native, elf)]
        if places and not self.linker.has_rpath and not self.linker.has_own_libc:
            name = places[0].name
            whose = "Lambda's" if self._image is None else "the image's"
            yield Hit(listed(places), f"the loader finds {whose} own {name} first, so this copy is never used")

    def _is_hidden(self, native: Native, elf: Elf) -> bool:
        """Tell whether a library lies where the loader would find it, and one of that name lies where it looks before."""
        if self._image is not None:
            return self._image.hides(native.folder, elf.soname or native.name)
        return self.linker.is_shadowed(native, elf)


def _given_up(said: str) -> Aws:
    """Return what is told of a program that the loader gave up on: it ends with status 127 or 1, and the log has the reason."""
    return Aws("Runtime.ExitError", said)
