"""The exports of a bundle too large to parse, read off its end, where bundlers write them."""

from __future__ import annotations

import re
from typing import Final

from lambdalint.handlers.node_values import UNKNOWN, Value, Worth

#: Sources from here on are read by their end first.
TAIL_FROM: Final = 128 * 1024
#: More than this of a source is not even looked at.
BUNDLE_LIMIT: Final = 32 * 1024 * 1024
_TAIL: Final = 64 * 1024
#: esbuild's line for Node.js's lexer: every name that the bundle exports.
_ANNOTATION: Final = re.compile(rb"0\s*&&\s*\(\s*module\.exports\s*=\s*\{([^{}]*)\}\s*\)\s*;?\s*+(?>//[^\n]*+\s*+)*+$")
#: The one export clause with which esbuild and rollup end an ES module.
_CLAUSE: Final = re.compile(rb"(?:^|[;}\n])\s*export\s*\{([^{}]*)\}\s*;?\s*+(?>//[^\n]*+\s*+)*+$")
#: Any export at the head of a statement.
_EXPORT: Final = re.compile(rb"export\s*(?:[*{]|default\b|const\b|let\b|var\b|function\b|class\b|async\b)")
#: How esbuild writes an import of what it left out of the bundle.
_EXTERNAL: Final = re.compile(rb'(?m)^var import_[\w$]+ = (?:__toESM\()?require\("([^"\\\n]+)"\)')
_NAME: Final = re.compile(rb"[A-Za-z_$][\w$]*")


def commonjs_tail(text: bytes) -> Value | None:
    """Return what a CommonJS bundle exports; None: its end does not say."""
    match = _ANNOTATION.search(text[-_TAIL:])
    if match is None:
        return None
    names = [part.strip() for part in match[1].split(b",") if part.strip()]
    plain = [name.decode() for name in names if _NAME.fullmatch(name)]
    return Value(Worth.OBJECT, members=dict.fromkeys(plain, UNKNOWN), complete=len(plain) == len(names))


def module_tail(text: bytes) -> Value | None:
    """Return what an ES module bundle exports; None: its end does not say."""
    match = _CLAUSE.search(text[-_TAIL:])
    if match is None:
        return None
    names: list[str] = []
    complete = _exports(text) == 1
    for part in match[1].split(b","):
        words = part.split()
        if len(words) in (1, 3) and _NAME.fullmatch(words[-1]):
            names.append(words[-1].decode())
        elif words:
            complete = False
    return Value(Worth.OBJECT, members=dict.fromkeys(names, UNKNOWN), complete=complete)


def _exports(text: bytes) -> int:
    """Count what looks like an export statement; searching for the word first is what keeps this fast."""
    count, position = 0, text.find(b"export")
    while position >= 0:
        head = text[max(0, position - 40) : position].rstrip(b" \t\r")[-1:]
        if head in (b"", b";", b"}", b"\n", b"/") and _EXPORT.match(text, position):
            count += 1
        position = text.find(b"export", position + 6)
    return count


def externals(text: bytes) -> list[tuple[str, int]]:
    """Return the packages that esbuild's readable output requires at its top level, with their lines."""
    matches = _EXTERNAL.finditer(text)
    return [(match[1].decode("utf-8", "replace"), text.count(b"\n", 0, match.start()) + 1) for match in matches]
