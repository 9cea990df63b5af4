"""Which language, in which version, an image runs: told by what lies in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.startup import Startup

_READ: Final = 64 << 10
#: Where the languages' own images and distributions install them.
_PREFIXES: Final = ("/usr/local", "/usr", "/var/lang")


def runtime_of(filesystem: Filesystem) -> str:
    """Return the identifier of the runtime that AWS put into its base image. Raises Lacking."""
    for reader in (_python, _node, _ruby, _java, _dotnet, _provided):
        name = reader(filesystem)
        if name is not None:
            return name
    raise Lacking("which of AWS's runtimes the image has")


def runtime_beside_client(started: Startup, language: str, filesystem: Filesystem) -> str | None:
    """Return the identifier of the runtime that is nearest to what an image of another base runs its client by. None: not known."""
    if language == "python":
        return _python_program(started.find(filesystem))
    if language == "nodejs":
        headers = (f"{prefix}/include/node/node_version.h" for prefix in _PREFIXES)
        return next((name for name in (_node_headers(filesystem, path) for path in headers) if name is not None), None)
    if language == "ruby":
        return next((name for name in (_ruby(filesystem, prefix) for prefix in _PREFIXES) if name is not None), None)
    program = started.find(filesystem)
    if language == "java" and isinstance(program, Node):
        return _java(filesystem, program.path.removesuffix("/bin/java").removesuffix("/jre"))
    return None


def _python_program(node: object) -> str | None:
    version = re.fullmatch(r"python(3\.\d+)", node.name) if isinstance(node, Node) else None
    return None if version is None else f"python{version[1]}"


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
    return _node_headers(filesystem, "/var/lang/include/node/node_version.h")


def _node_headers(filesystem: Filesystem, path: str) -> str | None:
    major = re.search(r"#define NODE_MAJOR_VERSION (\d+)", _text(filesystem, path))
    return f"nodejs{major[1]}.x" if major else None


def _java(filesystem: Filesystem, home: str = "/var/lang") -> str | None:
    version = re.search(r'JAVA_VERSION="(1\.)?(\d+)', _text(filesystem, f"{home}/release"))
    if version is None:
        return None
    return "java8.al2" if version[2] == "8" else f"java{version[2]}"


def _folder(filesystem: Filesystem, path: str, pattern: str) -> str | None:
    """Return the version, as Lambda names it, that a folder is called by."""
    return next((found[1] for found in map(re.compile(pattern).match, _names(filesystem, path)) if found is not None), None)


def _ruby(filesystem: Filesystem, prefix: str = "/var/lang") -> str | None:
    version = _folder(filesystem, f"{prefix}/lib/ruby", r"(\d+\.\d+)\.\d+$")
    return version and f"ruby{version}"


def _dotnet(filesystem: Filesystem) -> str | None:
    version = _folder(filesystem, "/var/lang/bin/shared/Microsoft.NETCore.App", r"(\d+)\.")
    return version and f"dotnet{version}"


def _provided(filesystem: Filesystem) -> str | None:
    if isinstance(filesystem.find("/var/lang"), Node):
        return None
    system = re.search(r'^VERSION_ID="?(2023|2)"?$', _text(filesystem, "/etc/os-release"), re.MULTILINE)
    return f"provided.al{system[1]}" if system else None
