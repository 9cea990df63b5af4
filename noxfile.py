"""The tests under every Python that is installed: ``nox``; what CI checks besides: ``nox -s lint``."""

from __future__ import annotations

import nox

nox.options.error_on_missing_interpreters = False
nox.options.sessions = ["tests"]


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Run the tests."""
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Run ruff, mypy and the checks of generated files."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check")
    session.run("mypy")
    session.run("python", "-m", "tools.catalogue", "--check")
    session.run("python", "-m", "tools.packages", "--check")
