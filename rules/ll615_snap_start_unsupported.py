"""SnapStart is on for a function that cannot have it.

It works with Java from 11, Python from 3.12 and .NET from 8, with at most 512 MB of /tmp. Container images may have
it too, since September 2026; what they need for it is not judged here. AWS's page excludes Amazon EFS as well, which is a warning:
what the API answers nobody has published.
``InvalidParameterValueException: nodejs20.x is not supported for SnapStart enabled functions.``

Fix: set SnapStart.ApplyOn to None, or move to a runtime that has it.

Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html#snapstart-runtimes
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Role, Severity, rule
from lambdalint.aws import errors, limits
from lambdalint.aws.runtimes import RUNTIMES


@rule("LL615", "snap-start-unsupported", Severity.ERROR, Phase.CONFIGURE)
def snap_start_unsupported(snap_start: str, function: Function, role: Role) -> Iterator[Hit]:
    if snap_start != "PublishedVersions" or role is not Role.FUNCTION:
        return
    runtime = RUNTIMES.get(function.runtime or "")
    if runtime is not None and runtime.snap_start is False:
        what, message = runtime.name, f"SnapStart is on, and {runtime.name} cannot have it"
    elif (function.ephemeral_storage or 0) > limits.EPHEMERAL_STORAGE_SNAP_START:
        what = f"EphemeralStorage greater than {limits.EPHEMERAL_STORAGE_SNAP_START} MB"
        message = f"SnapStart is on, and /tmp has {function.ephemeral_storage} MB; it allows {limits.EPHEMERAL_STORAGE_SNAP_START}"
    elif ":elasticfilesystem:" in str((function.settings or {}).get("FileSystemConfigs")):
        message = "SnapStart is on, and an EFS file system is mounted; AWS's page says that they exclude each other"
        yield Hit(None, message, setting="SnapStart.ApplyOn", severity=Severity.WARNING)
        return
    else:
        return
    yield Hit(None, message, setting="SnapStart.ApplyOn", aws=errors.snap_start_unsupported(what))
