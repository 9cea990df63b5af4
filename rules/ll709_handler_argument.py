"""What starts the image's function is given no handler, or more than that.

``/lambda-entrypoint.sh`` of AWS's base images takes exactly one argument, the handler. With none, or with two, it prints
``entrypoint requires the handler name to be the first argument`` and ends: ``Runtime exited with error: exit status 142``
(``Runtime.ExitError``). CMD in shell form gives it three: ``/bin/sh``, ``-c`` and the rest. The runtime interface clients that other
images start want a handler too: ``Handler not set``, ``No handler specified``, ``exit status 1``. An ENTRYPOINT in shell form hands
nothing of CMD on.

Fix: ``CMD ["app.handler"]``, or set ``ImageConfig.Command`` to a list of that one string.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
https://github.com/aws/aws-lambda-python-runtime-interface-client
https://github.com/aws/aws-lambda-ruby-runtime-interface-client
https://github.com/aws/aws-lambda-java-libs
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Startup

@rule("LL709", "handler-argument", Severity.ERROR, Phase.INIT)
def handler_argument(startup: Startup, followed: Startup) -> Iterator[Hit]:
    arguments = followed.words[1:]
    if not followed.is_aws:
        from lambdalint.clients import without_handler

        yield from without_handler(startup, followed)
        return
    if len(arguments) == 1:
        return
    message = "CMD is missing, which must name the handler"
    if arguments:
        message = f"the base image's script is given {len(arguments)} arguments, and takes the handler alone"
        if arguments[:2] == ("/bin/sh", "-c"):
            is_list = arguments[-1].lstrip().startswith("[")
            message += "; CMD is in shell form" + (", since a JSON array wants double quotes" if is_list else "")
    setting = followed.setting("Command") or followed.setting("EntryPoint")
    yield Hit(None, message, setting=setting, aws=errors.exit_status(142))
