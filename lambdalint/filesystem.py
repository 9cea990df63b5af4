"""What the running function sees: its code at /var/task, layers merged at /opt, links followed inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from lambdalint.model import Entry, Kind, Lacking, Package

TASK: Final = "/var/task"
OPT: Final = "/opt"
#: Bytes of a path that Linux takes (PATH_MAX, include/uapi/linux/limits.h); no file can have a longer one.
PATH_BYTES: Final = 4_096
#: Directories that are only implied. Real packages have fewer of these than entries; names made to have more cost gigabytes.
IMPLIED: Final = 300_000
#: What Lambda mounts over an image's own files, so that these prove nothing.
_MOUNTED: Final = ("/proc/", "/sys/", "/dev/", "/tmp/", "/mnt/")  # noqa: S108 - compared only
#: Linux gives up after as many links (MAXSYMLINKS, include/linux/namei.h).
LINKS_FOLLOWED: Final = 40


class Node:
    """A place in the tree. A directory may be implied by what lies in it and then has no entry."""

    __slots__ = ("children", "entry", "name", "package", "parent", "shadowed")

    def __init__(self, name: str, parent: Node | None) -> None:
        self.name: Final = name
        self.parent: Final = parent
        #: None: not a directory.
        self.children: dict[str, Node] | None = None
        #: None: a directory that no entry stands for.
        self.entry: Entry | None = None
        #: The package that the entry came from. None with an implied directory.
        self.package: Package | None = None
        #: Entries of other packages that this one hides.
        self.shadowed: list[tuple[Package, Entry]] | None = None

    @property
    def path(self) -> str:
        """Absolute, as the function sees it."""
        parts: list[str] = []
        node: Node = self
        while node.parent is not None:
            parts.append(node.name)
            node = node.parent
        return "/" + "/".join(reversed(parts))

    @property
    def is_dir(self) -> bool:
        return self.children is not None

    @property
    def is_file(self) -> bool:
        return self.entry is not None and self.entry.kind is Kind.FILE

    def child(self, name: str) -> Node | None:
        return None if self.children is None else self.children.get(name)


def _copied(node: Node | None, parent: Node | None, name: str = "") -> Node:
    """Return a directory of its own with what another holds."""
    same = Node(name, parent)
    same.children = {}
    if node is not None:
        same.entry, same.package, same.shadowed = node.entry, node.package, node.shadowed
        same.children.update(node.children or {})
    return same


class Missing:
    """A path that leads nowhere, and how far it led."""

    __slots__ = ("outside", "reached", "rest")

    def __init__(self, reached: Node, rest: str, *, outside: bool) -> None:
        #: The last node that is there.
        self.reached: Final = reached
        #: What could not be found below it.
        self.rest: Final = rest
        #: True: the path leaves what is known (the runtime's own files, /tmp, a layer not given), so that nothing is proved.
        self.outside: Final = outside


class Filesystem:
    """The merged tree. Paths are absolute; those that are not are below the code's place."""

    __slots__ = ("_implied", "base", "is_whole", "mounts", "root", "started", "unread")

    def __init__(
        self, mounts: Sequence[tuple[str, Package]], unread: Sequence[str] = (), *, base: str = TASK, started: Sequence[str] = ()
    ) -> None:
        """Merge the packages. Raises Lacking when their names imply more directories than any real package has."""
        #: Where each package is seen; a later one wins over an earlier one at the same place.
        self.mounts: Final = tuple(mounts)
        #: Layers whose content is not known; it would appear under /opt.
        self.unread: Final = tuple(unread)
        #: Whether this is an image, whose own tree is all there is, and not code that is put into Lambda's system.
        self.is_whole: Final = any(not place.strip("/") for place, _ in mounts)
        #: Where the function's code is, and what a relative path starts from.
        self.base: Final = base
        #: Where the program that an image starts is looked for, in that order: a virtual environment is told by it.
        self.started: Final = tuple(started)
        self.root: Final = Node("", None)
        self.root.children = {}
        self._implied = 0
        for place, package in mounts:
            self._mount(place, package)

    def _mount(self, place: str, package: Package) -> None:
        top = self._directory(self.root, place.strip("/").split("/") if place.strip("/") else [])
        last, parent = "", top
        for entry in package.entries:
            folder, _, name = entry.path.rpartition("/")
            if folder and folder == last and name not in ("", ".", "..") and len(entry.raw) <= PATH_BYTES:
                self._put(parent, name, entry, package)  # entries are in order, so that most lie where the one before does
                continue
            parts = [part for part in entry.path.split("/") if part not in ("", ".")]
            if ".." in parts or len(entry.raw) > PATH_BYTES:
                continue  # judged as an unsafe path, and as beyond our caps; no such file can be made
            if parts:
                last, parent = folder, self._directory(top, parts[:-1])
                self._put(parent, parts[-1], entry, package)
            elif entry.kind is Kind.DIR:
                top.entry, top.package = entry, package

    def _directory(self, node: Node, parts: Sequence[str]) -> Node:
        for part in parts:
            if node.children is None:
                node.children = {}
            below = node.children.get(part)
            if below is None:
                below = node.children[part] = Node(part, node)
                self._implied += 1
            node = below
        if self._implied > IMPLIED:
            raise Lacking(f"where things lie: the names imply more than {IMPLIED:,} directories")
        if node.children is None:
            node.children = {}
        return node

    def _put(self, parent: Node, name: str, entry: Entry, package: Package) -> None:
        assert parent.children is not None
        node = parent.children.get(name)
        if node is None:
            node = parent.children[name] = Node(name, parent)
        elif node.entry is not None and node.package not in (None, package) and not (node.is_dir and entry.kind is Kind.DIR):
            assert node.package is not None
            node.shadowed = [*(node.shadowed or ()), (node.package, node.entry)]
        if entry.kind is Kind.DIR and node.children is None:
            node.children = {}
        node.entry, node.package = entry, package

    def find(self, path: str, *, follow: bool = True) -> Node | Missing:
        """Walk a path as the kernel does, links followed. ``follow`` is about the last part only."""
        node, rest = self._start(path)
        hops = 0
        while rest:
            part = rest.pop()
            if not part or (part == "." and node.is_dir):
                continue
            if part == ".." and node.is_dir:  # behind a file they lead nowhere: not a directory
                node = node.parent or self.root
                continue
            below = node.child(part)
            if below is None:
                return self._missing(node, part, rest)
            entry = below.entry
            if entry is not None and entry.kind is Kind.LINK and (rest or follow) and below.children is None:
                hops += 1
                if hops > LINKS_FOLLOWED or entry.target is None:
                    return Missing(node, "/".join([part, *reversed(rest)]), outside=False)
                if entry.target.startswith("/"):
                    node = self.root
                rest += reversed(entry.target.split("/"))
                continue
            node = below
        return node

    def _start(self, path: str) -> tuple[Node, list[str]]:
        parts = path.split("/")
        if not path.startswith("/"):
            parts = [*self.base.split("/"), *parts]
        return self.root, parts[::-1]

    def _missing(self, node: Node, part: str, rest: Sequence[str]) -> Missing:
        tail = "/".join([part, *reversed([word for word in rest if word])])
        where = f"{node.path.rstrip('/')}/{tail}"
        inside = not where.startswith(_MOUNTED) if self.is_whole else where.startswith((f"{self.base}/", f"{OPT}/"))
        unknown = not inside or (where.startswith(f"{OPT}/") and bool(self.unread))
        return Missing(node, tail, outside=unknown)

    def listing(self, mounts: Sequence[tuple[str, Package]]) -> Filesystem:
        """Return the same tree, of which only these packages' entries are listed."""
        same = Filesystem((), self.unread, base=self.base, started=self.started)
        same.root, same.mounts, same.is_whole = self.root, tuple(mounts), self.is_whole  # type: ignore[misc]
        return same

    def seen_from(self, base: str, started: Sequence[str]) -> Filesystem:
        """Return the same tree for a program that is started from another directory, and looked for elsewhere."""
        same = self.listing(self.mounts)
        same.base, same.started = base, tuple(started)  # type: ignore[misc]
        return same

    def also_at(self, path: str) -> Filesystem:
        """Return the same tree, in which a path that leads nowhere leads to the base."""
        same = self.listing(self.mounts)
        same.root = node = _copied(self.root, None)  # type: ignore[misc]
        *folders, name = path.strip("/").split("/")
        for folder in folders:
            assert node.children is not None
            node.children[folder] = below = _copied(node.children.get(folder), node, folder)
            node = below
        assert node.children is not None
        link = node.children[name] = Node(name, node)
        link.entry = Entry(path.strip("/"), path.strip("/").encode(), Kind.LINK, 0o777, 0, 0, target=self.base)
        return same

    def file(self, path: str) -> Node | None:
        """Return the regular file that a path leads to. None: there is none. Raises Lacking when an unread layer may hold it."""
        found = self.find(path)
        if isinstance(found, Missing):
            where = f"{found.reached.path.rstrip('/')}/{found.rest}"
            if found.outside and self.unread and where.startswith(f"{OPT}/"):
                raise Lacking(f"the content of {self.unread[0]}")
            return None
        return found if found.is_file else None

    def read(self, node: Node, limit: int) -> bytes:
        """Return the first ``limit`` bytes of a file. Raises Lacking when its bytes cannot be had."""
        if node.entry is None or node.package is None:
            raise Lacking(f"the content of {node.path}")
        return node.package.read(node.entry, limit)

    def walk(self, path: str) -> Iterator[Node]:
        """Yield every node at or below a path, parents first, names in order; links are not followed."""
        start = self.find(path)
        if isinstance(start, Missing):
            return
        stack = [start]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack += (node.children[name] for name in sorted(node.children, reverse=True))

    def shadowed(self) -> Iterator[tuple[Node, Package, Entry]]:
        """Yield each entry that another package's entry hides, with the node that hides it."""
        for node in self.walk("/"):
            for package, entry in node.shadowed or ():
                yield node, package, entry
