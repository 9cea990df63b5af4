"""How a report looks: colour, links and depth; never what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TextIO

import click

#: Select Graphic Rendition parameters (ECMA-48, 8.3.117).
_SGR: Final = {
    "error": "1;31", "warning": "1;33", "note": "1;36", "crashed": "1;7;31", "bold": "1", "dim": "2", "good": "32",
}  # fmt: skip


class Style:
    """Colour and links are for terminals; ``verbosity`` is -1 for findings only, 1 for everything."""

    __slots__ = ("color", "links", "verbosity")

    def __init__(self, *, color: bool = False, links: bool = False, verbosity: int = 0) -> None:
        self.color: Final = color
        self.links: Final = links
        self.verbosity: Final = verbosity

    def paint(self, text: str, how: str) -> str:
        return f"\x1b[{_SGR[how]}m{text}\x1b[0m" if self.color and text else text

    def link(self, text: str, address: str | None) -> str:
        """Make the text lead to an address where a terminal can (OSC 8)."""
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if self.links and address else text


def emit(text: str, stream: TextIO | None) -> None:
    """Write to a stream in its own encoding; None: it was closed before we began. click turns colours into what old consoles know."""
    if stream is not None:
        click.echo(text, stream, nl=False, color=True)


def style_for(stream: TextIO | None, choice: str, verbosity: int, environment: Mapping[str, str]) -> Style:
    """Choose the style of a stream; None: a file. NO_COLOR wins over FORCE_COLOR, as in Python itself; both count when not empty.

    https://no-color.org, https://force-color.org, read 2026-11-21.
    """
    terminal = stream is not None and stream.isatty() and environment.get("TERM") != "dumb"
    color = terminal
    if choice != "auto":
        color = choice == "always"
    elif environment.get("NO_COLOR"):
        color = False
    elif environment.get("FORCE_COLOR") and stream is not None:
        color = True
    return Style(color=color, links=color and terminal, verbosity=verbosity)
