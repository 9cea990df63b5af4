"""What starts the image's function is given no handler, or more than that.

``/lambda-entrypoint.sh`` of AWS's base images takes exactly one argument, the handler. With none, or with two, it prints
``entrypoint requires the handler name to be the first argument`` and ends: ``Runtime exited with error: exit status 142``
(``Runtime.ExitError``). CMD in shell form gives it three: ``/bin/sh``, ``-c`` and the rest. The runtime interface clients that other
images start want a handler too: ``Handler not set``, ``No handler specified``, ``exit status 1``.

Fix: ``CMD ["app.handler"]``, or set ``ImageConfig.Command`` to a list of that one string.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
https://github.com/aws/aws-lambda-python-runtime-interface-client
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Aws, Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Startup

#: The clients that were seen to end without one.
SEEN = ("python", "nodejs")


def _without(startup: Startup) -> Iterator[Hit]:
    from lambdalint.clients import client_of

    client = client_of(startup)
    if client is None or client.arguments(startup.words) != ():
        return
    yield Hit(
        None,
        f"{client.name} is given no handler: CMD is missing",
        setting=startup.setting("Command") or startup.setting("EntryPoint"),
        severity=None if client.language in SEEN else Severity.WARNING,
        aws=Aws("Runtime.ExitError", "Runtime exited with error: exit status 1") if client.language in SEEN else None,
    )


@rule("LL709", "handler-argument", Severity.ERROR, Phase.INIT)
def handler_argument(startup: Startup) -> Iterator[Hit]:
    arguments = startup.words[1:]
    if not startup.is_aws:
        yield from _without(startup)
        return
    if len(arguments) == 1:
        return
    message = "CMD is missing, which must name the handler"
    if arguments:
        message = f"the base image's script is given {len(arguments)} arguments, and takes the handler alone"
        if arguments[:2] == ("/bin/sh", "-c"):
            message += "; CMD is in shell form"
    setting = startup.setting("Command") or startup.setting("EntryPoint")
    yield Hit(None, message, setting=setting, aws=Aws("Runtime.ExitError", "Runtime exited with error: exit status 142"))
