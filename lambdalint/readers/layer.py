"""Goes through one layer's tar once: its entries, the first bytes of its files, and the bytes of those that matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.contents import HEAD, KEEP_ALL
from lambdalint.model import Entry, Flaw, Kind
from lambdalint.packed import pack
from lambdalint.readers import gate
from lambdalint.readers.flaws import BeyondCap, OddRecord
from lambdalint.readers.room import Room
from lambdalint.readers.runs import Flowing, Run
from lambdalint.readers.tar import Member, TooMuch, walk

if TYPE_CHECKING:
    from lambdalint.protocols import Feeder, Keep, Memory, Probe

#: How a layer says that something of a lower one is gone, and that all that a directory held is
#: (https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts).
WHITEOUT: Final = ".wh."
OPAQUE: Final = ".wh..wh..opq"
#: Bytes of a text that is remembered.
SOURCE_BYTES: Final = 512 << 10
_SOURCES: Final = (".py", ".js", ".mjs", ".cjs", ".json", ".rb", ".sh", ".toml", ".pth", "/node_version.h")
#: Where package managers put what others wrote.
_FOREIGN: Final = re.compile(r"/((site|dist)-packages|node_modules|gems)/")
#: What is read of an image beside its code: what is installed, in whatever folder; and where distributions have it, the C and C++
#: libraries that native code is built against, the programs by which images are started, and what tells a runtime and its version.
_SYSTEM: Final = ("lib", "usr/", "var/lang/", "bin/", "etc/os-release")
_READ: Final = re.compile(
    r"(usr/)?lib(64|/\w+-linux-gnu)?/lib(c|m|pthread|dl|rt|stdc\+\+|gcc_s)(\.so\.|-)[^/]*$"
    r"|(usr/(local/)?|var/lang/)?s?bin/((ba|da)?sh|busybox|env|python[\d.]*|node|ruby[\d.]*|java|tini(-static)?|dumb-init|catatonit)$"
    r"|(etc|usr/lib)/os-release$|var/lang/release$|(usr/(local/)?|var/lang/)include/node/node_version\.h$"
)
_NO_HEAD: Final = bytes(HEAD)
#: A record is the number of a layer's scan and, in as many bits, that of the file in it.
SHIFT: Final = 32


class Interest:
    """Which files of an image are opened when their bytes go by, and how much of them is remembered."""

    __slots__ = ("_entries", "_keep", "_names", "_probe", "_recalled", "_room", "memory", "places")

    def __init__(self, places: tuple[str, ...], *, probe: Probe | None, keep: Keep | None, memory: Memory | None = None) -> None:
        #: Beginnings of paths.
        self.places: Final = places
        #: Turns what was learned into what a cache can hold. None: that holds none of it.
        self.memory: Final = memory
        #: Bytes that may still be taken out of a cache.
        self._recalled = KEEP_ALL
        self._probe: Final = probe
        self._keep: Final = keep
        self._room: Final = Room()
        #: Entries that may still come, and bytes of their names.
        self._entries = gate.ENTRIES
        self._names = gate.DIRECTORY_BYTES

    def covers(self, path: str) -> bool:
        """Whether a file lies where it is opened: in the places, or where a system has what is read of it."""
        if path.startswith(self.places) or (path.startswith(_SYSTEM) and _READ.match(path) is not None):
            return True
        return _FOREIGN.search(path) is not None

    def feeder(self, entry: Entry, head: bytes) -> Feeder | None:
        """Return who wants to learn from a file. None: nobody."""
        return None if self._probe is None else self._probe(entry, head)

    def wants(self, entry: Entry, kept: dict[int, bytes]) -> bool:
        """Whether a file is to be remembered among those of its layer, and there is room."""
        if not (is_source(entry) or (self._keep is not None and self._keep(entry))):
            return False
        return self._room.is_for(kept, foreign=self._is_foreign(entry))

    def take(self, entry: Entry, kept: dict[int, bytes], number: int) -> None:
        """Take the room for a file that was remembered."""
        self._room.take(kept, number, foreign=self._is_foreign(entry))

    def _is_foreign(self, entry: Entry) -> bool:
        """Whether a file is other people's code; what tells which there is, and where, is not, since it is read wherever it lies."""
        if (self._keep is not None and self._keep(entry)) or entry.path.endswith(".pth"):
            return False
        return _FOREIGN.search(entry.path) is not None or not entry.path.startswith(self.places)

    @property
    def said(self) -> str:
        """What is opened and learned, in a word."""
        asked = (self._probe is not None, self.memory is not None, self._keep is not None)
        return "\0".join((*map(str, asked), *self.places))

    def recall(self, told: object) -> object | None:
        """Return what was learned, as a cache holds it. None: it is beyond the bounds. Raises as ``Memory.recall``."""
        return None if self.memory is None else self.memory.recall(told)

    def has_room(self, size: int) -> bool:
        """Whether bytes out of a cache may be remembered; if so, the room is taken."""
        if size > self._recalled:
            return False
        self._recalled -= size
        return True

    def count(self, names: int) -> None:
        """Take one more entry, with so many bytes of names. Raises TooMuch when that is more than any real image has."""
        self._entries -= 1
        self._names -= names
        if self._entries < 0:
            raise TooMuch("entries", gate.ENTRIES + 1, gate.ENTRIES)
        if self._names < 0:
            raise TooMuch("bytes of names", gate.DIRECTORY_BYTES + 1, gate.DIRECTORY_BYTES)


def is_source(entry: Entry) -> bool:
    """Whether a file may be a program's text or settings, which rules read."""
    return entry.size <= SOURCE_BYTES and (entry.path.endswith(_SOURCES) or "." not in entry.name)


class Scan:
    """What one layer holds."""

    __slots__ = ("entries", "flaws", "heads", "inflations", "kept", "learned", "number", "offsets")

    def __init__(self, number: int) -> None:
        from array import array

        #: From 0, in the order of scans.
        self.number: Final = number
        #: In the layer's order, whiteouts and hard links included: a FILE with a target is another name of that target.
        self.entries: list[Entry] = []
        #: The first bytes of each file, ``HEAD`` for each, zeros where it is shorter.
        self.heads: Final = bytearray()
        #: Where each file's bytes begin in the tar.
        self.offsets: Final = array("Q")
        #: Packed, by the file's number; so is what was learned.
        self.kept: Final[dict[int, bytes]] = {}
        self.learned: Final[dict[int, object]] = {}
        self.flaws: Final[list[Flaw]] = []
        #: How often it was unpacked.
        self.inflations = 0

    def read(self, run: Run, interest: Interest, label: str) -> None:
        """Go through the tar. Raises BadTar and BadStream; what came before that is here."""
        for member in walk(run):
            interest.count(len(member.raw) + len(member.target or b""))
            entry = self._entry(member, label)
            if entry is None:
                continue
            self.entries.append(entry)
            if member.odd is not None:
                self.flaws.append(OddRecord(member.odd, entry))
            if entry.kind is Kind.FILE and not member.hard:
                self.offsets.append(run.position)
                if member.sparse:
                    self.heads.extend(_NO_HEAD)
                elif isinstance(run, Flowing):
                    self._look(entry, run, interest)
                else:
                    self._note_head(run.peek(min(HEAD, entry.size)))

    def _entry(self, member: Member, label: str) -> Entry | None:
        raw = member.raw
        path = raw.decode("utf-8", "surrogateescape").removesuffix("/")
        if path[:1] in (".", "/") or "//" in path or "/." in path or path[-1:] == "/":
            path = tidy(path)
        if len(raw) > gate.NAME_BYTES or len(member.target or b"") > gate.LINK_BYTES:
            found = max(len(raw), len(member.target or b""))
            self.flaws.append(BeyondCap("bytes of a name", found, gate.NAME_BYTES))
            return None
        target = None if member.target is None else member.target.decode("utf-8", "surrogateescape")
        record: int | None = None
        if member.kind is Kind.FILE and not member.hard and not member.sparse:
            record = self.number << SHIFT | len(self.offsets)
        size = member.size
        return Entry(path, raw, member.kind, member.mode, size, size, target, label, self.number, record)

    def _note_head(self, head: bytes) -> None:
        self.heads.extend(head if len(head) == HEAD else head.ljust(HEAD, b"\0"))

    def _look(self, entry: Entry, run: Flowing, interest: Interest) -> None:
        number = len(self.offsets) - 1
        head = run.take(min(HEAD, entry.size))
        self._note_head(head)
        if not interest.covers(entry.path):
            return
        feeder, wanted = interest.feeder(entry, head), interest.wants(entry, self.kept)
        if feeder is None and not wanted:
            return
        kept = bytearray(head)
        if feeder is not None:
            feeder.feed(head)
        for piece in run.pieces(entry.size - len(head)):
            if feeder is not None:
                feeder.feed(piece)
            if wanted:
                kept += piece
        if run.position - self.offsets[-1] < entry.size:
            return  # cut off, as the walk will say
        if feeder is not None:
            self.learned[number] = feeder.finish()
        if wanted:
            self.kept[number] = pack(bytes(kept))
            interest.take(entry, self.kept, number)

    def head(self, record: int, size: int) -> bytes:
        """Return the first bytes of a file."""
        start = (record & (1 << SHIFT) - 1) * HEAD
        return bytes(self.heads[start : start + min(HEAD, size)])

    def file_number(self, entry: Entry) -> int:
        """Return a file's number in this layer."""
        assert isinstance(entry.record, int)
        return entry.record & (1 << SHIFT) - 1

    def offset(self, record: int) -> int:
        """Return where a file's bytes begin in the tar."""
        at: int = self.offsets[record & (1 << SHIFT) - 1]
        return at


def again(run: Flowing, wanted: dict[int, Entry]) -> Iterator[tuple[Entry, Iterator[bytes]]]:
    """Go through a layer's tar once more for some of its files, by number. Raises BadTar and BadStream."""
    number = 0
    left = len(wanted)
    for member in walk(run):
        if member.kind is not Kind.FILE or member.hard or len(member.raw) > gate.NAME_BYTES:
            continue
        entry = wanted.get(number)
        number += 1
        if entry is not None:
            yield entry, run.pieces(entry.size)
            left -= 1
            if not left:
                return


def tidy(path: str) -> str:
    """Return a path without what changes nothing: ``./`` at the start, slashes at the end or twice. ``..`` stays."""
    return "/".join(part for part in path.split("/") if part not in ("", "."))
