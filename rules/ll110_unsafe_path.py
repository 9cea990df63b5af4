"""A name that leads out of the place where the package is unpacked, or that no file can have.

Programs that unpack differ on ``..``, on names that begin with a slash or a drive letter, and on NUL and control
characters: they refuse the archive, leave the member out, or write it under another name. The file is then not where
the name says. AWS says nothing, or ``InvalidParameterValueException: Could not unzip uploaded file. Please check your
file, then try to upload again.``

Fix: zip from inside the folder, so that names are relative: ``cd build && zip -r ../function.zip .``

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

import re
from collections.abc import Iterator

from lambdalint import Entry, Hit, Package, Phase, Severity, rule

CONTROL = r"[\x01-\x1f\x7f]"
#: What every fault needs at the least, in any of all names on a line each; few packages have any of it.
ODD = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]|\.\.|^/|^[A-Za-z]:", re.MULTILINE)
DRIVE = r"[A-Za-z]:[\\/]"


def fault(path: str) -> tuple[str, Severity] | None:
    if "\0" in path:
        return "the name holds a NUL, where every file system ends a name", Severity.ERROR
    depth = 0
    for part in path.replace("\\", "/").split("/"):
        depth += (part not in ("", ".", "..")) - (part == "..")
        if depth < 0:
            return "the name climbs out of the package by ..", Severity.ERROR
    if path.startswith("/"):
        return "the name is absolute; it is unpacked without its slash or not at all", Severity.WARNING
    if re.match(DRIVE, path):
        return "the name begins with a drive letter, which is a plain folder on Linux", Severity.WARNING
    if ".." in path.split("/"):
        return "the name goes up and down again by ..", Severity.WARNING
    if re.search(CONTROL, path):
        return "the name holds a control character", Severity.WARNING
    return None


@rule("LL110", "unsafe-path", Severity.ERROR, Phase.UPLOAD)
def unsafe_path(package: Package) -> Iterator[Hit]:
    names = "\n".join([entry.path for entry in package.entries])
    if not ODD.search(names) and names.count("\n") < max(len(package.entries), 1):
        return
    places: dict[tuple[str, Severity], list[Entry]] = {}
    for entry in package.entries:
        found = fault(entry.path)
        if found:
            places.setdefault(found, []).append(entry)
    for (message, severity), entries in places.items():
        yield Hit(entries, message, severity=severity)
