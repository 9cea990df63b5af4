"""A native file that its loader refuses.

Stripping, patching or cutting off a library can break it so that it no longer loads anywhere: ``ELF load command
address/offset not properly aligned``, ``file too short``, ``invalid ELF header``. Options that slim a package (``strip: true``) are
the usual reason. A library that was cut off ends the process: ``Runtime exited with error: signal: bus error``. A
file that is named as native code and is empty or text, and a program that no linker made one, are told too.

Fix: install the package again, and leave out the step that strips or patches its libraries.

Source: https://github.com/serverless/serverless-python-requirements/issues/318
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Links


@rule("LL410", "damaged-binary", Severity.ERROR, Phase.INIT)
def damaged_binary(links: Links) -> Iterator[Hit]:
    from lambdalint.binaries.damage import damaged

    yield from damaged(links)
