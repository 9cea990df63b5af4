"""A bundled library that the loader never uses.

Lambda searches the folders of the runtime and the system (/var/lang/lib, /lib64) before the package's root and ``lib/`` and before
/opt/lib, so its own copy of a library wins over one of the same name there. If the bundled copy was meant to replace it, because it is
newer, for example, it does not. A function that sets LD_LIBRARY_PATH is judged by its own order. AWS says nothing.

Fix: remove it; or give the file that needs it an RPATH with ``patchelf --force-rpath --set-rpath '$ORIGIN/lib'``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Links


@rule("LL411", "shadowed-library", Severity.WARNING, Phase.INIT)
def shadowed_library(links: Links) -> Iterator[Hit]:
    yield from links.shadowed()
