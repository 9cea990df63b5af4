"""An environment variable has a name that Lambda keeps for itself.

Lambda sets these itself and refuses the whole configuration: ``InvalidParameterValueException: Lambda was unable to configure
your environment variables because the environment variables you have provided contains reserved keys that are
currently not supported for modification. Reserved keys used in this request: AWS_REGION``

Fix: drop it where the code only reads it, since Lambda sets it anyway; else give it a name of your own, such as ``APP_REGION``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

from collections.abc import Iterator

from lambdalint import Environment, Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.aws.environment import RESERVED


@rule("LL608", "reserved-variable", Severity.ERROR, Phase.CONFIGURE)
def reserved_variable(environment: Environment, function: Function) -> Iterator[Hit]:
    managed = bool((function.settings or {}).get("CapacityProviderConfig"))
    keys = [key for key in environment if key in RESERVED]
    for key in keys:
        managed_only = key == "AWS_LAMBDA_MAX_CONCURRENCY" and not managed
        yield Hit(
            None,
            f"{key} is reserved; Lambda sets it itself",
            severity=Severity.WARNING if managed_only else None,
            setting=f"Environment.Variables.{key}",
            aws=errors.reserved_keys(keys),
        )
