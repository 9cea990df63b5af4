"""Which names ``import`` sees in a CommonJS file: Node.js guesses them from the text, without running it.

The forms that it knows are listed at https://github.com/nodejs/cjs-module-lexer#grammar (read 2026-11-21).
"""

from __future__ import annotations

import re
from typing import Final

from lambdalint.handlers.node_source import Opaque, Site, Source, children
from lambdalint.handlers.node_values import property_name

#: Something that may hand on the names of another module.
_FORWARDS: Final = re.compile(
    rb"__export|__reExport|Object\s*\.\s*keys\s*\(|(?:module\s*\.\s*)?exports\s*=[^;\n]{0,200}\brequire\s*\(|\.\.\.\s*require\s*\("
)
_EXPORTS: Final = re.compile(r"(?:module\s*\.\s*)?exports$")


def sees(source: Source, name: str) -> bool | None:
    """Tell whether ``import`` sees a name in a CommonJS file; None: it cannot be told."""
    if name in ("default", "module.exports"):
        return True
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", name) or _FORWARDS.search(source.text):
        return None
    pattern = re.compile(rb"(?<![\w$])" + re.escape(name.encode()) + rb"(?![\w$])")
    try:
        return None if any(_is_form(source, source.site(match.start())) for match in pattern.finditer(source.text)) else False
    except (Opaque, RecursionError):
        return None


def surely_sees(source: Source, name: str) -> bool:
    """Tell whether a plain ``exports.name =`` stands in the file."""
    pattern = rb"(?<![\w$.])(?:module\.)?exports\." + re.escape(name.encode()) + rb"\s*=[^=]"
    return re.search(pattern, source.text) is not None


def _is_form(source: Source, site: Site) -> bool:
    """Tell whether a word stands where the lexer might take it for an export; rather too often than too seldom."""
    for up in range(1, 8):
        above, below = site.up(up), site.up(up - 1)
        if above is None or below is None:
            return False
        if above.type in ("member_expression", "subscript_expression") and below.field != "object":
            base = above.node.child_by_field_name("object")
            return base is not None and bool(_EXPORTS.match(source.slice(base)))
        if above.type == "arguments":
            first = next(children(above.node), None)
            return first is not None and bool(_EXPORTS.match(source.slice(first)))
        if above.type == "object":
            return _assigned(source, site, up)
        if above.type in ("ERROR", "statement_block", "program"):
            return above.type == "ERROR"
    return True


def _assigned(source: Source, site: Site, level: int) -> bool:
    part = site.up(level - 1)
    key = None if part is None else part.node.child_by_field_name("key") or part.node.child_by_field_name("name")
    if part is not None and key is not None and property_name(source, key) is not None and not key.start_byte <= site.start < key.end_byte:
        return False
    above = site.up(level + 1)
    if above is None or above.type != "assignment_expression":
        return False
    left = above.node.child_by_field_name("left")
    return left is not None and bool(_EXPORTS.match(source.slice(left)))
