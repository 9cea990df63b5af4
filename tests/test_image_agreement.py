"""A function's case says the same of the code in an image on AWS's base: no rule has a twin for images."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest

from lambdalint.book import load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Form
from lambdalint.report import Finding
from tests.build import Recipe
from tests.cases import Case, case_files, judged, opened

RULES = {rule.id: rule for rule in load()}
#: The rules that speak of files and code, wherever they lie.
SPOKEN: Final = ("LL2", "LL3", "LL4")
#: What a case may tell of its function, for an image to have it too.
KNOWN: Final = frozenset({"runtime", "handler", "architecture", "environment"})
FAMILIES: Final = ("python", "nodejs", "ruby", "java", "dotnet")
#: What is judged by the libraries of Lambda's own system, of which an image has its own.
OWN_SYSTEM: Final = ("LL407", "LL408", "LL409", "LL411", "LL414")


def as_image(case: Case) -> Recipe | None:
    """Return the same code in an image. None: no image can hold it, or it is about more than one function's code."""
    told = case.table.get("function", {})
    runtime = told.get("runtime", "")
    files = case.table.get("files", [])
    if case.table.keys() - {"name", "files", "function", "hits", "verify", "as_of"} or told.keys() - KNOWN:
        return None
    if case.rule.startswith("LL4") and "architecture" not in told:
        return None  # an image always names its own
    if not runtime.startswith(FAMILIES) or "handler" not in told or "AWS_LAMBDA_EXEC_WRAPPER" in told.get("environment", {}):
        return None
    if any("path" not in file or "header" in file or file.get("mode") == "none" or file.get("kind") == "socket" for file in files):
        return None
    cpu = {"arm64": "arm64"}.get(told.get("architecture"), "amd64")
    image = {"base": runtime, "architecture": cpu, "config": {"Cmd": [told["handler"]]}}
    return Recipe({"image": image, "files": [{**file, "path": f"var/task/{file['path']}"} for file in files]}, case.name)


def said(finding: Finding) -> dict[str, Any]:
    """Return what must be alike; an image's paths begin at its root."""
    texts = {"message": finding.message, "aws": finding.aws and finding.aws.message, "path": finding.place.path}
    plain = {key: re.sub(r"(?<![/\w])var/task/?", "", text or "") for key, text in texts.items()}
    plain["message"] = plain["message"].replace("not in the image", "neither in the package nor in a layer nor part of the runtime")
    # What comes behind the colon are hints on the layout, which see how a package begins.
    return plain | {"message": plain["message"].partition(": ")[0], "severity": finding.severity.label, "count": finding.count}


CASES: Final = [
    pytest.param(case, made, id=f"{case.rule}-{case.name}")
    for file in case_files()
    if file.rule.startswith(SPOKEN) and file.rule not in OWN_SYSTEM
    for case in file.cases
    if (made := as_image(case)) is not None
]


@pytest.mark.parametrize(("case", "made"), CASES)
def test_image_agrees(case: Case, made: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    (tmp_path / "zip").mkdir()
    monkeypatch.chdir(tmp_path / "zip")
    zipped = judged(case, RULES[case.rule], Form.ZIP)
    told = case.told.get("environment")
    for form in made.forms:
        (tmp_path / form.value).mkdir()
        monkeypatch.chdir(tmp_path / form.value)
        made.make(form, "package")
        verdict = lint(
            [opened("package", Function(environment=told))], [RULES[case.rule]], Judge(today=case.today, verify=case.verify)
        ).verdicts[0]
        assert not verdict.crashes, [crash.error for crash in verdict.crashes]
        found[form] = [said(finding) for finding in verdict.findings]
        assert found[form] == [said(finding) for finding in zipped.findings]
