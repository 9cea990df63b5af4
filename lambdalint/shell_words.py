"""What the words of a shell come to: quotes taken off, and variables and arguments put in where they are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

#: What Lambda itself sets, to what is not known here, for whatever an image starts
#: (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, read 2026-11-21).
SET_BY_LAMBDA: Final = frozenset(
    {
        "AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_REGION", "AWS_DEFAULT_REGION",
    }
)  # fmt: skip
_CLOSING: Final = {"[": "]", "[[": "]]"}
_NAME: Final = r"[A-Za-z_]\w*|[0-9]|#"
_VARIABLE: Final = re.compile(rf"\$(?:({_NAME})|\{{({_NAME})(?:(:?-|#)([^}}$`\"'\\]*))?\}})")
#: What ``command -v`` finds, as is asked of it alone.
_LOOKED_UP: Final = re.compile(r'"?\$\(\s*command -v (\S+?)\s*(?:2?>\s*/dev/null\s*)?\)"?')
_ALONE: Final = re.compile(rf'"?{_VARIABLE.pattern}"?')
#: Variables whose values are places of an image and may be shown; no other variable's value ever is.
_SHOWN: Final = frozenset(
    {
        "PATH", "HOME", "VIRTUAL_ENV", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR", "JAVA_HOME", "GEM_HOME", "GEM_PATH", "PYTHONPATH",
        "NODE_PATH",
    }
)  # fmt: skip
#: All arguments, as they are or taken apart at blanks.
_ALL: Final = {'"$@"': False, '"${@}"': False, "$@": True, "${@}": True, "$*": True, "${*}": True}
#: Outside of quotes these stand for what the file system or bash makes of them.
_PATTERNS: Final = frozenset("*?[~{`!^")


#: Tells whether a path, or for ``-v`` a command, is what a test asks for. None: not known.
Ask = Callable[[str, str], "bool | None"]


class Words:
    """What is known where a word is read."""

    __slots__ = ("arguments", "ask", "environment", "variables")

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], ask: Ask | None = None) -> None:
        #: None: there are no files to be asked.
        self.ask: Final = ask
        self.arguments: tuple[str, ...] = tuple(arguments)
        #: What the script is started with, to be judged by and not to be put into words.
        self.environment: Final = environment
        #: What may be put into words. None: it is set, to what is not known.
        self.variables: dict[str, str | None] = {name: value for name, value in environment.items() if name in _SHOWN}

    def fields(self, word: str) -> list[str] | None:
        """Return what a word of a command becomes: none, one or several. None: not known."""
        if word in ("[", "]", "[[", "]]", "!", "{", "}"):
            return [word]
        if word in _ALL:
            return [part for one in self.arguments for part in one.split()] if _ALL[word] else list(self.arguments)
        value = self.value(word)
        if value is None or not _VARIABLE.match(word):
            return None if value is None or self._splits(word, value) else [value]
        return value.split() if _VARIABLE.fullmatch(word) else None if self._splits(word, value) else [value]

    def _splits(self, word: str, value: str) -> bool:
        """Tell whether a variable that stands outside of quotes may make several words of a longer one."""
        return (not value or any(blank in value for blank in " \t\n")) and "$" in re.sub(r'"[^"]*"|\'[^\']*\'', "", word)

    def value(self, word: str, *, judging: bool = False) -> str | None:
        """Return what a word becomes that is not taken apart, as in an assignment. None: not known.

        ``judging``: it is compared only, and goes no further.
        """
        found = list(self._pieces(word, judging=judging))
        return None if None in found else "".join(piece or "" for piece in found)

    def is_set(self, word: str) -> bool | None:
        """Tell whether a word comes to more than nothing. None: not known."""
        variable = _ALONE.fullmatch(word)
        if variable is not None and (variable[1] or variable[2]) in SET_BY_LAMBDA:
            return True
        asked = _LOOKED_UP.fullmatch(word)
        if asked is not None:
            return self.asked("-v", asked[1])
        value = self.value(word, judging=True)
        return None if value is None else bool(value)

    def asked(self, test: str, word: str) -> bool | None:
        """Tell what a test says of a file. None: not known."""
        value = self.value(word, judging=True)
        return None if self.ask is None or not value else self.ask(test, value)

    def test(self, words: Sequence[str]) -> bool | None:
        """Tell how ``[``, ``[[`` or ``test`` ends with its words, itself the first. None: not known."""
        closing = _CLOSING.get(words[0])
        if closing is not None and words[-1] != closing:
            return None
        inner = list(words[1:-1] if closing else words[1:])
        turned = inner[:1] == ["!"]
        found = self._tested(inner[turned:])
        return None if found is None else found is not turned

    def _tested(self, words: Sequence[str]) -> bool | None:
        if len(words) == 1:
            return self.is_set(words[0])
        if len(words) == 2 and words[0] in ("-z", "-n"):
            found = self.is_set(words[1])
            return None if found is None else found is (words[0] == "-n")
        if len(words) == 2 and words[0] in ("-e", "-f", "-d", "-x"):
            return self.asked(*words)
        if len(words) != 3:
            return None
        left, right = (self.value(words[at], judging=True) for at in (0, 2))
        if left is None or right is None:
            return None
        return (left == right) is (words[1] != "!=") if words[1] in ("=", "==", "!=") else _compared(left, words[1], right)

    def _pieces(self, word: str, *, judging: bool) -> Iterator[str | None]:
        at, quoted = 0, False
        while at < len(word):
            sign = word[at]
            variable = _VARIABLE.match(word, at) if sign == "$" else None
            if sign == "'" and not quoted:
                end = word.index("'", at + 1)
                yield word[at + 1 : end]
                at = end + 1
            elif sign == '"':
                quoted, at = not quoted, at + 1
            elif sign == "\\" and at + 1 < len(word):
                yield word[at : at + 2] if quoted and word[at + 1] not in '$`"\\' else word[at + 1]
                at += 2
            elif variable is not None:
                yield self._variable(variable, judging=judging)
                at = variable.end()
            else:
                yield None if sign in "$`" or (not quoted and sign in _PATTERNS) else sign
                at += 1

    def _variable(self, found: re.Match[str], *, judging: bool) -> str | None:
        name, sign, default = found[1] or found[2], found[3], found[4]
        if name == "#":
            return str(len(self.arguments)) if sign is None else None
        if not name.isdigit():
            value = self.variables.get(name, self.environment.get(name) if judging else None)
            return None if sign == "#" else default if value == "" and sign == ":-" else value
        if name == "0":
            return None
        number = int(name)
        given = self.arguments[number - 1] if number <= len(self.arguments) else None
        if sign == "#":
            return None if any(one in default for one in "*?[") else (given or "").removeprefix(default)
        if given is None or (given == "" and sign == ":-"):
            return default if sign is not None else ""
        return given


def _compared(left: str, sign: str, right: str) -> bool | None:
    if not left.isdecimal() or not right.isdecimal():
        return None
    one, other = int(left), int(right)
    found = {"-eq": one == other, "-ne": one != other, "-gt": one > other, "-ge": one >= other, "-lt": one < other, "-le": one <= other}
    return found.get(sign)


def both(one: bool | None, other: bool | None) -> bool | None:
    """Tell whether two things hold, of which one or both may not be known."""
    return False if one is False or other is False else None if one is None or other is None else True


def either(one: bool | None, other: bool | None) -> bool | None:
    """Tell whether one of two does."""
    return True if one or other else None if one is None or other is None else False
