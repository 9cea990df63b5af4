"""Custom runtimes (``provided*``) and ``go1.x``: is there a program that Lambda can start? The handler text is theirs to read.

The first file of /var/task/bootstrap and /opt/bootstrap is started, links followed, directories of that name passed over
(``getBootstrap`` in https://github.com/aws/aws-lambda-runtime-interface-emulator, cmd/aws-lambda-rie; read 2026-11-21). Its
mode is judged by the rule on execute bits, which asks ``programs``; its CPU with the binaries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.candidates import without_bootstrap
from lambdalint.handlers.powershell import judge_handler
from lambdalint.handlers.shebang import LINE, Shebang, obstacle, parse, unread_layer
from lambdalint.model import Aws, Kind, Lacking

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment, Handler

BOOTSTRAPS: Final = (f"{TASK}/bootstrap", f"{OPT}/bootstrap")

#: Starts of files that are programs of some system; which one is judged with the binaries. Mach-O has five.
_BINARY: Final = (
    b"\x7fELF", b"MZ", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
)  # fmt: skip
#: What else is found in a program's place, what it is, and what to do.
_OTHER: Final = (
    (b"\xef\xbb\xbf#!", "starts with a byte order mark, so its #! is not seen", "save it as UTF-8 without a byte order mark"),
    (b"\xff\xfe", "is text in UTF-16, in which #! is not seen", "save it as UTF-8"),
    (b"\xfe\xff", "is text in UTF-16, in which #! is not seen", "save it as UTF-8"),
    (b"PK\x03\x04", "is itself a zip archive", "unpack it first, and zip the program in it"),
    (b"\x1f\x8b", "is a gzip file", "unpack it first, and zip the program in it"),
    (b"\x00asm", "is WebAssembly, which the kernel cannot start", "compile for Linux, or bring a program that runs WebAssembly"),
)
#: Judged by its own rule, which says what it stands for.
_LFS_POINTER: Final = b"version https://git-lfs.github.com/spec/"


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    if runtime.family == "go":
        return _go(filesystem, handler, runtime, environment)
    node = bootstrap(filesystem)
    if isinstance(node, Lacking):
        return Resolution(unsure=[(Sort.BOOTSTRAP, node), (Sort.SHEBANG, node)])
    if node is None:
        return Resolution(faults=[without_bootstrap(filesystem, runtime)])
    started = start(node, filesystem, runtime, environment)
    spoken = judge_handler(filesystem, handler, node)
    return Resolution([node, *started.loaded], [*started.faults, *spoken.faults], [*started.unsure, *spoken.unsure])


def bootstrap(filesystem: Filesystem) -> Node | Lacking | None:
    """Return the file that a custom runtime starts. None: there is none; Lacking: a layer that was not given may have it."""
    for path in BOOTSTRAPS:
        found = filesystem.find(path)
        if isinstance(found, Node):
            if not found.is_dir:
                return found
        elif found.outside:
            return unread_layer(filesystem, found) or Lacking(f"what lies at {found.reached.path.rstrip('/')}/{found.rest}")
    return None


def start(node: Node, filesystem: Filesystem, runtime: Runtime | None, environment: Environment | None) -> Resolution:
    """Judge whether the kernel can start a file that Lambda hands it: ``bootstrap``, an extension, go1.x's program."""
    entry = node.entry
    if entry is None or node.package is None or entry.kind is not Kind.FILE:
        return Resolution()
    head = node.package.contents.head(entry)
    if head.startswith((*_BINARY, _LFS_POINTER)) or (entry.size and not head):
        return Resolution()
    if not head.startswith(b"#!"):
        return Resolution(faults=[_no_format(node, head)])
    shebang = parse(filesystem.read(node, LINE))
    if shebang is None:
        message = "its #! line names no program"
        return Resolution(faults=[_fault(Sort.SHEBANG, node, message, _cannot(node, errors.OTHER_FORMAT))])
    return _script(node, shebang, filesystem, runtime, environment)


def _script(
    node: Node, shebang: Shebang, filesystem: Filesystem, runtime: Runtime | None, environment: Environment | None
) -> Resolution:
    try:
        found = obstacle(shebang, filesystem, runtime, environment)
    except Lacking as lacking:
        return Resolution(unsure=[(Sort.SHEBANG, lacking)])
    if found is None:
        interpreter = filesystem.find(shebang.interpreter)
        return Resolution([interpreter] if isinstance(interpreter, Node) and interpreter.is_file else ())
    aws: Aws | None = _cannot(node, errors.NOT_FOUND) if found.status is None else errors.exit_status(found.status)
    if found.severity is not None:
        aws = None
    assert node.entry is not None
    fault = Fault(Sort.SHEBANG, found.why, places=[node.entry], aws=aws, fix=found.fix, line=1, severity=found.severity)
    return Resolution(faults=[fault])


def _no_format(node: Node, head: bytes) -> Fault:
    entry = node.entry
    assert entry is not None
    aws = _cannot(node, errors.OTHER_FORMAT)
    if not entry.size:
        message = "the file is empty, and the kernel cannot start it"
        return _fault(Sort.BOOTSTRAP, node, message, aws, "look why the build left it empty")
    for magic, what, fix in _OTHER:
        if head.startswith(magic):
            return _fault(Sort.BOOTSTRAP, node, f"the file {what}", aws, fix)
    if head.lstrip().startswith(b"#!"):
        message = "its #! is not at the very start of the file, so it is not seen"
        return _fault(Sort.SHEBANG, node, message, aws, "take out what stands before the #!")
    message = "it is neither a program nor a script that names its interpreter: it does not start with #!"
    return _fault(Sort.SHEBANG, node, message, aws, "put #!/bin/sh, or the interpreter it is written for, on its first line")


def _fault(sort: Sort, node: Node, message: str, aws: Aws, fix: str | None = None) -> Fault:
    assert node.entry is not None
    return Fault(sort, message, places=[node.entry], aws=aws, fix=fix, line=1 if sort is Sort.SHEBANG else None)


def _cannot(node: Node, cause: str) -> Aws:
    """Return AWS's words for a program that the kernel refused, named as the function sees it."""
    path = node.path
    code = errors.EXTENSION_LAUNCH if path.startswith(f"{OPT}/extensions/") else errors.INVALID_ENTRYPOINT
    return Aws(code, f"fork/exec {path}: {cause}")


def _go(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    """Judge go1.x, which starts the file that the handler names
    (https://docs.aws.amazon.com/lambda/latest/dg/golang-handler.html, as of 2023).
    """
    path = f"{TASK}/{handler.text}"
    found = filesystem.find(path)
    if isinstance(found, Node) and not found.is_dir:
        started = start(found, filesystem, runtime, environment)
        return Resolution([found, *started.loaded], started.faults, started.unsure)
    if isinstance(found, Missing) and found.outside:
        lacking = unread_layer(filesystem, found) or Lacking(f"what lies at {path}")
        return Resolution(unsure=[(Sort.MODULE, lacking)])
    what = "is a directory" if isinstance(found, Node) else "is not in the package"
    cause = errors.NOT_EXECUTABLE if isinstance(found, Node) else errors.NOT_FOUND
    near = next((node for node in filesystem.walk(TASK) if node.is_file and node.name == path.rpartition("/")[2]), None)
    message = f"the handler names the program {handler.text}, which {what}"
    if near is not None and near.entry is not None:
        message += f"; found {near.entry.path}"
    places = () if near is None or near.entry is None else (near.entry,)
    aws = Aws("PathError", f"fork/exec {path}: {cause}")
    return Resolution(faults=[Fault(Sort.MODULE, message, places=places, aws=aws, setting="Handler")])
