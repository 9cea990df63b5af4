"""The size of /tmp is outside of what Lambda offers.

A function has 512 to 10,240 MB of ephemeral storage: ``ValidationException: 1 validation error detected: Value '256' at
'ephemeralStorage.size' failed to satisfy constraint: Member must have value greater than or equal to 512``

Fix: set EphemeralStorage.Size to 512 to 10240, or leave it out for 512.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits


@rule("LL614", "ephemeral-storage-out-of-range", Severity.ERROR, Phase.CONFIGURE)
def ephemeral_storage_out_of_range(ephemeral_storage: int, function: Function) -> Iterator[Hit]:
    accelerated = bool((function.settings or {}).get("AcceleratorConfig"))
    offered = limits.EPHEMERAL_STORAGE_ACCELERATED if accelerated else limits.EPHEMERAL_STORAGE
    if ephemeral_storage not in offered:
        message = f"{ephemeral_storage:,} MB of /tmp; Lambda offers {offered[0]} to {offered[-1]:,} MB"
        aws = errors.out_of_range(ephemeral_storage, "ephemeralStorage.size", offered)
        yield Hit(None, message, setting="EphemeralStorage.Size", aws=aws)
