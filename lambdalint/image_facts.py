"""The facts on images, by name; each takes the facts that it is made of."""

from typing import TYPE_CHECKING, cast

from lambdalint.aws.runtimes import RUNTIMES, Runtime
from lambdalint.filesystem import OPT, TASK, Node
from lambdalint.handlers import Resolution, Sort
from lambdalint.layer_facts import Known
from lambdalint.model import Lacking, NotApplicable, Package, Role

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Environment, Function
    from lambdalint.image import Image
    from lambdalint.model import Archive
    from lambdalint.startup import Scope, Startup
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
    from lambdalint.startup import startup

    return startup(cast("Image", facts.get("image")), cast("Function", facts.get("function")))


def entrypoint(facts: Known) -> Resolution:
    """Whether the kernel can start what the image's entrypoint leads to."""
    from lambdalint.handlers.custom import start
    from lambdalint.startup import programs

    filesystem = cast("Filesystem", facts.get("filesystem"))
    started = cast("Startup", facts.get("startup"))
    found = Resolution()
    for node in programs(started, filesystem):
        found = found.with_more(start(node, filesystem, None, started.environment))
    return found


def scope(facts: Known) -> "Scope":
    """Which entries of a package matter."""
    from lambdalint.startup import Scope, places

    role = facts.get("role")
    if role is not Role.IMAGE:
        return Scope(OPT if role is Role.LAYER else TASK)
    return Scope("", places(_startup(facts)))


def code(facts: Known) -> Package:
    """The package without what of an image is its system's and nothing surely reads."""
    package = cast("Package", facts.get("package"))
    if facts.get("role") is not Role.IMAGE:
        return package
    covers, read = cast("Scope", facts.get("scope")).covers, cast("Surely", facts.get("surely")).read
    return Package(package.archive, [entry for entry in package.entries if covers(entry.path) or entry in read], package.contents)


def executed(facts: Known) -> list[Node]:
    """Return the nodes that an image's start surely executes."""
    from lambdalint.startup import programs

    found = _startup(facts)
    return [] if found is None else programs(found, cast("Filesystem", facts.get("filesystem")))


def variables_of_image(facts: Known) -> "Environment | None":
    """Return the variables that an image's program sees. None: not known."""
    found = _startup(facts)
    return None if found is None else found.environment


def handler_of_image(facts: Known) -> str:
    """Return the handler, which the base image's script takes as its one argument."""
    found = _on_base(facts)
    if len(found.command) != 1 or len(found.entrypoint) > 1:
        raise NotApplicable("the image names no one handler")
    if found.base != TASK:
        raise Lacking(f"what the runtime makes of WORKDIR {found.base}")
    return found.command[0]


def runtime_of_image(facts: Known) -> Runtime:
    """Return the runtime that the base image has, without the days from which AWS blocks it: it blocks no image."""
    from lambdalint.startup import runtime_of

    _on_base(facts)
    name = runtime_of(cast("Filesystem", facts.get("filesystem")))
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


def as_in_image(found: Resolution, filesystem: "Filesystem", runtime: Runtime) -> Resolution:
    """Leave out imports that the language's own installation in the image may satisfy, where that is not modelled."""
    modelled = runtime.family == "nodejs" or (
        runtime.family == "python" and isinstance(filesystem.find(f"/var/lang/lib/python{runtime.version}"), Node)
    )
    kept = found.faults if modelled else [fault for fault in found.faults if fault.sort is not Sort.IMPORT]
    return Resolution(found.loaded, kept, found.unsure, found.further)


def matters(facts: Known) -> "Filesystem":
    """Return the tree with only those files listed whose binaries are judged: an image's system is not."""
    filesystem = cast("Filesystem", facts.get("filesystem"))
    if facts.get("role") is not Role.IMAGE:
        return filesystem
    return filesystem.listing([("/", cast("Package", facts.get("code")))])


def _on_base(facts: Known) -> "Startup":
    found = cast("Startup", facts.get("startup"))
    if not found.is_aws:
        raise NotApplicable("the image starts a program of its own")
    return found


def _startup(facts: Known) -> "Startup | None":
    try:
        return cast("Startup", facts.get("startup"))
    except (Lacking, NotApplicable):
        return None


def _images_only(facts: Known) -> None:
    if facts.get("role") is not Role.IMAGE:
        raise NotApplicable("it is no image")
