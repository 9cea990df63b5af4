"""An image sets a variable that Lambda sets over it.

The API refuses a function's variables of these names; an image may have them in ENV, and they have no effect: the program sees
Lambda's Region, and the credentials of the function's role. AWS says nothing.

Fix: drop it from the Dockerfile, or give it a name of your own, such as ``APP_REGION``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws.environment import OVER_IMAGE

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL620", "overwritten-variable", Severity.NOTE, Phase.INIT)
def overwritten_variable(image: Image) -> Iterator[Hit]:
    pairs = () if image.config is None else image.config.environment or ()
    keys = [key for key in dict.fromkeys(pair.partition("=")[0] for pair in pairs) if key in OVER_IMAGE]
    if keys:
        yield Hit(None, f"ENV {', '.join(keys)}: Lambda sets {'it' if len(keys) == 1 else 'them'} itself")
