"""The memory size is outside of what Lambda offers.

A function has 128 to 10,240 MB, in steps of 1 MB; new accounts get less at first (3,008 MB):
``ValidationException: 1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have
value greater than or equal to 128``

Fix: set MemorySize to 128 to 10240.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits


@rule("LL612", "memory-out-of-range", Severity.ERROR, Phase.CONFIGURE)
def memory_out_of_range(memory_size: int, function: Function) -> Iterator[Hit]:
    managed = bool((function.settings or {}).get("CapacityProviderConfig"))
    offered = limits.MEMORY_MANAGED_INSTANCES if managed else limits.MEMORY
    if memory_size not in offered:
        message = f"{memory_size:,} MB of memory; Lambda offers {offered[0]} to {offered[-1]:,} MB"
        yield Hit(None, message, setting="MemorySize", aws=errors.out_of_range(memory_size, "memorySize", offered))
