"""Native code built on a newer system than the runtime has.

A file compiled against a newer C or C++ library asks for symbol versions that the older one lacks: ``/lib64/libc.so.6: version
'GLIBC_2.28' not found (required by /var/task/x.so)``. Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34; the runtime
decides which it is. Exactly the version that is there fits, and a copy of the library in the package counts,
unless the loader finds the system's before it, which is a warning.

Fix: install builds tagged manylinux2014, build in AWS's base image for the runtime, or move to a runtime on Amazon Linux 2023.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
https://github.com/awslabs/aws-lambda-rust-runtime/issues/932
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Links


@rule("LL407", "libc-too-new", Severity.ERROR, Phase.INIT)
def libc_too_new(links: Links) -> Iterator[Hit]:
    yield from links.too_new()
