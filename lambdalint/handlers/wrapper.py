"""The program that AWS_LAMBDA_EXEC_WRAPPER names, which the managed runtimes start in their own stead, and all that is executed.

The runtimes' /var/runtime/bootstrap ends with status 127 when the wrapper is not there and with 126 when it is not
executable, and bash starts it otherwise (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html, read
2026-11-21; the statuses from the copies in AWS's base images for python3.10 and 3.11). The variable's value is the user's
and stays out of every message; names of entries are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.custom import bootstrap
from lambdalint.handlers.shebang import LINE, Obstacle, Shebang, obstacle, parse, unread_layer
from lambdalint.model import Entry, Lacking, Severity
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment, Handler

KEY: Final = EXEC_WRAPPER
_SETTING: Final = f"Environment.Variables.{KEY}"
#: Where the Lambda Web Adapter has its wrapper, which starts the file that the handler names
#: (https://github.com/awslabs/aws-lambda-web-adapter, layer/bootstrap).
WEB_ADAPTER: Final = f"{OPT}/bootstrap"
#: In the ARNs of its layers, whose content is known without being given: LambdaAdapterLayerX86, LambdaAdapterLayerArm64.
_ADAPTER_LAYER: Final = ":layer:LambdaAdapterLayer"
_EXTENSIONS: Final = f"{OPT}/extensions"


def wrapper(
    filesystem: Filesystem, environment: Environment, runtime: Runtime | None = None, handler: Handler | None = None
) -> Resolution:
    """Judge the exec wrapper of a managed runtime, and the script behind the Lambda Web Adapter's."""
    value = _named(environment, runtime)
    if value is None:
        return Resolution()
    found = filesystem.find(value)
    judged = [_file(found, value, filesystem, runtime, environment)]
    judged += [_script(node, filesystem, runtime, environment) for node in _behind(filesystem, value, handler)]
    return Resolution(
        [node for one in judged for node in one.loaded],
        [fault for one in judged for fault in one.faults],
        [unsure for one in judged for unsure in one.unsure],
    )


def programs(
    filesystem: Filesystem, environment: Environment | None, runtime: Runtime | None, handler: Handler | None = None
) -> list[Node]:
    """Return the files that something surely executes: bootstrap, extensions, the exec wrapper, and their interpreters."""
    nodes: list[Node] = []
    family = None if runtime is None else runtime.family
    if family in (None, "provided", "custom"):
        started = bootstrap(filesystem)
        nodes += [started] if isinstance(started, Node) else []
    elif family == "go" and handler is not None:
        nodes += _found(filesystem, f"{TASK}/{handler.text}")
    elif family is not None and environment is not None:
        value = _named(environment, runtime)
        if value is not None:
            nodes += [*_found(filesystem, value), *_behind(filesystem, value, handler)]
    nodes += extensions(filesystem)
    nodes += [node for script in list(nodes) for node in _interpreter(filesystem, script)]
    return list(dict.fromkeys(nodes))


def extensions(filesystem: Filesystem) -> list[Node]:
    """Return what Lambda starts as extensions: all that lies directly in /opt/extensions and is no directory, links followed."""
    folder = filesystem.find(_EXTENSIONS)
    if isinstance(folder, Missing) or folder.children is None:
        return []
    return [node for name in sorted(folder.children) for node in _found(filesystem, f"{_EXTENSIONS}/{name}")]


def _named(environment: Environment, runtime: Runtime | None) -> str | None:
    """The value, where something heeds it: the OS-only runtimes do not."""
    if runtime is not None and runtime.family in ("provided", "go", "custom"):
        return None
    return environment.get(KEY) or None


def _found(filesystem: Filesystem, path: str) -> list[Node]:
    found = filesystem.find(path)
    return [found] if isinstance(found, Node) and found.is_file else []


def _behind(filesystem: Filesystem, value: str, handler: Handler | None) -> list[Node]:
    """Return the script that the Lambda Web Adapter starts, if that is the wrapper: the file that the handler names."""
    if handler is None or value != WEB_ADAPTER:
        return []
    given = isinstance(filesystem.find(WEB_ADAPTER), Node) or any(_ADAPTER_LAYER in layer for layer in filesystem.unread)
    return _found(filesystem, f"{TASK}/{handler.text}") if given else []


def _interpreter(filesystem: Filesystem, script: Node) -> list[Node]:
    shebang = _shebang(filesystem, script)
    if shebang is None or not shebang.interpreter.startswith((f"{TASK}/", f"{OPT}/")):
        return []
    return _found(filesystem, shebang.interpreter)


def _shebang(filesystem: Filesystem, node: Node) -> Shebang | None:
    if node.entry is None or node.package is None or not node.package.contents.head(node.entry).startswith(b"#!"):
        return None
    try:
        return parse(filesystem.read(node, LINE))
    except Lacking:
        return None  # a damaged file, which its own rule tells


def _file(
    found: Node | Missing, value: str, filesystem: Filesystem, runtime: Runtime | None, environment: Environment
) -> Resolution:
    if isinstance(found, Node):
        if not found.is_dir:
            return _script(found, filesystem, runtime, environment)
        places = [found.entry] if found.entry is not None else []
        return Resolution(faults=[Fault(Sort.WRAPPER, f"{KEY} names a directory", places=places, setting=_SETTING)])
    if not found.outside:
        return Resolution(faults=[_missing(filesystem, value)])
    lacking = unread_layer(filesystem, found)
    if lacking is not None:
        return Resolution(unsure=[(Sort.WRAPPER, lacking), (Sort.SHEBANG, lacking)])
    return Resolution()  # a program of the system, or one that is put there at run time


def _script(node: Node, filesystem: Filesystem, runtime: Runtime | None, environment: Environment) -> Resolution:
    """Judge a script that bash starts. Without #! bash runs it itself, so only what its first line names can fail."""
    shebang = _shebang(filesystem, node)
    if shebang is None or node.entry is None:
        return Resolution([node])
    try:
        found = obstacle(shebang, filesystem, runtime, environment)
    except Lacking as lacking:
        return Resolution([node], unsure=[(Sort.SHEBANG, lacking)])
    if found is None:
        return Resolution([node])
    return Resolution([node], [_fault(node.entry, found, runtime)])


def _fault(entry: Entry, found: Obstacle, runtime: Runtime | None) -> Fault:
    status = found.status
    if status is None and runtime is not None and runtime.os is not None:
        # Measured: bash 5.2, of Amazon Linux 2023, says ``cannot execute: required file not found``; bash 4.2, of
        # Amazon Linux 2, ``bad interpreter`` (shell_execve in its execute_cmd.c returns EX_NOEXEC).
        status = 127 if runtime.os == "AL2023" else 126
    aws = None if status is None or found.severity is Severity.WARNING else errors.exit_status(status)
    return Fault(Sort.SHEBANG, found.why, places=[entry], aws=aws, fix=found.fix, line=1, severity=found.severity)


def _missing(filesystem: Filesystem, value: str) -> Fault:
    name = value.strip().rpartition("/")[2].lower()
    where = "the package" if len(filesystem.mounts) < 2 else "the package nor a layer"
    near = [
        node.entry
        for place in (TASK, OPT)
        for node in filesystem.walk(place)
        if node.name.lower() == name and node.is_file and node.entry is not None
    ]
    message = f"{KEY} names a file that is not in {where}" if where == "the package" else f"{KEY} names a file that is in neither {where}"
    if near:
        message += f"; found {near[0].path}"
    if value != value.strip():
        message += "; white space at an end of the value is part of the name"
    fix = f"set {KEY} to the path of a script in the function (/var/task/...) or a layer (/opt/...), or remove it"
    return Fault(Sort.WRAPPER, message, places=near[:1], aws=errors.exit_status(127), fix=fix, setting=_SETTING)
