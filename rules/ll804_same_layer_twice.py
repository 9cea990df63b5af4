"""A layer is given more than once.

Two versions of one layer exclude each other, and so does the same version twice: ``InvalidParameterValueException: Two
different versions of the same layer are not allowed to be referenced in the same function.`` A file that is given twice
is a warning: it may be published under two names, but then the second hides the first.

Fix: keep the one that you want; the list of an update replaces the old one as a whole.

Source: https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.function import is_arn


def layer_of(arn: str) -> str:
    """The ARN without its version; AWS's own ``awslayer`` ARNs have none."""
    return ":".join(arn.split(":")[:7])


@rule("LL804", "same-layer-twice", Severity.ERROR, Phase.CONFIGURE)
def same_layer_twice(layers: tuple[str, ...]) -> Iterator[Hit]:
    seen: dict[str, str] = {}
    for layer in layers:
        if not is_arn(layer):
            if layer in seen:
                yield Hit(None, f"{layer} is given twice", setting="Layers", severity=Severity.WARNING)
            seen[layer] = layer
            continue
        first = seen.setdefault(layer_of(layer), layer)
        if first is not layer:
            message = f"{layer} is given twice" if first == layer else f"{first} and {layer} are versions of one layer"
            yield Hit(None, message, setting="Layers", aws=errors.layer_twice(first, layer))
