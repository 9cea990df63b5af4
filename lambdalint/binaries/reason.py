"""Why a native file does not fit what would load it."""

from __future__ import annotations

import enum


class Reason(enum.Enum):
    """Why a native file does not fit; each is one rule of the 4xx."""

    SYSTEM = "made for another operating system"
    CPU = "made for another CPU"
    INTERPRETER = "made for another version or implementation of the language"
    LIBC = "made for another C library"
    ADDON = "made for another version of Node.js"
