"""Names out of packages are hostile: one escaper, which every output uses."""

from __future__ import annotations

import re
from typing import Final

#: What Unicode calls printable and nobody sees: ignorable marks, fillers and variation selectors
#: (https://www.unicode.org/Public/16.0.0/ucd/DerivedCoreProperties.txt, Default_Ignorable_Code_Point).
_UNSEEN: Final = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"


def visible(text: str) -> str:
    """Return the text on one line with nothing in it that a terminal, a log or a reader could take for something else.

    Whatever Python's ``repr`` would escape is: controls, line ends, marks that turn or hide text, odd blanks, surrogates, what Unicode
    has not assigned.
    """
    if not text.isprintable():
        text = "".join(char if char.isprintable() else _escape(char) for char in text)
    if not text.isascii():
        text = re.sub(f"[{_UNSEEN}]", lambda found: _escape(found.group()), text)
    return _commands(text)


def visible_lines(text: str) -> list[str]:
    """Return the lines of our own prose, each made visible; only a line feed parts lines."""
    return [visible(line) for line in text.split("\n")]


def _escape(char: str) -> str:
    point = ord(char)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _commands(text: str) -> str:
    """Break what a build's log would obey: ``::error file=x::`` at the start of a line, ``##[error]`` and ``##vso[`` anywhere in it.

    A line may start with any text of ours, so the first counts at the start of each text. Elsewhere ``::`` is what parts .NET's
    and Ruby's names, and stays unless a whole command follows. https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs
    """
    if "##" in text:
        text = re.sub(r"##(?=\w*\[)", r"#\\x23", text)
    if "::" in text:
        text = re.sub(r"^(\s*):(?=:)|():(?=:[a-z][a-z-]*(?: [^:=]*=[^:]*)?::)", r"\1\\x3a", text)
    return text
