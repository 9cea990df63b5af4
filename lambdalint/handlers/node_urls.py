"""Paths that Node.js reads as URLs: those of ``import``."""

from __future__ import annotations

import re
from typing import Final

from lambdalint.handlers.node_targets import Undecided

_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_HEX: Final = re.compile(rb"%([0-9a-fA-F]{2})")


def is_url(specifier: str) -> bool:
    """Tell whether a specifier begins with a scheme, as ``file:`` and ``data:`` do."""
    return _SCHEME.match(specifier) is not None


def url_path(path: str) -> str:
    """Return the path that a URL's path means: cut at ``?`` and ``#``, ``%20`` decoded. Raises Undecided for one that is refused."""
    cut = re.split(r"[?#]", path, maxsplit=1)[0]
    if "\\" in cut or re.search(r"%2f|%5c", cut, re.IGNORECASE):
        raise Undecided
    if "%" not in cut:
        return cut
    raw = _HEX.sub(lambda match: bytes([int(match[1], 16)]), cut.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "surrogateescape")
