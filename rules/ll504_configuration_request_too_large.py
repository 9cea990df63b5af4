"""The settings are too large for one request.

A change of a function's configuration is one JSON body of less than 5,120 bytes, the environment variables being most of
it: ``RequestEntityTooLargeException: Request must be smaller than 5120 bytes for the UpdateFunctionConfiguration
operation``. Creating the function passes, and the first update that sends everything fails. What was not told is not
counted, so the true request is larger still.

Fix: move large variables into a file of the package, SSM Parameter Store or Secrets Manager.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Environment, Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits
from lambdalint.sizes import configuration_request


@rule("LL504", "configuration-request-too-large", Severity.WARNING, Phase.CONFIGURE)
def configuration_request_too_large(environment: Environment, function: Function) -> Iterator[Hit]:
    size = configuration_request(function, environment)
    limit = limits.REQUEST_UPDATE_CONFIGURATION
    if size >= limit:
        yield Hit(
            None,
            f"an UpdateFunctionConfiguration request with these settings has at least {size:,} bytes; the limit is {limit:,}",
            setting="Environment.Variables",
            aws=errors.request_too_large(limit, "UpdateFunctionConfiguration"),
        )
