r"""A script that Lambda starts names no interpreter that is there.

The kernel takes the first line of a script literally: with Windows line ends it looks for ``/bin/sh`` followed by a carriage return, and
Lambda's system has few interpreters. The error names the script, not the interpreter: ``fork/exec /var/task/bootstrap: no
such file or directory`` (``Runtime.InvalidEntrypoint``), for an extension ``Extension.LaunchError``.

Fix: save the script with LF line ends (``sed -i 's/\r$//' bootstrap``) and begin it with ``#!/bin/sh`` or ``#!/bin/bash``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-walkthrough.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL312", "broken-shebang", Severity.ERROR, Phase.INIT)
def broken_shebang(launch: Resolution) -> Iterator[Hit]:
    yield from launch.of(Sort.SHEBANG)
