"""The script of AWS's base image is given no handler, or more than that.

``/lambda-entrypoint.sh`` takes exactly one argument, the handler. With none, or with two, it prints ``entrypoint requires the handler
name to be the first argument`` and ends: ``Runtime exited with error: exit status 142`` (``Runtime.ExitError``). CMD in shell form
gives it three: ``/bin/sh``, ``-c`` and the rest.

Fix: ``CMD ["app.handler"]``, or set ``ImageConfig.Command`` to a list of that one string.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from collections.abc import Iterator

from lambdalint import Aws, Hit, Phase, Severity, Startup, rule


@rule("LL709", "handler-argument", Severity.ERROR, Phase.INIT)
def handler_argument(startup: Startup) -> Iterator[Hit]:
    arguments = startup.words[1:]
    if not startup.is_aws or len(arguments) == 1:
        return
    message = "CMD is missing, which must name the handler"
    if arguments:
        message = f"the base image's script is given {len(arguments)} arguments, and takes the handler alone"
        if arguments[:2] == ("/bin/sh", "-c"):
            message += "; CMD is in shell form"
    setting = startup.setting("Command") or startup.setting("EntryPoint")
    yield Hit(None, message, setting=setting, aws=Aws("Runtime.ExitError", "Runtime exited with error: exit status 142"))
