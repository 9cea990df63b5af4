"""What the image says of how it is run is too large.

Lambda takes 16 KB (16,384 bytes) of container image settings. AWS does not say how it counts them; here ENTRYPOINT, CMD, WORKDIR and
ENV are counted as compact JSON, which is why it is a warning. AWS says nothing of what it answers.

Fix: move long values of ENV into a file of the image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import limits

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL617", "image-settings-too-large", Severity.WARNING, Phase.CONFIGURE)
def image_settings_too_large(image: Image) -> Iterator[Hit]:
    size = 0 if image.config is None else image.config.settings_size
    if size > limits.IMAGE_SETTINGS:
        message = f"ENTRYPOINT, CMD, WORKDIR and ENV have {size:,} bytes as JSON; the limit is {limits.IMAGE_SETTINGS:,}"
        yield Hit(None, message, setting="ImageConfig")
