"""What a shell script surely comes to: the program that it becomes by ``exec``, or starts last.

Followed is what a script does if all goes well: what it asks of Lambda's own variables and of its arguments is answered, what else it asks
may do what it likes as long as the script goes on behind it as before. Everything else is unclear, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from lambdalint.shell import KEYWORDS, Tokens, Unclear, firsts, is_word, split, tokens, until
from lambdalint.shell_words import Ask, Words, both, either

#: Characters of a script that is read.
SIZE: Final = 1 << 14
#: Commands within commands.
_DEPTH: Final = 12
_ASSIGNED: Final = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
#: What may change everything behind it.
_TURNS: Final = frozenset(
    {
        "exec", "exit", "cd", "return", "source", ".", "eval", "set", "shift", "read", "getopts", "unset", "declare", "typeset", "local",
        "mapfile", "readarray", "pushd", "popd", "dirs", "alias", "shopt", "enable", "unalias", "coproc", "time",
        "builtin", "continue", "break",
    }
)  # fmt: skip
#: What a script may do before it gives up.
_LAST_WORDS: Final = frozenset({"echo", "printf", "exit", "cat", "return"})
#: Commands that a shell has in itself; those of them that are not among the turns start nothing, and change nothing that is followed.
BUILTIN: Final = _TURNS | {
    "[", ":", "bg", "builtin", "caller", "command", "compgen", "complete", "disown", "echo", "export", "false", "fc", "fg", "hash", "help",
    "history", "jobs", "kill", "let", "logout", "printf", "pwd", "readonly", "suspend", "test", "times", "trap", "true", "type", "ulimit",
    "umask", "wait",
}  # fmt: skip
#: By these, languages look for code: without their values nothing can be said of what is started.
_SEARCHED: Final = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "NODE_PATH", "NODE_OPTIONS", "RUBYLIB", "GEM_PATH", "GEM_HOME", "BUNDLE_GEMFILE", "CLASSPATH",
)  # fmt: skip


class Command:
    """A command as it is started."""

    __slots__ = ("directory", "is_whole", "line", "replaces", "variables", "words")

    def __init__(
        self, words: Sequence[str], directory: str, variables: Mapping[str, str], line: int, *, is_whole: bool, replaces: bool
    ) -> None:
        #: Its program first; never empty, but all of them only if it ``is_whole``.
        self.words: Final = tuple(words)
        self.is_whole: Final = is_whole
        #: Whether it takes the script's place, by ``exec``.
        self.replaces: Final = replaces
        self.directory: Final = directory
        self.variables: Final = dict(variables)
        self.line: Final = line


def comes_to(
    text: str, arguments: Sequence[str], directory: str, variables: Mapping[str, str], ask: Ask | None = None
) -> Command | None:
    """Return the last command of a script, started in a directory with arguments and variables. None: it is not clear.

    ``ask``: tells of the files that are there before the script does anything.
    """
    if len(text) > SIZE or "\r" in text:
        return None
    script = _Script(Words(arguments, variables, ask), directory)
    try:
        script.run(tokens(text))
    except Unclear:
        return None
    return script.last


class _Script:
    def __init__(self, known: Words, directory: str) -> None:
        self.known: Final = known
        #: None: not known.
        self.directory: str | None = directory
        self.last: Command | None = None
        #: Whether one was reached that the script becomes.
        self.ended = False
        #: What is called by these names may turn the script elsewhere.
        self._turning: set[str] = set()
        self._functions: set[str] = set()
        #: What may be set to something else in between.
        self._loose: set[str] = set()
        self._depth = 0

    def run(self, some: Tokens, *, more: bool = False) -> None:
        """Go through commands; ``more``: others follow them."""
        self._depth += 1
        if self._depth > _DEPTH:
            raise Unclear
        parts = [(part, sign) for part, sign in split(some, (";", "\n", "&")) if part]
        for number, (part, sign) in enumerate(parts):
            if sign == "&":
                self._pass(part)
                self.last = None
            else:
                self._chain(part, more=more or number + 1 < len(parts))
            if self.ended:
                break
        self._depth -= 1

    def _chain(self, some: Tokens, *, more: bool) -> None:
        """Go through commands of which each hangs on how the one before ended."""
        went: bool | None = True
        before, is_sure = "&&", True
        for part, sign in split(some, ("&&", "||")):
            if went is None or (before == "||" and went and not is_sure):
                self._pass(part, gives_up=True)
            elif went is (before == "&&"):
                if not is_sure and more and any(is_word(token, "exec") for token in part):
                    raise Unclear
                went, is_sure = self._command(part, more=more)
                if self.ended:
                    return
            before = sign

    def _command(self, some: Tokens, *, more: bool) -> tuple[bool | None, bool]:
        """Return how a command ends, None where it is not known; and whether that is sure, or only if all goes well."""
        if not some:
            raise Unclear
        if len(list(split(some, ("|", "|&")))) > 1:
            self._pass(some)
            self.last = None
            return True, False
        first = some[0]
        if first[1] and first[0] in KEYWORDS:
            raise Unclear
        if is_word(first, "!"):
            went = self._holds(some)
            return went, went is not None
        if is_word(first, "if"):
            self._if(some, more=more)
        elif is_word(first, "{") and is_word(some[-1], "}"):
            self.run(some[1:-1], more=more)
        elif is_word(first, "function") or (len(some) > 2 and some[1][0] == "(" and not some[1][1]):
            self._function(some)
        elif is_word(first, "for", "while", "until", "case", "select", "{"):
            self._pass(some)
            self.last = None
        elif not first[1]:
            self.last = None  # a shell of its own, which changes nothing here
        else:
            return self._simple([token[0] for token in some], first[2])
        return True, False

    def _if(self, some: Tokens, *, more: bool) -> None:
        rest: Tokens = some
        taken: bool | None = False  # None: perhaps
        while not is_word(rest[0], "fi"):
            holds: bool | None = True
            if not is_word(rest[0], "else"):
                condition, rest = until(rest[1:], lambda token: is_word(token, "then"))
                holds = self._holds(condition) if not taken else False
            body, rest = until(rest[1:], lambda token: is_word(token, "elif", "else", "fi"))
            if taken or holds is False:
                continue
            if taken is False and holds:
                self.run(body, more=more)
                taken = True
            else:
                self._pass(body, gives_up=True)
                taken = None
        if not taken:
            self.last = None

    def _holds(self, some: Tokens) -> bool | None:
        """Tell whether a condition holds. None: not known; it is then gone through as what may do what it likes."""
        holds: bool | None = True
        before = "&&"
        for part, sign in split([token for token in some if token[0] != "\n"], ("&&", "||", ";")):
            if part:
                turned = is_word(part[0], "!")
                words = [token[0] for token in part[turned:]]
                found = self.known.test(words) if words and words[0] in ("[", "test", "[[") else None
                if words[:1] == ["{"] and words[-1] == "}":
                    found = self._holds(part[turned + 1 : -1])
                found = (None if found is None else found is not turned)
                if found is None:
                    self._pass(part)
                holds = both(holds, found) if before == "&&" else either(holds, found) if before == "||" else None
                before = sign
        return holds

    def _function(self, some: Tokens) -> None:
        name = some[is_word(some[0], "function")][0]
        self._functions.add(name)
        try:
            self._pass(some)
        except Unclear:
            self._turning.add(name)

    def _pass(self, some: Tokens, *, gives_up: bool = False) -> None:
        """Go past what may be done or not. ``gives_up``: it may end the script, which then starts nothing at all.

        Raises Unclear when the script may go on otherwise behind it.
        """
        words = [token[0] for token in some if token[1]]
        if gives_up and words and _LAST_WORDS.issuperset(firsts(some)):
            return
        if not _TURNS.union(self._turning).isdisjoint(words):
            raise Unclear
        for number, word in enumerate(words):
            assigned = _ASSIGNED.match(word)
            name = assigned[1] if assigned else words[number + 1 : number + 2][0] if word in ("for", "select") else None
            if name is not None:
                self._loose.add(name)
                self.known.variables[name] = None

    def _simple(self, words: list[str], line: int) -> tuple[bool | None, bool]:
        own: dict[str, str | None] = {}
        while words and (assigned := _ASSIGNED.fullmatch(words[0])):
            own[assigned[1]] = self.known.value(assigned[2])
            words = words[1:]
        if not words:
            self._assign(own)
            return True, True
        name = words[0]
        if name in ("[", "test", "[["):
            return self.known.test(words), True
        if name in _TURNS:
            return self._turn(name, words[1:], own, line), True
        if name in BUILTIN and name != "command":
            if name in ("export", "readonly"):
                found = filter(None, map(_ASSIGNED.fullmatch, words[1:]))
                self._assign({one[1]: self.known.value(one[2]) for one in found})
            self.last = None
            return (name != "false"), True
        if name in self._turning:
            raise Unclear
        self.last = None if name in self._functions or name == "command" else self._started(words, own, line)
        return (None if name == "command" else True), False

    def _assign(self, values: Mapping[str, str | None]) -> None:
        self.known.variables.update({name: None if name in self._loose else value for name, value in values.items()})

    def _turn(self, name: str, words: list[str], own: Mapping[str, str | None], line: int) -> bool:
        self.last = None
        fields, is_whole = self._fields(words)
        if name == "exec" and not words:
            return True
        if name == "exec" and not words[0].startswith("-"):
            self.last, self.ended = self._started(words, own, line, replaces=True), True
        elif not is_whole:
            raise Unclear
        elif name == "cd" and len(fields) == 1 and self.directory is not None and fields[0] not in ("-", ""):
            self.directory = fields[0] if fields[0].startswith("/") else f"{self.directory.rstrip('/')}/{fields[0]}"
        elif name == "set" and fields:
            self._set(fields)
        elif name == "shift" and not fields and self.known.arguments:
            self.known.arguments = self.known.arguments[1:]
        elif name in ("source", ".") and len(fields) == 1 and fields[0].endswith("/bin/activate"):
            # What venv and virtualenv put there (https://docs.python.org/3/library/venv.html, read 2026-11-21).
            place, path = fields[0].removesuffix("/bin/activate"), self.known.variables.get("PATH")
            place = place if place.startswith("/") or self.directory is None else f"{self.directory.rstrip('/')}/{place}"
            self._assign({"VIRTUAL_ENV": place, "PATH": None if path is None else f"{place}/bin:{path}"})
        else:
            raise Unclear
        return True

    def _set(self, fields: list[str]) -> None:
        for number, word in enumerate(fields):
            if word == "--":
                self.known.arguments = tuple(fields[number + 1 :])
                return
            if not word.startswith(("-", "+")) and fields[number - 1][-1:] != "o":
                raise Unclear

    def _fields(self, words: Sequence[str]) -> tuple[list[str], bool]:
        """Return what words become, as far as that is known, and whether that is all."""
        found: list[str] = []
        for word in words:
            more = self.known.fields(word)
            if more is None:
                return found, False
            found += more
        return found, True

    def _started(self, words: Sequence[str], own: Mapping[str, str | None], line: int, *, replaces: bool = False) -> Command | None:
        fields, is_whole = self._fields(words)
        variables = {**self.known.environment, **self.known.variables, **own}
        if not fields or self.directory is None or any(variables.get(name, "") is None for name in _SEARCHED):
            return None
        told = {name: value for name, value in variables.items() if value is not None}
        return Command(fields, self.directory, told, line, is_whole=is_whole, replaces=replaces)
