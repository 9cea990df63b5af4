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
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.function import Function
    from lambdalint.image import Image

#: The script that AWS's base images are started by; it takes the handler as its one argument.
AWS_ENTRYPOINT: Final = "/lambda-entrypoint.sh"
#: What that script starts in turn.
AWS_BOOTSTRAP: Final = "/var/runtime/bootstrap"
#: Where Lambda looks for a program without a slash when the image sets no PATH.
_PATH: Final = "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin"
_READ: Final = 64 << 10


class Startup:
    """The words that are executed, where, and with which variables. Immutable."""

    __slots__ = ("command", "entrypoint", "environment", "overridden", "working_directory")

    def __init__(
        self,
        entrypoint: Sequence[str],
        command: Sequence[str],
        working_directory: str,
        environment: Environment,
        overridden: Sequence[str] = (),
    ) -> None:
        self.entrypoint: Final = tuple(entrypoint)
        self.command: Final = tuple(command)
        #: As said. Empty: the root.
        self.working_directory: Final = working_directory
        #: The image's variables under those of the function. Values must never reach an output.
        self.environment: Final = environment
        #: Which of ``EntryPoint``, ``Command`` and ``WorkingDirectory`` the function's ImageConfig sets.
        self.overridden: Final = frozenset(overridden)

    @property
    def words(self) -> tuple[str, ...]:
        return self.entrypoint + self.command

    @property
    def is_aws(self) -> bool:
        """Whether it is the script of AWS's base images that is started."""
        return self.words[:1] == (AWS_ENTRYPOINT,)

    @property
    def base(self) -> str:
        """The working directory, from which relative paths start."""
        return self.working_directory if self.working_directory.startswith("/") else "/"

    def setting(self, name: str) -> str | None:
        """Return the API's path of a setting if the function sets it. None: the image says so itself."""
        return f"ImageConfig.{name}" if name in self.overridden else None

    def candidates(self) -> Iterator[str]:
        """Yield the absolute paths at which the first word is looked for."""
        word = self.words[0]
        if word.startswith("/"):
            yield word
        elif "/" in word:
            yield f"{self.base.rstrip('/')}/{word}"
        else:
            for place in (self.environment.get("PATH") or _PATH).split(":"):
                folder = place if place.startswith("/") else f"{self.base.rstrip('/')}/{place}"
                yield f"{folder.rstrip('/')}/{word}"

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
        nodes += [bootstrap] if isinstance(bootstrap, Node) and bootstrap.is_file else []
    return nodes


def runtime_of(filesystem: Filesystem) -> str:
    """Return the identifier of the runtime that AWS put into its base image. Raises Lacking."""
    for reader in (_python, _node, _ruby, _java, _dotnet, _provided):
        name = reader(filesystem)
        if name is not None:
            return name
    raise Lacking("which of AWS's runtimes the image has")


def _names(filesystem: Filesystem, path: str) -> list[str]:
    found = filesystem.find(path)
    return sorted(found.children or ()) if isinstance(found, Node) else []


def _text(filesystem: Filesystem, path: str) -> str:
    found = filesystem.find(path)
    return filesystem.read(found, _READ).decode("utf-8", "replace") if isinstance(found, Node) and found.is_file else ""


def _python(filesystem: Filesystem) -> str | None:
    return next((name for name in _names(filesystem, "/var/lang/bin") if re.fullmatch(r"python3\.\d+", name)), None)


def _node(filesystem: Filesystem) -> str | None:
    if "node" not in _names(filesystem, "/var/lang/bin"):
        return None
    major = re.search(r"#define NODE_MAJOR_VERSION (\d+)", _text(filesystem, "/var/lang/include/node/node_version.h"))
    return f"nodejs{major[1]}.x" if major else None


def _ruby(filesystem: Filesystem) -> str | None:
    for name in _names(filesystem, "/var/lang/lib/ruby"):
        version = re.fullmatch(r"(\d+\.\d+)\.\d+", name)
        if version is not None:
            return f"ruby{version[1]}"
    return None


def _java(filesystem: Filesystem) -> str | None:
    version = re.search(r'JAVA_VERSION="(1\.)?(\d+)', _text(filesystem, "/var/lang/release"))
    if version is None:
        return None
    return "java8.al2" if version[2] == "8" else f"java{version[2]}"


def _dotnet(filesystem: Filesystem) -> str | None:
    for name in _names(filesystem, "/var/lang/bin/shared/Microsoft.NETCore.App"):
        major = re.match(r"(\d+)\.", name)
        if major is not None:
            return f"dotnet{major[1]}"
    return None


def _provided(filesystem: Filesystem) -> str | None:
    if isinstance(filesystem.find("/var/lang"), Node):
        return None
    system = re.search(r'^VERSION_ID="?(2023|2)"?$', _text(filesystem, "/etc/os-release"), re.MULTILINE)
    return f"provided.al{system[1]}" if system else None


class Scope:
    """Which entries of a package matter to the function; of an image's, those of its system do not."""

    __slots__ = ("_places", "root")

    def __init__(self, root: str, places: Sequence[str] | None = None) -> None:
        #: Where the package's root lies for the function, without a slash at its end: ``/var/task``, ``/opt``, empty for an image.
        self.root: Final = root
        #: Beginnings of paths in the package. None: all of it.
        self._places: Final = None if places is None else tuple(f"{place.strip('/')}/" for place in places)

    def covers(self, path: str) -> bool:
        """Tell whether an entry matters: what lies in one of the places, and the directories that lead there."""
        if self._places is None:
            return True
        return f"{path}/".startswith(self._places) or any(place.startswith(f"{path}/") for place in self._places)


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
