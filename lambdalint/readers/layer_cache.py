"""Remembers on disk what packed layers hold, by digest, so that a base image is unpacked once on a machine.

Only used when a directory for it is given. What is remembered is believed only of bytes with that digest: it is computed
anew, unless the file is the one whose digest was computed before, by inode, size and times. Every file here bears a sum of
its content and of what it is about, and a directory that others may write to is refused. Nothing that is read is executed.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from typing import Final
from weakref import ref

from lambdalint.readers import gate, sums
from lambdalint.readers.layer import Interest
from lambdalint.readers.layer_record import STRANGE, pack, unpack
from lambdalint.readers.layers import Reading
from lambdalint.readers.tar import TooMuch
from lambdalint.readers.unpack import Part
from lambdalint.version import VERSION

#: Any change of what is written, or of how a tar is read, gets a new number.
_FORMAT: Final = f"lambdalint {VERSION} layer 4\n".encode()
_SUM: Final = 32
_MOST: Final = 256 << 20
#: A file that was written to so recently, in seconds, may be written to again within the same tick of its clock.
_RACY: Final = 2.0


class LayerCache:
    """A directory of layers' facts."""

    def __init__(self, folder: str) -> None:
        """Make the directory if it is not there. Raises NotAFile for one that cannot be used."""
        gate.check_own_directory(folder)
        self._folder: Final = folder
        #: Layers that are open, with what they are remembered by; those that nobody looks at any more are gone.
        self._open: list[tuple[str, ref[Reading], Interest]] = []

    def read(self, part: Part, promised: str | None, reading: Reading, label: str, interest: Interest) -> Reading | None:
        """Return what is remembered of a layer. None: nothing, or nothing that is whole.

        ``promised``: the digest that the image's manifest gives, which is not believed. ``reading``: new, without content.
        """
        digest = self._known(part)
        if digest is None and promised is not None and not os.path.exists(self._path(_key(promised, interest))):
            return None  # then its digest is computed as it is unpacked, and not before
        if digest is None:
            digest = self.digest_of(part)
        key = _key(digest, interest)
        data = self._load(key)
        if data is None:
            return None
        try:
            unpack(data, reading, label, interest)
        except TooMuch as much:
            reading.fault = much.detail  # as if they had been counted in the layer itself
        except STRANGE:
            return None
        reading.digest = digest
        self._open.append((key, ref(reading), interest))
        return reading

    def digest_of(self, part: Part) -> str:
        """Return the digest of bytes as stored: computed now, or when this very file was seen before."""
        known = self._known(part)
        if known is not None:
            return known
        stamp = part.stamp
        found = sums.digest_of(part)
        self.note_digest(part, stamp, found)
        return found

    def note_digest(self, part: Part, stamp: str, digest: str) -> None:
        """Remember the digest that a file had, if nobody can have written to it since its ``stamp`` was taken.

        Where a file's times can be set back, as on Windows, its stamp proves nothing.
        """
        if os.name == "posix" and part.stamp == stamp and part.changed < time.time() - _RACY:
            self._save(stamp, [digest.encode()])

    def keep(self, part: Part, stamp: str, reading: Reading, interest: Interest) -> None:
        """Remember a layer that was read to its end, and whose digests were computed."""
        if reading.digest is None or reading.diff is None or reading.fault is not None or reading.scan.flaws:
            return
        self.note_digest(part, stamp, reading.digest)
        key = _key(reading.digest, interest)
        self._save(key, pack(reading, interest.memory))
        self._open.append((key, ref(reading), interest))

    def flush(self) -> None:
        """Remember what rules read and learned of layers since they were opened."""
        still = []
        for key, there, interest in self._open:
            reading = there()
            if reading is None:
                continue
            still.append((key, there, interest))
            if reading.grew and reading.fault is None:
                self._save(key, pack(reading, interest.memory))
                reading.grew = False
        self._open = still

    def _known(self, part: Part) -> str | None:
        """Return the digest of a file that was seen before. None: it was not, or may have been written to since."""
        if part.changed >= time.time() - _RACY:
            return None
        known = self._load(part.stamp)
        return None if known is None else known.decode("ascii", "replace")

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, hashlib.sha256(key.encode()).hexdigest())

    def _load(self, key: str) -> bytes | None:
        """Return what was written by a key. None: nothing, or it is not what was written."""
        try:
            with open(self._path(key), "rb") as file:
                start = file.read(len(_FORMAT) + _SUM)
                body = file.read(_MOST + 1)
        except OSError:
            return None
        return body if len(body) <= _MOST and start == _FORMAT + _sum(key, [body]) else None

    def _save(self, key: str, body: Sequence[bytes]) -> None:
        if sum(map(len, body)) > _MOST:
            return
        path = self._path(key)
        rough = f"{path}.{os.getpid()}"
        try:
            # What is remembered of a private image is private too.
            with open(rough, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(_FORMAT + _sum(key, body))
                file.writelines(body)
            os.replace(rough, path)
        except OSError:  # a full disk: the next run computes it again
            _remove(rough)


def _sum(key: str, body: Sequence[bytes]) -> bytes:
    """Return what binds content to its key, so that one file cannot stand in for another."""
    total = hashlib.sha256(f"{len(key)} {key}".encode())
    for piece in body:
        total.update(piece)
    return total.digest()


def _key(digest: str, interest: Interest) -> str:
    """Return what a layer is remembered by: what of it was read depends on what was asked for."""
    return f"{digest} {interest.said}"


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # it was never made
        return
