"""An environment variable has a name that the API refuses.

A name begins with a letter, goes on with letters, digits and underscores, and has at least two characters:
``ValidationException: 1 validation error detected: Value '...' at 'environment.variables' failed to satisfy constraint: Map
keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]``

Fix: rename it; a dash becomes an underscore, a leading underscore goes.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
"""

from collections.abc import Iterator

from lambdalint import Environment, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.aws.environment import RESERVED, is_valid_key


@rule("LL609", "invalid-variable-name", Severity.ERROR, Phase.CONFIGURE)
def invalid_variable_name(environment: Environment) -> Iterator[Hit]:
    for key in environment:
        if not is_valid_key(key) and key not in RESERVED:
            yield Hit(
                None,
                f"{key!r} is no name for a variable: a letter, then at least one letter, digit or underscore",
                setting=f"Environment.Variables.{key}",
                aws=errors.invalid_key(),
            )
