"""The image declares a volume, and Lambda has none.

VOLUME tells docker to keep a directory writable and apart. On Lambda an image's files can be read only, /tmp aside: what the program writes
there fails with ``Read-only file system``.

Fix: let the program write to /tmp, or mount EFS below /mnt.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL712", "volume-outside-tmp", Severity.NOTE, Phase.INVOKE)
def volume_outside_tmp(image: Image) -> Iterator[Hit]:
    volumes = () if image.config is None else image.config.volumes
    outside = [path for path in volumes if not f"{path.rstrip('/')}/".startswith(("/tmp/", "/mnt/"))]  # noqa: S108 - compared only
    if outside:
        message = f"VOLUME {', '.join(sorted(outside)[:3])}: it can only be read on Lambda"
        yield Hit([path.strip("/") for path in sorted(outside)], message)
