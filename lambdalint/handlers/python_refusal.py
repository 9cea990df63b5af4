"""What to say of a source that its Python does not take: why, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lambdalint.handlers.python_grammar import Newer

#: What spares annotations from being evaluated (PEP 563).
_ANNOTATIONS: Final = "begin the file with: from __future__ import annotations"


def refusal(kind: str, text: str, newer: Newer | None, minor: int) -> tuple[str, str | None]:
    """Return cause and remedy for a source that raises ``kind`` under Python 3.``minor``, with that text (without file and line)."""
    if newer is not None and newer.since > minor:
        way = _ANNOTATIONS if kind == "TypeError" else "write it in an older way"
        fix = f"use the runtime python3.{newer.since} or later, or {way}"
        return f"{newer.what} needs Python 3.{newer.since}, the function has 3.{minor}", fix
    if kind == "TypeError":
        return f"it joins a text to a type with |: {text}", f"put the whole of it in quotes, or {_ANNOTATIONS}"
    if text.endswith("null bytes"):
        return "it holds NUL bytes, as a file saved as UTF-16 does", "save it as UTF-8"
    if "codec can't decode" in text:
        return text, "save it as UTF-8, or name its encoding on the first line: # -*- coding: latin-1 -*-"
    if text.startswith("Missing parentheses in call to 'print'"):
        return text, "write it for Python 3: 2to3 -w ."
    return text, None
