"""Names out of packages are hostile: one escaper, which every output uses."""

from __future__ import annotations

import functools
import re


def visible(text: str) -> str:
    """Return the text on one line with nothing in it that a terminal, a log or a reader could take for something else."""
    return _commands(text if _is_plain(text) else _surrogates(text.translate(_marks())))


def visible_lines(text: str) -> list[str]:
    """Return the lines of our own prose, each made visible; only a line feed parts lines."""
    return [visible(line) for line in text.split("\n")]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


@functools.cache
def _marks() -> dict[int, str]:
    """Marks that reorder or hide text on a screen (Unicode UAX #9 and the invisible ones of UTS #39), beside C0 and C1."""
    points = (
        *range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x180B, 0x180F), *range(0x200B, 0x2010),
        *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xFE00, 0xFE10),
        *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0),
    )  # fmt: skip
    return {point: _escape(point) for point in points}


def _escape(point: int) -> str:
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _commands(text: str) -> str:
    """Break what a build's log would obey: ``::error file=x::`` at the start of a line, ``##[error]`` and ``##vso[`` anywhere in it.

    A line may start with any text of ours, so the first counts at the start of each text. Elsewhere ``::`` is what parts .NET's
    and Ruby's names, and stays unless a whole command follows. https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs
    """
    if "##" in text:
        text = re.sub(r"##(?=\w*\[)", r"#\\x23", text)
    if "::" in text:
        text = re.sub(r"^(\s*):(?=:)|():(?=:[a-z][a-z-]*(?: [^:]*=[^:]*)?::)", r"\1\\x3a", text)
    return text


def _surrogates(text: str) -> str:
    if text.isascii():
        return text
    return "".join(_escape(ord(char)) if 0xD800 <= ord(char) < 0xE000 else char for char in text)
