"""Where a handler's Python module lies, when it is not where the runtime looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import python_modules as known
from lambdalint.filesystem import OPT, Filesystem, Missing, Node
from lambdalint.handlers.python_search import suffixes
from lambdalint.model import Entry, Kind, Lacking

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Candidates that are named.
NAMED: Final = 3
#: Bytes read of a list of files or of a candidate.
_READ: Final = 256 << 10
#: Files that are looked into for the handler's function.
_LOOKED_INTO: Final = 40
_NOT_OURS: Final = re.compile(r"(^|/)(\.?venv|env|site-packages|dist-packages|node_modules|__pycache__)(/|$)")


class Cause:
    """What is known of a thing that is not found: a message, the places that show it, what to do."""

    __slots__ = ("fix", "message", "places")

    def __init__(self, message: str, nodes: Sequence[Node], fix: str, filesystem: Filesystem) -> None:
        self.message: Final = message
        self.places: Final = [place(node, filesystem) for node in nodes]
        self.fix: Final = fix


def shown(node: Node, filesystem: Filesystem) -> str:
    """Name a file or a directory as its package does; in an image, as seen from the working directory."""
    if filesystem.is_whole:
        return node.path.removeprefix(f"{filesystem.base.rstrip('/')}/")
    if node.entry is not None:
        return node.entry.path
    inside = _inside(node)
    if inside is None or inside.entry is None:
        return node.path.removeprefix(f"{filesystem.base}/")
    return inside.entry.path[: len(node.path) - len(inside.path)]


def place(node: Node, filesystem: Filesystem) -> Entry | str:
    """Return what a hit's places take; a layer's directory that no entry stands for is shown by what lies in it."""
    if node.entry is not None:
        return node.entry
    inside = _inside(node)
    if node.path.startswith(f"{filesystem.base}/") or inside is None or inside.entry is None:
        return shown(node, filesystem)
    return inside.entry


def _inside(node: Node) -> Node | None:
    """Return something with an entry at or below a node, ``__init__.py`` first."""
    while node.entry is None:
        children = node.children or {}
        if not children:
            return None
        node = children["__init__.py" if "__init__.py" in children else min(children)]
    return node


def text(filesystem: Filesystem, node: Node) -> str:
    """Return the beginning of a text file, whatever its bytes; nothing when it cannot be read."""
    try:
        return filesystem.read(node, _READ).decode("utf-8", "replace")
    except Lacking:
        return ""


def installed(filesystem: Filesystem) -> frozenset[str]:
    """Return the top-level modules that installed distributions brought into the code's own directory."""
    task = filesystem.find(filesystem.base)
    children = None if isinstance(task, Missing) else task.children
    names: set[str] = set()
    for name, node in sorted((children or {}).items()):
        found = re.match(r"([^-]+)-.*\.(?:dist|egg)-info$", name)
        if found is None or node.children is None:
            continue
        names.update((found[1], found[1].lower()))
        for listing in ("RECORD", "top_level.txt"):
            if (child := node.children.get(listing)) is not None and child.is_file:
                names.update(_tops(text(filesystem, child)))
                break
    return frozenset(names)


def _tops(listing: str) -> Iterator[str]:
    for line in listing.splitlines():
        top, slash, _ = line.partition(",")[0].partition("/")
        if top not in ("", "..") and not top.endswith((".dist-info", ".egg-info")):
            yield top if slash else top.partition(".")[0]


def meant(filesystem: Filesystem, handler: str, minor: int) -> tuple[str, Node] | None:
    """Return the handler string that was meant, and its file, when the package shows it."""
    words = [word for word in re.split(r"[:/.]+", handler.removeprefix(filesystem.base)) if word]
    if len(words) > 2 and words[-2] == "py":
        del words[-2]
    for cut in range(len(words) - 1):
        path = "/".join(words[cut:-1])
        node = filesystem.file(f"{filesystem.base}/{path}.py")
        if node is not None and words[cut] not in known.immovable(minor):
            return f"{path}.{words[-1]}", node
    return None


def holder(filesystem: Filesystem, member: str) -> tuple[str, Node] | None:
    """Return the handler string for the one module that defines a function, and its file; None: none does, or several."""
    found = list(_that_bind(filesystem, member))
    if len(found) != 1:
        return None
    return f"{_stem(shown(found[0], filesystem))}.{member}", found[0]


def handler_module(filesystem: Filesystem, parts: list[str], member: str, minor: int) -> Cause:
    """Say where the handler's module lies instead."""
    wanted = f"{'/'.join(parts)}.py"
    where = "at the root" if len(parts) == 1 else "in the package"
    twins = list(_twins(filesystem, parts, minor))
    if twins:
        return _Elsewhere(filesystem, parts, member, twins).cause(f"{wanted} is not {where}")
    for node, why in _odd_files(filesystem, parts, minor):
        said = f"{wanted} is not {where}; {shown(node, filesystem)} is there, but {why}"
        return Cause(said, [node], f"put {wanted} into the package", filesystem)
    binding = list(_that_bind(filesystem, member))
    if binding:
        names = ", ".join(shown(node, filesystem) for node in binding)
        verb = "defines" if len(binding) == 1 else "define"
        stem = shown(binding[0], filesystem).removesuffix(".py")
        said = f"{wanted} is not {where}; {names} {verb} {member}"
        return Cause(said, binding, f"set the handler to {stem}.{member}", filesystem)
    return _nothing_like_it(filesystem, wanted)


def _nothing_like_it(filesystem: Filesystem, wanted: str) -> Cause:
    task = filesystem.find(filesystem.base)
    children = {} if isinstance(task, Missing) else task.children or {}
    zips = [node for name, node in sorted(children.items()) if name.endswith(".zip") and node.is_file]
    said = f"{wanted} is not in the package"
    if any(node.is_file and node.name.endswith((".py", ".pyc", ".so")) for node in filesystem.walk(filesystem.base)):
        return Cause(said, [], f"put {wanted} into the package, or name a module that is in it", filesystem)
    if zips:
        said += f"; {shown(zips[0], filesystem)} is a zip inside it, which nobody unpacks"
        return Cause(said, zips[:1], f"deploy {shown(zips[0], filesystem)} itself", filesystem)
    return Cause(f"{said}, nor is any Python code", [], f"put {wanted} into the package", filesystem)


def _twins(filesystem: Filesystem, parts: list[str], minor: int) -> Iterator[Node]:
    """Yield files that would be the module were they elsewhere or spelled otherwise, the likeliest first."""
    tail, whole = parts[-1].lower(), "/".join(parts).lower()
    ends = {f"{tail}{suffix}" for suffix, _ in suffixes(minor)}
    hits = []
    for node in filesystem.walk("/"):
        if not node.is_file or node.entry is None:
            continue
        base = re.split(r"[\\/]", node.name)[-1].lower()
        is_init = base == "__init__.py" and node.parent is not None and node.parent.name.lower() == tail
        if base in ends or is_init:
            stem = _stem(node.entry.path.replace("\\", "/")).lower()
            foreign = _NOT_OURS.search(node.path) is not None
            hits.append(((foreign, not stem.endswith(whole), node.path.count("/"), node.path), node))
    hits.sort(key=lambda hit: hit[0])
    yield from (node for _, node in hits[:NAMED])


def _stem(path: str) -> str:
    return re.sub(r"(/__init__)?\.[^/]*$", "", path)


class _Elsewhere:
    """Files of the right name in the wrong place."""

    def __init__(self, filesystem: Filesystem, parts: list[str], member: str, found: list[Node]) -> None:
        self.filesystem = filesystem
        self.found = found
        self.member = member
        self.module = "/".join(parts)
        self.path = shown(found[0], filesystem)
        self.stem = _stem(self.path)

    def cause(self, missing: str) -> Cause:
        binds = f", which defines {self.member}" if binds_name(self.filesystem, self.found[0], self.member) else ""
        others = ", ".join(shown(node, self.filesystem) for node in self.found[1:])
        said = f"{missing}; found {self.path}{binds}" + (f" (also {others})" if others else "")
        message, fix = self._why(said)
        return Cause(message, self.found, fix, self.filesystem)

    def _why(self, said: str) -> tuple[str, str]:
        folder = self.path.rpartition("/")[0]
        if self.path.endswith(f"/{self.module}{self.path[len(self.stem) :]}"):
            folder = self.path[: -len(self.module) - len(self.path[len(self.stem) :]) - 1]
        if "\\" in self.path:
            why = ": the backslashes are part of its name, and part no folders"
            return said + why, "zip with slashes in the names, as the AWS tools and Python's zipfile do"
        if self.found[0].path.startswith(f"{OPT}/"):
            return f"{said}, in a layer, of which only python/ is searched", f"move {self.path} to python/ in the layer"
        if self.stem.lower() == self.module.lower():
            return f"{said}: upper and lower case differ", f"set the handler to {self.handler}"
        if "." in self.stem and not _NOT_OURS.search(self.path):
            return f"{said}: no folder with a dot in its name can be imported from", f"rename {folder}/"
        top = folder.partition("/")[0]
        is_whole = bool(top) and self._all_in(top)
        if is_whole:
            said += f": the whole package lies in the folder {top}/"
        return said, "\nor ".join(self._fixes(folder, is_whole=is_whole)) or f"put {self.module}.py at the root"

    def _fixes(self, folder: str, *, is_whole: bool) -> list[str]:
        verb = f"COPY to {self.filesystem.base}" if self.filesystem.is_whole else "zip"
        moved = [f"{verb} the content of {folder}/ rather than the folder itself"] if folder else []
        if "." in self.stem or self.stem.startswith("/") or _NOT_OURS.search(self.path):
            return moved
        named = [f"set the handler to {self.handler}"]
        if not is_whole:
            return moved + named
        # What lies beside the handler is imported by its own name, or by that of the folder: only one of the ways finds it then.
        return named if self._imports(folder.partition("/")[0]) else moved

    def _imports(self, name: str) -> bool:
        source = text(self.filesystem, self.found[0])
        return re.search(rf"^[ \t]*(?:from|import)[ \t]+{re.escape(name)}\b", source, re.MULTILINE) is not None

    @property
    def handler(self) -> str:
        return f"{self.stem}.{self.member}"

    def _all_in(self, folder: str) -> bool:
        task = self.filesystem.find(self.filesystem.base)
        return not isinstance(task, Missing) and set(task.children or ()) - {"__MACOSX", ".DS_Store"} == {folder}


def _odd_files(filesystem: Filesystem, parts: list[str], minor: int) -> Iterator[tuple[Node, str]]:
    """Yield files of the module's name that Python does not import, and why."""
    tail = parts[-1]
    for node in filesystem.walk(filesystem.base):
        if len(parts) > 1 and node.is_file and node.name == f"{'.'.join(parts)}.py":
            yield node, "a dot in a handler parts folders, and no module's file may have one in its name"
        if node.entry is not None and node.entry.kind is Kind.LINK and node.name == f"{tail}.py":
            yield node, "it is a link that leads to no file of the package"
        if not node.is_file or not node.name.lower().startswith(tail.lower()):
            continue
        rest = node.name[len(tail) :].lower()
        if re.fullmatch(r"\.((cpython-|cp|abi)[^/]*\.|darwin\.)?(so|pyd|dll|dylib)", rest):
            yield node, f"it is built for another system or Python than 3.{minor} on Linux"
        elif re.fullmatch(r"\.cpython-\d+(\.opt-\d)?\.pyc", rest):
            yield node, "what lies in __pycache__ is only used beside its source"
        elif rest in ("", ".txt", ".py.txt", ".ipynb", ".ts", ".js", ".mjs", ".bak", ".py.bak", ".pyx", ".pyi", ".pyw", ".zip"):
            yield node, "Python imports no files of that kind"


def _that_bind(filesystem: Filesystem, member: str) -> Iterator[Node]:
    """Yield modules that define the handler's function, those near the root first."""
    files = [node for node in filesystem.walk(filesystem.base) if node.is_file and node.name.endswith(".py")]
    files = [node for node in files if not _NOT_OURS.search(node.path) and node.path.count("/") <= 5]
    files = [node for node in files if "." not in _stem(shown(node, filesystem))]
    files.sort(key=lambda node: (node.path.count("/"), node.path))
    found = (node for node in files[:_LOOKED_INTO] if binds_name(filesystem, node, member))
    yield from (node for node, _ in zip(found, range(NAMED), strict=False))


def binds_name(filesystem: Filesystem, node: Node, member: str) -> bool:
    """Tell whether a source seems to define a name at its top level; for hints only."""
    if not node.name.endswith(".py") or not node.is_file or not member.isidentifier():
        return False
    pattern = rf"^(?:async\s+def|def|class)\s+{member}\b|^{member}\s*(?::[^=\n]*)?=(?!=)"
    return re.search(pattern, text(filesystem, node), re.MULTILINE) is not None
