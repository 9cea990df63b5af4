"""Whole packages, rendered in every format, are what they were: ``pytest --goldens`` rewrites the reports beside them."""

from __future__ import annotations

import glob
import json
import os
import re

import pytest

from lambdalint.cli import main
from lambdalint.options import FORMATS
from lambdalint.reporters import reporter
from tests.cases import ROOT, TODAY
from tools.packages import made

#: Control characters, marks of direction and lone surrogates; a line feed parts lines.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
#: Paths as a user at the top of the checkout would give them.
PACKAGES = [path for pattern in ("*.zip", "*.jar", "*.tar") for path in sorted(glob.glob(f"fixtures/packages/*/{pattern}", root_dir=ROOT))]


def rendered(package: str, form: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Run the command line as a user would, with what is known of the function beside the package."""
    words = ["--isolated", "--as-of", TODAY.isoformat(), "--output-format", form, package]
    config = os.path.join(os.path.dirname(package), "function.json")
    if os.path.exists(config):
        words = ["--function-config", config, *words]
    code = main(words)
    out, err = capsys.readouterr()
    assert err == ""
    return code, out


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("package", PACKAGES)
def test_report_is_golden(
    package: str, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(reporter(form), "VERSION", "0.0.0", raising=False)
    _, text = rendered(package, form, capsys)
    path = os.path.join(os.path.dirname(package), f"golden.{form}")
    if request.config.getoption("--goldens"):
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    with open(path, encoding="utf-8", newline="") as file:
        assert file.read() == text
    assert "\r" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize("package", PACKAGES)
def test_exit_code_tells_of_errors(package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    code, text = rendered(package, "json", capsys)
    assert code == int(json.loads(text)["summary"]["errors"] > 0)


@pytest.mark.parametrize("package", PACKAGES)
def test_golden_reports_hold_no_control_characters(package: str) -> None:
    for form in FORMATS:
        with open(os.path.join(ROOT, os.path.dirname(package), f"golden.{form}"), encoding="utf-8", newline="") as file:
            text = file.read()
        assert not UNSAFE.search(text), form
        assert form == "github" or "\n::" not in text


def test_packages_are_what_their_recipes_make() -> None:
    for path, data in made():
        with open(path, "rb") as file:
            assert file.read() == data, f"{os.path.relpath(path, ROOT)}: run python -m tools.packages"


def test_readme_shows_at_least_four_different_faults(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    _, text = rendered("fixtures/packages/first-deploy/function.zip", "json", capsys)
    assert len({finding["rule"] for finding in json.loads(text)["packages"][0]["findings"]}) >= 4
