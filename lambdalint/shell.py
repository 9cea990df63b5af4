"""Takes a shell script apart into words and signs, and those into commands; ``shell_script`` tells what they come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

#: A word as written, or a sign (``;`` ``&&`` ...; a line's end is ``\n``); which of both; the number of its line.
Token = tuple[str, bool, int]
Tokens = Sequence[Token]

_SIGN: Final = re.compile(r"\n|;;&?|;&|&&|\|\||\|&|[;&|()]")
_REDIRECTION: Final = re.compile(r"\d*(?:&>>?|[<>]&|>\||<>|>>?|<)")
_ENDS_WORD: Final = " \t\n;&|<>()"
_OPENS: Final = {"if": "fi", "for": "done", "while": "done", "until": "done", "select": "done", "case": "esac", "{": "}", "(": ")"}
#: Quotes and parentheses within one another.
_DEPTH: Final = 40
#: Words behind which a command begins.
_BEFORE_COMMAND: Final = frozenset({"then", "else", "elif", "do", "if", "while", "until", "!", "{"})
#: Words that begin no command.
KEYWORDS: Final = frozenset({"then", "else", "elif", "fi", "do", "done", "esac", "}", "in"})
#: Words between commands.
_JOINING: Final = KEYWORDS | {"{", "if", "!"}


class Unclear(Exception):  # noqa: N818 - nothing is wrong: the script does more than is followed
    """What a script comes to hangs on more than its text and what is known."""


def tokens(text: str) -> list[Token]:
    """Return words and signs without comments and redirections. Raises Unclear."""
    found: list[Token] = []
    at, line = 0, 1
    while at < len(text):
        end = _blank(text, at)
        if end == at:
            redirection = _REDIRECTION.match(text, at)
            sign = None if redirection else _SIGN.match(text, at)
            if redirection is not None:
                end = _redirected(text, redirection.end())
            elif sign is not None:
                found.append((sign[0], False, line))
                end = sign.end()
            else:
                end = _word(text, at)
                found.append((text[at:end].replace("\\\n", ""), True, line))
        line += text.count("\n", at, end)
        at = end
    return found


def _blank(text: str, at: int) -> int:
    if text[at] in " \t":
        return at + 1
    if text.startswith("\\\n", at):
        return at + 2
    if text[at] == "#" and (at == 0 or text[at - 1] in _ENDS_WORD):
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    return at


def _redirected(text: str, at: int) -> int:
    """Return where what a redirection names ends."""
    if text.startswith("<", at) or text.startswith("(", at):
        raise Unclear  # text within the script, or a program in a file's place
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return _word(text, at)


def _word(text: str, at: int) -> int:
    """Return where a word ends."""
    while at < len(text) and text[at] not in _ENDS_WORD:
        at = _piece(text, at)
    return at


def _piece(text: str, at: int, depth: int = 0) -> int:
    """Return where a character with what it opens ends."""
    if text[at] == "\\":
        return at + 2
    if text[at] in "'`":
        return _closed(text.find(text[at], at + 1))
    if text[at] == '"':
        return _until(text, at + 1, '"', depth)
    if text.startswith("$(", at):
        return _until(text, at + 2, ")", depth)
    if text.startswith("${", at):
        return _until(text, at + 2, "}", depth)
    return at + 1


def _until(text: str, at: int, end: str, depth: int) -> int:
    if depth > _DEPTH:
        raise Unclear
    while at < len(text) and text[at] != end:
        inside_quotes = end == '"' and text[at] == "'"
        nested = end == ")" and text[at] == "("
        at = at + 1 if inside_quotes else _until(text, at + 1, ")", depth + 1) if nested else _piece(text, at, depth + 1)
    return _closed(at if at < len(text) else -1)


def _closed(at: int) -> int:
    if at < 0:
        raise Unclear
    return at + 1


def is_word(token: Token, *texts: str) -> bool:
    return token[1] and token[0] in texts


def split(some: Tokens, signs: Sequence[str]) -> Iterator[tuple[Tokens, str]]:
    """Yield the parts between signs, outside of what is nested, each with the sign behind it; empty at the end."""
    start = 0
    for at, token in _outside(some):
        if not token[1] and token[0] in signs:
            yield some[start:at], token[0]
            start = at + 1
    yield some[start:], ""


def until(some: Tokens, is_end: Callable[[Token], bool]) -> tuple[Tokens, Tokens]:
    """Return what comes before a keyword, outside of what is nested, and the keyword with what follows. Raises Unclear."""
    begins = True
    for at, token in _outside(some):
        if begins and is_end(token):
            return some[:at], some[at:]
        begins = _begins_command(token)
    raise Unclear


def _begins_command(token: Token) -> bool:
    return not token[1] or token[0] in _BEFORE_COMMAND


def _outside(some: Tokens) -> Iterator[tuple[int, Token]]:
    """Yield the tokens that no compound command holds, its own first and last words among them."""
    stack: list[str] = []
    begins = True
    for at, token in enumerate(some):
        if stack and token[0] == stack[-1] and (begins or token[0] == ")"):
            stack.pop()
        elif not stack:
            yield at, token
        if token[0] in _OPENS and (token[0] == "(" or begins):
            stack.append(_OPENS[token[0]])
        begins = _begins_command(token)
    if stack:
        raise Unclear


def firsts(some: Tokens) -> Iterator[str]:
    """Yield the first word of every command, however nested."""
    begins = True
    for text, word, _ in some:
        joins = not word or text in _JOINING
        if begins and not joins:
            yield text
        begins = joins
