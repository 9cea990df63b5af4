"""The function overrides only a part of how its image is started.

In CloudFormation a declared ``ImageConfig`` needs values for all of EntryPoint, Command and WorkingDirectory: what is left out
there overrides the image's own with nothing, and the function ends with ``Runtime.InvalidEntrypoint`` or ``entrypoint requires
the handler name to be the first argument``. Through the API what is left out stays as the image has it.

Fix: give all three in a template, or none; they are shown by ``docker inspect``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Function, Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Image

ALL = ("EntryPoint", "Command", "WorkingDirectory")


@rule("LL619", "incomplete-image-config", Severity.NOTE, Phase.CONFIGURE)
def incomplete_image_config(image: Image, function: Function) -> Iterator[Hit]:
    given = [name for name in ALL if (function.image_config or {}).get(name)]
    if given and image.config is not None and len(given) < len(ALL):
        missing = " and ".join(name for name in ALL if name not in given)
        message = f"{' and '.join(given)} {'is' if len(given) == 1 else 'are'} overridden, {missing} not"
        yield Hit(None, message, setting="ImageConfig")
