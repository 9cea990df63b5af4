"""Native code for one CPU, and a function whose CPU is not told.

Everything native in the package is built for one CPU. Whether that is the function's cannot be judged before the architecture is
told; AWS's default is x86_64, and templates often set arm64. A note; AWS says nothing.

Fix: tell it with ``--architecture``, in the settings file or by ``--function-config``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL415", "architecture-not-told", Severity.NOTE, Phase.INIT)
def architecture_not_told(slots: Slots) -> Iterator[Hit]:
    from lambdalint.binaries import cpus

    yield from cpus.alone(slots)
