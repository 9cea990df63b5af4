"""Files and package.json as Node.js on Lambda sees them."""

from __future__ import annotations

import posixpath
from typing import Final

from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.function import Environment
from lambdalint.model import OTHERS_READ, Entry, Kind, Lacking

#: A package.json larger than this is not read; npm's own are a few KiB.
MANIFEST_LIMIT: Final = 1024 * 1024
#: Where a link out of the package may yet find something: the runtime's own files, file systems of the function, scratch space.
_ELSEWHERE: Final = (
    "/var/runtime/", "/var/lang/", "/usr/", "/lib/", "/lib64/", "/bin/", "/etc/", "/mnt/", "/tmp/", "/proc/", "/dev/",  # noqa: S108 - compared only
)  # fmt: skip


class Manifest:
    """A package.json."""

    __slots__ = ("bom", "data", "directory", "fault", "node")

    def __init__(self, directory: str, node: Node, data: dict[str, object] | None, fault: str | None, *, bom: bool) -> None:
        #: The directory that it describes.
        self.directory: Final = directory
        self.node: Final = node
        #: None: it is no JSON object, or could not be read.
        self.data: Final = data
        #: Why Node.js refuses it, in the words of its version. None: it does not, or its words are not known.
        self.fault: Final = fault
        #: It begins with a byte order mark, which Node.js skips and the runtime's own look at it does not.
        self.bom: Final = bom

    @property
    def path(self) -> str:
        return posixpath.join(self.directory, "package.json")

    def get(self, key: str) -> object:
        """Return a field; None: it is not there."""
        return None if self.data is None else self.data.get(key)

    @property
    def is_module(self) -> bool:
        return self.get("type") == "module"


class Disk:
    """The function's files, with what was found out about them remembered."""

    __slots__ = ("_manifests", "filesystem", "has_sdk", "major", "search")

    def __init__(self, filesystem: Filesystem, major: int, environment: Environment) -> None:
        self.filesystem: Final = filesystem
        self.major: Final = major
        #: Whether the runtime brings AWS's SDK; an image of another base has what is in it.
        self.has_sdk: Final = not filesystem.is_whole or not isinstance(filesystem.find("/var/runtime"), Missing)
        own = environment.get("NODE_PATH")
        #: The directories of NODE_PATH: the function's own, or those of the runtime's bootstrap, which sets it only when it is empty.
        self.search: Final = tuple(part for part in own.split(":") if part) if own else (
            f"{OPT}/nodejs/node{major}/node_modules", f"{OPT}/nodejs/node_modules",
            "/var/runtime/node_modules", "/var/runtime", TASK,
        )  # fmt: skip
        self._manifests: dict[str, Manifest | None] = {}

    def find(self, path: str) -> Node | None:
        """Return what a path leads to; None: nothing. Raises Lacking when it may lie where nothing is known."""
        found = self.filesystem.find(path)
        if not isinstance(found, Missing):
            return found
        where = f"{found.reached.path.rstrip('/')}/{found.rest}"
        if found.outside and where.startswith(f"{OPT}/"):
            raise Lacking(f"the content of {self.filesystem.unread[0]}")
        linked = where != posixpath.normpath(path)
        if found.outside and where.startswith(_ELSEWHERE) and (linked or not where.startswith("/var/runtime/")):
            raise Lacking(f"what {where} is when the function runs")
        return None

    def file(self, path: str) -> Node | None:
        found = self.find(path)
        return found if found is not None and found.is_file else None

    def directory(self, path: str) -> Node | None:
        found = self.find(path)
        return found if found is not None and found.is_dir else None

    def dangling(self, path: str) -> Entry | None:
        """Return the link on the way to a path that leads nowhere; None: there is none."""
        parts = path.strip("/").split("/")
        for count in range(1, len(parts) + 1):
            place = "/" + "/".join(parts[:count])
            found = self.filesystem.find(place, follow=False)
            if isinstance(found, Missing):
                return None
            entry = found.entry
            if entry is not None and entry.kind is Kind.LINK and isinstance(self.filesystem.find(place), Missing):
                return entry
        return None

    def manifest(self, directory: str) -> Manifest | None:
        """Return the package.json of a directory; None: there is none."""
        if directory not in self._manifests:
            node = self.file(posixpath.join(directory, "package.json"))
            self._manifests[directory] = None if node is None else self._manifest(directory, node)
        return self._manifests[directory]

    def _manifest(self, directory: str, node: Node) -> Manifest:
        import json

        if not readable(node):
            return Manifest(directory, node, None, None, bom=False)
        raw = self.filesystem.read(node, MANIFEST_LIMIT)
        text = raw.decode("utf-8", "replace")
        bom = text.startswith("\ufeff")
        text = text.removeprefix("\ufeff")
        try:
            data = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            from lambdalint.handlers.node_json import package_complaint

            return Manifest(directory, node, None, package_complaint(text, self.major), bom=bom)
        return Manifest(directory, node, data if isinstance(data, dict) else None, None, bom=bom)

    def scope(self, path: str) -> Manifest | None:
        """Return the package.json that a file's path is under: the nearest, not past a node_modules; None: there is none."""
        directory = posixpath.dirname(path)
        while not directory.endswith("/node_modules"):
            manifest = self.manifest(directory)
            if manifest is not None:
                return manifest
            if directory in ("/", ""):
                return None
            directory = posixpath.dirname(directory)
        return None


def _refuse(word: str) -> None:
    """NaN and Infinity, which only Python takes for JSON."""
    raise ValueError(word)


def readable(node: Node) -> bool:
    """Tell whether the function's user may read it, as far as the archive says."""
    mode = None if node.entry is None else node.entry.mode
    return mode is None or bool(mode & OTHERS_READ)


def relative(path: str) -> str:
    """Return a path as people say it: from the package's root where it lies there."""
    return path.removeprefix(f"{TASK}/")
