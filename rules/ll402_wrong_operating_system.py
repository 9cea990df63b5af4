"""Native code for macOS or Windows.

Lambda is Linux. Python does not even look at files named for another system, and the loader refuses the others: ``Unable to
import module 'app': No module named 'numpy._core._multiarray_umath'``, ``invalid ELF header``, ``fork/exec /var/task/bootstrap:
exec format error``. Packages installed on the machine at hand and zipped are the reason. Files beside a twin for Linux, as npm
packages have them, are no fault.

Fix: install the build for Linux: ``pip install --platform manylinux2014_x86_64 --only-binary=:all: --upgrade --target . NAME``,
``npm install --os=linux --cpu=x64 NAME``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.binaries.reason import Reason

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL402", "wrong-operating-system", Severity.ERROR, Phase.INIT)
def wrong_operating_system(slots: Slots) -> Iterator[Hit]:
    yield from slots.of(Reason.SYSTEM)
