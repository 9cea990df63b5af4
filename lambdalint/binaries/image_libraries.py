"""Which shared libraries, in which versions, an image supplies to native code: its own files are all there is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.aws.libraries import Ceiling, numbers
from lambdalint.binaries.elf import Elf
from lambdalint.filesystem import Filesystem, Missing, Node
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.function import Environment

#: The loaders of both C libraries, by both CPUs' names
#: (https://sourceware.org/glibc/wiki/ABIList, https://wiki.musl-libc.org/guidelines-for-distributions.html).
_GLIBC: Final = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
_MUSL: Final = ("/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1")
#: What one of them is called by those that need it (Nix has glibc in its own store).
_C_LIBRARIES: Final = ("libc.so.6", *(path.rpartition("/")[2] for path in (*_GLIBC, *_MUSL)))
#: What musl's loader is itself, whoever asks for it (ldso/dynlink.c, load_library).
_IN_MUSL: Final = re.compile(r"lib(c|pthread|rt|m|dl|util|xnet)\..*")
#: Libraries whose versions are looked at. They are learned from while an image is read; others would need a layer to be unpacked again.
_VERSIONED: Final = frozenset({"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libstdc++.so.6", "libgcc_s.so.1"})
#: Every glibc that is still built for has it (CentOS 7, manylinux2014), so that no image need be looked at for it.
_OLDEST: Final = (2, 17)
_NAME: Final = re.compile(r"^PRETTY_NAME=[\"']?([^\"'\n]{1,60})", re.MULTILINE)
_READ: Final = 4096


def libc_of(filesystem: Filesystem) -> str | None:
    """Return ``glibc`` or ``musl``, whichever's loader an image has. None: both or neither."""
    found = {
        name
        for name, loaders in (("glibc", _GLIBC), ("musl", _MUSL))
        if any(isinstance(filesystem.find(path), Node) for path in loaders)
    }
    return found.pop() if len(found) == 1 else None


class ImageLibraries:
    """What the loader finds in an image. What is mounted at run time, or cannot be read, makes an answer None."""

    def __init__(self, filesystem: Filesystem, environment: Environment) -> None:
        self._files: Final = filesystem
        #: A search path leads to what Lambda mounts, or to the working directory of whoever asks.
        self._open: Final = any(
            not place.startswith("/") or f"{place}/".startswith(("/tmp/", "/mnt/"))  # noqa: S108 - compared only
            for place in (environment.get("LD_LIBRARY_PATH") or "").split(":")
            if place
        ) or "LD_PRELOAD" in environment
        self._search_path: Final = [place for place in (environment.get("LD_LIBRARY_PATH") or "").split(":") if place.startswith("/")]
        self._copies: Final[dict[str, list[str]]] = {}
        for place, package in filesystem.mounts:
            for entry in package.entries:
                if ".so" in entry.path:
                    self._copies.setdefault(entry.name, []).append(f"{place.rstrip('/')}/{entry.path}")
        self._had: Final[dict[str, bool | None]] = {}
        self._versions: Final[dict[str, frozenset[str] | None]] = {}
        #: ``glibc`` or ``musl``. None: both or neither.
        self.libc: Final = libc_of(filesystem)
        #: Whether no C library is in it at all, so that it is a part of the image, or only static programs run in it.
        self.is_bare: Final = self.libc is None and not any(name in self._copies for name in _C_LIBRARIES)

    @property
    def name(self) -> str:
        """What it is called in a message, with the distribution as that names itself."""
        node = self._files.find("/etc/os-release")
        try:
            text = self._files.read(node, _READ).decode("utf-8", "replace") if isinstance(node, Node) and node.is_file else ""
        except Lacking:
            text = ""
        match = _NAME.search(text)
        return f"the image ({match[1]})" if match else "the image"

    def named(self, elf: Elf) -> str:
        """Return the same, with its C library where that is another than a program's."""
        other = "glibc" if elf.is_musl else "musl"
        return f"{self.name}; the image has {other}" if self.libc == other else self.name

    def has(self, soname: str) -> bool | None:
        """Whether a library of that name lies anywhere: one off every search path may have been loaded by its full path before."""
        if soname not in self._had:
            self._had[soname] = self._has(soname)
        return self._had[soname]

    def _has(self, soname: str) -> bool | None:
        if "/" in soname:
            found = self._files.find(soname)
            return True if isinstance(found, Node) else None if found.outside or not soname.startswith("/") else False
        if _IN_MUSL.fullmatch(soname) and any(isinstance(self._files.find(path), Node) for path in _MUSL):
            return True
        found_all = [self._files.find(path) for path in self._copies.get(soname, ())]
        if any(isinstance(found, Node) and found.is_file for found in found_all):
            return True
        return None if self._open or any(isinstance(found, Missing) and found.outside for found in found_all) else False

    def absent(self, soname: str) -> bool:
        """Whether a library is surely not there: an image is known as a whole."""
        return self.has(soname) is False

    def image_only(self, _: str) -> bool:
        """Whether a library is in AWS's base image alone: that is the matter of other packages."""
        return False

    def offers(self, version: str, library: str = "") -> bool | None:
        """Tell whether a library has a symbol version. The loader asks for the very name."""
        family, _, number = version.rpartition("_")
        if family == "GLIBC" and numbers(number) <= _OLDEST:
            return True
        provided = self._provided(library)
        return None if provided is None or self._open else version in provided

    def ceiling(self, family: str, library: str = "") -> Ceiling | None:
        """Return the newest version of a family that a library has. None: not known, or it has none."""
        named = (name.rpartition("_") for name in self._provided(library) or ())
        found = [number for own, _, number in named if own == family and min(numbers(number)) >= 0]
        return Ceiling(family, max(found, key=numbers), is_sure=True) if found else None

    def _provided(self, library: str) -> frozenset[str] | None:
        """Return the versions of all copies of a library together. None: not known, or not one of those looked at."""
        if library not in _VERSIONED:
            return None
        if library not in self._versions:
            self._versions[library] = self._all_versions(library)
        return self._versions[library]

    def _all_versions(self, library: str) -> frozenset[str] | None:
        found: set[str] = set()
        for path in self._copies.get(library, ()):
            node = self._files.find(path)
            if isinstance(node, Missing):
                continue
            elf = _elf(node)
            if elf is None or not elf.provides or elf.incomplete:
                return None
            found.update(elf.provides)
        return frozenset(found) or None

    def has_interpreter(self, path: str) -> bool:
        """Tell whether a program's loader is there, links followed."""
        found = self._files.find(path)
        return found.is_file if isinstance(found, Node) else found.outside

    def hides(self, folder: str, name: str) -> bool:
        """Tell whether the search path has a library of that name before the folder that it is in."""
        if folder not in self._search_path:
            return False
        before = self._search_path[: self._search_path.index(folder)]
        return any(isinstance(self._files.find(f"{place.rstrip('/')}/{name}"), Node) for place in before)


def _elf(node: Node) -> Elf | None:
    if node.entry is None or node.package is None:
        return None
    try:
        learned = node.package.contents.learned(node.entry)
    except Lacking:
        return None
    return learned if isinstance(learned, Elf) else None
