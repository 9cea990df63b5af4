"""The image is too large.

All layers together may have 10 GB (10,737,418,240 bytes) unpacked, files that a later layer replaces or removes counted. The image
is refused after it was pulled: ``InvalidImage(SizeLimitExceeded: Uncompressed container image size exceeds 10 GiB limit)``

Fix: build in one stage and copy the result into another; remove caches in the RUN that makes them; load models from S3 or EFS.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits
from lambdalint.sizes import human

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL506", "image-too-large", Severity.ERROR, Phase.OPTIMIZE)
def image_too_large(image: Image) -> Iterator[Hit]:
    size = image.unpacked_size
    if size > limits.IMAGE_UNCOMPRESSED:
        heavy = sorted(((layer.unpacked_size or 0, layer.number) for layer in image.layers), reverse=True)[:3]
        named = ", ".join(f"layer {number} {human(weight)}" for weight, number in heavy)
        message = f"the layers have {size:,} bytes unpacked; the limit is {limits.IMAGE_UNCOMPRESSED:,}; largest: {named}"
        yield Hit(None, message, aws=errors.IMAGE_TOO_LARGE)
