"""Native files by what would load them: a slot is at fault only when nothing fitting fills it."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from lambdalint.binaries.fit import Misfit, Wanted
from lambdalint.binaries.natives import Native, Natives
from lambdalint.binaries.npm import npm_name, npm_package
from lambdalint.binaries.tags import parse
from lambdalint.filesystem import OPT, Filesystem


class Loader(enum.Enum):
    """What loads the files of a slot."""

    PYTHON = "Python's import"
    NODE = "Node.js's require"
    RUBY = "Ruby's require"
    PROGRAM = "the kernel"
    LIBRARY = "Python's ctypes"


class Slot:
    """One import name, one addon or one program, and the files that would fill it."""

    __slots__ = ("loader", "misfits", "name", "natives", "owner")

    def __init__(self, loader: Loader, name: str, owner: str, natives: list[Native], misfits: list[Misfit | None]) -> None:
        self.loader: Final = loader
        #: The import name (``pydantic_core._pydantic_core``), the addon's package, or the program's path.
        self.name: Final = name
        #: The folder of the top-level package, or the file itself: what is installed and imported as one.
        self.owner: Final = owner
        self.natives: Final = natives
        #: Of each file; None: it fits.
        self.misfits: Final = misfits

    @property
    def fitting(self) -> list[Native]:
        """The files that fit."""
        return [native for native, misfit in zip(self.natives, self.misfits, strict=True) if misfit is None]

    @property
    def fault(self) -> tuple[Native, Misfit] | None:
        """The file that comes nearest, and why it does not fit. None: the slot is filled."""
        if self.fitting:
            return None
        pairs = [(native, misfit) for native, misfit in zip(self.natives, self.misfits, strict=True) if misfit is not None]
        order = list(type(pairs[0][1].reason))
        return max(pairs, key=lambda pair: (order.index(pair[1].reason), "musl" not in pair[0].path, pair[0].path))


#: A slot at fault, with the file that comes nearest and why it does not fit.
Member: TypeAlias = tuple[Slot, Native, Misfit]

#: Parts of names that say for which platform npm packages and their folders are.
_PLATFORM: Final = re.compile(
    r"[-_.]?\b(?:linux|darwin|win32|windows|macos|osx|freebsd|openbsd|netbsd|android|sunos|aix|openharmony|alpine|linuxmusl)"
    r"(?:[-_.](?:x64|x86_64|amd64|arm64|aarch64|ia32|x86|armv7l?|armv6|arm|ppc64(?:le)?|s390x|riscv64|loong64|universal|x64\+arm64))?"
    r"(?:[-_.](?:gnu|musl|msvc|glibc|gnueabihf|musleabihf|eabi|gnueabi))?\b",
    re.IGNORECASE,
)


def platformless(path: str) -> str:
    """Return a path without what says for which platform it is, so that twins are the same."""
    return _PLATFORM.sub("", path)


def python_roots(filesystem: Filesystem, minor: int | None) -> list[str]:
    """Return the folders of a function that Python searches. ``minor`` None: its version is not told."""
    versions = [minor] if minor is not None else range(8, 16)
    layers = [*(f"{OPT}/python/lib/python3.{one}/site-packages" for one in versions), f"{OPT}/python"]
    if not filesystem.is_whole:
        return [filesystem.base, *layers]
    from lambdalint.handlers.python_search import installed

    own = [place for one in versions for place in installed(filesystem, one)]
    return [filesystem.base.rstrip("/"), *layers, *dict.fromkeys(own)]


def python_slots(natives: Natives, wanted: Wanted, roots: Iterable[str]) -> Iterator[Slot]:
    """Group extension modules by import name, below the folders that Python searches."""
    tops = sorted((f"{root.rstrip('/')}/" for root in roots), key=len, reverse=True)
    groups: dict[tuple[str, str], list[Native]] = {}
    for native in natives.all:
        root = next((top for top in tops if native.path.startswith(top)), None)
        if root is None:
            continue
        inner = native.folder[len(root) :].split("/") if native.folder + "/" != root else []
        tag = parse(native.name)
        if tag is not None and all(part.isidentifier() for part in (*inner, tag.stem)) and _is_module(native):
            groups.setdefault((native.folder, tag.stem), []).append(native)
    for (folder, stem), members in groups.items():
        root = next(top for top in tops if f"{folder}/".startswith(top))
        inner = folder[len(root) :].split("/") if f"{folder}/" != root else []
        owner = f"{root}{inner[0]}" if inner else members[0].path
        misfits = [wanted.module(native) for native in members]
        yield Slot(Loader.PYTHON, ".".join([*inner, stem]), owner, members, misfits)


def _is_module(native: Native) -> bool:
    """Tell a module from a shared library that lies beside it."""
    tag = parse(native.name)
    assert tag is not None
    if tag.implementation is not None or tag.suffix == "pyd":
        return True
    if native.elf is not None:
        return f"PyInit_{tag.stem}" in native.elf.exports
    return not tag.stem.startswith("lib")


def node_slots(natives: Natives, wanted: Wanted) -> Iterator[Slot]:
    """Group addons by the npm package that brings them, its packages for single platforms included."""
    groups: dict[str, list[Native]] = {}
    owners: dict[str, str] = {}
    for native in natives.all:
        if native.name.endswith(".node"):
            owner = npm_package(native.path)
            key = platformless(owner) if owner else native.folder
            groups.setdefault(key, []).append(native)
            owners.setdefault(key, owner or native.path)
    for key, members in groups.items():
        misfits = [wanted.addon(native) for native in members]
        yield Slot(Loader.NODE, npm_name(key) or key, owners[key], members, misfits)


def program_slots(natives: Natives, wanted: Wanted, executed: Iterable[str]) -> Iterator[Slot]:
    """Each program that something surely executes is a slot of its own."""
    for path in executed:
        native = natives.at(path)
        if native is not None:
            # Whether an image has the loader that a program asks for is told by what is there.
            misfit = wanted.file(native) if natives.filesystem.is_whole else wanted.program(native)
            yield Slot(Loader.PROGRAM, native.path, native.path, [native], [misfit])
