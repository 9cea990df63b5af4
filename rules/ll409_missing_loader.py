"""A program whose loader does not exist on Lambda.

A dynamically linked program names the loader that the kernel is to start it by. Programs built with Nix, in a container of
another distribution or for 32 bits name one that is not there, and the error names the program instead: ``fork/exec
/var/task/bootstrap: no such file or directory`` (``Runtime.InvalidEntrypoint``). A library in a program's place, or a program that
names no loader and needs libraries, is started and crashes: ``Runtime exited with error: signal: segmentation fault``.

Fix: link it statically, or build it in AWS's base image for the runtime.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Links


@rule("LL409", "missing-loader", Severity.ERROR, Phase.INIT)
def missing_loader(links: Links) -> Iterator[Hit]:
    yield from links.loaders()
