"""A layer is in another Region than the function.

AWS takes layers of the function's own Region only: ``InvalidParameterValueException: Layers are not in the same region as the
function. Layers are expected to be in region eu-west-1.``

Fix: take the layer's ARN of that Region, or publish the layer there too.

Source: https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Lacking, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.function import is_arn


@rule("LL812", "layer-in-other-region", Severity.ERROR, Phase.CONFIGURE)
def layer_in_other_region(layers: tuple[str, ...], function: Function) -> Iterator[Hit]:
    placed = [layer for layer in layers if is_arn(layer) and layer.count(":") > 5 and layer.split(":")[3]]
    if placed and function.region is None:
        raise Lacking("the Region", "--region")
    for layer in placed:
        if layer.split(":")[3] != function.region:
            message = f"{layer} is in {layer.split(':')[3]}, the function in {function.region}"
            yield Hit(None, message, setting="Layers", aws=errors.layer_elsewhere(function.region or ""))
