"""The function has more layers than AWS takes.

A function may have five layers, whoever made them, those with extensions included. Their order counts, and one more is
refused: ``InvalidParameterValueException: Cannot reference more than 5 layers.``

Fix: merge layers into one, or move what only this function needs into its package.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits


@rule("LL803", "too-many-layers", Severity.ERROR, Phase.CONFIGURE)
def too_many_layers(layers: tuple[str, ...]) -> Iterator[Hit]:
    if len(layers) > limits.LAYERS:
        message = f"{len(layers)} layers are given; a function may have {limits.LAYERS}"
        yield Hit(None, message, setting="Layers", aws=errors.TOO_MANY_LAYERS)
