"""What the documents show is what there is: commands run, excerpts are of real files, generated parts are fresh."""

from __future__ import annotations

import os
import re
import shlex

import pytest

from lambdalint import exits
from lambdalint.book import load
from lambdalint.cli import main
from tests import imagebuild
from tests.build import Item, Recipe
from tests.cases import ROOT, Case
from tools import catalogue


def text_of(*parts: str) -> str:
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as file:
        return file.read()


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(prefix: str) -> list[str]:
    return [line for block in blocks(text_of("README.md"), "sh") for line in block.splitlines() if line.startswith(prefix)]


def test_readme_has_two_set_up_commands_that_assume_only_python() -> None:
    report, tests = commands("python3 -m venv .venv && .venv/bin/pip install ")
    assert tests.endswith("&& .venv/bin/python -m pytest")
    assert tests == commands("python3")[1]
    assert tests in text_of("CONTRIBUTING.md")
    assert ".venv/bin/lambdalint" in report


def test_first_command_judges_the_package_as_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    words = shlex.split(commands("python3")[0].partition("/lambdalint ")[2])
    assert main(["--isolated", "--as-of", "2026-11-21", *words]) == 1
    assert capsys.readouterr().out in text_of("README.md")


@pytest.mark.parametrize("path", ["README.md", "rules/README.md"])
def test_generated_parts_are_fresh(path: str) -> None:
    assert text_of(path) == catalogue.wanted()[os.path.join(ROOT, *path.split("/"))], "run python -m tools.catalogue"


def test_stale_parts_are_renewed() -> None:
    marks = catalogue.MARKS
    stale = f"before\n{marks[0]}\nold\n{marks[1]}\nafter"
    assert catalogue.between(marks, "new", stale) == f"before\n{marks[0]}\nnew\n{marks[1]}\nafter"
    with pytest.raises(SystemExit):
        catalogue.between(marks, "new", "no marks")


def test_walk_through_shows_the_rule_and_its_cases() -> None:
    text = text_of("CONTRIBUTING.md")
    (code,) = blocks(text, "python")
    path = next(rule for rule in load() if rule.id == "LL205").module.rpartition(".")[2] + ".py"
    assert code.partition('"""\n\nfrom ')[2] == text_of("rules", path).partition('"""\n\nfrom ')[2]
    assert blocks(text, "toml") == [text_of("fixtures", "cases", "ll205.toml")]
    assert f"rules/{path}" in text


def test_keys_of_case_files_are_documented() -> None:
    text = text_of("CONTRIBUTING.md")
    documented = set(re.findall(r"`(\w+)`", text))
    assert documented >= Case.KEYS
    assert documented >= Item.KEYS | {"times"}
    assert documented >= Recipe.ARCHIVE_KEYS
    assert documented >= imagebuild.KEYS | imagebuild.LAYER_KEYS


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "rules/README.md"])
def test_links_lead_somewhere(path: str) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text_of(*path.split("/"))):
        file, _, anchor = target.partition("#")
        if "://" in target:
            continue
        linked = os.path.join(os.path.dirname(path), file) if file else path
        assert os.path.exists(os.path.join(ROOT, linked)), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", text_of(linked), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
            assert anchor in anchors | set(re.findall(r'id="([^"]+)"', text_of(linked))), target


def test_readme_speaks_of_the_action_and_the_hook_as_they_are() -> None:
    action, readme = text_of("action.yml"), text_of("README.md")
    inputs = re.findall(r"^  ([a-z-]+):$", action.partition("inputs:")[2].partition("outputs:")[0], re.MULTILINE)
    shown = re.search(r"uses: \./\.lambdalint\n +with:\n((?: {4}.+\n)+)", readme)
    assert shown is not None
    assert set(re.findall(r"^ {4}([a-z-]+):", shown.group(1), re.MULTILINE)) <= set(inputs)
    (hook,) = re.findall(r"^- id: (.+)$", text_of(".pre-commit-hooks.yaml"), re.MULTILINE)
    assert f"- id: {hook}" in readme


def test_readme_lists_the_exit_codes() -> None:
    codes = re.findall(r"^\| (\d) \|", text_of("README.md"), re.MULTILINE)
    assert codes == [str(code) for code in (exits.CLEAN, exits.FOUND, exits.USAGE, exits.FAILED)]
