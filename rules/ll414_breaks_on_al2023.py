"""Native code that needs a library which Amazon Linux 2023 no longer has.

Runtimes on Amazon Linux 2 end, and their successors are on Amazon Linux 2023, which has other libraries: libssl.so.10, libexpat.so.1,
libnsl.so.1, libfontconfig.so.1, libffi.so.6 and others are gone. The package works now, and after the move says ``libnsl.so.1: cannot
open shared object file: No such file or directory``. A note for the day of the move.

Fix: install builds made for Amazon Linux 2023 with the new runtime, or bundle the library.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Links


@rule("LL414", "breaks-on-al2023", Severity.NOTE, Phase.INIT)
def breaks_on_al2023(links: Links) -> Iterator[Hit]:
    from lambdalint.binaries import moving

    yield from moving.breaks(links)
