"""AWS refuses new functions with the runtime.

Existing functions can still be updated for a while, which is why this is a warning. A first deploy, another account or
another Region fails: ``InvalidParameterValueException: The runtime parameter of nodejs14.x is no longer supported for
creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.``

Fix: move to the successor, and test there: the operating system and the bundled SDK may differ too.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtime-deprecation-levels
"""

import datetime
from collections.abc import Iterator

from lambdalint import Hit, Phase, Role, Runtime, Severity, rule
from lambdalint.aws import errors


@rule("LL603", "create-blocked-runtime", Severity.WARNING, Phase.CONFIGURE)
def create_blocked_runtime(runtime: Runtime, today: datetime.date, role: Role) -> Iterator[Hit]:
    day = today.isoformat()
    if role is not Role.LAYER and runtime.refuses_creation(day) and not runtime.refuses_update(day):
        until = f", updates from {runtime.update_block}" if runtime.update_block else ""
        yield Hit(
            None,
            f"{runtime.name} is deprecated since {runtime.deprecated}; new functions are refused since {runtime.create_block}{until}",
            setting="Runtime",
            aws=errors.runtime_unsupported(runtime.name),
            fix=f"move to {runtime.successor}" if runtime.successor else None,
        )
