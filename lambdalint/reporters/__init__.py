"""Report to text, one module for each format, each with ``render(report, style)``; imported only when it is asked for."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from lambdalint.report import Report
    from lambdalint.reporters.style import Style


class Reporter(Protocol):
    """What every module of a format offers. The text ends with a line feed unless it is empty."""

    def render(self, report: Report, style: Style) -> str: ...


def reporter(name: str) -> Reporter:
    """Return the reporter of one of ``options.FORMATS``."""
    return cast("Reporter", importlib.import_module(f"lambdalint.reporters.{name}_"))
