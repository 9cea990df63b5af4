"""The handler is there, but it cannot be called as the runtime calls it.

Python calls it with an event and a context, Ruby with keywords of these names, Java needs a way to make the object, and
Node.js has no callbacks from version 24 on. The function starts, and the calls fail: ``TypeError: handler() takes 1
positional argument but 2 were given``, ``Runtime.MarshalError``, ``Runtime.CallbackHandlerDeprecated``.

Fix: give the handler the signature that the runtime's page shows.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL305", "handler-signature", Severity.ERROR, Phase.INVOKE)
def handler_signature(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.SIGNATURE)
