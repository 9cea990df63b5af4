"""A Python extension module for another version of Python.

The name of a module says which Python it is for (``_x.cpython-39-x86_64-linux-gnu.so``), and any other passes over it: ``Unable
to import module 'app': No module named 'pydantic_core._pydantic_core'``, ``cannot import name 'etree' from 'lxml'``. Modules
named ``abi3`` are for all versions. A package built with the Python of the machine at hand, or before the runtime was changed,
is the reason.

Fix: install for the runtime's version: ``pip install --platform manylinux2014_x86_64 --only-binary=:all: --python-version VERSION
--upgrade --target . NAME``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.binaries.reason import Reason

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL403", "wrong-interpreter", Severity.ERROR, Phase.INIT)
def wrong_interpreter(slots: Slots) -> Iterator[Hit]:
    yield from slots.of(Reason.INTERPRETER)
