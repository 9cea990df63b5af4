"""Remembers on disk what packed layers hold, by digest, so that a base image is unpacked once on a machine.

Only used when a directory for it is given. What is remembered is believed only of bytes with that digest: it is computed
anew, unless the file is the one whose digest was computed before, by inode, size and times. Nothing that is read here is
ever executed, and a directory that others may write to is not used.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from typing import Final

from lambdalint.contents import HEAD
from lambdalint.model import Entry, Kind
from lambdalint.readers.layer import SHIFT, Scan
from lambdalint.readers.layers import Reading
from lambdalint.readers.unpack import Part

#: Any change of what is written, or of how a tar is read, gets a new number.
_FORMAT: Final = b"lambdalint layer 1\n"
_SUM: Final = 32
_SIZES: Final = struct.Struct("<4Q")
_MOST: Final = 256 << 20
#: A file that was written to so recently, in seconds, may be written to again within the same tick of its clock.
_RACY: Final = 2.0
_KINDS: Final = tuple(Kind)


class LayerCache:
    """A directory of layers' facts."""

    def __init__(self, folder: str) -> None:
        self._folder: Final = folder
        self._usable: Final = _is_ours(folder)

    def digest_of(self, part: Part) -> str:
        """Return the digest of a layer as stored: computed now, or when this very file was seen before."""
        known = self._read(self._path(part.stamp, "stamp"))
        if known is not None and len(known) == 64 and part.changed < time.time() - _RACY:
            return f"sha256:{known.decode('ascii', 'replace')}"
        total = hashlib.sha256()
        at = 0
        while chunk := part.at(at, 1 << 18):
            total.update(chunk)
            at += len(chunk)
        if part.changed < time.time() - _RACY:
            self._write(self._path(part.stamp, "stamp"), total.hexdigest().encode())
        return f"sha256:{total.hexdigest()}"

    def load(self, digest: str, name: str, number: int, label: str) -> Reading | None:
        """Return what is remembered of a layer. None: nothing, or nothing that is whole."""
        data = self._read(self._path(digest, "layer"))
        if data is None:
            return None
        reading = Reading(name, Scan(number))
        try:
            _unpack(data, reading, label)
        except (ValueError, KeyError, IndexError, TypeError, struct.error, RecursionError):
            return None
        reading.digest = digest
        return reading

    def save(self, reading: Reading) -> None:
        """Remember a layer that was read to its end, and whose digests were computed."""
        if reading.digest is not None and reading.diff is not None and reading.fault is None and not reading.scan.flaws:
            self._write(self._path(reading.digest, "layer"), _pack(reading))

    def _path(self, key: str, sort: str) -> str:
        return os.path.join(self._folder, f"{hashlib.sha256(key.encode()).hexdigest()}.{sort}")

    def _read(self, path: str) -> bytes | None:
        """Return what was written there. None: nothing, or it is not what was written."""
        if not self._usable:
            return None
        try:
            with open(path, "rb") as file:
                data = file.read(_MOST + 1)
        except OSError:
            return None
        start = len(_FORMAT) + _SUM
        body = data[start:]
        if len(data) > _MOST or not data.startswith(_FORMAT) or hashlib.sha256(body).digest() != data[len(_FORMAT) : start]:
            return None
        return body

    def _write(self, path: str, body: bytes) -> None:
        if not self._usable or len(body) > _MOST // 2:
            return
        rough = f"{path}.{os.getpid()}"
        try:
            with open(rough, "xb") as file:
                file.write(_FORMAT + hashlib.sha256(body).digest() + body)
            os.replace(rough, path)
        except OSError:  # a full disk, or another that writes the same: the next run computes it again
            return


def _is_ours(folder: str) -> bool:
    """Whether a directory is there, or could be made, that nobody else may write to."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        status = os.stat(folder)
    except OSError:
        return False
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


def _pack(reading: Reading) -> bytes:
    import json

    scan = reading.scan
    kinds = {kind: number for number, kind in enumerate(_KINDS)}
    rows = [
        (_text(entry.raw), entry.path == _text(entry.raw) or entry.path, kinds[entry.kind], entry.mode, entry.size, entry.target,
         None if entry.record is None else scan.file_number(entry))
        for entry in scan.entries
    ]  # fmt: skip
    kept = sorted(scan.kept)
    told = json.dumps(
        {
            "compression": reading.compression, "packed": reading.packed_size, "unpacked": reading.unpacked_size, "diff": reading.diff,
            "trailing": reading.trailing, "rows": rows, "kept": [(number, len(scan.kept[number])) for number in kept],
        },
        separators=(",", ":"),
    ).encode()  # fmt: skip
    bodies = b"".join(scan.kept[number] for number in kept)
    offsets = scan.offsets.tobytes()
    return _SIZES.pack(len(told), len(scan.heads), len(offsets), len(bodies)) + told + scan.heads + offsets + bodies


def _unpack(data: bytes, reading: Reading, label: str) -> None:
    """Fill a reading with what was packed. Raises all that comes of bytes that were packed by another program."""
    import json

    scan = reading.scan
    sizes = _SIZES.unpack_from(data)
    at = _SIZES.size
    parts = []
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    told = json.loads(parts[0])
    reading.compression, reading.packed_size, reading.unpacked_size = told["compression"], told["packed"], told["unpacked"]
    reading.diff, reading.trailing = told["diff"], told["trailing"]
    scan.heads.extend(parts[1])
    scan.offsets.frombytes(parts[2])
    if len(scan.heads) != HEAD * len(scan.offsets):
        raise ValueError("heads and offsets do not go together")
    base = scan.number << SHIFT
    for name, tidy, kind, mode, size, target, number in told["rows"]:
        record = None if number is None else base | range(len(scan.offsets))[number]
        raw = name.encode("utf-8", "surrogateescape")
        path = name if tidy is True else tidy
        scan.entries.append(Entry(path, raw, _KINDS[kind], mode, size, size, target, label, scan.number, record))
    start = 0
    for number, size in told["kept"]:
        scan.kept[number] = parts[3][start : start + size]
        start += size


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
