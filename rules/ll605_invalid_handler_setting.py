r"""The handler string breaks the API's grammar.

Whatever the runtime, the API takes at most 128 characters and no white space. It answers ``ValidationException: 1 validation
error detected: Value 'my handler' at 'handler' failed to satisfy constraint: Member must satisfy regular expression
pattern: [^\s]+``

Fix: take the white space out, or shorten the path of the handler's file.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from collections.abc import Iterator

from lambdalint import Function, Handler, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits


@rule("LL605", "invalid-handler-setting", Severity.ERROR, Phase.CONFIGURE)
def invalid_handler_setting(handler: Handler, function: Function) -> Iterator[Hit]:
    if function.handler is None:
        return  # an image's comes from its CMD, which has no such grammar
    text = handler.text
    if not text or any(char.isspace() for char in text):
        what = "holds white space" if text else "is empty"
        aws = errors.constraint(text, "handler", r"Member must satisfy regular expression pattern: [^\s]+")
        fix = None if text else "name what is to be called, such as app.handler; any word does for a custom runtime"
        yield Hit(None, f"the handler {what}", setting="Handler", aws=aws, fix=fix)
    most = limits.HANDLER_LENGTH[-1]
    if len(text) > most:
        limit = f"Member must have length less than or equal to {most}"
        message = f"the handler has {len(text)} characters; the API takes {most}"
        yield Hit(None, message, setting="Handler", aws=errors.constraint(text, "handler", limit))
