"""The names of Python distributions."""

from __future__ import annotations

import re


def normalized(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it (https://peps.python.org/pep-0503/)."""
    return re.sub(r"[-_.]+", "-", name).lower()
