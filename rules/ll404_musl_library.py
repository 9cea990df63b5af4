"""Native code for another C library: musl, which Alpine Linux has, or glibc.

Lambda's system has glibc, and so have most images; in one of Alpine it is the other way round. Modules named for musl are
passed over, others do not load: ``libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory``; a
program's loader is missing: ``fork/exec /var/task/bootstrap: no such file or directory``. Musl's own says ``Error loading
shared library ld-linux-x86-64.so.2: No such file or directory``. Statically linked musl programs run.

Fix: build on a system with the same C library (Amazon Linux or Debian rather than Alpine, where the function is on glibc), or link
statically.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
https://github.com/pyca/cryptography/issues/5845
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.binaries.reason import Reason

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL404", "musl-library", Severity.ERROR, Phase.INIT)
def musl_library(slots: Slots) -> Iterator[Hit]:
    yield from slots.of(Reason.LIBC)
