"""How an image is started: its entrypoint and command with the function's overrides, and what that leads to.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html and, for AWS's base images,
https://github.com/aws/aws-lambda-base-images (read 2026-11-21)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.function import Environment
from lambdalint.model import OTHERS_EXECUTE, Lacking

if TYPE_CHECKING:
    from lambdalint.function import Function
    from lambdalint.image import Image

#: The script that AWS's base images are started by; it takes the handler as its one argument.
AWS_ENTRYPOINT: Final = "/lambda-entrypoint.sh"
#: What that script starts in turn.
AWS_BOOTSTRAP: Final = "/var/runtime/bootstrap"
#: Where Lambda looks for a program without a slash when the image sets no PATH.
_PATH: Final = "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin"
#: Inits for containers: each starts the program that is named behind its own options, and ends as that does
#: (https://github.com/krallin/tini, https://github.com/Yelp/dumb-init, https://github.com/openSUSE/catatonit; read 2026-11-21).
_INITS: Final = ("tini", "tini-static", "dumb-init", "catatonit")
#: Interpreters of interpreters that Linux follows (BINPRM_MAX_RECURSION, fs/exec.c), and the script itself.
_CHAIN: Final = 5


class Startup:
    """The words that are executed, where, and with which variables. Immutable."""

    __slots__ = ("by", "command", "entrypoint", "environment", "overridden", "working_directory")

    def __init__(
        self,
        entrypoint: Sequence[str],
        command: Sequence[str],
        working_directory: str,
        environment: Environment,
        overridden: Sequence[str] = (),
        by: str | None = None,
    ) -> None:
        self.entrypoint: Final = tuple(entrypoint)
        self.command: Final = tuple(command)
        #: As said. Empty: the root.
        self.working_directory: Final = working_directory
        #: The image's variables under those of the function. Values must never reach an output.
        self.environment: Final = environment
        #: Which of ``EntryPoint``, ``Command`` and ``WorkingDirectory`` the function's ImageConfig sets.
        self.overridden: Final = frozenset(overridden)
        #: What starts it, in words for a message. None: Lambda itself.
        self.by: Final = by

    @property
    def words(self) -> tuple[str, ...]:
        return self.entrypoint + self.command

    @property
    def is_aws(self) -> bool:
        """Whether it is the script of AWS's base images that is started."""
        return self.words[:1] == (AWS_ENTRYPOINT,)

    @property
    def is_shell_form(self) -> bool:
        """Whether ENTRYPOINT is what docker makes of one that is no JSON array."""
        return self.entrypoint[:2] == ("/bin/sh", "-c")

    @property
    def base(self) -> str:
        """The working directory, from which relative paths start."""
        return self.working_directory if self.working_directory.startswith("/") else "/"

    def setting(self, name: str) -> str | None:
        """Return the API's path of a setting if the function sets it. None: the image says so itself."""
        return f"ImageConfig.{name}" if name in self.overridden else None

    @property
    def path(self) -> str:
        """Where a program without a slash is looked for, as the variable PATH has it."""
        return self.environment.get("PATH") or _PATH

    def starting(self, words: Sequence[str], environment: Environment, directory: str, by: str) -> Startup:
        """Return the start of a program that this one starts."""
        return Startup(words, (), directory, environment, sorted(self.overridden), by)

    def behind_init(self) -> Startup:
        """Return the same without an init before the program. Itself: there is none, or where its options end is not plain."""
        if not self.words or self.words[0].rpartition("/")[2] not in _INITS:
            return self
        number = next((number for number, word in enumerate(self.words[1:], 1) if word == "--" or not word.startswith("-")), 0)
        if not number or (number > 1 and self.words[number] != "--"):
            return self  # the word may be the value of an option: tini -p SIGTERM
        rest = self.words[number + (self.words[number] == "--") :]
        return self.starting(rest, self.environment, self.working_directory, self.words[0].rpartition("/")[2])

    def candidates(self) -> Iterator[str]:
        """Yield the absolute paths at which the first word is looked for."""
        word = self.words[0]
        if word.startswith("/"):
            yield word
        elif "/" in word:
            yield f"{self.base.rstrip('/')}/{word.removeprefix('./')}"
        else:
            for place in self.path.split(":"):
                folder = place if place.startswith("/") else f"{self.base.rstrip('/')}/{place}"
                yield f"{folder.rstrip('/')}/{word}"

    def place(self, filesystem: Filesystem) -> str | None:
        """Return the path at which the first word is found, as it is: by a link Python knows its environment. None: nowhere."""
        found = self.find(filesystem)
        return next((path for path in self.candidates() if filesystem.find(path) is found), None)

    def find(self, filesystem: Filesystem) -> Node | Missing | None:
        """Return what the first word leads to, links followed. None: there are no words."""
        missing: Missing | None = None
        for path in self.candidates() if self.words and self.words[0] else ():
            found = filesystem.find(path)
            if isinstance(found, Node):
                if not found.is_dir or "/" in self.words[0]:
                    return found
            else:
                missing = found if missing is None or found.outside else missing
        return missing


def startup(image: Image, function: Function) -> Startup:
    """Put the function's overrides over what the image says. Raises Lacking when the image's config is not known."""
    config = image.config
    if config is None:
        raise Lacking("the image's configuration")
    overrides = function.image_config or {}
    said = {key: value for key, value in overrides.items() if value}  # an empty one overrides nothing
    variables = dict(pair.partition("=")[::2] for pair in config.environment or ())
    if function.environment is not None:
        variables.update(function.environment.items())
    directory = said.get("WorkingDirectory", config.working_directory or "")
    return Startup(
        _words(said.get("EntryPoint", config.entrypoint)), _words(said.get("Command", config.command)),
        directory if isinstance(directory, str) else "", Environment(variables),
        [name for name in ("EntryPoint", "Command", "WorkingDirectory") if name in said],
    )  # fmt: skip


def _words(value: object) -> tuple[str, ...]:
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, (list, tuple)) else ()


def programs(found: Startup, filesystem: Filesystem) -> list[Node]:
    """Return the files that are executed for sure: the entrypoint, and what AWS's script starts."""
    node = found.find(filesystem)
    nodes = [node] if isinstance(node, Node) and node.is_file else []
    if found.is_aws and nodes:
        bootstrap = filesystem.find(AWS_BOOTSTRAP)
        return nodes + ([bootstrap] if isinstance(bootstrap, Node) and bootstrap.is_file else [])
    # What AWS's scripts are run by comes with them; another image may be put together from several.
    for script in nodes:
        interpreter = _interpreter(script, filesystem)
        if interpreter is not None and interpreter not in nodes and len(nodes) < _CHAIN:
            nodes.append(interpreter)
    return nodes


def _interpreter(script: Node, filesystem: Filesystem) -> Node | None:
    """Return the program that a script's first line names. None: it is no script, or names nothing that is there."""
    if script.entry is None or script.package is None or not script.package.contents.head(script.entry).startswith(b"#!"):
        return None
    from lambdalint.handlers.shebang import LINE, parse

    try:
        line = parse(filesystem.read(script, LINE))
    except Lacking:
        return None  # a damaged file, which its own rule tells
    found = None if line is None else filesystem.find(line.interpreter)
    return found if isinstance(found, Node) and found.is_file else None


#: Folders of the system, in which an image's own code does not lie.
_SYSTEM: Final = ("bin", "boot", "dev", "etc", "lib", "lib64", "proc", "run", "sbin", "sys", "tmp", "usr", "var")
_PROGRAMS: Final = re.compile(r"/(usr(/local)?/(s?bin|lib|lib64|share|libexec)|usr/local|var/(lang|runtime|lib|log|cache|tmp))(/|$)")


def places(found: Startup | None) -> list[str]:
    """Return the folders of an image in which the function's code lies. None: how it is started is not known."""
    named = [TASK, OPT]
    if found is not None:
        named += [found.base, *(word.rpartition("/")[0] for word in found.words if word.startswith("/"))]
    return [place for place in dict.fromkeys(named) if _is_own(place)]


def _is_own(place: str) -> bool:
    parts = place.strip("/").split("/")
    return bool(parts[0]) and not (len(parts) == 1 and parts[0] in _SYSTEM) and not _PROGRAMS.match(place) and parts[0] not in _SYSTEM[:4]


def virtual_environment(filesystem: Filesystem) -> str | None:
    """Return the folder of the virtual environment whose Python an image starts. None: it starts another program.

    Python looks for pyvenv.cfg above the program that was asked for, not above the one that this links to
    (https://docs.python.org/3/library/site.html, read 2026-11-21).
    """
    for path in filesystem.started:
        if isinstance(filesystem.find(path), Node):
            found = filesystem.find(f"{path.rpartition('/')[0]}/..")
            is_one = isinstance(found, Node) and "pyvenv.cfg" in (found.children or ())
            return found.path if isinstance(found, Node) and is_one else None
    return None


def installed(filesystem: Filesystem) -> re.Pattern[str]:
    """Return what the path of native code matches that pip installed into an image's Python."""
    venv = virtual_environment(filesystem)
    own = "" if venv is None else f"{re.escape(venv.strip('/'))}/|"
    return re.compile(rf"(?:{own}usr/(?:local/)?|var/lang/)lib/python3(?:\.\d+)?/(?:site|dist)-packages/.*\.so(?:\.[\d.]+)?$")


def nearest(filesystem: Filesystem, first: str) -> str | None:
    """Return where the image has a program of that name. None: nowhere, or in several places."""
    name = first.rpartition("/")[2]
    same = [entry for _, package in filesystem.mounts for entry in package.files() if entry.name == name]
    found = [entry.path for entry in same if entry.mode and entry.mode & OTHERS_EXECUTE]
    return f"/{found[0]}" if len(found) == 1 else None
