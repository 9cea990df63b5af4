"""The facts on native code, by name; each takes the facts that it is made of and loads what judges only when there is something."""

from typing import TYPE_CHECKING, cast

from lambdalint.layer_facts import Known, variables
from lambdalint.model import Lacking, NotApplicable, Role

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.linkage import Links
    from lambdalint.binaries.missing import Platforms
    from lambdalint.binaries.natives import Natives
    from lambdalint.binaries.wheels import Wheels
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Handler
    from lambdalint.startup import Startup
    from lambdalint.surely import Surely


def slots(facts: Known) -> "Slots":
    """Native files by what would load them."""
    natives, surely = cast("Natives", facts.get("natives")), cast("Surely", facts.get("surely"))
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.judgement import Slots

    wanted = Wanted(_cpu(facts), _runtime(facts), _libc(facts))
    handler = cast("Handler | None", known(facts, "handler"))
    return Slots(natives, wanted, surely, handler)


def platforms(facts: Known) -> "Platforms":
    """What npm packages declare for single platforms, and what of it is installed."""
    runtime, surely = _runtime(facts), cast("Surely", facts.get("surely"))
    if runtime is None or runtime.os is None or runtime.family != "nodejs":
        raise NotApplicable("it is not Node.js on a system of AWS's")
    if not any("/node_modules/" in node.path for node in surely.loaded):
        raise NotApplicable("nothing is loaded from node_modules")
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.missing import Platforms
    from lambdalint.binaries.needs import npm_needs

    filesystem = cast("Filesystem", facts.get("filesystem"))
    return Platforms(filesystem, npm_needs(filesystem, surely), Wanted(_cpu(facts), runtime), variables(facts))


def wheels(facts: Known) -> "Wheels":
    """What installed Python distributions say that they are for."""
    filesystem, runtime = cast("Filesystem", facts.get("filesystem")), cast("Runtime", facts.get("runtime"))
    # A distribution has its metadata at the root of what is searched, so a look at the packages' own folders will do.
    paths = (entry.path for _, package in filesystem.mounts for entry in package.entries)
    if runtime.family != "python" or not any(".dist-info/" in path for path in paths):
        raise NotApplicable("no Python distribution is installed")
    from lambdalint.binaries.fit import Wanted

    wanted = Wanted(_cpu(facts), runtime)
    minor = wanted.minor
    if minor is None:
        raise NotApplicable("it is not Python 3")
    from lambdalint.binaries.slots import python_roots
    from lambdalint.binaries.wheels import Wheels

    try:
        seen: Slots | None = cast("Slots", facts.get("slots"))
    except NotApplicable:
        seen = None
    surely, handler = cast("Surely", facts.get("surely")), cast("Handler | None", known(facts, "handler"))
    return Wheels(filesystem, python_roots(filesystem, minor), minor, wanted, seen, surely, handler)


def links(facts: Known) -> "Links":
    """What the loader would find, and what not, for native files that something loads."""
    seen = cast("Slots", facts.get("slots"))
    from lambdalint.binaries.linkage import Links
    from lambdalint.binaries.linking import Linker, folders

    runtime, architecture = seen.wanted.runtime, seen.wanted.architecture
    if facts.get("role") is Role.IMAGE:
        from lambdalint.binaries.image_libraries import ImageLibraries, libc_of

        # What says nothing of how it is started may be a part of a file system, of which the rest is elsewhere.
        if known(facts, "startup") is None and libc_of(cast("Filesystem", facts.get("filesystem"))) is None:
            raise Lacking("the system that the files are put into")
        image = ImageLibraries(cast("Filesystem", facts.get("filesystem")), variables(facts))
        return Links(seen, Linker(seen.natives, image, architecture, ("libc.musl",)), image)
    from lambdalint.aws.libraries import environment

    there = environment(None if runtime is None else runtime.os, None if runtime is None else runtime.name, architecture)
    own = variables(facts)
    path = folders(own.get("LD_LIBRARY_PATH"), seen.natives.filesystem.base) or there.path
    return Links(seen, Linker(seen.natives, there, architecture, path=path, preloads="LD_PRELOAD" in own))


def _cpu(facts: Known) -> str | None:
    """The architecture; None when it was not told, since what fits no CPU at all is judged all the same."""
    return cast("str | None", known(facts, "architecture"))


def _runtime(facts: Known) -> "Runtime | None":
    return cast("Runtime | None", known(facts, "runtime"))


def _libc(facts: Known) -> str | None:
    """The C library, of an image as far as its loaders tell."""
    if facts.get("role") is not Role.IMAGE:
        return "glibc"
    from lambdalint.binaries.image_libraries import libc_of

    started = cast("Startup | None", known(facts, "startup"))
    return "glibc" if started is not None and started.is_aws else libc_of(cast("Filesystem", facts.get("filesystem")))


def known(facts: Known, name: str) -> object | None:
    """Return a fact, or None when it is not known or there is none."""
    try:
        return facts.get(name)
    except (Lacking, NotApplicable):
        return None
