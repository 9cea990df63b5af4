"""The image starts a language, and has no runtime interface client for it.

An image that is not built on AWS's base images must bring the program that asks Lambda for work: ``awslambdaric``, ``aws-lambda-ric``,
``aws_lambda_ric``. It is an error where the entrypoint names it: ``No module named awslambdaric``, ``Runtime exited with
error: exit status 1``. Else it is a warning, since code may do that itself, and npx fetches what is not there if it has the network
and a place to write; the Lambda Web Adapter in /opt/extensions does it for a web server.

So is a client without the native module that it loads, which only Linux builds: ``'NoneType' object has no attribute 'next'``,
``Cannot find module './rapid-client.node'``.

Fix: ``pip install awslambdaric``, ``npm install aws-lambda-ric`` or ``gem install aws_lambda_ric`` in the image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-api-client
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Filesystem, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.filesystem import Node

if TYPE_CHECKING:
    from lambdalint import Extensions, Startup


@rule("LL710", "no-runtime-client", Severity.ERROR, Phase.INIT)
def no_runtime_client(followed: Startup, filesystem: Filesystem, extensions: Extensions) -> Iterator[Hit]:
    from lambdalint.clients import client_of, lack_of, natives_of

    client = client_of(followed)
    if client is None or len(extensions) or not isinstance(followed.find(filesystem), Node):
        return  # of a program that is not there another rule tells
    named = client.arguments(followed.words) is not None
    status, fix = client.status if named else None, client.fix
    lacks = lack_of(filesystem, client, followed)
    if lacks is None:
        if not named or natives_of(filesystem, client) != []:
            return
        lacks, status = "is in the image without its native module, which only Linux builds", 1
        fix = f"{client.fix}, in the place of what is copied into the image"
    setting = followed.setting("EntryPoint") or followed.setting("Command")
    by = "" if followed.by is None else f" by {followed.by}"
    yield Hit(
        None,
        f"{followed.words[0]} is started{by}, and {client.name} {lacks}",
        setting=setting,
        severity=Severity.WARNING if status is None else None,
        aws=None if status is None else errors.exit_status(status),
        fix=fix,
    )
