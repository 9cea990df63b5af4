"""Reads the first line of a script as the kernel does, and tells whether what it names is there to run it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.handlers.system_programs import PATH, is_installed
from lambdalint.model import Lacking, Severity

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment

#: The kernel looks at as many bytes and no more (BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h, since 5.1).
LINE: Final = 256
_BLANK: Final = b" \t"
#: Places of the system whose programs are listed.
_SYSTEM: Final = ("/bin", "/usr/bin", "/usr/local/bin")
#: Places that Lambda's root does not have or keeps empty, so that nothing in them can be run.
_NOWHERE: Final = ("/home/", "/Users/", "/root/", "/nix/", "/snap/", "/usr/local/")
_SHELLS: Final = ("sh", "bash")


class Shebang:
    """``#!`` with the program that the kernel starts and the one argument that it hands on, spaces in it included."""

    __slots__ = ("argument", "interpreter")

    def __init__(self, interpreter: str, argument: str) -> None:
        self.interpreter: Final = interpreter
        self.argument: Final = argument

    @property
    def has_cr(self) -> bool:
        """Whether the line was ended as on Windows, so that a CR is part of the last word."""
        return (self.argument or self.interpreter).endswith("\r")

    def __str__(self) -> str:
        return f"#!{self.interpreter} {self.argument}".strip()


class Obstacle:
    """Why a script cannot start: a fact to say, and how the attempt ends."""

    __slots__ = ("fix", "severity", "status", "why")

    def __init__(self, why: str, *, status: int | None = None, fix: str | None = None, severity: Severity | None = None) -> None:
        self.why: Final = why
        #: The exit status of the program that was started in the script's stead. None: nothing was started at all.
        self.status: Final = status
        self.fix: Final = fix
        #: None: it surely fails.
        self.severity: Final = severity


def parse(head: bytes) -> Shebang | None:
    """Take a file's first bytes, ``LINE`` of them if there are as many. None: for the kernel it is no script."""
    if not head.startswith(b"#!"):
        return None
    line, end, _ = head[:LINE].partition(b"\n")
    if not end and len(head) >= LINE and not any(byte in b" \t\0" for byte in line[2:].lstrip(_BLANK)):
        return None  # the name may go on beyond what is looked at, and the kernel does not start half a name
    line = line[2:].strip(_BLANK)
    cut = min((at for at in map(line.find, (b" ", b"\t", b"\0")) if at >= 0), default=len(line))
    name, rest = line[:cut], line[cut:].lstrip(_BLANK).partition(b"\0")[0]
    if not name:
        return None
    return Shebang(name.decode("utf-8", "replace"), rest.decode("utf-8", "replace"))


def obstacle(
    shebang: Shebang, filesystem: Filesystem, runtime: Runtime | None, environment: Environment | None
) -> Obstacle | None:
    """Return what keeps a script from starting, or None where nothing is known to. Raises Lacking for an unread layer."""
    os, family = (None, None) if runtime is None else (runtime.os, runtime.family)
    found = _interpreter(shebang, filesystem, os, family)
    if found is not None:
        return found
    name = shebang.interpreter.rpartition("/")[2]
    if name == "env" and shebang.interpreter.startswith(_SYSTEM):
        return _env(shebang.argument, filesystem, (os, family), environment)
    if shebang.has_cr:
        return _option_with_cr(shebang, name)
    return None


def _interpreter(shebang: Shebang, filesystem: Filesystem, os: str | None, family: str | None) -> Obstacle | None:
    path = shebang.interpreter
    if path.endswith("\r"):
        return Obstacle(f"its first line ends with CR LF, so the kernel looks for {path[:-1]}\\r", fix=_LF)
    if filesystem.is_whole:
        return _absent(filesystem, path)
    place, _, name = path.rpartition("/")
    if not path.startswith("/"):
        return None if path.startswith(("opt/", "var/", "usr/", "bin/")) else _absent(filesystem, path)
    if path.startswith((f"{TASK}/", f"{OPT}/")):
        return _absent(filesystem, path)
    if place in _SYSTEM and is_installed(name, os, "provided" if os else None) is False:
        return Obstacle(f"its first line names {path}, which is not in the runtime environment", fix=_remedy(name, os))
    if path.startswith(_NOWHERE) and place not in _SYSTEM:
        return Obstacle(f"its first line names {path}, a place that Lambda does not have", fix=_remedy(name, os))
    if place == "/var/lang/bin" and is_installed(name, os, family) is False:
        return Obstacle(f"its first line names {path}, which this runtime does not have", fix=_remedy(name, os))
    return None


def unread_layer(filesystem: Filesystem, missing: Missing) -> Lacking | None:
    """Return what is not known if a layer that was not given may have what is missing. None: no layer has it."""
    where = f"{missing.reached.path.rstrip('/')}/{missing.rest}"
    if filesystem.unread and where.startswith(f"{OPT}/"):
        return Lacking(f"the content of {filesystem.unread[0]}")
    return None


def _absent(filesystem: Filesystem, path: str) -> Obstacle | None:
    found = filesystem.find(path)
    if isinstance(found, Missing):
        if filesystem.is_whole:
            fix = f"install {path.rpartition('/')[2]} in the Dockerfile"
            if path != "/bin/sh" and isinstance(filesystem.find("/bin/sh"), Node):
                fix += ", or write it for #!/bin/sh"
            return Obstacle(f"its first line names {path}, which is not in the image", fix=fix)
        if found.outside:
            lacking = unread_layer(filesystem, found)
            if lacking is not None:
                raise lacking
            return None
        fix = f"put {path.rpartition('/')[2]} there, or give the layer that has it"
        return Obstacle(f"its first line names {path}, which is in neither the package nor a layer", fix=fix)
    if found.is_dir:
        return Obstacle(f"its first line names {path}, which is a directory")
    return None


_LF: Final = "end the lines with LF alone (dos2unix; in .gitattributes: *.sh text eol=lf)"


def _remedy(name: str, os: str | None) -> str:
    if name in _SHELLS or os is None:
        return "use #!/bin/sh or #!/bin/bash"
    if name in ("zsh", "ksh", "dash", "ash", "fish", "csh", "tcsh", "busybox"):
        return "write it for bash: #!/bin/bash"
    return f"bring {name} in the package or a layer and name it there, for instance #!/opt/bin/{name}"


def _env(
    argument: str, filesystem: Filesystem, system: tuple[str | None, str | None], environment: Environment | None
) -> Obstacle | None:
    """Judge what ``env`` is asked to look for; it exits with 127 when nothing of that name is on the PATH."""
    os, family = system
    if argument.startswith("-S"):
        # coreutils has -S since 8.30; Amazon Linux 2 has 8.22 and Amazon Linux 2023 has 8.32.
        if os == "AL2":
            return Obstacle("its first line uses env -S, which Amazon Linux 2 does not have", status=125)
        words = argument[2:].split()
        name = words[0] if words else ""
    else:
        name = argument
    if not name or name.startswith("-") or "=" in name:
        return None
    if name.endswith("\r"):
        return Obstacle(f"its first line ends with CR LF, so env looks for {name[:-1]}\\r", status=127, fix=_LF)
    if " " in name:
        why = f"its first line hands env one argument, so env looks for a program named '{name}'"
        return Obstacle(why, status=127, fix=f"name the program without options, or with env -S: #!/usr/bin/env -S {name}")
    if "/" in name:
        return None
    if filesystem.is_whole:
        return _on_path_of_image(name, filesystem, environment)
    return _on_path(name, filesystem, (os, family), environment)


def _on_path(
    name: str, filesystem: Filesystem, system: tuple[str | None, str | None], environment: Environment | None
) -> Obstacle | None:
    if environment is not None and "PATH" in environment:
        return None
    if is_installed(name, *system) is not False:
        return None
    for place in PATH:
        if place.startswith(OPT):
            found = filesystem.find(f"{place}/{name}")
            if not isinstance(found, Missing):
                return None
            if filesystem.unread:
                raise Lacking(f"the content of {filesystem.unread[0]}")
    why = f"its first line asks env for {name}, which is not in the runtime environment, nor in a layer's bin/"
    return Obstacle(why, status=127, fix=_remedy(name, system[0]))


def _on_path_of_image(name: str, filesystem: Filesystem, environment: Environment | None) -> Obstacle | None:
    """Judge the same in an image, whose PATH and files are all known; what is mounted at run time is not."""
    path = None if environment is None else environment.get("PATH")
    for place in path.split(":") if path else PATH:
        found = filesystem.find(f"{place.rstrip('/')}/{name}")
        if isinstance(found, Node) or found.outside:
            return None
    return Obstacle(f"its first line asks env for {name}, which is in no directory of the image's PATH", status=127)


def _option_with_cr(shebang: Shebang, name: str) -> Obstacle | None:
    shown = shebang.argument[:-1]
    why = f"its first line ends with CR LF, so {name} is given the argument {shown}\\r"
    if name in _SHELLS and shown.startswith("-") and not shown.startswith("--"):
        return Obstacle(why, status=1, fix=_LF)  # ``bash: - : invalid option``; 5.2 exits with 1
    return Obstacle(why, fix=_LF, severity=Severity.WARNING)
