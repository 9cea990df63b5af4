"""Plain libraries that Python code opens by name, as lightgbm opens lib_lightgbm.so by ctypes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import sources
from lambdalint.binaries.fit import Wanted
from lambdalint.binaries.natives import Natives
from lambdalint.binaries.slots import Loader, Slot
from lambdalint.filesystem import Filesystem

if TYPE_CHECKING:
    from lambdalint.binaries.needs import Needs

#: A word as the name of a library is one; not with what a path or a flag has before it.
_WORD: Final = re.compile(rb"[\w.+-]+")


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


class Named:
    """Which libraries the sources of their packages name as a word; all of a package are looked for at once."""

    __slots__ = ("_files", "_found", "_names")

    def __init__(self, filesystem: Filesystem, slots: Iterable[Slot]) -> None:
        self._files: Final = filesystem
        self._names: Final[dict[str, set[bytes]]] = {}
        for slot in slots:
            self._names.setdefault(slot.owner, set()).add(_stem(slot))
        self._found: Final[dict[str, set[bytes]]] = {}

    def has(self, slot: Slot) -> bool:
        """Tell whether a source has the name of one of the slots' libraries."""
        if slot.owner not in self._found:
            names = self._names[slot.owner]
            texts = sources.below(self._files, slot.owner, (".py",))
            self._found[slot.owner] = {name for text in texts for name in names & _libraries(text)}
        return _stem(slot) in self._found[slot.owner]


def is_surely_opened(needs: Needs, filesystem: Filesystem, slot: Slot) -> bool:
    """Tell whether a package is nothing but its library: that is the only native file that it has, and what is loaded names it."""
    libraries = (node for node in filesystem.walk(slot.owner) if ".so" in node.name)
    if len(list(itertools.islice(libraries, 2))) != 1:
        return False
    loaded = [path for path in needs.holds(slot.owner) if path.endswith(".py")]
    return any(_stem(slot) in _libraries(text) for text in sources.texts(filesystem, loaded[: sources.FILES]))


def _stem(slot: Slot) -> bytes:
    """Return the name of a library without its ending and version."""
    return slot.natives[0].name.partition(".so")[0].encode(errors="surrogateescape")


def _libraries(text: bytes) -> set[bytes]:
    """Return the words of a source, of names of libraries what comes before their ending."""
    return {word.partition(b".so")[0] for word in _WORD.findall(text)}
