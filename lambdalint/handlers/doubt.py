"""Turns faults into doubts where a program of the user's own may start the runtime in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Resolution
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.function import Environment

#: Starts in place of the runtime and may change the handler, the search path or the program.
#: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html (read 2026-11-21)
WRAPPER: Final = "AWS_LAMBDA_EXEC_WRAPPER"


def wrapped(resolution: Resolution, environment: Environment) -> Resolution:
    """Return the resolution, with its faults as doubts when a wrapper script starts the runtime."""
    if WRAPPER not in environment or not resolution.faults:
        return resolution
    lacking = Lacking(f"what the script in {WRAPPER} does")
    sorts = dict.fromkeys(fault.sort for fault in resolution.faults)
    return Resolution(resolution.loaded, (), [*resolution.unsure, *((sort, lacking) for sort in sorts)])
