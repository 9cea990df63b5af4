"""What V8 says of JSON that it cannot parse."""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = " \t\r\n"
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD: Final = re.compile(r"true|false|null")
_DEPTH: Final = 200


def complaint(text: str, major: int) -> str | None:
    """Return the text of Node.js for a package.json or module that is no JSON; None: it may yet accept it, or its words are not known."""
    place = first_fault(text)
    if place is None:
        return None
    position, expected, depth = place
    if major >= 22:
        # From 22 on a lazy parser reads package.json: it stops at the object's end and skips over values.
        return "" if depth <= 1 and expected in ("key", "first key", "comma", "colon", "object") else None
    if position >= len(text) and (major < 20 or expected in ("value", "object")):
        return "Unexpected end of JSON input"
    if major < 20:
        char = text[position] if position < len(text) else ""
        return f"Unexpected token {char} in JSON at position {position}"
    return _newer(text, position, expected)


def _newer(text: str, position: int, expected: str) -> str | None:
    """V8 11 and later."""
    at = f" in JSON at position {position}"
    if expected == "first key":
        return f"Expected property name or '}}'{at}"
    if expected == "key":
        return f"Expected double-quoted property name{at}"
    if expected == "colon":
        return f"Expected ':' after property name{at}"
    if expected == "comma":
        return f"Expected ',' or '}}' after property value{at}"
    if expected == "end":
        return f"Unexpected non-whitespace character after JSON at position {position}"
    if expected in ("value", "object") and position < len(text):
        start, end = max(0, position - 10), min(len(text), position + 10)
        shown = ("..." if start else "") + f'"{text[start:end]}"' + ("..." if end < len(text) else "")
        shown = f'"{text}"' if len(text) <= 40 else shown.replace('..."', '"...', 1) if start else shown
        return f"Unexpected token '{text[position]}', {shown} is not valid JSON"
    return None


def first_fault(text: str) -> tuple[int, str, int] | None:
    """Return where JSON goes wrong, what should stand there, and how deep; None: nowhere, or too deep to tell."""
    position = _skip(text, 0)
    if text[position : position + 1] not in ("{", "["):
        end = _scalar(text, position)
        if end is None:
            return position, "object", 0
        after = _skip(text, end)
        return (after, "end", 0) if after < len(text) else None
    stack: list[str] = []
    state = "value"
    while True:
        position = _skip(text, position)
        char = text[position : position + 1]
        if not stack and state == "after":
            return None if not char else (position, "end", 0)
        if len(stack) > _DEPTH:
            return None
        if state == "value" and char in ("{", "[") and char:
            stack.append(char)
            state = "first key" if char == "{" else "first value"
            position += 1
        elif stack and char == {"{": "}", "[": "]"}[stack[-1]] and state in ("after", "first key", "first value"):
            stack.pop()
            state = "after"
            position += 1
        elif state == "after":
            if char != ",":
                return position, "comma", len(stack)
            state = "key" if stack[-1] == "{" else "value"
            position += 1
        elif state in ("key", "first key"):
            match = _STRING.match(text, position)
            if match is None:
                return position, state if char != '"' else "string", len(stack)
            position = _skip(text, match.end())
            if text[position : position + 1] != ":":
                return position, "colon", len(stack)
            state = "value"
            position += 1
        elif state == "first value":
            state = "value"
        else:
            end = _scalar(text, position)
            if end is None:
                return position, "value", len(stack) + 1
            position, state = end, "after"


def _scalar(text: str, position: int) -> int | None:
    for pattern in (_STRING, _NUMBER, _WORD):
        match = pattern.match(text, position)
        if match is not None:
            return match.end()
    return None


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position
