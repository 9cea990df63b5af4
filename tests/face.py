"""What the tests of the command line share: small real packages, rules of one's own, and one way to run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from lambdalint.cli import main

ROOT: Final = Path(__file__).parent.parent
CODE: Final = "def handler(event, context):\n    return event\n"

#: Rules of a user's own: one that finds, one that lacks, one that fails, and one that is never applicable.
OWN_RULES: Final = {
    "ll901_marked_file.py": '''
"""A file that is marked as bad.

AWS says ``Marked.Error: the file 'app.py' is marked as bad, 3 times``

Fix: take the mark away.

Source: https://docs.aws.amazon.com/lambda/latest/dg/welcome.html
"""
from lambdalint import Aws, Hit, Phase, Severity, rule

@rule("LL901", "marked-file", Severity.ERROR, Phase.INIT)
def marked_file(package):
    bad = [entry for entry in package.files() if "bad" in entry.path]
    if bad:
        yield Hit(bad, f"{bad[0].path} is marked", aws=Aws("Marked.Error", f"the file '{bad[0].path}' is marked as bad, 3 times"))
    for entry in package.files():
        if "poor" in entry.path:
            yield Hit(entry, "marked as poor", severity=Severity.WARNING, phase=Phase.INVOKE, line=3, fix="first way\\nor the other")
        if "odd" in entry.path:
            yield Hit(entry, "marked as odd", severity=Severity.NOTE, setting="Handler")
''',
    "ll902_wants_facts.py": '''
"""Wants what nobody tells.

Fix: tell it.
"""
from lambdalint import Hit, Phase, Severity, rule

@rule("LL902", "wants-facts", Severity.NOTE, Phase.CONFIGURE)
def wants_facts(handler, region):
    yield Hit(None, f"told {handler} and {region}", setting="Handler")
''',
    "ll903_idle.py": '''
"""Judges a setting that has a default."""
from lambdalint import Phase, Severity, rule

@rule("LL903", "idle", Severity.NOTE, Phase.CONFIGURE)
def idle(memory_size):
    yield from ()
''',
}
CRASHING: Final = '''
"""Fails, with a secret in its error."""
from lambdalint import Phase, Severity, rule

@rule("LL909", "crashing-rule", Severity.NOTE, Phase.INIT)
def crashing_rule(package, function):
    raise ValueError((function.environment or {}).get("SECRET"))
    yield
'''


def zip_of(path: Path, *names: str, mode: int = 0o644) -> str:
    """Write a zip of small files and return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.external_attr = (0o100000 | mode) << 16
            archive.writestr(info, CODE)
    return str(path)


def rules_of(directory: Path, *more: tuple[str, str]) -> str:
    """Write the rules above, and more, and return the directory."""
    directory.mkdir()
    for name, text in (*OWN_RULES.items(), *more):
        (directory / name).write_text(text.lstrip("\n"))
    return str(directory)


class Face:
    """Runs the command line in a directory of its own, with none of the caller's variables."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory = directory
        self.capsys = capsys
        self.rules = rules_of(directory.parent / f"{directory.name}-rules")
        monkeypatch.chdir(directory)
        for name in [*os.environ]:
            if name.startswith("LAMBDALINT_") or name in ("NO_COLOR", "FORCE_COLOR"):
                monkeypatch.delenv(name)

    def zip(self, name: str, *names: str, mode: int = 0o644) -> str:
        path = self.directory / name
        path.parent.mkdir(exist_ok=True, parents=True)
        zip_of(path, *names, mode=mode)
        return name

    def run(self, *args: str) -> tuple[int, str, str]:
        """Return the exit code, standard output and standard error."""
        self.capsys.readouterr()
        code = main(args)
        out, err = self.capsys.readouterr()
        return code, out, err

    def own(self, *args: str) -> tuple[int, str, str]:
        """Run with the rules above only."""
        return self.run("--rules", self.rules, "--select", "LL9", *args)

    def report(self, *args: str) -> dict[str, Any]:
        """Return the JSON report of a run with the rules above only."""
        _, out, err = self.own("--output-format", "json", *args)
        assert not err
        report: dict[str, Any] = json.loads(out)
        return report

    def refused(self, *args: str) -> str:
        """Return the one line with which wrong words are refused."""
        code, out, err = self.run(*args)
        assert (code, out) == (2, "")
        assert err.startswith("lambdalint: ")
        assert err.count("\n") == 1
        return err.removeprefix("lambdalint: ").rstrip("\n")


def spawn(*args: str, cwd: Path, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the program itself, as a user does."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LAMBDALINT_")}
    own |= {"PYTHONPATH": str(ROOT), **(env or {})}
    command = [sys.executable, "-m", "lambdalint", *args]
    if stdin is None:
        return subprocess.run(command, cwd=cwd, capture_output=True, env=own, timeout=60, check=False, stdin=subprocess.DEVNULL)
    return subprocess.run(command, cwd=cwd, capture_output=True, env=own, timeout=60, check=False, input=stdin)
