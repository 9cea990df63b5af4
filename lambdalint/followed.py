"""What an image's start comes to, behind inits, shells, ``env`` and scripts that end by starting another program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import Filesystem, Node
from lambdalint.function import Environment
from lambdalint.model import OTHERS_EXECUTE, Lacking
from lambdalint.startup import Startup

if TYPE_CHECKING:
    from lambdalint.shell_script import Command

#: Programs that start one another.
_STEPS: Final = 8
_SHELLS: Final = ("sh", "bash", "dash", "ash")
#: Options of a shell that change nothing of what is followed; ``c`` says that a script follows, ``o`` that an option's name does.
_OPTIONS: Final = re.compile(r"[-+][aefmuxvbhcop]+")
_SHEBANG: Final = re.compile(r"#![ \t]*(?:/usr)?/bin/(?:env[ \t]+)?(?:ba|da|a)?sh[ \t]*(?:-[euxv]+[ \t]*)?\n")


def followed(started: Startup, filesystem: Filesystem) -> Startup:
    """Return the start of the last program that is plainly started. Itself: it starts no other, or not plainly."""
    for _ in range(_STEPS):
        further = None if started.is_aws or not started.words else _further(started, filesystem)
        if further is None:
            break
        started = further
    return started


def _further(started: Startup, filesystem: Filesystem) -> Startup | None:
    behind = started.behind_init()
    if behind is not started:
        return behind if behind.words else None
    node = started.find(filesystem)
    if not isinstance(node, Node) or not node.is_file:
        return None
    name = started.words[0].rpartition("/")[2]
    if name == "env":
        return _behind_env(started)
    if name in _SHELLS:
        return _behind_shell(started, filesystem)
    return _behind_script(started, filesystem, node, started.words[1:])


def _behind_env(started: Startup) -> Startup | None:
    words = list(started.words[1:])
    variables = dict(started.environment.items())
    while words and "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        variables[name] = value
    if not words or words[0].startswith("-"):
        return None
    return started.starting(words, Environment(variables), started.base, "env")


def _behind_shell(started: Startup, filesystem: Filesystem) -> Startup | None:
    words = list(started.words[1:])
    is_text = False
    while words and words[0][:1] in ("-", "+"):
        option = words.pop(0)
        if not _OPTIONS.fullmatch(option):
            return None
        is_text |= "c" in option
        if option.endswith("o"):
            words[:1] = []
    if not words:
        return None
    if is_text:
        return _behind(started, filesystem, words[0], words[2:], f"{started.words[0].rpartition('/')[2]} -c")
    path = words[0] if words[0].startswith("/") else f"{started.base.rstrip('/')}/{words[0]}"
    node = filesystem.find(path)
    return _behind_script(started, filesystem, node, words[1:]) if isinstance(node, Node) and node.is_file else None


def _behind_script(started: Startup, filesystem: Filesystem, node: Node, arguments: Sequence[str]) -> Startup | None:
    from lambdalint.shell_script import SIZE

    assert node.entry is not None
    if node.entry.size > SIZE or node.package is None or not node.package.contents.head(node.entry).startswith(b"#!"):
        return None
    try:
        text = filesystem.read(node, SIZE).decode("utf-8", "replace")
    except Lacking:
        return None  # a damaged file, which its own rule tells
    return _behind(started, filesystem, text, arguments, node.path) if _SHEBANG.match(text) else None


def _asked(value: Startup, test: str, filesystem: Filesystem) -> bool | None:
    """Tell what a test of the shell says of a path, or ``command -v`` of a word. None: what is mounted there is not known."""
    from lambdalint.shell_script import BUILTIN

    word = value.words[0]
    looked_up = test == "-v" and "/" not in word
    found = value.find(filesystem) if looked_up else filesystem.find(word if word.startswith("/") else f"{value.base.rstrip('/')}/{word}")
    if not isinstance(found, Node) or found.entry is None:
        is_known = found is not None and not isinstance(found, Node) and not found.outside and not (looked_up and word in BUILTIN)
        return False if is_known else None
    is_executable = found.entry.mode is not None and bool(found.entry.mode & OTHERS_EXECUTE)
    return {"-e": True, "-f": found.is_file, "-d": found.is_dir, "-x": is_executable, "-v": is_executable and found.is_file}[test]


def _behind(started: Startup, filesystem: Filesystem, text: str, arguments: Sequence[str], by: str) -> Startup | None:
    from lambdalint.shell_script import comes_to

    def ask(test: str, value: str) -> bool | None:
        return _asked(Startup((value,), (), started.base, started.environment), test, filesystem)

    variables = dict(started.environment.items()) | {"PATH": started.path}
    found: Command | None = comes_to(text, arguments, started.base, variables, ask)
    if found is None or not found.is_whole:
        return None
    at = f"line {found.line} of {by}" if "\n" in text.strip() else by
    return started.starting(found.words, Environment(found.variables), found.directory, at)
