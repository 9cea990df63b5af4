"""Where an image's documents and layers lie: a tar, a directory, or a packed tar whose members come only once."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, Protocol

from lambdalint.model import Kind
from lambdalint.readers import gate
from lambdalint.readers.blob import Blob
from lambdalint.readers.layer import Interest, Scan, tidy
from lambdalint.readers.layers import Reading, read_flow, read_part
from lambdalint.readers.runs import Flowing, Positioned, Slice
from lambdalint.readers.sums import digest_of
from lambdalint.readers.tar import Member, walk
from lambdalint.readers.unpack import Part, packing, pieces, unpacked

if TYPE_CHECKING:
    from lambdalint.readers.layer_cache import LayerCache

_LINKS: Final = 8
#: What layers are called by all programs known; what they are their bytes say. Another name costs a finding, not a wrong one.
_LAYER: Final = re.compile(r"\.tar$|\.tar\.gz$|\.tgz$|[0-9a-f]{32}")
_NOT_THERE: Final = "is not in the archive"

_SAVED: Final = re.compile(r"^(manifest\.json|oci-layout|blobs/sha256/.*)$|/layer\.tar$|^(sha256:)?[0-9a-f]{64}\b")


class Absent(Exception):  # noqa: N818 - the archive's fault, which becomes a flaw
    """A name at which nothing can be read."""

    def __init__(self, name: str, reason: str = _NOT_THERE) -> None:
        super().__init__(f"{name} {reason}")
        self.name: Final = name
        #: The rest of a sentence.
        self.reason: Final = reason


class Store(Protocol):
    """Named documents and layers."""

    #: How often layers may be gone through again.
    passes: int

    def __contains__(self, name: str) -> bool: ...

    def document(self, name: str) -> bytes:
        """Return a small member's bytes, one more than the cap if there are more. Raises Absent."""

    def layer(self, name: str, interest: Interest, digest: str | None, *, verify: bool) -> Reading:
        """Return a layer after going through it, which happens once. Raises Absent. ``digest``: what it is said to have, if anything."""

    def digest_of(self, part: Part) -> str:
        """Return the digest of a layer's bytes."""

    def flow(self, name: str) -> Iterator[bytes]:
        """Yield a layer's bytes as stored, once more."""


class Names:
    """The members of a tar by path; links lead to others of them."""

    def __init__(self) -> None:
        self._places: Final[dict[str, tuple[int, int]]] = {}
        self._links: Final[dict[str, str]] = {}
        #: Names that stand twice; the last one counts, as with whoever unpacks it.
        self.twice: Final[list[str]] = []

    def add(self, member: Member, position: int) -> str:
        """Note a member, and return its path."""
        path = tidy(member.raw.decode("utf-8", "surrogateescape"))
        if path in self._places or path in self._links:
            self.twice.append(path)
            self._places.pop(path, None)
            self._links.pop(path, None)
        if member.target is not None:
            target = member.target.decode("utf-8", "surrogateescape")
            folder = "" if member.hard else path.rpartition("/")[0]
            self._links[path] = _joined(folder, target)
        elif member.kind is Kind.FILE and not member.sparse:
            self._places[path] = (position, member.size)
        return path

    def real(self, name: str) -> str | None:
        """Return the name of the file that a name leads to, links followed. None: it leads to none."""
        for _ in range(_LINKS):
            if name not in self._links:
                break
            name = self._links[name]
        return name if name in self._places else None

    def find(self, name: str) -> tuple[int, int] | None:
        """Return where a member's bytes are, and how many, links followed. None: nowhere."""
        real = self.real(name)
        return None if real is None else self._places[real]

    def __iter__(self) -> Iterator[str]:
        yield from self._places
        yield from self._links

    @property
    def speak_of_images(self) -> bool:
        """Whether some are what layers and lists of images are called."""
        return any(_SAVED.search(name) for name in self)


class Stored:
    """A tar or a directory: every member can be read at any time."""

    passes = gate.ALL_PASSES

    def __init__(self, label: str, find: Callable[[str], Part], cache: LayerCache | None = None) -> None:
        self.label = label
        self._cache: Final = cache
        #: Raises Absent.
        self._find: Final = find
        self._readings: Final[dict[str, Reading]] = {}

    def __contains__(self, name: str) -> bool:
        try:
            self._find(name)
        except Absent:
            return False
        return True

    def document(self, name: str) -> bytes:
        return _whole(self._find(name))

    def layer(self, name: str, interest: Interest, digest: str | None, *, verify: bool) -> Reading:
        reading = self._readings.get(name)
        if reading is None:
            reading = self._readings[name] = self._read(name, interest, digest, verify=verify)
        return reading

    def _read(self, name: str, interest: Interest, digest: str | None, *, verify: bool) -> Reading:
        part, number = self._find(name), len(self._readings)
        if self._cache is None or packing(part.at(0, 16)) == "none":
            return read_part(part, Reading(name, Scan(number)), interest, self.label, verify=verify)
        known = self._cache.read(part, digest, Reading(name, Scan(number)), self.label, interest)
        if known is not None:
            return known
        stamp = part.stamp
        # What is remembered must be right whether or not this run asks for it.
        reading = read_part(part, Reading(name, Scan(number)), interest, self.label, verify=True)
        self._cache.keep(part, stamp, reading, interest)
        return reading

    def digest_of(self, part: Part) -> str:
        return digest_of(part) if self._cache is None else self._cache.digest_of(part)

    def flow(self, name: str) -> Iterator[bytes]:
        return pieces(self._find(name))


def stored_tar(blob: Blob, label: str, names: Names, cache: LayerCache | None) -> Stored:
    """List a plain tar's members. Raises BadTar where it cannot be followed; the names before that are noted."""
    run = Positioned(blob)
    for member in walk(run):
        names.add(member, run.position)

    def find(name: str) -> Part:
        place = names.find(name)
        if place is None:
            raise Absent(name)
        return Slice(blob, *place)

    return Stored(label, find, cache)


def stored_directory(root: str, cache: LayerCache | None) -> Stored:
    """Look into a directory, following no link."""
    return Stored(root, lambda name: _open_inside(root, name), cache)


def _open_inside(root: str, name: str) -> Blob:
    """Open a regular file below a directory. Raises Absent, for what a link leads to as well: it may lead anywhere."""
    path = root
    parts = name.split("/")
    try:
        for number, part in enumerate(parts):
            path = os.path.join(path, part)
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                raise Absent(name, "is or lies behind a symbolic link, which is not followed: copy the links' targets (cp -rL)")
            if not (stat.S_ISDIR(mode) if number < len(parts) - 1 else stat.S_ISREG(mode)):
                raise Absent(name, "is not a regular file")
        return gate.open_regular(path)
    except (OSError, ValueError):
        raise Absent(name, "is not in the directory") from None
    except gate.NotAFile as refusal:
        raise Absent(name, refusal.reason) from None


class Packed:
    """A tar that is packed as a whole: its documents are remembered and its layers gone through when they come by."""

    passes = gate.WHOLE_PASSES

    def __init__(self, blob: Blob, label: str, names: Names) -> None:
        self.label = label
        self._blob: Final = blob
        self._how: Final = packing(blob.at(0, 16))
        self._places: Final = names
        self._documents: Final[dict[str, bytes]] = {}
        self._readings: Final[dict[str, Reading]] = {}
        self._room = 4 * gate.DOCUMENT_BYTES

    def read(self, interest: Interest, *, verify: bool) -> None:
        """Go through it from its first byte to its last. Raises BadTar and BadStream."""
        run = self._run()
        for member in walk(run):
            path = self._places.add(member, run.position)
            if member.kind is not Kind.FILE or member.target is not None or member.sparse:
                continue
            head = run.take(min(member.size, 4_096))
            if head[:1] in (b"{", b"[") and member.size <= min(gate.DOCUMENT_BYTES, self._room):
                self._room -= member.size
                self._documents[path] = head + b"".join(run.pieces(member.size - len(head)))
            elif _LAYER.search(path) is not None:
                reading = Reading(path, Scan(len(self._readings)))
                chunks = _behind(head, run.pieces(member.size - len(head)))
                self._readings[path] = read_flow(chunks, member.size, head, reading, interest, self.label, verify=verify)

    def __contains__(self, name: str) -> bool:
        return self._places.find(name) is not None

    def document(self, name: str) -> bytes:
        data = self._documents.get(self._real(name))
        if data is None:
            raise Absent(name, "is no JSON, or too large" if name in self else _NOT_THERE)
        return data

    def layer(self, name: str, interest: Interest, digest: str | None, *, verify: bool) -> Reading:  # noqa: ARG002 - it was read when it came by
        reading = self._readings.get(self._real(name))
        if reading is None:
            raise Absent(name, "is neither a tar nor a packed one" if name in self else _NOT_THERE)
        return reading

    def digest_of(self, part: Part) -> str:
        return digest_of(part)

    def flow(self, name: str) -> Iterator[bytes]:
        run = self._run()
        wanted = self._real(name)
        for member in walk(run):
            if tidy(member.raw.decode("utf-8", "surrogateescape")) == wanted:
                yield from run.pieces(member.size)
                return

    def _run(self) -> Flowing:
        return Flowing(unpacked(pieces(self._blob), self._how, self._blob.size))

    def _real(self, name: str) -> str:
        """Return the name of the member that a name leads to. Raises Absent."""
        real = self._places.real(name)
        if real is None:
            raise Absent(name)
        return real


def _behind(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest


def _whole(part: Part) -> bytes:
    return b"".join(pieces(Slice(part, 0, gate.DOCUMENT_BYTES + 1)))


def _joined(folder: str, target: str) -> str:
    """Return where a link in a folder leads, without leaving the root."""
    parts: list[str] = []
    for part in [*(() if target.startswith("/") else folder.split("/")), *target.split("/")]:
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
