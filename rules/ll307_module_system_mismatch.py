"""ES modules and CommonJS are mixed up.

Whether a ``.js`` file is one or the other is decided by the nearest package.json, and Lambda switches off what lets plain
Node.js guess or mix them, so a local test passes: ``Runtime.UserCodeSyntaxError: SyntaxError: Cannot use import
statement outside a module``, ``ReferenceError: require is not defined in ES module scope``.

Fix: add ``"type": "module"`` to package.json or rename to ``.mjs`` for ES modules, rename to ``.cjs`` for CommonJS.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL307", "module-system-mismatch", Severity.ERROR, Phase.INIT)
def module_system_mismatch(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.DIALECT)
