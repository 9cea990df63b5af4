"""AWS refuses new functions and updates with the runtime.

Neither code nor configuration of a function with this runtime can be changed any more, except to another runtime:
``InvalidParameterValueException: The runtime parameter of nodejs12.x is no longer supported for creating or updating AWS
Lambda functions. We recommend you use a supported runtime while creating or updating functions.``

Fix: move to the successor, and test there: the operating system and the bundled SDK may differ too.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtime-deprecation-levels
"""

import datetime
from collections.abc import Iterator

from lambdalint import Hit, Phase, Role, Runtime, Severity, rule
from lambdalint.aws import errors


@rule("LL604", "update-blocked-runtime", Severity.ERROR, Phase.CONFIGURE)
def update_blocked_runtime(runtime: Runtime, today: datetime.date, role: Role) -> Iterator[Hit]:
    if role is not Role.LAYER and runtime.refuses_update(today.isoformat()):
        yield Hit(
            None,
            f"{runtime.name} is refused for new functions and for updates since {runtime.update_block}",
            setting="Runtime",
            aws=errors.runtime_unsupported(runtime.name),
            fix=f"move to {runtime.successor}" if runtime.successor else None,
        )
