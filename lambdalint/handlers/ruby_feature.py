"""Reads what a ``require`` is given: a literal, or a path that is put together from ``__dir__`` or ``__FILE__``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node as Tree


def read_feature(verb: str, word: Tree, text: bytes) -> tuple[str, str | None]:
    """Return how and what is required; a path from the file's own folder is told as ``require_relative``.

    None in place of the feature: it is computed at run time.
    """
    if word.type == "string":
        return verb, _literal(word, text)
    arguments = word.child_by_field_name("arguments")
    if word.type != "call" or arguments is None or _say(word.child_by_field_name("receiver"), text) != "File":
        return verb, None
    path = _path(_say(word.child_by_field_name("method"), text), arguments.named_children, text)
    return (verb, None) if path is None or verb == "load" else ("require_relative", path)


def _path(method: str, words: Sequence[Tree], text: bytes) -> str | None:
    """Read ``File.join(__dir__, 'a', 'b')``, ``File.expand_path('a', __dir__)`` and ``File.expand_path('../a', __FILE__)``."""
    if method == "join" and words and _say(words[0], text) == "__dir__":
        parts = [_literal(word, text) if word.type == "string" else None for word in words[1:]]
        return None if None in parts else "/".join(part for part in parts if part is not None).lstrip("/")
    if method != "expand_path" or len(words) != 2 or words[0].type != "string":
        return None
    part, base = _literal(words[0], text), _say(words[1], text)
    if part is None or part.startswith(("/", "~")):
        return None
    if base == "__FILE__":
        return part[3:] if part.startswith("../") else None
    return part if base == "__dir__" else None


def _literal(word: Tree, text: bytes) -> str | None:
    """Return a string's content; None: something in it is computed."""
    if any(child.type != "string_content" for child in word.named_children):
        return None
    return "".join(_say(child, text) for child in word.named_children)


def _say(node: Tree | None, text: bytes) -> str:
    return "" if node is None else text[node.start_byte : node.end_byte].decode("utf-8", "replace")
