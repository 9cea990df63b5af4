"""Where a layer's code lies, where a runtime would look for it, and whether the function needs it there.

The places, all under /opt: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html (read 2026-11-21).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, Filesystem
from lambdalint.model import Entry, Kind, Lacking, Package

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment
    from lambdalint.handlers import Fault, Resolution
    from lambdalint.model import Aws, Hit

#: Top folders that AWS's page gives to layers, and the program of a custom runtime.
TOPS: Final = frozenset({"python", "nodejs", "java", "ruby", "bin", "lib", "extensions", "bootstrap"})
#: What something looks into by itself.
_SEARCHED: Final = re.compile(r"python/|nodejs/(node\d+/)?node_modules/|java/lib/|ruby/(gems|lib)/|bin/|lib/|extensions/|bootstrap$")
#: Left behind by the programs that zip.
_LITTER: Final = frozenset({"__MACOSX", ".DS_Store"})
#: A folder of one version of a language, where it is searched: what it is in, and the version.
_VERSIONED: Final = re.compile(
    r"(?P<python>python/lib/python)(?P<p>\d+\.\d+)/site-packages/|(?P<nodejs>nodejs/node)(?P<n>\d+)/node_modules/"
    r"|(?P<ruby>ruby/gems/)(?P<r>\d+\.\d+)\.\d+/"
)
#: What installers make, up to where the items begin, and the folder that it should be instead.
_SHAPES: Final = (
    ("python", re.compile(r"(?!python/lib/python\d+\.\d+/site-packages/)([^/]+/){0,4}(site|dist)-packages/"), "python"),
    ("python", re.compile(r"(?!python/)(?i:python)(3(\.\d+)?)?/(?=.)"), "python"),
    ("nodejs", re.compile(r"(?!(python|lib|java|ruby)/|nodejs/(node\d+/)?node_modules/)([^/]+/){0,2}node_modules/"), "nodejs/node_modules"),
    ("nodejs", re.compile(r"nodejs/(?=(@[^/]+/)?[^/@]+/package\.json$)(?!node_modules/)"), "nodejs/node_modules"),
    ("ruby", re.compile(r"(ruby/|vendor/bundle/ruby/|gems/)(?=\d+\.\d+\.\d+/)"), "ruby/gems"),
    ("java", re.compile(r"(java/(?!lib/[^/]+$)([^/]+/){0,3}|lib/)?(?=[^/]+\.jar$)"), "java/lib"),
    ("lib", re.compile(r"(?=lib[^/]+\.so(\.[\d.]+)?$)"), "lib"),
)  # fmt: skip
#: A top folder or file that is a Python package or module.
_PYTHON: Final = re.compile(r"[A-Za-z_]\w*(/([^/]+/)*[^/]+\.(py|so)|\.py|\.[\w-]+\.so)$")
#: Folders of a layer whose scripts may be started, what has no text to look into, and how much of a text is read.
_STARTED: Final = ("", "bin", "extensions")
_BINARY: Final = (".so", ".node", ".jar", ".class", ".dll", ".pyc")
_TEXT: Final = 512 << 10
#: A search path of each family; a function that sets it may look where it likes.
_PATHS: Final = {"python": "PYTHONPATH", "nodejs": "NODE_PATH", "java": "CLASSPATH", "ruby": "GEM_PATH", "lib": "LD_LIBRARY_PATH"}


class Stray:
    """Code of a layer that lies where its language does not look, and the folder where it would be found."""

    __slots__ = ("family", "folder", "items", "source", "version")

    def __init__(self, family: str, source: str, items: Sequence[str], folder: str, version: str | None = None) -> None:
        #: The family of runtimes that it is for, or ``lib`` for shared libraries. Empty: any.
        self.family: Final = family
        #: The folder that it lies in. Empty: the layer's root.
        self.source: Final = source
        #: What of the folder should be moved, as paths in the layer.
        self.items: Final = tuple(items)
        #: Where it belongs, as a path in the layer. Empty: the root.
        self.folder: Final = folder
        #: The language's version that it is searched by. None: by none at all.
        self.version: Final = version


class Need:
    """Faults of the function that would be mended if stray code lay where it belongs."""

    __slots__ = ("faults", "items")

    def __init__(self, faults: Sequence[Fault], items: Sequence[str]) -> None:
        #: Errors, the first of which is what AWS would show.
        self.faults: Final = tuple(faults)
        #: What of the stray code the function would then load.
        self.items: Final = tuple(items)

    @property
    def aws(self) -> Aws | None:
        return self.faults[0].hit.aws

    @property
    def hits(self) -> list[Hit]:
        return [fault.hit for fault in self.faults]

    def who(self, layer: Package) -> str:
        """Return the file that needs the items, where the first fault names one that is not the layer's own."""
        places = [place for place in self.faults[0].hit.places if isinstance(place, Entry) and place.origin != layer.path]
        return places[-1].path if places else "the function"


class Layout:
    """One layer: what lies where nothing looks, and what of it the function surely needs."""

    __slots__ = ("is_searched", "needs", "strays", "used")

    def __init__(self, strays: Sequence[Stray], needs: Mapping[Stray, Need], used: Sequence[Stray], *, is_searched: bool) -> None:
        self.strays: Final = tuple(strays)
        self.needs: Final = needs
        #: What the function finds nevertheless, or may find since it sets that search path itself.
        self.used: Final = frozenset(used)
        #: Whether anything else lies in a folder that a runtime looks into.
        self.is_searched: Final = is_searched


def strays(package: Package) -> list[Stray]:
    """Return what lies where nothing looks, folder by folder."""
    paths = [entry.path for entry in package.entries if entry.kind is not Kind.DIR and entry.path.partition("/")[0] not in _LITTER]
    wrapped = _wrapped(paths)
    if wrapped is not None:
        return [wrapped]
    found: dict[tuple[str, str, str], dict[str, None]] = {}
    for path in paths:
        stray = _shape(path)
        if stray is not None:
            found.setdefault(stray, {})[_item(stray[0], stray[1], path)] = None
    return [Stray(family, source, list(items), folder) for (family, source, folder), items in found.items()]


def of_other_versions(package: Package, runtime: Runtime) -> list[Stray]:
    """Return the folders that only other versions of the runtime's language search. Empty: there is one for this version too."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for entry in package.entries:
        match = _VERSIONED.match(entry.path)
        if match is not None and match[runtime.family] is not None and entry.kind is not Kind.DIR:
            version, source = match["p"] or match["n"] or match["r"], match[0].rstrip("/")
            # A gem is several folders, so that what is moved is all of them.
            found.setdefault((source, version), {})[source if match["r"] else _item("", match[0], entry.path)] = None
    wanted = str(runtime.number[0]) if runtime.family == "nodejs" and runtime.number else runtime.version
    if any(version == wanted for _, version in found):
        return []
    return [
        Stray(runtime.family, source, list(items), source.replace(version, wanted, 1), version)
        for (source, version), items in found.items()
    ]


def judge(
    package: Package,
    found: Sequence[Stray],
    filesystem: Filesystem,
    resolution: Resolution | None,
    resolve: Callable[[Filesystem], Resolution],
    environment: Environment,
) -> Layout:
    """Tell what of the strays is needed, by resolving the handler again as if they lay where they belong.

    ``resolution`` None: the function is not known.
    """
    needs: dict[Stray, Need] = {}
    texts = list(_texts(package, filesystem, resolution, environment)) if found else []
    used = [stray for stray in found if _PATHS.get(stray.family, "") in environment or _is_named(stray, texts)]
    if resolution is not None and found:
        loaded = _loaded(resolution, package)
        used += [stray for stray in found if any(f"{path}/".startswith(_prefixes(stray.items)) for path in loaded)]
        for stray in found:
            moved = resolve(_with_links(filesystem, package, stray))
            mended = _mended(resolution, moved)
            if mended:
                paths = _loaded(moved, package)
                items = [item for item in stray.items if any(f"{path}/".startswith(f"{item}/") for path in paths)]
                needs[stray] = Need(mended, items or stray.items)
    stray_items = _prefixes([item for stray in found for item in stray.items])
    rest = (entry.path for entry in package.files() if not f"{entry.path}/".startswith(stray_items))
    return Layout(found, needs, used, is_searched=any(_SEARCHED.match(path) for path in rest))


def _texts(
    package: Package, filesystem: Filesystem, resolution: Resolution | None, environment: Environment
) -> Iterator[str]:
    """Yield what may name a path of the layer: variables, the code that the handler loads, and scripts that may be started."""
    yield from (value for _, value in environment.items())
    scripts = [entry for entry in package.files() if entry.path.rpartition("/")[0] in _STARTED]
    nodes = [filesystem.file(f"{OPT}/{entry.path}") for entry in scripts if package.contents.head(entry).startswith(b"#!")]
    for node in [*nodes, *(() if resolution is None else resolution.loaded)]:
        if node is not None and not node.name.endswith(_BINARY):
            try:
                yield filesystem.read(node, _TEXT).decode("utf-8", "replace")
            except Lacking:
                continue  # damaged, which its own rule tells


def _is_named(stray: Stray, texts: Sequence[str]) -> bool:
    """Tell whether a text has the path of a stray, as in ``-javaagent:/opt/agent.jar``, or all of /opt: ``sys.path.append('/opt')``."""
    named = "|".join(re.escape(name) for name in (stray.source, *stray.items) if name)
    path = re.compile(rf"{OPT}/(?:{named})(?![\w-])|{OPT}/?(?![\w/.-])")
    return any(path.search(text) for text in texts)


def _prefixes(items: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{item}/" for item in items)


def _wrapped(paths: Sequence[str]) -> Stray | None:
    """A layer that was zipped with the folder that it was built in."""
    tops = {path.partition("/")[0] for path in paths}
    if len(tops) != 1 or tops & TOPS:
        return None
    (top,) = tops
    below = {path.split("/")[1] for path in paths if path.count("/") >= 2}
    if not below & {"python", "nodejs", "java", "ruby", "extensions"} or not below <= TOPS:
        return None
    items = dict.fromkeys("/".join(path.split("/")[:3]) for path in paths)
    return Stray("", top, list(items), "")


def _shape(path: str) -> tuple[str, str, str] | None:
    """Return the family, source and right folder of a file that lies where nothing looks."""
    if _VERSIONED.match(path):
        return None
    for family, pattern, folder in _SHAPES:
        match = pattern.match(path)
        if match is not None:
            return family, match[0].rstrip("/"), folder
    if path.partition("/")[0] not in TOPS and _PYTHON.match(path):
        return "python", "", "python"
    return None


def _item(family: str, source: str, path: str) -> str:
    """Return what of the source a file belongs to: the folder or file directly in it, with a scope of npm before it."""
    rest = path.removeprefix(source).lstrip("/")
    first, slash, below = rest.partition("/")
    if family == "nodejs" and first.startswith("@") and slash:
        first = f"{first}/{below.partition('/')[0]}"
    return f"{source.rstrip('/')}/{first}" if source else first


def _loaded(resolution: Resolution, package: Package) -> list[str]:
    return [node.entry.path for node in resolution.loaded if node.package is package and node.entry is not None]


def _mended(before: Resolution, after: Resolution) -> list[Fault]:
    """Return the errors that one resolution has and the other has not, told by AWS's words."""
    left = {_told(fault) for fault in after.faults}
    return [fault for fault in before.faults if fault.hit.severity is None and _told(fault) not in left]


def _told(fault: Fault) -> tuple[object, str]:
    return fault.sort, fault.hit.message if fault.hit.aws is None else fault.hit.aws.message


def _with_links(filesystem: Filesystem, package: Package, stray: Stray) -> Filesystem:
    """Return the tree as if links led from where the strays belong to where they lie."""
    links = Package(package.archive, list(_links(stray)), package.contents)
    return Filesystem([*filesystem.mounts, (OPT, links)], filesystem.unread, base=filesystem.base, started=filesystem.started)


def _links(stray: Stray) -> Iterator[Entry]:
    for item in stray.items:
        name = item.removeprefix(stray.source).lstrip("/")
        path = f"{stray.folder}/{name}".strip("/")
        yield Entry(path, path.encode("utf-8", "surrogateescape"), Kind.LINK, 0o777, 0, 0, target=f"{OPT}/{item}")
