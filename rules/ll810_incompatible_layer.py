"""A layer says that it is for another runtime or CPU.

A layer's lists of runtimes and CPUs, and a name such as ``Datadog-Python312`` or ``LambdaInsightsExtension-Arm64``, bind nobody: AWS says
nothing when the layer is added. What it brings then does not load: ``cannot open shared object file``, ``No module named``
or, for an extension, ``exec format error``.

Fix: take the layer's ARN for the function's runtime and CPU; most publishers list them side by side.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws.runtimes import RUNTIMES


@rule("LL810", "incompatible-layer", Severity.WARNING, Phase.INIT)
def incompatible_layer(layers: tuple[str, ...], function: Function) -> Iterator[Hit]:
    from lambdalint.declared import declared, excludes_architecture, excludes_runtime

    runtime = RUNTIMES.get(function.runtime or "")
    for layer in declared(layers, function.settings or {}):
        says = "has a name that says" if layer.by_name else "says"
        if runtime is not None and excludes_runtime(layer, runtime):
            message = f"{layer.arn} {says} {', '.join(layer.runtimes)}, the function is {runtime.name}"
            yield Hit(None, message, setting="Layers")
        for architecture in (function.architectures or ())[:1]:
            if excludes_architecture(layer, architecture):
                message = f"{layer.arn} {says} {', '.join(layer.architectures)}, the function is {architecture}"
                yield Hit(None, message, setting="Layers")
