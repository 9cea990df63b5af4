"""The timeout is outside of what Lambda offers.

A function may run for 1 to 900 seconds: ``ValidationException: 1 validation error detected: Value '901' at 'timeout' failed to
satisfy constraint: Member must have value less than or equal to 900``

Fix: set Timeout to 1 to 900; split longer work over Step Functions, or run it on ECS or Batch.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits


@rule("LL613", "timeout-out-of-range", Severity.ERROR, Phase.CONFIGURE)
def timeout_out_of_range(timeout: int, function: Function) -> Iterator[Hit]:
    managed = bool((function.settings or {}).get("CapacityProviderConfig"))
    offered = limits.TIMEOUT_MANAGED_INSTANCES if managed else limits.TIMEOUT
    if timeout not in offered:
        message = f"a timeout of {timeout:,} seconds; Lambda offers {offered[0]} to {offered[-1]:,}"
        yield Hit(None, message, setting="Timeout", aws=errors.out_of_range(timeout, "timeout", offered))
