"""What V8 says of JSON that it cannot parse."""

from __future__ import annotations

import re
from typing import Final

_SPACE: Final = " \t\r\n"
#: A string as far as it is one, without the closing quote.
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
#: A number as far as it is one: its sign, its whole part, its fraction and its exponent.
_NUMBER: Final = re.compile(r"(-?)(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][+-]?[0-9]*)?")
_HEX: Final = re.compile(r"[0-9a-fA-F]{0,4}")
_DEPTH: Final = 200


class Flaw:
    """Where JSON goes wrong, what should stand there, and how deep inside it is."""

    __slots__ = ("depth", "expected", "position")

    def __init__(self, position: int, expected: str, depth: int) -> None:
        self.position: Final = position
        self.expected: Final = expected
        self.depth: Final = depth


def package_complaint(text: str, major: int) -> str | None:
    """Return what Node.js says of a package.json that is no JSON, empty where it does not say why; None: it may yet accept it."""
    flaw = first_flaw(text)
    if flaw is None:
        return None
    if major < 22:
        return _words(text, flaw, major)
    # From 22 on a lazy parser reads package.json: it stops at the object's end and skips over what it does not need.
    if flaw.depth > 1 or flaw.expected not in ("key", "first key", "colon", "comma", "object"):
        return None
    ended = flaw.position >= len(text) or (text[flaw.position] == '"' and text[: flaw.position].rstrip()[-1:] in '"}]')
    return None if flaw.expected == "comma" and not ended else ""


def module_complaint(text: str, major: int) -> str | None:
    """Return what Node.js says of a .json file that it is to load; None: it is JSON, or the words are not known."""
    flaw = first_flaw(text)
    words = None if flaw is None else _words(text, flaw, major)
    if flaw is None or words is None or major < 22 or not words.endswith(f"at position {flaw.position}"):
        return words
    before = text[: flaw.position]
    return f"{words} (line {before.count(chr(10)) + 1} column {flaw.position - before.rfind(chr(10))})"


def _words(text: str, flaw: Flaw, major: int) -> str | None:
    position, expected = flaw.position, flaw.expected
    at = f" in JSON at position {position}"
    if expected == "number":
        return f"Unexpected number{at}"
    if position >= len(text) and (major < 20 or expected in ("value", "object")):
        return "Unexpected end of JSON input"
    if major < 20:
        return f"Unexpected token {text[position]}{at}"
    known = {
        "first key": f"Expected property name or '}}'{at}",
        "key": f"Expected double-quoted property name{at}",
        "colon": f"Expected ':' after property name{at}",
        "comma": f"Expected ',' or '}}' after property value{at}",
        "element": f"Expected ',' or ']' after array element{at}",
        "end": f"Unexpected non-whitespace character after JSON at position {position}",
        "string": f"Unterminated string{at}",
        "escape": f"Bad escaped character{at}",
        "unicode": f"Bad Unicode escape{at}",
        "control": f"Bad control character in string literal{at}",
        "minus": f"No number after minus sign{at}",
        "exponent": f"Exponent part is missing a number{at}",
        "fraction": f"Unterminated fractional number{at}",
    }
    if expected in known:
        return known[expected]
    if len(text) > 20:  # V8 shows ten characters on either side
        start, end = max(0, position - 10), min(len(text), position + 10)
        head, tail = "..." if start else "", "..." if end < len(text) else ""
        return f"Unexpected token '{text[position]}', {head}\"{text[start:end]}\"{tail} is not valid JSON"
    return f"Unexpected token '{text[position]}', \"{text}\" is not valid JSON"


class _Reader:
    """One pass over JSON, without recursion."""

    def __init__(self, text: str) -> None:
        self._text: Final = text
        self._at = 0
        self._stack: list[str] = []

    def run(self) -> Flaw | None:
        state = "value"
        while state != "done":
            self._at = _skip(self._text, self._at)
            char = self._text[self._at : self._at + 1]
            if len(self._stack) > _DEPTH:
                return None
            if state == "after":
                step = self._after(char)
            elif state in ("key", "first key"):
                step = self._key(char, state)
            else:
                step = self._value(char, state)
            if isinstance(step, Flaw):
                return step
            state = step
        return None

    def _flaw(self, expected: str, position: int | None = None) -> Flaw:
        return Flaw(self._at if position is None else position, expected, len(self._stack))

    def _after(self, char: str) -> str | Flaw:
        if not self._stack:
            return self._flaw("end") if char else "done"
        opened = self._stack[-1]
        if char and char == {"{": "}", "[": "]"}[opened]:
            self._stack.pop()
        elif char != ",":
            before = self._text[self._at - 1 : self._at]
            if char.isdigit() and before == "0":
                return self._flaw("number")
            return self._flaw("comma" if opened == "{" else "element")
        self._at += 1
        return "after" if char != "," else "key" if opened == "{" else "value"

    def _key(self, char: str, state: str) -> str | Flaw:
        if char == "}" and state == "first key":
            self._stack.pop()
            self._at += 1
            return "after"
        if char != '"':
            return self._flaw(state)
        flaw = self._string()
        if flaw is not None:
            return flaw
        self._at = _skip(self._text, self._at)
        if self._text[self._at : self._at + 1] != ":":
            return self._flaw("colon")
        self._at += 1
        return "value"

    def _value(self, char: str, state: str) -> str | Flaw:
        if char == "]" and state == "first value":
            self._stack.pop()
            self._at += 1
            return "after"
        if char and char in "{[":
            self._stack.append(char)
            self._at += 1
            return "first key" if char == "{" else "first value"
        if char == '"':
            return self._string() or "after"
        return self._scalar(char) or "after"

    def _scalar(self, char: str) -> Flaw | None:
        flaw = self._number() if char and char in "-0123456789" else self._literal(char)
        if flaw is None:
            return None
        position, expected = flaw
        return Flaw(position, expected, len(self._stack) + bool(self._stack))

    def _number(self) -> tuple[int, str] | None:
        match = _NUMBER.match(self._text, self._at)
        assert match is not None
        _, whole, fraction, exponent = match.groups()
        if whole is None:
            return match.end(1), "minus"
        if fraction == ".":
            return match.end(3), "fraction"
        if exponent is not None and not exponent[-1].isdigit():
            return match.end(4), "exponent"
        self._at = match.end()
        return None

    def _literal(self, char: str) -> tuple[int, str] | None:
        """V8 complains of the first letter that is wrong: of the ``o`` of ``nope``."""
        for wanted in {"t": "true", "f": "false", "n": "null"}.get(char, "?"):
            if self._text[self._at : self._at + 1] != wanted:
                return self._at, "value" if self._stack else "object"
            self._at += 1
        return None

    def _string(self) -> Flaw | None:
        match = _STRING.match(self._text, self._at)
        assert match is not None
        end = match.end()
        char = self._text[end : end + 1]
        if char == '"':
            self._at = end + 1
            return None
        expected, position = ("string", end) if not char else ("control", end)
        if char == "\\":
            escape = self._text[end + 1 : end + 2]
            expected, position = ("escape" if escape else "value", end + 1)
            if escape == "u" and (digits := _HEX.match(self._text, end + 2)) is not None:
                expected, position = "unicode", digits.end()
        return Flaw(position, expected, len(self._stack) + 1)


def first_flaw(text: str) -> Flaw | None:
    """Return where JSON goes wrong; None: nowhere, or too deep to tell."""
    return _Reader(text).run()


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position
