"""Where the loader looks for a library, and what it finds there: a package may hold one that no search comes by.

The order is that of ld.so(8) and of glibc 2.34's elf/dl-load.c, _dl_map_object: what is loaded already by that name, then
DT_RPATH of the file and of those that loaded it unless the file has DT_RUNPATH, LD_LIBRARY_PATH, DT_RUNPATH, the system.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import Missing
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.binaries.elf import Elf
    from lambdalint.binaries.linking import Linker
    from lambdalint.binaries.natives import Native
    from lambdalint.filesystem import Filesystem, Node

#: A native file is followed through at most as many libraries.
_FOLLOWED: Final = 2_000
#: Folders of a search path, with those that are inherited. Real ones have a dozen.
_FOLDERS: Final = 200
#: Sources that are looked at for words, and how large one may be; a package with more is not judged.
_FILES: Final = 1_000
_SIZE: Final = 1 << 18
#: Words of sources that load libraries by their full paths, or change where they are looked for: what they load is there by
#: name for all that comes later (``ctypes.CDLL(path, RTLD_GLOBAL)``, ``os.add_dll_directory``, ``process.dlopen``).
_LOADS: Final = re.compile(rb"CDLL|\bcdll\b|LoadLibrary|load_library|dll_directory|RTLD_|dlopen|LD_LIBRARY_PATH|LD_PRELOAD|\bffi\b")
_SOURCES: Final = (".py", ".js", ".cjs", ".mjs", ".rb", ".sh")
_ORIGIN: Final = re.compile(r"\$(?:ORIGIN|\{ORIGIN\})")


class Stray:
    """A library that a file needs, and that lies where the loader does not look."""

    __slots__ = ("library", "native", "root", "soname")

    def __init__(self, root: Native, native: Native, soname: str, library: Native) -> None:
        #: The file that was loaded by its full path.
        self.root: Final = root
        #: The file that needs it.
        self.native: Final = native
        self.soname: Final = soname
        self.library: Final = library


class Search:
    """The loader's search through the files of a function."""

    __slots__ = ("_linker",)

    def __init__(self, linker: Linker) -> None:
        self._linker: Final = linker

    def strays(self, roots: Iterable[Native]) -> list[Stray]:
        """Return what is missed by files that are loaded by their full paths, but for what any of them has loaded by that name."""
        missed: list[Stray] = []
        there: set[str] = set()
        for root in roots:
            missed += self._load(root, there)
        return [stray for stray in missed if stray.soname not in there]

    def _load(self, root: Native, there: set[str]) -> Iterator[Stray]:
        """Load a file and all that it needs, breadth first; add the names of all that was found to ``there``."""
        names = set(_names(root))
        queue: list[tuple[Native, tuple[str, ...]]] = [(root, ())]
        for native, inherited in queue:
            elf = native.elf
            assert elf is not None
            own = () if elf.runpath is not None else _folders(elf.rpath, native)
            rpath = tuple(dict.fromkeys((*own, *inherited)))
            if len(rpath) > _FOLDERS:
                raise Lacking(f"the search path of {native.path}, which has more than {_FOLDERS} folders")
            for soname in elf.needed:
                # Most are the system's alone, and need no search.
                if soname in names or not self._linker.holds(soname) or len(queue) >= _FOLLOWED:
                    continue
                found = self._find(soname, elf, native, rpath)
                if found is not None:
                    names.update((soname, *_names(found)))
                    queue.append((found, rpath))
                elif (other := self._elsewhere(soname, native)) is not None:
                    yield Stray(root, native, soname, other)
        self._linker.follow(len(queue))
        there |= names

    def _find(self, soname: str, elf: Elf, native: Native, rpath: tuple[str, ...]) -> Native | None:
        """Return the library that the loader takes. None: it finds none in the package or in a layer."""
        folders = (*(() if elf.runpath is not None else rpath), *self._linker.path, *_folders(elf.runpath, native))
        for folder in folders:
            found = self._usable(f"{folder}/{soname}")
            if found is not None:
                return found
        return None

    def _usable(self, path: str) -> Native | None:
        # The loader passes over files for another CPU, and goes on. A folder that is not absolute is below the one it starts in.
        found = self._linker.natives.at(path)
        return found if found is not None and found.elf is not None and self._linker.knows(found) else None

    def _elsewhere(self, soname: str, native: Native) -> Native | None:
        """Return the library that lies elsewhere. None: nowhere, or the system has it."""
        if self._linker.environment.has(soname) is not False:
            return None
        held = [other for other in self._linker.named(soname) if other is not native]
        return held[0] if held else None


def _names(native: Native) -> tuple[str, ...]:
    soname = native.elf.soname if native.elf is not None else None
    return (native.name,) if soname is None else (native.name, soname)


def _folders(path: str | None, native: Native) -> tuple[str, ...]:
    """Return the folders of an RPATH or RUNPATH, which are relative to the file that has it. Raises Lacking of too many."""
    parts = dict.fromkeys(part for part in (path or "").split(":") if part)
    if len(parts) > _FOLDERS:
        raise Lacking(f"the search path of {native.path}, which has more than {_FOLDERS} folders")
    return tuple(_ORIGIN.sub(lambda _: native.folder, part).rstrip("/") for part in parts)


def may_preload(filesystem: Filesystem, folders: Iterable[str], files: Iterable[str]) -> bool:
    """Tell whether a source of some folders, or one of some files, may load libraries by itself; True when there are too many."""
    sources = itertools.chain(_files(filesystem, files), *(_sources(filesystem, folder) for folder in folders))
    for count, node in enumerate(sources, 1):
        if count > _FILES or node.entry is None or node.entry.size > _SIZE:
            return True
        try:
            if _LOADS.search(filesystem.read(node, _SIZE)):
                return True
        except Lacking:
            return True
    return False


def _sources(filesystem: Filesystem, folder: str) -> Iterator[Node]:
    return (node for node in filesystem.walk(folder) if node.is_file and node.path.endswith(_SOURCES))


def _files(filesystem: Filesystem, paths: Iterable[str]) -> Iterator[Node]:
    for path in paths:
        found = filesystem.find(path)
        if isinstance(found, Missing) or found.entry is None or found.package is None:
            continue
        if found.path.endswith(_SOURCES) or found.package.contents.head(found.entry).startswith(b"#!"):
            yield found
