"""Brackets that do not close, or close what was never opened: a truncated or badly merged file."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    rb"""(?P<skip>\s+|//[^\n]*|/\*(?:(?!\*/).)*\*/)|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    rb"""|(?P<word>[\w$\x80-\xff]+)|(?P<mark>.)""",
    re.DOTALL,
)
_REGEX: Final = re.compile(rb"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_TEMPLATE: Final = re.compile(rb"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
#: Words after which a slash begins a regular expression.
_BEFORE_REGEX: Final = frozenset(
    {b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"new", b"else", b"do", b"instanceof", b"yield", b"await"}
)
#: Words with a parenthesis after them that is no call's, and words that an argument cannot end with.
_NO_CALL: Final = frozenset({b"if", b"for", b"while", b"switch", b"with", b"catch", b"function", b"class", b"async", b"import", b"super"})
#: A parenthesis of a call, and one that may be, are kept apart: V8 has words of its own for the first.
_OPENING: Final = frozenset({b"(", b"f(", b"?(", b"[", b"{"})
_PAIRS: Final = {b")": b"(", b"]": b"[", b"}": b"{"}


class Imbalance:
    """What V8 says, and the byte where."""

    __slots__ = ("offset", "text")

    def __init__(self, offset: int, text: str) -> None:
        self.offset: Final = offset
        self.text: Final = text


class _Unclear(Exception):  # noqa: N818 - not an error: a slash or a quote that could be two things
    """The text cannot be read without a parser."""


def imbalance(text: bytes) -> Imbalance | None:
    """Return what is wrong with the brackets of a source; None: nothing that is sure."""
    try:
        return _scan(text)
    except _Unclear:
        return None


def _scan(text: bytes) -> Imbalance | None:
    stack: list[bytes] = []
    position, before, word_before = 0, b"(", b"("
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _Unclear
        position = match.end()
        if match.lastgroup == "skip":
            continue
        token = match[0]
        if token == b"/":
            position, token = _slash(text, match.start(), before)
        elif token == b"`" or (token == b"}" and stack[-1:] == [b"${"]):
            if token == b"}":
                stack.pop()
            position, token = _template(text, position, stack)
        elif token in _PAIRS and not stack:
            return Imbalance(match.start(), f"Unexpected token '{token.decode()}'")
        elif match.lastgroup == "mark":
            _bracket(_opened(before, word_before, stack) if token == b"(" else token, stack)
        before, word_before = token, before
    return Imbalance(len(text), _at_end(stack[-1], before)) if stack else None


def _opened(name: bytes, before: bytes, stack: list[bytes]) -> bytes:
    """Tell the parenthesis of a call, ``f(``, and one that may be a call's or a method's, ``?(``, from all others."""
    if not _is_name(name):
        return b"?(" if name in (b")", b"]", b"}", b"`") else b"("
    if before in (b".", b"new"):
        return b"f("
    return b"f(" if stack[-1:] != [b"{"] and before not in (b"function", b"*") else b"?("


def _is_name(token: bytes) -> bool:
    return (token[:1].isalpha() or token[:1] in (b"_", b"$")) and token not in _BEFORE_REGEX and token not in _NO_CALL


def _at_end(opened: bytes, last: bytes) -> str:
    """What V8 says where the text ends inside a bracket: in a call, after a whole argument, it wants the parenthesis."""
    whole = _is_name(last) or last[:1].isdigit() or last[-1:] in (b")", b"]", b"}", b"`", b'"', b"'")
    if opened in (b"f(", b"?(") and whole:
        if opened == b"?(":
            raise _Unclear
        return "missing ) after argument list"
    return "Unexpected end of input"


def _bracket(token: bytes, stack: list[bytes]) -> None:
    if token in _OPENING:
        stack.append(token)
    elif token in (b'"', b"'") or (token in _PAIRS and stack.pop()[-1:] != _PAIRS[token]):
        raise _Unclear  # surely wrong, but what V8 says of it hangs on what it was reading


def _slash(text: bytes, start: int, before: bytes) -> tuple[int, bytes]:
    if before in (b")", b"}"):
        raise _Unclear
    last = before[-1:]
    if before not in _BEFORE_REGEX and (last.isalnum() or last in (b"_", b"$", b"]", b'"', b"'", b"`", b"/") or last >= b"\x80"):
        return start + 1, b"/="
    match = _REGEX.match(text, start)
    if match is None:
        raise _Unclear
    return match.end(), b"/"


def _template(text: bytes, position: int, stack: list[bytes]) -> tuple[int, bytes]:
    """Go on in a template up to its end or its next ``${``."""
    match = _TEMPLATE.match(text, position)
    assert match is not None
    end = match.end()
    if text[end : end + 1] == b"`":
        return end + 1, b"`"
    if text[end : end + 2] == b"${":
        stack.append(b"${")
        return end + 2, b"("
    raise _Unclear
