"""Native code for both CPUs, where each is needed.

A function runs on x86_64 or on arm64. When some packages were installed for one and others for the other, whichever the function
is, half of it does not load. This is told when the architecture is not; otherwise the rule on the wrong architecture says which half.
What does not load says ``cannot open shared object file: No such file or directory``. An error when the first invocation surely
needs both, else a warning.

Fix: install all of it for one CPU: ``pip install --platform manylinux2014_x86_64 ...``, ``npm install --os=linux --cpu=x64``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL413", "mixed-architectures", Severity.ERROR, Phase.INIT)
def mixed_architectures(slots: Slots) -> Iterator[Hit]:
    from lambdalint.binaries import cpus

    yield from cpus.mixed(slots)
