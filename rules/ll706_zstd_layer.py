"""A layer is packed with zstd.

AWS names no other packing than gzip, and nobody has shown that Lambda takes zstd, which ECR stores and Docker pulls without complaint:
``InvalidParameterValueException: The image manifest, config or layer media type for the source image ... is not supported.``

Fix: build with ``--output type=image,compression=gzip,force-compression=true,push=true``

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL706", "zstd-layer", Severity.WARNING, Phase.CONFIGURE)
def zstd_layer(image: Image) -> Iterator[Hit]:
    numbers = [str(layer.number) for layer in image.layers if layer.compression == "zstd"]
    if numbers and image.is_as_pushed:
        message = f"layer{'s' if len(numbers) > 1 else ''} {', '.join(numbers[:5])}{', ...' if len(numbers) > 5 else ''} packed with zstd"
        yield Hit(None, message, aws=errors.image_media_type(image.name or "IMAGE_URI"))
