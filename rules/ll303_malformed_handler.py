"""The runtime cannot read the handler string.

Every language has its own grammar: ``module.function``, ``file.method``, ``package.Class::method``,
``ASSEMBLY::TYPE::METHOD``. The API takes any text, so the fault shows only when the function starts:
``Runtime.MalformedHandlerName: Bad handler 'app': not enough values to unpack (expected 2, got 1)``,
``Runtime.BuiltInModuleConflict: Cannot use built-in module time as a handler module``, ``Invalid lambda function handler``.

Fix: write the handler in the grammar of the runtime's language.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL303", "malformed-handler", Severity.ERROR, Phase.INIT)
def malformed_handler(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.FORM)
