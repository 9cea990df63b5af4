"""Tells archives of images from other tars and directories, and opens each as what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lambdalint.contents import Keep, Probe
from lambdalint.model import Archive, Flaw, Form, Package, UnreadablePackage
from lambdalint.readers.blob import Blob
from lambdalint.readers.flaws import BrokenLayer, OddRecord
from lambdalint.readers.images import INDEX, LAYOUT, MANIFEST, How, Shelf, open_rootfs, places
from lambdalint.readers.layer import Interest
from lambdalint.readers.sniff import is_tar
from lambdalint.readers.store import Packed, Store, Stored, stored_directory, stored_tar
from lambdalint.readers.tar import BadTar
from lambdalint.readers.unpack import BadStream, packing, pieces, unpacked

#: What lies at the top of a root file system and hardly ever in a package of code
#: (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html); three of them tell.
_ROOTS: Final = frozenset({"boot", "dev", "etc", "home", "media", "mnt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"})
_TELLING: Final = ("var/task/", "var/runtime/", "lambda-entrypoint.sh")

Opened = list[Package | UnreadablePackage]


def open_directory_images(
    path: str, probe: Probe | None, keep: Keep | None, architecture: str | None, *, verify: bool
) -> Opened:
    """Open an OCI layout, or what skopeo's ``dir:`` writes."""
    how = How(probe=probe, keep=keep, verify=verify, architecture=architecture)
    return Shelf(stored_directory(path), path, None, how).open_all()


def open_file_images(
    blob: Blob, label: str, probe: Probe | None, keep: Keep | None, architecture: str | None, *, verify: bool
) -> Opened | None:
    """Open a tar, packed or not, as the images or the root file system in it. None: it holds neither."""
    how = How(probe=probe, keep=keep, verify=verify, architecture=architecture)
    store: Store
    try:
        if packing(blob.at(0, 16)) == "none":
            store, names = stored_tar(blob, label)
        else:
            if not _unpacks_to_tar(blob):
                return None
            packed = Packed(blob, label)
            store, names = packed, packed.read(Interest(places(None), probe=probe, keep=keep), verify=verify)
    except (BadTar, BadStream) as bad:
        return [UnreadablePackage(Archive(label, Form.UNKNOWN, blob.size, [BrokenLayer(None, bad.detail)]))]
    if MANIFEST in store or (INDEX in store and LAYOUT in store):
        flaws: list[Flaw] = [OddRecord(f"{name} is there twice") for name in sorted(set(names.twice)) if name in (MANIFEST, INDEX)]
        return Shelf(store, label, blob.size, how, flaws).open_all()
    if not _is_rootfs(names):
        return None
    return [open_rootfs(Stored(label, lambda _: blob), Archive(label, Form.ROOTFS, blob.size), how)]


def _unpacks_to_tar(blob: Blob) -> bool:
    try:
        return is_tar(next(unpacked(pieces(blob), packing(blob.at(0, 16)), blob.size), b""))
    except BadStream:
        return False


def _is_rootfs(names: Iterable[str]) -> bool:
    tops: set[str] = set()
    for name in names:
        if name.startswith(_TELLING):
            return True
        tops.add(name.partition("/")[0])
        if len(tops & _ROOTS) >= 3:
            return True
    return False
