"""Programs that a shell script surely starts: ``exec ./app`` in a bootstrap or an extension."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Lacking
from lambdalint.shell_script import SIZE, comes_to

_SHELL: Final = re.compile(rb"#![ \t]*/(?:usr/)?bin/(?:env[ \t]+)?(?:ba|da)?sh\b")


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
        for one in _started(filesystem, script):
            found.setdefault(one.path, one)
    return found


def _started(filesystem: Filesystem, script: Node) -> Iterator[Started]:
    # Nobody hands a bootstrap or an extension any arguments, and they start where the code is.
    command = comes_to(_text(filesystem, script), (), filesystem.base, {"LAMBDA_TASK_ROOT": filesystem.base})
    if command is None or "/" not in command.words[0]:
        return  # what has no slash is looked for in PATH
    word = command.words[0]
    path = word if word.startswith("/") else f"{command.directory.rstrip('/')}/{word.removeprefix('./')}"
    node = filesystem.file(path)
    if node is not None:
        yield Started(node.path, script, command.line, path if command.replaces else word)


def _text(filesystem: Filesystem, script: Node) -> str:
    """Return a shell script; empty when it is another file, or longer than is read."""
    if script.entry is None or script.package is None or script.entry.size > SIZE:
        return ""
    # A packed layer may have to be unpacked again for more than the beginning of a file.
    if not _SHELL.match(script.package.contents.head(script.entry)):
        return ""
    try:
        return filesystem.read(script, SIZE).decode(errors="replace")
    except Lacking:
        return ""
