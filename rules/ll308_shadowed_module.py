"""A file of the package hides a module that is needed, or is hidden by one.

A module that the runtime has loaded before it looks at the package wins over a file of that name; other modules of the
standard library lose to it, and what imports them gets the wrong one: ``Runtime.HandlerNotFound: Handler 'handler' missing on module
'json'``, ``module 'secrets' has no attribute 'token_hex'``.

Fix: rename the file, and the handler with it.

Source: https://github.com/aws/aws-lambda-python-runtime-interface-client
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL308", "shadowed-module", Severity.ERROR, Phase.INIT)
def shadowed_module(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.SHADOW)
