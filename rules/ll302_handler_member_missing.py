"""The handler's file is there, but it has no such function, method or export.

The last part of the handler string names what the runtime calls: ``Runtime.HandlerNotFound: Handler 'handler' missing on
module 'app'``, ``index.handler is undefined or not exported``, ``undefined method `handler'``, ``No public method
named handleRequest with appropriate method signature found on class example.App``. Java and Ruby look only at the first call.

Fix: export a function of that name, or let the handler name one that there is.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL302", "handler-member-missing", Severity.ERROR, Phase.INIT)
def handler_member_missing(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.MEMBER)
