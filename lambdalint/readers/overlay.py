"""Lays an image's layers over each other: what the running function sees, and which layer each part of it came from.

As containerd does it, which is what unpacks images nearly everywhere: a path's parents are followed through links of what
lies there already, a file takes the place of whatever had its name, and only a directory over a directory leaves its content.
Whiteouts speak of the layers below only, as the standard says
(https://github.com/opencontainers/image-spec/blob/main/layer.md, read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lambdalint.filesystem import LINKS_FOLLOWED
from lambdalint.model import Entry, Flaw, Kind
from lambdalint.readers import gate
from lambdalint.readers.flaws import BeyondCap, LostHardLink, OddRecord
from lambdalint.readers.layer import OPAQUE, WHITEOUT, Scan

#: What aufs leaves in a layer for itself.
_AUFS: Final = ".wh..wh."
#: Paths that are told of one layer, of each sort.
_TOLD: Final = 100


class Overlay:
    """The merged tree. Layers are put on from the lowest."""

    def __init__(self) -> None:
        #: The entries in each directory, by name. None: a directory that is only implied by what lies in it.
        self._folders: Final[dict[str, dict[str, Entry | None]]] = {"": {}}
        #: Entries whose names climb out: no unpacking puts them anywhere in particular.
        self._astray: Final[list[Entry]] = []
        self._implied = 0
        #: Parts of paths that were followed so far.
        self._steps = 0
        self.flaws: list[Flaw] = []

    def put(self, scan: Scan, number: int) -> tuple[list[str], list[tuple[str, str]]]:
        """Lay a layer on top, and return the parents for which nobody has an entry, and its hard links."""
        missing: dict[str, None] = {}
        hard: list[tuple[str, str]] = []
        marks = [entry for entry in scan.entries if WHITEOUT in entry.path and entry.name.startswith(WHITEOUT)]
        if marks:
            self._take_away(marks)
        skipped = set(marks)
        resolved: dict[str, str] = {}
        for entry in scan.entries:
            if entry in skipped:
                continue
            folder, _, name = entry.path.rpartition("/")
            if not name:
                continue  # the root itself
            if ".." in entry.path and ".." in entry.path.split("/"):
                self._astray.append(entry)
                continue
            if entry.path.count("/") > gate.IMAGE_DEPTH:
                self.flaws.append(BeyondCap("folders within folders", entry.path.count("/"), gate.IMAGE_DEPTH, entry))
                continue
            place = resolved.get(folder)
            if place is None:
                place = self._parent(folder, missing)
                resolved[folder] = place
            placed = entry if place == folder and entry.layer == number else _moved(entry, place, number)
            if placed.kind is Kind.FILE and placed.target is not None:
                if len(hard) < _TOLD:
                    hard.append((placed.path, placed.target))
                linked = self._linked(placed)
                if linked is None:
                    continue
                placed = linked
            if self._add(place, name, placed):
                resolved.clear()
        return sorted(missing)[:_TOLD], hard

    def entries(self) -> Iterator[Entry]:
        """Yield what is there in the end."""
        for folder in self._folders.values():
            yield from (entry for entry in folder.values() if entry is not None)
        yield from self._astray

    def _add(self, folder: str, name: str, entry: Entry) -> bool:
        """Put an entry into a directory, and tell whether that may have changed where other paths lead."""
        inside = self._folders[folder]
        before = inside.get(name)
        there = name in inside
        is_dir = entry.kind is Kind.DIR
        if there and before is None:
            self._implied -= 1
        inside[name] = entry
        if is_dir:
            if entry.path not in self._folders:
                self._folders[entry.path] = {}
            return there and before is not None and before.kind is Kind.LINK
        if there and (before is None or before.kind is Kind.DIR):
            self._drop(entry.path)
            return True
        return entry.kind is Kind.LINK or (there and before is not None and before.kind is Kind.LINK)

    def _drop(self, path: str) -> None:
        """Forget all that lies below a path."""
        waiting = [path]
        while waiting:
            folder = waiting.pop()
            for name, entry in self._folders.pop(folder, {}).items():
                if entry is None:
                    self._implied -= 1
                if entry is None or entry.kind is Kind.DIR:
                    waiting.append(f"{folder}/{name}")

    def _take_away(self, marks: list[Entry]) -> None:
        for mark in marks:
            folder, _, name = mark.path.rpartition("/")
            place = self._existing(folder)
            gone = name.removeprefix(WHITEOUT)
            if name == OPAQUE:
                if place is not None:
                    self._empty(place)
            elif name.startswith(_AUFS):
                continue
            elif gone in ("", ".", ".."):
                self.flaws.append(OddRecord(f"a whiteout of {gone or 'nothing'}, which some programs take for the directory itself", mark))
            elif place is not None:
                self._remove(place, gone)

    def _empty(self, folder: str) -> None:
        for name in list(self._folders[folder]):
            self._remove(folder, name)

    def _remove(self, folder: str, name: str) -> None:
        inside = self._folders[folder]
        if name not in inside:
            return
        entry = inside.pop(name)
        if entry is None:
            self._implied -= 1
        if entry is None or entry.kind is Kind.DIR:
            self._drop(f"{folder}/{name}" if folder else name)

    def _existing(self, folder: str) -> str | None:
        """Return the directory that a path leads to, links followed. None: there is none."""
        place, rest = self._follow(folder)
        return None if rest or place not in self._folders else place

    def _parent(self, folder: str, missing: dict[str, None]) -> str:
        """Return the directory that a path leads to, made where it is missing, as whoever unpacks makes it."""
        place, rest = self._follow(folder)
        for part in rest:
            inside = self._folders[place]
            below = f"{place}/{part}" if place else part
            # A link to nowhere, or a file: what is to lie below it takes its place.
            before = inside.get(part)
            if before is not None and before.kind is not Kind.LINK:
                self.flaws.append(OddRecord("other entries lie in it as if it were a directory", before))
            if before is not None or part not in inside:
                inside[part] = None
                self._implied += 1
            self._folders.setdefault(below, {})
            missing[below] = None
            place = below
            if self._implied > gate.ENTRIES:
                raise TooMuchOfIt(BeyondCap("directories that names only imply", self._implied, gate.ENTRIES))
        return place

    def _follow(self, path: str) -> tuple[str, list[str]]:
        """Walk a path as far as it leads to directories, and return how far, and what is left."""
        if path in self._folders and not path:
            return "", []
        place, hops = "", 0
        rest = path.split("/")[::-1]
        while rest:
            part = rest.pop()
            self._steps += 1
            if self._steps > gate.STEPS:
                raise TooMuchOfIt(BeyondCap("steps along paths", self._steps, gate.STEPS))
            if part in ("", "."):
                continue
            if part == "..":
                place = place.rpartition("/")[0]
                continue
            inside = self._folders[place]
            entry = inside.get(part)
            below = f"{place}/{part}" if place else part
            if entry is not None and entry.kind is Kind.LINK and entry.target is not None and hops < LINKS_FOLLOWED:
                hops += 1
                if entry.target.startswith("/"):
                    place = ""
                rest += entry.target.split("/")[::-1]
            elif below in self._folders:
                place = below
            else:
                return place, [word for word in [part, *rest[::-1]] if word not in ("", ".", "..")]
        return place, []

    def _linked(self, link: Entry) -> Entry | None:
        """Return another name of an entry. None: there is none that it could be a name of."""
        assert link.target is not None
        folder, _, name = link.target.strip("/").rpartition("/")
        parts = [part for part in folder.split("/") if part not in ("", ".")]
        place = self._existing("/".join(parts)) if ".." not in parts else None
        found = None if place is None else self._folders[place].get(name)
        if found is None or found.kind is Kind.DIR or name in (".", ".."):
            self.flaws.append(LostHardLink(link, link.target))
            return None
        return Entry(
            link.path, link.raw, found.kind, found.mode, found.size, 0, found.target, link.origin, link.layer, found.record
        )  # fmt: skip


class TooMuchOfIt(Exception):  # noqa: N818 - the archive's fault, which becomes a flaw
    """Names that imply more directories, or lead through more links, than those of any real image."""

    def __init__(self, flaw: BeyondCap) -> None:
        super().__init__()
        self.flaw: Final = flaw


def _moved(entry: Entry, place: str, number: int) -> Entry:
    """Return an entry as it is seen in another directory, and as one of a layer of that number."""
    path = f"{place}/{entry.name}" if place else entry.name
    return Entry(
        path, entry.raw, entry.kind, entry.mode, entry.size, entry.packed, entry.target, entry.origin, number, entry.record
    )  # fmt: skip
