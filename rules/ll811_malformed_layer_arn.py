r"""A layer's ARN is none that AWS takes.

What a function needs is the ARN of one version of a layer, which ends with its number. The layer's own ARN is refused:
``ValidationException: 1 validation error detected: Value '[arn:aws:lambda:eu-west-1:123456789012:layer:deps]' at 'layers' failed
to satisfy constraint``

Fix: append the version: ``arn:aws:lambda:eu-west-1:123456789012:layer:deps:7``; ``aws lambda list-layer-versions`` shows it.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits
from lambdalint.function import is_arn


@rule("LL811", "malformed-layer-arn", Severity.ERROR, Phase.CONFIGURE)
def malformed_layer_arn(layers: tuple[str, ...]) -> Iterator[Hit]:
    for layer in layers:
        if not is_arn(layer) or limits.fits(limits.LAYER_ARN_PATTERN, layer):
            continue
        versionless = limits.fits(limits.LAYER_ARN_PATTERN, f"{layer}:1")
        what = "names no version" if versionless else "is not the ARN of a layer's version"
        pattern = f"Member must satisfy regular expression pattern: {limits.LAYER_ARN_PATTERN}"
        yield Hit(
            None,
            f"{layer} {what}",
            setting="Layers",
            aws=errors.constraint(f"[{layer}]", "layers", f"Member must satisfy constraint: [{pattern}]"),
            fix=f"append the number of the version, as in {layer}:1" if versionless else None,
        )
