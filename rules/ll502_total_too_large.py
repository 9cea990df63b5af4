"""The function and its layers together are too large once unzipped.

The limit of 262,144,000 bytes (250 MB) is for the function's code and all of its layers in sum, and for the layers by
themselves: ``Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. The actual size
is N bytes.`` or ``Layers consume more than the available size of 262144000 bytes``. A layer known by its ARN counts too.

Fix: move what only one function needs out of the layers, leave out what does not run, or use a container image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Severity, Sizes, rule
from lambdalint.aws import errors, limits
from lambdalint.sizes import remedy


@rule("LL502", "total-too-large", Severity.ERROR, Phase.CONFIGURE)
def total_too_large(sizes: Sizes) -> Iterator[Hit]:
    if not sizes.layers or sizes.total <= limits.UNZIPPED_WITH_LAYERS:
        return
    fix = remedy(sizes.heaviest, None)
    parts = " + ".join([f"{sizes.function:,}", *(f"{size:,} ({path})" for path, size in sizes.layers)])
    at_least = "at least " if sizes.unread else ""
    if sizes.all_layers > limits.UNZIPPED_WITH_LAYERS:
        message = f"the layers have {at_least}{sizes.all_layers:,} bytes unzipped; the limit is {limits.UNZIPPED_WITH_LAYERS:,}"
        yield Hit(None, message, setting="Layers", aws=errors.LAYERS_TOO_LARGE, fix=fix)
    else:
        message = f"{parts} = {at_least}{sizes.total:,} bytes unzipped; the limit is {limits.UNZIPPED_WITH_LAYERS:,}"
        yield Hit(None, message, setting="Layers", aws=errors.total_too_large(sizes.total), fix=fix)
