"""Where the string literals and comments of Python source are, f-strings nested as from Python 3.12 on included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_START: Final = re.compile(r"#[^\n]*|(?<!\w)([rRbBuUfFtT]{0,3})('''|\"\"\"|'|\")|(?<=\w)()('''|\"\"\"|'|\")")
_REST: Final = {
    quote: re.compile(rf"(?:[^\\{quote[0]}{'' if len(quote) == 3 else chr(10)}]|\\.{within})*{quote}", re.DOTALL)
    for quote, within in (("'", ""), ('"', ""), ("'''", "|'(?!'')"), ('"""', '|"(?!"")'))
}
#: A conversion with space behind it, which Python 3.11 refuses.
_SPACED: Final = re.compile(r"!\w+\s+[:}]")
_OPEN: Final = "([{"
_CLOSE: Final = ")]}"
#: Fields within fields that are followed; CPython's own limit is 150 (PEP 701).
_DEPTH: Final = 12


class Lost(Exception):  # noqa: N818 - no error: the source is not understood
    """A literal has no end."""


class Deep(Lost):
    """A literal is nested too deep to follow."""


class Literal:
    """A string literal or a comment."""

    __slots__ = ("end", "modern", "prefix", "start")

    def __init__(self, start: int, end: int, prefix: str, modern: str | None) -> None:
        self.start: Final = start
        self.end: Final = end
        #: In lower case; ``#`` for a comment.
        self.prefix: Final = prefix
        #: What Python 3.11 would not take in this f-string: a quote, a backslash, ``#``, ``!`` or ``t``. None: it would take it.
        self.modern: Final = modern


def literals(text: str) -> Iterator[Literal]:
    """Yield the literals and comments that are not inside another literal, in order. Raises Lost."""
    position = 0
    while (found := _START.search(text, position)) is not None:
        literal = _literal(text, found, 0)
        yield literal
        position = literal.end


def is_endless(text: str) -> bool:
    """Tell whether a literal has no end, in the eyes of Python 3.12 and later."""
    try:
        for _ in literals(text):
            pass
    except Deep:
        return False
    except Lost:
        return True
    return False


def masked(text: str) -> str:
    """Return the text with what stands in literals and comments blanked, newlines aside. Raises Lost."""
    parts = []
    position = 0
    for literal in literals(text):
        parts.append(text[position : literal.start])
        parts.append(re.sub(r"[^\n]", " " if literal.prefix == "#" else "_", text[literal.start : literal.end]))
        position = literal.end
    return "".join(parts) + text[position:]


def _literal(text: str, found: re.Match[str], depth: int) -> Literal:
    prefix, quote = (found[1] or "").lower(), found[2] or found[4]
    if quote is None:
        return Literal(found.start(), found.end(), "#", None)
    if "f" not in prefix and "t" not in prefix:
        rest = _REST[quote].match(text, found.end())
        if rest is None:
            raise Lost
        return Literal(found.start(), rest.end(), prefix, None)
    scan = _Formatted(text, quote, depth, raw="r" in prefix)
    end = scan.words(found.end(), in_spec=False)
    return Literal(found.start(), end, prefix, "t" if "t" in prefix else scan.modern)


class _Formatted:
    """One f-string under the reading eye."""

    def __init__(self, text: str, quote: str, depth: int, *, raw: bool) -> None:
        if depth > _DEPTH:
            raise Deep
        self.text = text
        self.quote = quote
        self.depth = depth
        self.raw = raw
        self.modern: str | None = None

    def words(self, at: int, *, in_spec: bool) -> int:
        """Read literal text up to the closing quote, or within a format specification up to its brace."""
        text = self.text
        while at < len(text):
            char = text[at]
            if char == "\\":
                at = self._escape(at)
            elif char == "{":
                at = at + 2 if text.startswith("{{", at) and not in_spec else self.field(at + 1)
            elif char == "}" and in_spec:
                return at
            elif text.startswith(self.quote, at):
                return at + len(self.quote)
            elif char == "\n" and len(self.quote) == 1:
                raise Lost
            else:
                at += 1
        raise Lost

    def _escape(self, at: int) -> int:
        if self.text.startswith(("\\{", "\\}"), at):
            return at + 1
        if not self.raw and self.text.startswith("\\N{", at):
            return self.text.find("}", at) + 1 or len(self.text)
        return at + 2

    def field(self, start: int) -> int:
        """Read an expression in braces and what follows it; return where its closing brace ends."""
        text, at, nested = self.text, start, 0
        while at < len(text):
            char = text[at]
            found = _START.match(text, at) if char in "#'\"rRbBuUfFtT" else None
            if found is not None:
                inner = _literal(text, found, self.depth + 1)
                self._judge(text[at : inner.end], inner)
                at = inner.end
                continue
            if char in _OPEN:
                nested += 1
            elif char in _CLOSE:
                if nested == 0:
                    if char != "}":
                        raise Lost
                    return at + 1
                nested -= 1
            elif char == ":" and nested == 0:
                return self.words(at + 1, in_spec=True) + 1
            elif char == "!" and nested == 0 and _SPACED.match(text, at) is not None:
                self.modern = self.modern or "!"
            elif char == "\\":
                self.modern = self.modern or "\\"
            elif char == "\n" and len(self.quote) == 1:
                self.modern = self.modern or "'"
            at += 1
        raise Lost

    def _judge(self, inner: str, literal: Literal) -> None:
        """Note what Python 3.11 could not read: it looks for the closing quote before it looks at the braces."""
        if self.quote in inner or ("\n" in inner and len(self.quote) == 1 and literal.prefix != "#"):
            self.modern = self.modern or "'"
        elif "\\" in inner:
            self.modern = self.modern or "\\"
        elif literal.prefix == "#":
            self.modern = self.modern or "#"
        self.modern = self.modern or literal.modern
