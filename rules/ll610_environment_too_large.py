"""The environment variables are too large together.

AWS measures them as one compact JSON object in UTF-8, with its quotes, colons and commas, and takes 4,096 bytes:
``InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables
you have provided exceeded the 4KB limit. String measured: {...}``

Fix: move the largest into a file of the package, SSM Parameter Store or Secrets Manager.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from collections.abc import Iterator

from lambdalint import Environment, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits
from lambdalint.aws.environment import measured


@rule("LL610", "environment-too-large", Severity.ERROR, Phase.CONFIGURE)
def environment_too_large(environment: Environment) -> Iterator[Hit]:
    size = measured(environment)
    if size > limits.ENVIRONMENT:
        heavy = sorted(((measured({key: value}) - 2, key) for key, value in environment.items()), reverse=True)[:3]
        named = ", ".join(f"{key} {weight:,}" for weight, key in heavy)
        yield Hit(
            None,
            f"the variables measure {size:,} bytes as JSON, {size - limits.ENVIRONMENT:,} over the limit; largest: {named}",
            setting="Environment.Variables",
            aws=errors.environment_too_large(environment),
        )
