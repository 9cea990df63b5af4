"""How a failure of ours is told: in a few words that hold no secret, and whole to who asks for it."""

from __future__ import annotations

import os
from typing import Final

#: Set to anything, tracebacks are shown. They may hold what was in a variable.
DEBUG: Final = "LAMBDALINT_DEBUG"


def failure_words(error: Exception) -> str:
    """Say what failed, and where. The error's own text stays out: it may hold the value of a variable."""
    where, trace = "", error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith("<"):
            where = f" in {os.path.basename(file)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{where}"


def show_traceback(error: Exception) -> None:
    """Write the traceback to standard error, when it is asked for."""
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
