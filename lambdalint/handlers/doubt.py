"""Turns faults into doubts where a program of the user's own may start the runtime in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.handlers import Resolution
from lambdalint.model import Lacking
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.function import Environment


def wrapped(resolution: Resolution, environment: Environment) -> Resolution:
    """Return the resolution, its faults made doubts when a wrapper script may change the handler or the search path."""
    if EXEC_WRAPPER not in environment or not resolution.faults:
        return resolution
    lacking = Lacking(f"what the script in {EXEC_WRAPPER} does")
    sorts = dict.fromkeys(fault.sort for fault in resolution.faults)
    return Resolution(resolution.loaded, (), [*resolution.unsure, *((sort, lacking) for sort in sorts)])
