"""One archive is too large once unzipped.

Lambda adds up the unpacked sizes of all files, and the sum must stay below 262,144,000 bytes (250 MB), whatever the
zip's own size: ``InvalidParameterValueException: Unzipped size must be smaller than 262144000 bytes``

Fix: leave out what does not run (tests, caches, other systems' binaries, the AWS SDK), or use a container image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Package, Phase, Role, Severity, rule
from lambdalint.aws import errors, limits
from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.sizes import remedy


@rule("LL501", "unzipped-too-large", Severity.ERROR, Phase.UPLOAD)
def unzipped_too_large(package: Package, role: Role, function: Function) -> Iterator[Hit]:
    size = package.unzipped_size
    if role is Role.IMAGE or size < limits.UNZIPPED:
        return
    over = f"{size - limits.UNZIPPED:,} over" if size > limits.UNZIPPED else "exactly"
    runtime = RUNTIMES.get(function.runtime or "")
    yield Hit(
        None,
        f"{size:,} bytes unzipped, {over} the limit, which it must stay below: {limits.UNZIPPED:,}",
        aws=errors.UNZIPPED_TOO_LARGE,
        fix=remedy(package, runtime.family if runtime else None),
    )
