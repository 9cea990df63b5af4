"""The image starts a language, and has no runtime interface client for it.

An image that is not built on AWS's base images must bring the program that asks Lambda for work: ``awslambdaric``, ``aws-lambda-ric``,
``aws_lambda_ric``. It is an error where the entrypoint names it: ``No module named awslambdaric``, ``Runtime exited with
error: exit status 1``. Else it is a warning, since code may do that itself, and npx fetches what is not there if it has the network
and a place to write; the Lambda Web Adapter in /opt/extensions does it for a web server.

Fix: ``pip install awslambdaric``, ``npm install aws-lambda-ric`` or ``gem install aws_lambda_ric`` in the image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-api-client
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Aws, Filesystem, Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Extensions, Startup


@rule("LL710", "no-runtime-client", Severity.ERROR, Phase.INIT)
def no_runtime_client(startup: Startup, filesystem: Filesystem, extensions: Extensions) -> Iterator[Hit]:
    from lambdalint.clients import client_of, has_client

    client = client_of(startup)
    if client is None or len(extensions) or has_client(filesystem, client):
        return
    named = client.status is not None and client.arguments(startup.words) is not None
    setting = startup.setting("EntryPoint") or startup.setting("Command")
    yield Hit(
        None,
        f"{startup.words[0]} is started, and {client.name} is not in the image",
        setting=setting,
        severity=None if named else Severity.WARNING,
        aws=Aws("Runtime.ExitError", f"Runtime exited with error: exit status {client.status}") if named else None,
        fix=client.fix,
    )
