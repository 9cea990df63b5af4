"""Where a custom runtime's program may be when it is not at ``bootstrap``: what was found, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.filesystem import OPT, TASK, Filesystem, Node
from lambdalint.handlers import Fault, Sort
from lambdalint.model import Entry, Kind

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime

#: Nodes that are passed, and files in the root whose first bytes are looked at.
_WALKED: Final = 20_000
_LOOKED_AT: Final = 100
#: Names that builds give to the program, the likeliest first.
_USUAL: Final = ("main", "handler", "app", "function", "lambda", "server")
#: Files by which a runtime that was chosen by mistake is told.
_SOURCES: Final = (
    (".py", "Python"), (".js", "Node.js"), (".mjs", "Node.js"), (".cjs", "Node.js"), (".rb", "Ruby"), (".class", "Java"),
    (".jar", "Java"), (".runtimeconfig.json", ".NET"),
)  # fmt: skip
#: Said of what was found.
_WHERE: Final = {TASK: "", OPT: " in a layer"}


class _Nearest:
    """What comes nearest: its entries, a phrase on them, and a remedy."""

    __slots__ = ("entries", "fix", "phrase")

    def __init__(self, phrase: str, entries: Sequence[Entry], fix: str | None) -> None:
        self.phrase: Final = phrase
        self.entries: Final = tuple(entries)
        self.fix: Final = fix


def without_bootstrap(filesystem: Filesystem, runtime: Runtime) -> Fault:
    """Say that nothing can be started, and name what comes nearest."""
    layers = any(place == OPT for place, _ in filesystem.mounts)
    message = f"no file named bootstrap is at the root of the package{', nor of a layer' if layers else ''}"
    nodes = _below(filesystem, TASK)
    near = _odd(nodes) or _named(nodes, TASK) or _program(nodes) or _source(nodes, runtime)
    near = near or _named(_below(filesystem, OPT), OPT)
    places: Sequence[Entry | str] = ()
    fix = None
    if near is not None:
        message, places, fix = f"{message}; {near.phrase}", near.entries, near.fix
    return Fault(Sort.BOOTSTRAP, message, places=places, aws=errors.no_bootstrap(), fix=fix)


def _below(filesystem: Filesystem, place: str) -> Sequence[Node]:
    return [node for node in islice(filesystem.walk(place), _WALKED) if node.path != place]


def _odd(nodes: Sequence[Node]) -> _Nearest | None:
    """Something that is named bootstrap and lies in the root, but is not a file that is there."""
    for node in nodes:
        if node.path != f"{TASK}/bootstrap":
            continue
        entries = [] if node.entry is None else [node.entry]
        if node.is_dir:
            inside = [below.entry for below in nodes if below.path.startswith(f"{node.path}/") and below.is_file]
            if any(entry is not None and entry.name == "bootstrap" for entry in inside):
                return None  # told with where that file is
            fix = "name the program itself bootstrap, and the directory otherwise"
            return _Nearest("bootstrap is a directory, which Lambda passes over", entries, fix)
        if node.entry is not None and node.entry.kind is Kind.LINK:
            fix = "pack what the link leads to, or the file in its place: zip -r follows links"
            return _Nearest(f"bootstrap is a link to {node.entry.target}, which is not there", entries, fix)
    return None


def _named(nodes: Sequence[Node], place: str) -> _Nearest | None:
    """A bootstrap in a folder, or one that is spelt otherwise."""
    same = [node.entry for node in nodes if node.name == "bootstrap" and node.entry is not None and node.is_file]
    if same:
        return _in_folder(nodes, same, place)
    alike = [
        node.entry
        for node in nodes
        if node.entry is not None and node.is_file and node.name.lower().partition(".")[0] == "bootstrap"
    ]
    if not alike:
        return None
    nearest = min(alike, key=_depth)
    fix = f"mv {nearest.path} bootstrap" if not nearest.name.endswith(".zip") else None
    if nearest.name.endswith(".exe"):
        fix = "build it for Linux, under the name bootstrap: GOOS=linux go build -o bootstrap"
    return _Nearest(f"found {nearest.path}{_WHERE[place]}", [nearest], fix)


def _depth(entry: Entry) -> tuple[int, str]:
    return entry.path.count("/"), entry.path


def _in_folder(nodes: Sequence[Node], found: Sequence[Entry], place: str) -> _Nearest:
    ranked = sorted(found, key=_depth)
    folder = ranked[0].path.rpartition("/")[0]
    package = "function" if place == TASK else "layer"
    if all(f"{node.path}/".startswith(f"{place}/{folder}/") or node.is_dir for node in nodes) and "/" not in folder:
        fix = f"zip what is in {folder}/ and not the folder: cd {folder} && zip -r ../{package}.zip ."
    else:
        fix = f"put {ranked[0].path} at the root of the {package}"
    return _Nearest(f"found {', '.join(entry.path for entry in ranked[:3])}{_WHERE[place]}", ranked[:3], fix)


def _program(nodes: Sequence[Node]) -> _Nearest | None:
    """A program in the root that has a name of its own."""
    root = [node for node in nodes if node.parent is not None and node.parent.path == TASK and node.is_file]
    programs = [node.entry for node in root[:_LOOKED_AT] if node.entry is not None and _is_program(node)]
    if not programs:
        return None
    ranked = sorted(programs, key=lambda entry: (entry.name not in _USUAL, entry.path))
    nearest = ranked[0]
    fix = f"mv {nearest.path} bootstrap"
    return _Nearest(f"found the program {nearest.path}", [nearest], fix)


def _is_program(node: Node) -> bool:
    if node.entry is None or node.package is None or ".so" in node.name:
        return False
    head = node.package.contents.head(node.entry)
    return head.startswith((b"\x7fELF", b"#!"))


def _source(nodes: Sequence[Node], runtime: Runtime) -> _Nearest | None:
    """Code of a language that a managed runtime is there for."""
    for node in nodes:
        for suffix, language in _SOURCES:
            if node.entry is not None and node.is_file and node.name.endswith(suffix):
                phrase = f"found {node.entry.path}, and {runtime.name} runs no {language}"
                fix = f"choose the runtime of {language} in place of {runtime.name}, or bring a bootstrap that runs it"
                return _Nearest(phrase, [node.entry], fix)
    return None
