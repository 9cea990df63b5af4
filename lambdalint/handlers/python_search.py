"""Where Python's import system would find a module: the path that the runtime sets, searched as FileFinder does."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from typing import Final

from lambdalint.aws import python_modules as known
from lambdalint.filesystem import OPT, Filesystem, Missing, Node
from lambdalint.function import Environment
from lambdalint.model import Lacking

#: Where the runtime's own Python keeps what is installed into it; an image may add to it.
LANG: Final = "/var/lang/lib"
#: Bytes read of one ``.pth``; longer ones are treated as unreadable.
_PTH_READ: Final = 64 << 10


class Sort(enum.Enum):
    """What a module is made of."""

    SOURCE = "source"
    BYTECODE = "bytecode"
    EXTENSION = "extension"
    #: Directories without ``__init__``; there may be several.
    NAMESPACE = "namespace"
    #: Part of the runtime: the standard library, what is built in, boto3 and the like.
    GIVEN = "given"
    #: Something is there, or may be, that cannot be looked into.
    OPAQUE = "opaque"


class Spec:
    """What a module's name leads to."""

    __slots__ = ("is_package", "name", "node", "path", "places", "sort")

    def __init__(
        self,
        name: str,
        sort: Sort,
        path: str = "",
        node: Node | None = None,
        places: Sequence[str] = (),
        *,
        is_package: bool = False,
    ) -> None:
        self.name: Final = name
        self.sort: Final = sort
        #: As the runtime would print it, links not followed. Empty: no one file.
        self.path: Final = path
        self.node: Final = node
        #: The directories that its submodules are looked for in.
        self.places: Final = tuple(places)
        self.is_package: Final = is_package


class Unknowable(Exception):  # noqa: N818 - no error: the place is not known
    """The search met a place whose content is not known, and found nothing in those that are."""

    def __init__(self, lacking: Lacking | None = None) -> None:
        super().__init__()
        #: What would have to be known. None: it is decided at run time only.
        self.lacking: Final = lacking


def suffixes(minor: int) -> list[tuple[str, Sort]]:
    """Return what FileFinder tries, in its order, for both CPUs: a binary for the other one is another rule's matter."""
    tags = [f".cpython-3{minor}-{cpu}-linux-gnu.so" for cpu in ("x86_64", "aarch64")]
    return [
        *((tag, Sort.EXTENSION) for tag in (*tags, ".abi3.so", ".so")),
        (".py", Sort.SOURCE),
        (".pyc", Sort.BYTECODE),
    ]


def installed(filesystem: Filesystem, minor: int) -> list[str]:
    """Return where an image's Python has what is installed into it: AWS's own, a distribution's, or that of Python's images.

    Of a virtual environment's Python that place comes first; whether the others follow, its pyvenv.cfg says, which is not asked.
    """
    version = f"python3.{minor}"
    places = [
        f"{LANG}/{version}/site-packages", f"/usr/local/lib/{version}/site-packages", f"/usr/local/lib/{version}/dist-packages",
        f"/usr/lib/{version}/site-packages", "/usr/lib/python3/dist-packages",
    ]  # fmt: skip
    if filesystem.started:
        from lambdalint.startup import AWS_ENTRYPOINT, virtual_environment

        if filesystem.started[0] == AWS_ENTRYPOINT:
            del places[1:]  # it starts the Python in /var/lang, which looks below its own prefix only
        venv = virtual_environment(filesystem)
        places[:0] = [] if venv is None else [f"{venv}/lib/{version}/site-packages"]
    return [place for place in places if isinstance(filesystem.find(place), Node)]


class Search:
    """``sys.path`` of one function, and the way through it."""

    def __init__(self, filesystem: Filesystem, minor: int, environment: Environment) -> None:
        self.filesystem: Final = filesystem
        self.minor: Final = minor
        self.suffixes: Final = suffixes(minor)
        #: An image holds the runtime's own files too, so that nothing is left to tables.
        self.whole: Final = any(place in ("/", "") for place, _ in filesystem.mounts)
        #: Code runs as the path is made, so that it may hold more than is known (``.pth`` with import lines).
        self.scripted = False
        self.first: Final = list(self._front(environment))
        self.last: Final = list(self._links())

    def _front(self, environment: Environment) -> Iterator[str]:
        """Yield what comes before the standard library: awslambdaric's bootstrap, then PYTHONPATH."""
        yield self.filesystem.base
        extra = environment.get("PYTHONPATH")
        if extra is None:
            yield f"{OPT}/python/lib/python3.{self.minor}/site-packages"
            yield f"{OPT}/python"
        yield from installed(self.filesystem, self.minor) if self.whole else (f"{LANG}/python3.{self.minor}/site-packages",)
        yield "/var/runtime"
        for place in (extra or "").split(":"):
            if place:
                yield place if place.startswith("/") else f"{self.filesystem.base}/{place}"

    def _links(self) -> Iterator[str]:
        """Yield what ``.pth`` files add behind all else: those beside the handler (site.addsitedir), and in an image pip's own."""
        for place in (self.filesystem.base, *(installed(self.filesystem, self.minor) if self.whole else ())):
            folder = self.filesystem.find(place)
            children = {} if isinstance(folder, Missing) else folder.children or {}
            for name in sorted(children):
                node = children[name]
                if name.endswith(".pth") and not name.startswith(".") and node.is_file:
                    for line in self._lines(node):
                        yield from self._linked(place, name, line.rstrip())

    def _lines(self, node: Node) -> list[str]:
        try:
            text = self.filesystem.read(node, _PTH_READ + 1)
        except Lacking:
            self.scripted = True
            return []
        if len(text) > _PTH_READ:
            self.scripted = True
            return []
        return text.decode("utf-8-sig", "replace").splitlines()

    def _linked(self, place: str, name: str, line: str) -> Iterator[str]:
        if not line or line.startswith("#"):
            return
        if line.startswith(("import ", "import\t")):
            # setuptools ships the first with every install: it only offers its own copy of distutils. The others make
            # a namespace of a directory, as its lacking an __init__ already does; virtualenv's mends distutils.
            harmless = "_distutils_hack" in line or line == "import _virtualenv" or (name.endswith("-nspkg.pth") and "types" in line)
            self.scripted |= not harmless
            return
        yield line if line.startswith("/") else f"{place}/{line}"

    def top(self, name: str) -> Spec | None:
        """Find a top-level module; None: it is nowhere. Raises Unknowable."""
        if name in known.immovable(self.minor):
            return Spec(name, Sort.GIVEN)
        portions: list[str] = []
        unsure = False
        for place in self.first:
            try:
                found = self.within(place, name, name)
            except Unknowable:
                unsure = True
                continue
            if isinstance(found, Spec):
                # What an unknown layer holds would come before it, or be merged over it.
                return Spec(name, Sort.OPAQUE) if unsure or self._covered(place) else found
            if found is not None:
                portions.append(found)
            unsure |= self._covered(place)
            if place == "/var/runtime" and name in known.RUNTIME and not self.whole:
                return Spec(name, Sort.GIVEN)
        if name in known.stdlib(self.minor):
            return Spec(name, Sort.GIVEN)
        return self._behind(name, portions, unsure)

    def _behind(self, name: str, portions: list[str], unsure: bool) -> Spec | None:
        """Go on behind the standard library."""
        for place in self.last:
            try:
                found = self.within(place, name, name)
            except Unknowable:
                unsure = True
                continue
            if isinstance(found, Spec):
                return Spec(name, Sort.OPAQUE) if unsure else found
            if found is not None:
                portions.append(found)
        if unsure:
            raise self._unknowable()
        if self.scripted or (not portions and self._perhaps(name)):
            raise Unknowable
        return Spec(name, Sort.NAMESPACE, places=portions, is_package=True) if portions else None

    def _perhaps(self, name: str) -> bool:
        """Tell whether a module that no table promises may be there all the same."""
        if name == "distutils":  # setuptools brings its own, once it or its hook is imported
            return isinstance(self.within(self.filesystem.base, "setuptools", "setuptools"), Spec)
        if name in known.RUNTIME:  # every base image of AWS has them, so that one without is a part of it, or made to look like it
            return self.whole and isinstance(self.filesystem.find("/var/runtime"), Node)
        if name in known.PERHAPS:
            return not self.whole and (self.minor < 12 or name == "pip")
        # Private modules of the standard library come and go with each version.
        return self.minor > known.NEWEST or (self.minor > 13 and name.startswith("_"))

    def _unknowable(self) -> Unknowable:
        unread = self.filesystem.unread
        if unread and any(place.startswith(OPT) for place in self.first):
            return Unknowable(Lacking(f"the content of {unread[0]}"))
        return Unknowable()

    def _covered(self, place: str) -> bool:
        """Tell whether a layer of unknown content may add to a place."""
        return bool(self.filesystem.unread) and (place == OPT or place.startswith(f"{OPT}/"))

    def below(self, parent: Spec, name: str) -> Spec | None:
        """Find a submodule in its package's places; None: it is in none. Raises Unknowable."""
        tail = name.rpartition(".")[2]
        portions = []
        unsure = False
        for place in parent.places:
            found = self.within(place, tail, name)
            if isinstance(found, Spec):
                return Spec(name, Sort.OPAQUE) if unsure or self._covered(place) else found
            if found is not None:
                portions.append(found)
            unsure |= self._covered(place)
        if unsure:
            raise self._unknowable()
        return Spec(name, Sort.NAMESPACE, places=portions, is_package=True) if portions else None

    def within(self, place: str, tail: str, name: str) -> Spec | str | None:
        """Look in one directory: a module, a directory that may be part of a namespace, or None. Raises Unknowable."""
        directory = self._node(place)
        if directory is None or not directory.is_dir:
            if directory is not None and directory.is_file:
                raise Unknowable  # a zip on the path
            return None
        inside = self._child(directory, place, tail) if tail else None
        if inside is not None and inside.is_dir:
            for suffix, sort in self.suffixes:
                node = self._child(inside, f"{place}/{tail}", f"__init__{suffix}")
                if node is not None and node.is_file:
                    path = f"{place}/{tail}/__init__{suffix}"
                    return Spec(name, sort, path, node, (f"{place}/{tail}",), is_package=True)
        for suffix, sort in self.suffixes:
            node = self._child(directory, place, f"{tail}{suffix}")
            if node is not None and node.is_file:
                return Spec(name, sort, f"{place}/{tail}{suffix}", node)
        return f"{place}/{tail}" if inside is not None and inside.is_dir else None

    def _node(self, path: str) -> Node | None:
        found = self.filesystem.find(path)
        if not isinstance(found, Missing):
            return found
        if self.whole or not found.outside:
            return None
        if path.startswith((f"{LANG}/", "/var/runtime")):
            return None  # the tables stand for it
        if path.startswith(f"{OPT}/") and not self.filesystem.unread:
            return None
        raise Unknowable

    def _child(self, node: Node, place: str, name: str) -> Node | None:
        child = node.child(name)
        if child is None or child.is_dir or child.is_file:
            return child
        return self._node(f"{place}/{name}")
