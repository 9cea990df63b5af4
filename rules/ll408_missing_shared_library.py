"""A shared library that is neither in the package nor in Lambda's environment.

Native code names the libraries that it needs, and the loader looks for them in the package, its layers and the runtime's
system: ``Unable to import module 'app': libpq.so.5: cannot open shared object file: No such file or directory``. What the
system has differs by runtime, and the managed runtime has fewer libraries than AWS's base image of the same name. Names that
no list of known gaps has, and code that nothing surely loads, are a warning. So is a library that the package does have, but off
every search path (LD_LIBRARY_PATH, the RPATH or RUNPATH of what needs it), where no source was seen that loads it by its path.

Fix: use a build that bundles the library (a manylinux wheel, ``psycopg2-binary``), or put it into ``lib/`` of the package or a layer.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
https://github.com/shogo82148/docker-lambda
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Links


@rule("LL408", "missing-shared-library", Severity.ERROR, Phase.INIT)
def missing_shared_library(links: Links) -> Iterator[Hit]:
    yield from links.missing()
