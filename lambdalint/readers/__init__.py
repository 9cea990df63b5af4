"""Bytes to packages: the reader is chosen by what is inside, never by the name."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdalint.contents import Keep, Probe
    from lambdalint.model import Package
    from lambdalint.readers.blob import Blob


def open_package(path: str, *, probe: Probe | None = None, keep: Keep | None = None) -> Package:
    """Open what a path names: a zip or a directory; ``-`` is standard input.

    Raises NotAFile for a path that cannot be opened without harm, and UnreadablePackage for a file that is no package.
    """
    from lambdalint.readers import gate

    if path == "-":
        return _open_file(gate.open_stdin(), gate.STDIN, probe, keep)
    if stat.S_ISDIR(gate.check(path).st_mode):
        from lambdalint.readers.directory import open_directory

        return open_directory(path, probe=probe, keep=keep)
    return _open_file(gate.open_regular(path), path, probe, keep)


def _open_file(blob: Blob, label: str, probe: Probe | None, keep: Keep | None) -> Package:
    from lambdalint.readers.zip import open_zip
    from lambdalint.readers.zip_end import BEGINNINGS, has_end

    if blob.at(0, 4) not in BEGINNINGS:
        from lambdalint.model import Archive, Form, UnreadablePackage
        from lambdalint.readers.sniff import HEAD, is_other_archive, what_instead

        # A script or a program may stand before a zip. A tar may end with one, and is a tar.
        head = blob.at(0, HEAD)
        if is_other_archive(head) or not has_end(blob):
            raise UnreadablePackage(Archive(label, Form.UNKNOWN, blob.size, [what_instead(head, blob.size)]))
    return open_zip(blob, label, probe=probe, keep=keep)
