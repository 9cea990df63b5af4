"""The facts on layers and extensions, by name; each takes the facts that it is made of."""

from typing import TYPE_CHECKING, Protocol, cast

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.function import Environment
from lambdalint.handlers import Resolution, Sort, resolve
from lambdalint.model import Lacking, NotApplicable, Package, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lambdalint.aws.runtimes import Runtime
    from lambdalint.extensions import Extensions
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Function, Handler
    from lambdalint.layers import Layout, Stray
    from lambdalint.shadows import Shadows


class Known(Protocol):
    """What is known; raises Lacking or NotApplicable."""

    def get(self, name: str) -> object: ...


def layout(facts: Known) -> "Layout":
    """What of a layer lies where no runtime looks."""
    layer = _layer(facts)
    from lambdalint.layers import strays

    return _judged(facts, layer, strays(layer))


def other_versions(facts: Known) -> "Layout":
    """What of a layer lies where only other versions of the function's runtime look."""
    layer = _layer(facts)
    from lambdalint.layers import of_other_versions

    return _judged(facts, layer, of_other_versions(layer, cast("Runtime", facts.get("runtime"))))


def shadows(facts: Known) -> "Shadows":
    """What of a layer is hidden by another, or by the function."""
    layer = _layer(facts)
    from lambdalint.shadows import shadows

    return shadows(layer, cast("Filesystem", facts.get("filesystem")))


def extensions(facts: Known) -> "Extensions":
    """What is started beside the runtime; empty where there is none."""
    from lambdalint.extensions import extensions

    runtime = RUNTIMES.get(cast("Function", facts.get("function")).runtime or "")
    return extensions(cast("Filesystem", facts.get("filesystem")), runtime, variables(facts))


def launch(facts: Known) -> Resolution:
    """Whether what Lambda itself starts can start: an image's entrypoint, what the handler leads to, extensions."""
    started = [one.resolution for one in cast("Extensions", facts.get("extensions")) if one.is_script]
    faults = [fault for one in started for fault in one.faults]
    found = Resolution(faults=faults, unsure=[unsure for one in started for unsure in one.unsure])
    is_image = facts.get("role") is Role.IMAGE
    if is_image:
        found = found.with_more(cast("Resolution", facts.get("entrypoint")))
    try:
        return cast("Resolution", facts.get("resolution")).with_more(found)
    except Lacking as lacking:
        return found.with_more(Resolution(unsure=[(Sort.SHEBANG, lacking)]))
    except NotApplicable:
        if not started and not is_image:
            raise
        return found


def variables(facts: Known) -> Environment:
    """Return the variables that the function's program sees, beside Lambda's own; none where they were not told."""
    from lambdalint.image_facts import variables_of_image

    of_image = variables_of_image(facts) if facts.get("role") is Role.IMAGE else None
    if of_image is not None:
        return of_image
    told = cast("Function", facts.get("function")).environment
    return Environment({}) if told is None else told


def _layer(facts: Known) -> Package:
    if facts.get("role") is not Role.LAYER:
        raise NotApplicable("it is not a layer")
    return cast("Package", facts.get("package"))


def _judged(facts: Known, layer: Package, found: "Sequence[Stray]") -> "Layout":
    from lambdalint.layers import judge

    environment = variables(facts)
    try:
        resolution = cast("Resolution", facts.get("resolution"))
    except (Lacking, NotApplicable):
        resolution = None  # so that whether anything is needed is not known

    def resolved(filesystem: "Filesystem") -> Resolution:
        return resolve(filesystem, cast("Handler", facts.get("handler")), cast("Runtime", facts.get("runtime")), environment)

    return judge(layer, found, cast("Filesystem", facts.get("filesystem")), resolution, resolved, environment)
