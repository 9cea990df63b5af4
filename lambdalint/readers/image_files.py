"""Tells archives of images from other tars and directories, and opens each as what it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from lambdalint.model import Archive, Flaw, Form, Package, UnreadablePackage
from lambdalint.readers.blob import Blob
from lambdalint.readers.flaws import OddRecord, Truncated
from lambdalint.readers.images import INDEX, LAYOUT, MANIFEST, Shelf, open_rootfs
from lambdalint.readers.layer import Interest
from lambdalint.readers.merged import How, places
from lambdalint.readers.sniff import is_tar
from lambdalint.readers.store import Names, Packed, Store, Stored, stored_directory, stored_tar
from lambdalint.readers.tar import BadTar
from lambdalint.readers.unpack import BadStream, packing, pieces, unpacked

#: What lies at the top of a root file system and hardly ever in a package of code
#: (https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html); three of them tell.
_ROOTS: Final = frozenset({"boot", "dev", "etc", "home", "media", "mnt", "proc", "root", "run", "sbin", "srv", "sys", "tmp", "usr", "var"})
_TELLING: Final = ("var/task/", "var/runtime/", "lambda-entrypoint.sh")

Opened = list[Package | UnreadablePackage]


def open_directory_images(path: str, how: How) -> Opened:
    """Open an OCI layout, or what skopeo's ``dir:`` writes."""
    return Shelf(stored_directory(path, how.cache), path, None, how).open_all()


def open_file_images(blob: Blob, label: str, how: How) -> Opened | None:
    """Open a tar, packed or not, as the images or the root file system in it. None: it holds neither."""
    names = Names()
    store: Store
    try:
        if packing(blob.at(0, 16)) == "none":
            store = stored_tar(blob, label, names, how.cache)
        elif _unpacks_to_tar(blob):
            store = packed = Packed(blob, label, names)
            packed.read(Interest(places(None), probe=how.probe, keep=how.keep), verify=how.verify)
        else:
            return None
    except (BadTar, BadStream) as bad:
        if not (names.speak_of_images or _is_rootfs(names)):
            return None
        return [UnreadablePackage(Archive(label, Form.DOCKER, blob.size, [Truncated(bad.detail)]))]
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
