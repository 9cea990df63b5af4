"""Programs that a shell script surely starts: ``exec ./app`` in a bootstrap or an extension.

Only scripts that run straight from their first line to their last are read; what another one does hangs on more than its text.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Lacking

#: Characters of a script that is read.
_SIZE: Final = 1 << 14
_SHELL: Final = re.compile(rb"#![ \t]*/(?:usr/)?bin/(?:env[ \t]+)?(?:ba|da)?sh\b")
#: Words and signs by which a script branches, repeats, defines or asks something, or has text that is none of its lines.
_TURNS: Final = re.compile(
    r"\b(?:if|case|for|while|until|select|function|trap|eval|source|uname|exit|return|alias|shopt)\b"
    r"|[;&|`(){}]|<<|\\$|^\.\s",
    re.MULTILINE,
)
_ASSIGNED: Final = re.compile(r"(?:export\s+)?[A-Za-z_]\w*=")
_ROOT: Final = re.compile(r"\$LAMBDA_TASK_ROOT\b|\$\{LAMBDA_TASK_ROOT\}")


class Started:
    """A program with the line that starts it."""

    __slots__ = ("line", "path", "script", "word")

    def __init__(self, path: str, script: Node, line: int, word: str) -> None:
        #: Absolute.
        self.path: Final = path
        self.script: Final = script
        self.line: Final = line
        #: As the shell names it in an error: its full path after ``exec``, else as the line has it.
        self.word: Final = word

    def said(self, cause: str) -> str:
        """Return what the shell says when it cannot start it (bash 5.2)."""
        return f"{self.script.path}: line {self.line}: {self.word}: {cause}"


def started(filesystem: Filesystem, scripts: Iterable[Node]) -> Mapping[str, Started]:
    """Return the programs that scripts start and cannot do without, by their paths."""
    found: dict[str, Started] = {}
    for script in scripts:
        for one in _started(filesystem, script, _text(filesystem, script)):
            found.setdefault(one.path, one)
    return found


def _text(filesystem: Filesystem, script: Node) -> str:
    """Return a shell script; empty when it is another file, or longer than is read."""
    if script.entry is None or script.package is None or script.entry.size > _SIZE:
        return ""
    # A packed layer may have to be unpacked again for more than the beginning of a file.
    if not _SHELL.match(script.package.contents.head(script.entry)):
        return ""
    try:
        return filesystem.read(script, _SIZE).decode(errors="replace")
    except Lacking:
        return ""


def _started(filesystem: Filesystem, script: Node, text: str) -> Iterator[Started]:
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if _TURNS.search(_ROOT.sub("/", "\n".join(line for _, line in lines))):
        return
    commands = [(number, _words(_ROOT.sub(filesystem.base, line))) for number, line in lines]
    place: str | None = filesystem.base  # where Lambda starts what it starts
    for at, (number, words) in enumerate(commands):
        if words is None:
            return  # a text of several lines begins
        if words[:1] == ["cd"]:
            place = words[1] if len(words) == 2 and words[1].startswith("/") else None
        replaces = words[:1] == ["exec"]
        program = words[1:2] if replaces else words[:1] if at == len(commands) - 1 else []
        path = _path(program[0], place) if program else None
        node = None if path is None else filesystem.file(path)
        if node is not None:
            yield Started(node.path, script, number, path if replaces and path is not None else program[0])
        if replaces:
            return


def _words(line: str) -> list[str] | None:
    """Return the words of a line, without variables that it sets for its command. None: a quote of it does not end."""
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return None
    while words and _ASSIGNED.match(words[0]):
        words = words[1:]
    return words


def _path(word: str, place: str | None) -> str | None:
    """Return the path that a word names. None: it has variables or patterns, or is looked for in PATH."""
    if "/" not in word or any(sign in word for sign in "$*?[~"):
        return None
    if word.startswith("/"):
        return word
    return None if place is None else f"{place.rstrip('/')}/{word.removeprefix('./')}"
