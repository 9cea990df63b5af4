"""Native code for another CPU.

Packages installed or compiled on another machine hold its machine code: an arm64 Mac or runner for an x86_64 function, or the
other way round. What the loader says of it misleads, since it passes over such files: ``Unable to import module 'app': No
module named 'pydantic_core._pydantic_core'``, ``cannot import name '_imaging' from 'PIL'``, ``cannot open shared object file:
No such file or directory`` of a file that is there, and for programs ``fork/exec /var/task/bootstrap: exec format error``, or
``cannot execute binary file: Exec format error`` from a bootstrap script that starts it. A file beside a twin that fits is no
fault; what its package works without, or nothing is known to load, is a warning.

Fix: install the build for the function's CPU, or set the function to the CPU that the package is built for.

Source: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.binaries.reason import Reason

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL401", "wrong-architecture", Severity.ERROR, Phase.INIT)
def wrong_architecture(slots: Slots) -> Iterator[Hit]:
    yield from slots.of(Reason.CPU)
