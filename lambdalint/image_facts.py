"""The facts on images, by name; each takes the facts that it is made of."""

from typing import TYPE_CHECKING, cast

from lambdalint.aws.runtimes import RUNTIMES, Runtime
from lambdalint.filesystem import OPT, TASK, Node
from lambdalint.function import Environment
from lambdalint.handlers import Resolution
from lambdalint.layer_facts import Known
from lambdalint.model import Lacking, NotApplicable, Package, Role
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Function
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


def followed(facts: Known) -> "Startup":
    """The start of the program that an image's start comes to, behind inits, shells and scripts; its own where there are none."""
    found = cast("Startup", facts.get("startup"))
    from lambdalint.followed import followed

    return followed(found, cast("Filesystem", facts.get("tree")))


def tree(facts: Known) -> "Filesystem":
    """An image's files, as they are before anything is started."""
    _images_only(facts)
    from lambdalint.filesystem import Filesystem

    found = _startup(facts)
    return Filesystem([("/", cast("Package", facts.get("package")))], base=TASK if found is None else found.base)


def filesystem_of_image(facts: Known) -> "Filesystem":
    """Return an image's tree; relative paths start, and virtual environments are told, where the program is that it comes to."""
    found, tree = _followed(facts), cast("Filesystem", facts.get("tree"))
    if found is None:
        return tree
    return tree.seen_from(found.base, list(found.candidates()) if found.words else [])


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

    return Scope("", list(dict.fromkeys([*places(_startup(facts)), *places(_followed(facts))])))


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


def client_files(facts: Known) -> list[Node]:
    """Return the files of its runtime interface client that an image surely reads."""
    from lambdalint.clients import first_files

    found = _followed(facts)
    return [] if found is None else first_files(cast("Filesystem", facts.get("filesystem")), found)


def handed_on(facts: Known) -> tuple[Node | None, str | None]:
    """Return the file that an image's own shell, script or init starts in the end, and which of them does. None: not known."""
    found = _followed(facts)
    if found is None or found.by is None:
        return None, None
    node = found.find(cast("Filesystem", facts.get("filesystem")))
    return (node, found.by) if isinstance(node, Node) and node.is_file else (None, None)


def variables_of_image(facts: Known) -> Environment | None:
    """Return the variables that an image's program sees. None: not known.

    The exec wrapper is AWS's own runtimes' matter, so that an image that starts something else does without.
    """
    found = _followed(facts)
    if found is None or found.is_aws or EXEC_WRAPPER not in found.environment:
        return None if found is None else found.environment
    return Environment({key: value for key, value in found.environment.items() if key != EXEC_WRAPPER})


def variables_on_base(facts: Known) -> Environment:
    """Return the same where AWS's own paths are in them."""
    found = cast("Startup", facts.get("followed"))
    if not found.is_aws:
        raise NotApplicable("the image starts a program of its own")
    return found.environment


def runtime_of_image(facts: Known) -> Runtime:
    """Return the runtime that the base image has, without the days from which AWS blocks it: it blocks no image.

    Of another base it is the language alone, when a runtime interface client is started: without AWS's system and dates.
    """
    from lambdalint.image_runtime import runtime_beside_client, runtime_of

    found, filesystem = cast("Startup", facts.get("followed")), cast("Filesystem", facts.get("filesystem"))
    if not found.is_aws:
        from lambdalint.clients import client_of

        client = client_of(found)
        named = client is not None and client.arguments(found.words) is not None
        name = runtime_beside_client(found, client.language, filesystem) if client is not None and named else None
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


def _followed(facts: Known) -> "Startup | None":
    return None if _startup(facts) is None else cast("Startup", facts.get("followed"))


def _images_only(facts: Known) -> None:
    if facts.get("role") is not Role.IMAGE:
        raise NotApplicable("it is no image")
