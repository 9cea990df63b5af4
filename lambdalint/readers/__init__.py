"""Bytes to packages: the reader is chosen by what is inside, never by the name."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from lambdalint.model import UnreadablePackage

if TYPE_CHECKING:
    from lambdalint.model import Package
    from lambdalint.protocols import Keep, Memory, Probe
    from lambdalint.readers.blob import Blob
    from lambdalint.readers.layer_cache import LayerCache
    from lambdalint.readers.merged import How


def open_package(
    path: str,
    *,
    probe: Probe | None = None,
    keep: Keep | None = None,
    architecture: str | None = None,
    verify: bool = True,
    memory: Memory | None = None,
    cache: LayerCache | None = None,
) -> Package:
    """Open what a path names: a zip, a directory or a container image, the first if there are several; ``-`` is standard input.

    ``architecture``, ``x86_64`` or ``arm64``, says which image of several for several platforms is meant; ``verify`` whether
    digests are computed while packed layers go by; ``cache`` where to remember what packed layers hold, and ``memory`` how.
    Raises NotAFile for a path that cannot be opened without harm, and UnreadablePackage for a file that is no package.
    """
    first = open_packages(path, probe=probe, keep=keep, architecture=architecture, verify=verify, memory=memory, cache=cache)[0]
    if isinstance(first, UnreadablePackage):
        raise first
    return first


def open_packages(
    path: str,
    *,
    probe: Probe | None = None,
    keep: Keep | None = None,
    architecture: str | None = None,
    verify: bool = True,
    memory: Memory | None = None,
    cache: LayerCache | None = None,
) -> list[Package | UnreadablePackage]:
    """Open all that a path names: a docker-save may hold several images. What cannot be read is what would be raised.

    Never empty. Raises NotAFile only.
    """
    from lambdalint.readers import gate

    def how() -> How:
        from lambdalint.readers.merged import How

        return How(probe=probe, keep=keep, verify=verify, architecture=architecture, cache=cache, memory=memory)

    try:
        if path != "-" and stat.S_ISDIR(gate.check(path).st_mode):
            if _holds_image(path):
                from lambdalint.readers.image_files import open_directory_images

                return open_directory_images(path, how())
            from lambdalint.readers.directory import open_directory

            return [open_directory(path, probe=probe, keep=keep)]
        label = gate.STDIN if path == "-" else path
        blob = gate.open_stdin() if path == "-" else gate.open_regular(path)
        if _may_hold_image(blob):
            from lambdalint.readers.image_files import open_file_images

            found = open_file_images(blob, label, how())
            if found is not None:
                return found
        return [_open_zip(blob, label, probe, keep)]
    except UnreadablePackage as unreadable:
        return [unreadable]


def _holds_image(path: str) -> bool:
    """Whether a directory is an OCI layout, or what skopeo's ``dir:`` writes, and not code."""
    if os.path.lexists(os.path.join(path, "oci-layout")) and os.path.lexists(os.path.join(path, "index.json")):
        return True
    if not os.path.isfile(os.path.join(path, "manifest.json")) or not os.path.isfile(os.path.join(path, "version")):
        return False
    with open(os.path.join(path, "version"), "rb") as file:
        return file.read(64).startswith(b"Directory Transport Version:")


def _may_hold_image(blob: Blob) -> bool:
    if blob.at(0, 4) == b"PK\3\4":
        return False  # a zip, which needs no closer look
    from lambdalint.readers.sniff import HEAD, is_tar
    from lambdalint.readers.unpack import packing

    head = blob.at(0, HEAD)
    return is_tar(head) or packing(head) != "none"


def _open_zip(blob: Blob, label: str, probe: Probe | None, keep: Keep | None) -> Package:
    from lambdalint.readers.zip import open_zip
    from lambdalint.readers.zip_end import BEGINNINGS, has_end

    if blob.at(0, 4) not in BEGINNINGS:
        from lambdalint.model import Archive, Form
        from lambdalint.readers.sniff import HEAD, is_other_archive, what_instead

        # A script or a program may stand before a zip. A tar may end with one, and is a tar.
        head = blob.at(0, HEAD)
        if is_other_archive(head) or not has_end(blob):
            raise UnreadablePackage(Archive(label, Form.UNKNOWN, blob.size, [what_instead(head, blob.size)]))
    return open_zip(blob, label, probe=probe, keep=keep)
