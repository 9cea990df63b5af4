"""A wheel that was made for another Python or platform, by its own metadata.

``WHEEL`` says for which interpreters and platforms a wheel was built, and ``METADATA`` which versions of Python it requires; pip
refuses others, unless it was told to install for another machine. Such a package may load and miss what it has for
this platform, such as a library that it opens itself: a warning. Where a file that the handler surely loads uses what this
Python lacks, it is an error: ``Syntax error in module 'app': invalid syntax (utils.py, line 310)``, ``unsupported operand
type(s) for |: 'type' and 'NoneType'``. Where a native file shows the same, the rule for that tells.

Fix: ``pip install --platform manylinux2014_x86_64 --only-binary=:all: --python-version VERSION --upgrade --target . NAME``.

Source: https://packaging.python.org/en/latest/specifications/binary-distribution-format/
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Wheels


@rule("LL412", "wheel-for-other-platform", Severity.ERROR, Phase.INIT)
def wheel_for_other_platform(wheels: Wheels) -> Iterator[Hit]:
    yield from wheels.misfits()
