"""The GitHub action and the pre-commit hook: their steps are run as the runner runs them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from lambdalint.options import OPTIONS
from tests.face import ROOT, zip_of

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
INSTALL, LINT = ACTION["runs"]["steps"]
#: How GitHub starts ``shell: bash``:
#: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax, defaults.run.shell, read 2026-11-21.
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]


class Runner:
    """A runner's directories and variables, with a lambdalint that was installed already."""

    def __init__(self, directory: Path) -> None:
        self.workspace = directory / "work space"
        self.temp = directory / "temp"
        self.output = directory / "output"
        self.workspace.mkdir()
        self.output.touch()
        program = self.temp / "lambdalint" / "bin" / "lambdalint"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m lambdalint "$@"\n')
        program.chmod(0o755)

    def run(self, step: dict[str, Any], **inputs: str) -> subprocess.CompletedProcess[str]:
        told = dict.fromkeys(ACTION["inputs"], "") | {name.replace("_", "-"): value for name, value in inputs.items()}
        env = {name: value for name, value in os.environ.items() if not name.startswith(("LAMBDALINT_", "GITHUB_"))}
        env |= {"RUNNER_TEMP": str(self.temp), "GITHUB_OUTPUT": str(self.output), "GITHUB_ACTION_PATH": str(ROOT), "PYTHONPATH": str(ROOT)}
        for name, expression in step.get("env", {}).items():
            found = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", expression)
            assert found is not None, "the environment takes an input as it is, or nothing"
            env[name] = told[found.group(1)]
        script = self.temp / "step.sh"
        script.write_text(step["run"])
        return subprocess.run([*BASH, str(script)], cwd=self.workspace, env=env, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    return Runner(tmp_path)


def test_findings_are_annotations(runner: Runner) -> None:
    zip_of(runner.workspace / "fn.zip", "app.py", mode=0o600)
    done = runner.run(LINT, packages="fn.zip", runtime="python3.13", handler="app.handler", architecture="arm64")
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=fn.zip,title=LL201 unreadable-file::app.py: ")
    assert runner.output.read_text() == "exit-code=1\n"


def test_fail_on_and_rules(runner: Runner) -> None:
    zip_of(runner.workspace / "fn.zip", "app.py", mode=0o600)
    assert runner.run(LINT, packages="fn.zip", fail_on="never").returncode == 0
    assert runner.run(LINT, packages="fn.zip", ignore="LL1,LL201").returncode == 0
    assert runner.run(LINT, packages="fn.zip", select="LL201").returncode == 1
    assert runner.output.read_text() == "exit-code=0\nexit-code=0\nexit-code=1\n"


def test_packages_are_lines_with_globs(runner: Runner) -> None:
    for name in ("one.zip", "two.zip", "with space.zip"):
        zip_of(runner.workspace / name, "app.py")
    done = runner.run(LINT, packages="t*.zip\nwith space.zip\n")
    assert done.stdout.startswith("lambdalint: nothing found in 2 packages.")
    assert "nope.zip does not exist" in runner.run(LINT, packages="nope.zip").stderr
    assert "Missing argument" in runner.run(LINT).stderr
    assert runner.output.read_text() == "exit-code=0\nexit-code=2\nexit-code=2\n"


def test_layers_are_lines(runner: Runner) -> None:
    zip_of(runner.workspace / "fn.zip", "app.py")
    zip_of(runner.workspace / "deps layer.zip", "python/x.py", mode=0o600)
    arn = "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"
    done = runner.run(LINT, packages="fn.zip", layer=f"deps layer.zip\n{arn}\n")
    assert "file=deps layer.zip" in done.stdout


@pytest.mark.parametrize(
    "evil", ["$(touch owned)", "`touch owned`", "; touch owned #", "' ; touch owned ; '", '"; touch owned; "', "--output=text=owned"]
)
def test_inputs_are_never_commands(runner: Runner, evil: str) -> None:
    for name in ACTION["inputs"]:
        runner.run(LINT, **{"packages": "fn.zip", name: evil})
    assert not (runner.workspace / "owned").exists()


def test_no_script_holds_an_expression() -> None:
    for step in (INSTALL, LINT):
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]


def test_every_input_reaches_an_option() -> None:
    variables = {one.variable for one in OPTIONS}
    used = {name: re.findall(r"inputs\.([a-z-]+)", value)[0] for name, value in LINT["env"].items()}
    assert set(used.values()) == set(ACTION["inputs"])
    assert {name for name in used if name != "PACKAGES"} <= variables
    for told in ACTION["inputs"].values():
        assert told["description"]


@pytest.mark.real
def test_installs_from_its_own_checkout(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    shutil.rmtree(runner.temp / "lambdalint")
    done = runner.run(INSTALL)
    if done.returncode and "Could not find a version" in done.stderr:
        pytest.skip("no registry can be reached")
    assert done.returncode == 0, done.stderr
    zip_of(runner.workspace / "fn.zip", "app.py", mode=0o600)
    assert runner.run(LINT, packages="fn.zip").returncode == 1


def test_hook_takes_the_packages_of_a_commit() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] == "lambdalint"
    assert hook["entry"].split() == ["lambdalint", "check"]
    for name, taken in (("dist/fn.zip", True), ("app.jar", True), ("fn.zip.md5", False), ("zip", False)):
        assert bool(re.search(hook["files"], name)) is taken
