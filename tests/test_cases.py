"""Every case of every rule, in every form that can hold it; all forms must agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.book import load
from tests.cases import Case, case_files, complaints, judged, told

RULES = {rule.id: rule for rule in load()}
CASES = [case for file in case_files() for case in file.cases]


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.rule}-{case.name}") for case in CASES])
def test_case(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for form in case.recipe.forms:
        (tmp_path / form.value).mkdir()
        monkeypatch.chdir(tmp_path / form.value)
        verdict = judged(case, RULES[case.rule], form)
        wrong = complaints(case, verdict)
        assert not wrong, "\n  ".join([f"{case.file}: {case.name!r}, as a {form.value}:", *wrong])
        found[form] = [told(finding) for finding in verdict.findings]
    first, *others = found
    for form in others:
        agree = found[form] == found[first]
        assert agree, f"{case.file}: {case.name!r}: as a {first.value} {found[first]}, as a {form.value} {found[form]}"
