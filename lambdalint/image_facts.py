"""The facts on images, by name; each takes the facts that it is made of."""

from typing import TYPE_CHECKING, Final, cast

from lambdalint.aws.runtimes import RUNTIMES, Runtime
from lambdalint.filesystem import OPT, TASK, Node
from lambdalint.function import Environment
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.layer_facts import Known
from lambdalint.model import Lacking, NotApplicable, Package, Role
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.clients import Client
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Function, Handler
    from lambdalint.image import Image
    from lambdalint.model import Archive
    from lambdalint.scope import Scope
    from lambdalint.startup import Startup
    from lambdalint.surely import Surely

#: Lambda's words for CPUs by Go's, which images use (https://go.dev/doc/install/source#environment).
CPUS = {"amd64": "x86_64", "arm64": "arm64"}


def image(facts: Known) -> "Image":
    """What an image says of itself."""
    _images_only(facts)
    found = cast("Archive", facts.get("archive")).image
    if found is None:
        raise Lacking("what the image says of itself")
    return found


def startup(facts: Known) -> "Startup":
    """How an image is started."""
    image = cast("Image", facts.get("image"))
    from lambdalint.startup import startup

    return startup(image, cast("Function", facts.get("function")))


def entrypoint(facts: Known) -> Resolution:
    """Whether the kernel can start what the image's entrypoint leads to."""
    filesystem = cast("Filesystem", facts.get("filesystem"))
    started = cast("Startup", facts.get("startup"))
    from lambdalint.handlers.custom import start
    from lambdalint.startup import programs

    found = Resolution()
    for node in programs(started, filesystem):
        found = found.with_more(start(node, filesystem, None, started.environment))
    return found


def scope(facts: Known) -> "Scope":
    """Which entries of a package matter."""
    from lambdalint.scope import Scope

    role = facts.get("role")
    if role is not Role.IMAGE:
        return Scope(OPT if role is Role.LAYER else TASK)
    from lambdalint.startup import places

    return Scope("", places(_startup(facts)))


def code(facts: Known) -> Package:
    """The package without what of an image is its system's and nothing surely reads; native code that pip installed is kept."""
    package = cast("Package", facts.get("package"))
    if facts.get("role") is not Role.IMAGE:
        return package
    from lambdalint.startup import installed

    is_installed = installed(cast("Filesystem", facts.get("filesystem"))).match
    covers, read = cast("Scope", facts.get("scope")).covers, cast("Surely", facts.get("surely")).read
    kept = [entry for entry in package.entries if covers(entry.path) or entry in read or is_installed(entry.path)]
    return Package(package.archive, kept, package.contents)


def executed(facts: Known) -> list[Node]:
    """Return the nodes that an image's start surely executes."""
    from lambdalint.startup import programs

    found = _startup(facts)
    return [] if found is None else programs(found, cast("Filesystem", facts.get("filesystem")))


def variables_of_image(facts: Known) -> Environment | None:
    """Return the variables that an image's program sees. None: not known.

    The exec wrapper is AWS's own runtimes' matter, so that an image that starts something else does without.
    """
    found = _startup(facts)
    if found is None or found.is_aws or EXEC_WRAPPER not in found.environment:
        return None if found is None else found.environment
    return Environment({key: value for key, value in found.environment.items() if key != EXEC_WRAPPER})


def variables_on_base(facts: Known) -> Environment:
    """Return the same where AWS's own paths are in them."""
    found = cast("Startup", facts.get("startup"))
    if not found.is_aws:
        raise NotApplicable("the image starts a program of its own")
    return found.environment


def handler_of_image(facts: Known) -> str:
    """Return the handler, which the base image's script takes as its one argument, and a runtime interface client as its first."""
    found = cast("Startup", facts.get("startup"))
    if not found.is_aws:
        return _handler_of_client(found)
    if len(found.command) != 1 or len(found.entrypoint) > 1:
        raise NotApplicable("the image names no one handler")
    if found.base != TASK:
        raise Lacking(f"what the runtime makes of WORKDIR {found.base}")
    return found.command[0]


def _handler_of_client(found: "Startup") -> str:
    """Return the handler, where that is looked for from the working directory as AWS's runtimes look from /var/task."""
    client = _client(found)
    arguments = None if client is None else client.arguments(found.words)
    if client is None or not arguments or client.language not in ("python", "nodejs", "ruby"):
        raise NotApplicable("the image names no handler")
    if client.language == "ruby" and found.base != TASK:
        raise NotApplicable(f"what is looked for from WORKDIR {found.base}")
    return arguments[0]


def _client(found: "Startup") -> "Client | None":
    from lambdalint.clients import client_of

    return client_of(found)


def runtime_of_image(facts: Known) -> Runtime:
    """Return the runtime that the base image has, without the days from which AWS blocks it: it blocks no image.

    Of another base it is the language alone, when a runtime interface client is started: without AWS's system and dates.
    """
    from lambdalint.image_runtime import runtime_beside_client, runtime_of

    found, filesystem = cast("Startup", facts.get("startup")), cast("Filesystem", facts.get("filesystem"))
    if not found.is_aws:
        client = _client(found)
        named = client is not None and client.arguments(found.words) is not None
        name = runtime_beside_client(found.behind_init(), client.language, filesystem) if client is not None and named else None
        row = RUNTIMES.get(name or "")
        if row is None:
            raise NotApplicable("the image starts a program of its own")
        return Runtime(row.name, row.version, None, None, None, None, None, None, None)
    name = runtime_of(filesystem)
    row = RUNTIMES.get(name)
    if row is None:
        raise Lacking(f"what AWS says of the runtime {name}")
    return Runtime(
        row.name, row.version, row.os, row.architectures, row.deprecated, None, None, row.successor, row.snap_start
    )  # fmt: skip


def architecture_of_image(facts: Known) -> str | None:
    """Return the CPU that an image says it is for. None: it says none that Lambda has."""
    config = cast("Image", facts.get("image")).config
    return None if config is None else CPUS.get(config.platform.architecture or "")


def base_of_image(facts: Known) -> str:
    """Return where an image's relative paths start."""
    found = _startup(facts)
    return TASK if found is None else found.base


def candidates_of_image(facts: Known) -> list[str]:
    """Return where the program that an image starts is looked for."""
    found = _startup(facts)
    behind = None if found is None else found.behind_init()
    return list(behind.candidates()) if behind is not None and behind.words else []


def as_on_lambda(filesystem: "Filesystem", runtime: Runtime) -> "Filesystem":
    """Return the tree with the working directory of an image at /var/task too, from where Node.js's files are followed."""
    if runtime.os is not None or runtime.family != "nodejs" or filesystem.base == TASK:
        return filesystem
    if isinstance(filesystem.find(TASK, follow=False), Node):
        raise NotApplicable(f"what is looked for from WORKDIR {filesystem.base}")
    return filesystem.also_at(TASK)


#: What is told of a handler by its own file, whatever it runs on.
_ANYWHERE: Final = (Sort.MODULE, Sort.MEMBER, Sort.FORM, Sort.SYNTAX, Sort.SIGNATURE)
#: How Python finds code that is installed elsewhere.
_REDIRECTS: Final = (".pth", ".egg-link")


def as_in_image(found: Resolution, filesystem: "Filesystem", runtime: Runtime, handler: "Handler") -> Resolution:
    """Leave out what the language's own installation in the image may satisfy, where that is not modelled."""
    if runtime.os is None:
        faults = [fault for fault in found.faults if fault.sort in _ANYWHERE]
        if any(fault.sort is Sort.MODULE for fault in faults) and _may_be_installed(filesystem, handler.text, runtime.family):
            faults = [fault for fault in faults if fault.sort is not Sort.MODULE]
        faults = [_from_base(fault, filesystem.base) for fault in faults]
        unsure = [pair for pair in found.unsure if pair[0] in _ANYWHERE]
        return Resolution(found.loaded, faults, unsure, found.further)
    modelled = runtime.family == "nodejs" or (
        runtime.family == "python" and isinstance(filesystem.find(f"/var/lang/lib/python{runtime.version}"), Node)
    )
    kept = found.faults if modelled else [fault for fault in found.faults if fault.sort is not Sort.IMPORT]
    return Resolution(found.loaded, kept, found.unsure, found.further)


def _from_base(fault: Fault, base: str) -> Fault:
    """Return a fault that names files as a handler does: from the working directory."""
    hit, start = fault.hit, f"{base.rstrip('/')}/"
    if start == "/" or start not in f"{hit.message}{hit.fix}":
        return fault
    return Fault(
        fault.sort, hit.message.replace(start, ""), places=hit.places, aws=hit.aws, fix=hit.fix and hit.fix.replace(start, ""),
        phase=hit.phase, severity=hit.severity, line=hit.line, setting=hit.setting,
    )  # fmt: skip


def _may_be_installed(filesystem: "Filesystem", handler: str, family: str) -> bool:
    """Tell whether anything in the image has the name of a handler's module where it may be found, or leads Python elsewhere."""
    top = handler.replace("/", ".").lstrip(".").partition(".")[0]
    for _, package in filesystem.mounts:
        for entry in package.entries:
            if family == "nodejs":
                if f"node_modules/{top}/" in f"{entry.path}/":
                    return True
                continue
            parts = entry.path.split("/")
            if top in parts or parts[-1].startswith(f"{top}.") or parts[-1].endswith(_REDIRECTS):
                return True
    return False


def matters(facts: Known) -> "Filesystem":
    """Return the tree with only those files listed whose binaries are judged: an image's system is not."""
    filesystem = cast("Filesystem", facts.get("filesystem"))
    if facts.get("role") is not Role.IMAGE:
        return filesystem
    return filesystem.listing([("/", cast("Package", facts.get("code")))])


def _startup(facts: Known) -> "Startup | None":
    try:
        return cast("Startup", facts.get("startup"))
    except (Lacking, NotApplicable):
        return None


def _images_only(facts: Known) -> None:
    if facts.get("role") is not Role.IMAGE:
        raise NotApplicable("it is no image")
