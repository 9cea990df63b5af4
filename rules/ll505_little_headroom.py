"""The package is close to the limit of unzipped sizes.

From 90 % of 262,144,000 bytes on, the next release of a dependency or one more layer, an extension's for example, can
make the deploy fail: ``InvalidParameterValueException: Unzipped size must be smaller than 262144000 bytes``

Fix: leave out what does not run while there is time for it, or plan for a container image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Severity, Sizes, rule
from lambdalint.aws import limits
from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.sizes import remedy

SHARE = 0.9


@rule("LL505", "little-headroom", Severity.WARNING, Phase.UPLOAD)
def little_headroom(sizes: Sizes, function: Function) -> Iterator[Hit]:
    fits = sizes.function < limits.UNZIPPED and sizes.total <= limits.UNZIPPED
    if fits and sizes.total >= SHARE * limits.UNZIPPED:
        runtime = RUNTIMES.get(function.runtime or "")
        at_least = "at least " if sizes.unread else ""
        yield Hit(
            None,
            f"{at_least}{sizes.total:,} bytes unzipped, {sizes.total / limits.UNZIPPED:.0%} of the limit {limits.UNZIPPED:,}",
            fix=remedy(sizes.heaviest, runtime.family if runtime else None),
        )
