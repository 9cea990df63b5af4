"""The exit codes, which scripts rely on."""

from __future__ import annotations

from typing import Final

#: Nothing at or above ``--fail-on``.
CLEAN: Final = 0
FOUND: Final = 1
#: Wrong words, settings or paths: said before any work, and nothing is linted.
USAGE: Final = 2
#: lambdalint itself failed. Wins over all others.
FAILED: Final = 3
#: What a shell reports of a program that SIGINT or SIGPIPE ended.
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
