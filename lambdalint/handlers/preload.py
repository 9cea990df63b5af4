"""What a variable has the runtime load before the function's own code: modules for Node.js and Ruby, agents for Java, hooks for .NET.

No language goes on without one. Node.js, Java and Ruby end with status 1 (node 20.20, OpenJDK 17 and Ruby 3.1, run on
2026-11-21); .NET throws (https://github.com/dotnet/runtime/blob/main/docs/design/features/host-startup-hook.md), with a status
that nobody looked at. The variables' values are the user's and stay out of every message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.filesystem import OPT, TASK, Filesystem, Missing
from lambdalint.model import Entry, Hit, Lacking, Severity
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment

#: A word, whose quotes keep spaces in it.
_WORD: Final = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+""")
_REQUIRE: Final = ("-r", "--require")
_IMPORT: Final = ("--import", "--loader", "--experimental-loader")
_AGENT: Final = re.compile(r"-(?:javaagent:([^=]+)|agentpath:([^=]+))")
#: Whose files are not looked into.
_OWN: Final = ("/var/runtime/", "/var/lang/")


def missing(filesystem: Filesystem, runtime: Runtime, environment: Environment, key: str) -> Iterator[Hit]:
    """Yield what the variable names and is not there. Raises Lacking when a layer that is not known may hold it."""
    value = environment.get(key) or ""
    words = [re.sub(r"[\"']", "", word) for word in _WORD.findall(value)]
    if runtime.family == "nodejs":
        absent = _modules(filesystem, runtime, environment, words)
    elif runtime.family == "java":
        absent = _agents(filesystem, words)
    elif runtime.family == "ruby":
        absent = _features(filesystem, words)
    else:
        absent = _hooks(filesystem, value)
    severity = Severity.WARNING if EXEC_WRAPPER in environment else None  # which may change the variable
    for option, name in absent:
        near = _near(filesystem, name.rpartition("/")[2])
        found = f"; found {near.path}" if near is not None else ""
        yield Hit(
            near or [],
            f"{key} names a file{option and f' for {option}'} that is neither in the package nor in a layer{found}",
            severity=severity,
            aws=None if runtime.family == "dotnet" else errors.exit_status(1),
            setting=f"Environment.Variables.{key}",
            fix=f"add the layer that brings it, write its path in full (/var/task/..., /opt/...), or take it out of {key}",
        )


def _agents(filesystem: Filesystem, words: list[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        agent = _AGENT.match(word)
        if agent is not None:
            path = agent[1] or agent[2]
            if not path.startswith(_OWN) and _is_absent(filesystem, path):
                yield word.partition(":")[0], path


def _features(filesystem: Filesystem, words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what ``-r`` asks Ruby for by its full path; where it looks for names without one hangs on more."""
    for word in words:
        path = word.removeprefix("-r")
        is_path = path != word and path.startswith("/") and not path.startswith(_OWN)
        if is_path and all(_is_absent(filesystem, f"{path}{suffix}") for suffix in ("", ".rb", ".so")):
            yield "-r", path


def _hooks(filesystem: Filesystem, value: str) -> Iterator[tuple[str, str]]:
    """Yield assemblies given by their full path; simple names are looked for in the application's own list."""
    for path in value.split(":"):
        if path.startswith("/") and not path.startswith(_OWN) and _is_absent(filesystem, path):
            yield "", path


def _modules(
    filesystem: Filesystem, runtime: Runtime, environment: Environment, words: list[str]
) -> Iterator[tuple[str, str]]:
    from lambdalint.handlers.node_files import Disk
    from lambdalint.handlers.node_resolve import Resolver
    from lambdalint.handlers.node_targets import Broken, Failure, Undecided

    resolver = Resolver(Disk(filesystem, runtime.number[0], environment))
    for option, name in _options(words):
        if name.startswith(_OWN):
            continue
        follow = resolver.require if option in _REQUIRE else resolver.import_
        try:
            # Node.js resolves it as if a file in its working directory asked for it.
            target = follow(name, f"{TASK}/preload")
        except (Undecided, Broken):
            continue
        if isinstance(target, Failure):
            yield option, name


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is loaded, with the option that says so: ``-r NAME``, ``--import=NAME``."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        option, is_whole, name = word.partition("=")
        if option in (*_REQUIRE, *_IMPORT) and (name or after):
            yield option, name if is_whole else after


def _is_absent(filesystem: Filesystem, path: str) -> bool:
    found = filesystem.find(path)
    if not isinstance(found, Missing):
        return False
    if found.outside and filesystem.unread and path.startswith(f"{OPT}/"):
        raise Lacking(f"the content of {filesystem.unread[0]}")
    return not found.outside


def _near(filesystem: Filesystem, name: str) -> Entry | None:
    """Return a file of that name which lies elsewhere."""
    for place in (TASK, OPT):
        for node in filesystem.walk(place):
            if node.is_file and node.name in (name, f"{name}.js"):
                return node.entry
    return None
