"""What a Ruby handler string may have meant: files of that name elsewhere, and methods that would serve."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import TASK, Filesystem, Node
from lambdalint.handlers.ruby_source import LIMIT, Definition, Script, parse
from lambdalint.model import Entry, Lacking

if TYPE_CHECKING:
    from collections.abc import Sequence

_WALKED: Final = 20_000
#: Files that are read for their methods.
_READ: Final = 12
_USUAL: Final = ("lambda_handler", "handler", "main", "call", "run", "process", "perform")
#: Folders of others' code.
_VENDORED: Final = ("/vendor/", "/node_modules/", "/.bundle/", "/spec/", "/test/")


class Nearest:
    """The file that comes nearest, and the handler that it would answer to."""

    __slots__ = ("entry", "handler", "phrase")

    def __init__(self, phrase: str, entry: Entry | None, handler: str | None) -> None:
        self.phrase: Final = phrase
        #: None: it has no entry of its own.
        self.entry: Final = entry
        #: None: nothing in it would serve.
        self.handler: Final = handler


def nearest_file(filesystem: Filesystem, file: str, member: str) -> Nearest | None:
    """Look for the file that a handler means when it is not where it says; ``member`` is what follows the file's name."""
    nodes = [node for node in islice(filesystem.walk(TASK), _WALKED) if node.is_file and node.name.endswith(".rb")]
    own = [node for node in nodes if not any(folder in node.path for folder in _VENDORED)]
    name = f"{file.rpartition('/')[2]}.rb"
    same = sorted((node for node in own if node.name == name), key=_depth)
    alike = sorted((node for node in own if node.name.lower() == name.lower()), key=_depth)
    for node in (*same[:1], *alike[:1]):
        return _at(node, f"{_stem(node)}.{member}", "")
    return _by_method(filesystem, sorted(own, key=_depth), member)


def _at(node: Node, handler: str, defines: str) -> Nearest:
    stem = _stem(node)
    if "." in stem:
        return Nearest(f"found {stem}.rb, but no handler can name a path with a dot in it", node.entry, None)
    return Nearest(f"found {stem}.rb{defines}", node.entry, handler)


def _by_method(filesystem: Filesystem, nodes: Sequence[Node], member: str) -> Nearest | None:
    wanted = [member.rpartition(".")[2], *_USUAL]
    found: list[tuple[int, Node, str]] = []
    for node in nodes[:_READ]:
        found += [
            (wanted.index(definition.name), node, handler_of(_stem(node), definition))
            for definition in methods(_script(filesystem, node))
            if definition.name in wanted
        ]
    if found:
        _, node, handler = min(found, key=lambda one: (one[0], _depth(one[1])))
        return _at(node, handler, f", which defines {handler.removeprefix(f'{_stem(node)}.')}")
    if not nodes:
        return None
    names = ", ".join(f"{_stem(node)}.rb" for node in nodes[:3])
    return Nearest(f"found {names}", nodes[0].entry, None)


def methods(script: Script | None) -> list[Definition]:
    """Return the methods of a file that the runtime could call."""
    if script is None:
        return []
    return [
        one
        for one in script.definitions
        if one.sure and one.inside is None and one.owner is not None and one.singleton == bool(one.owner)
    ]


def handler_of(stem: str, definition: Definition) -> str:
    """Return the handler string for a method in a file."""
    owner = "::".join(definition.owner or ())
    return f"{stem}.{owner}.{definition.name}" if owner else f"{stem}.{definition.name}"


def _script(filesystem: Filesystem, node: Node) -> Script | None:
    try:
        return parse(filesystem.read(node, LIMIT))
    except Lacking:
        return None


def _stem(node: Node) -> str:
    return node.path.removeprefix(f"{TASK}/").removesuffix(".rb")


def _depth(node: Node) -> tuple[int, str]:
    return node.path.count("/"), node.path
