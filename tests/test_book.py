"""The laws of the book: what every rule, its page and its case file must be."""

from __future__ import annotations

import ast
import glob
import os
import re
from collections.abc import Iterator
from typing import get_type_hints

import pytest

import lambdalint
from lambdalint.book import Rule, load
from lambdalint.facts import PROVIDERS
from lambdalint.model import Flaw, Hit, Severity
from lambdalint.readers import flaws
from tests.cases import FOLDER, ROOT, CaseFile, case_files

RULES = load()
#: Types of facts that only rules about them load.
FACE = {name: getattr(lambdalint, name) for name in lambdalint.__all__}
FILES = {file.rule: file for file in case_files()}
each_rule = pytest.mark.parametrize("rule", [pytest.param(rule, id=rule.id) for rule in RULES])

#: What a pure function of facts has no use for; the engine does the rest.
IMPURE = {"print", "open", "input", "exec", "eval", "compile", "__import__", "os", "sys", "io", "subprocess", "pathlib"}
#: A text of AWS's or the system's: quoted or marked as code, and more than one word; or the word that there is none.
QUOTES = re.compile(r"``[^`]+?\s[^`]+?``|\"[^\"]+?\s[^\"]+?\"|(AWS|Lambda) says nothing")


def path_of(rule: Rule) -> str:
    return os.path.join(ROOT, "rules", rule.module.rpartition(".")[2] + ".py")


def tree_of(path: str) -> ast.Module:
    with open(path, encoding="utf-8") as file:
        return ast.parse(file.read(), path)


def python_files() -> Iterator[str]:
    for folder in ("lambdalint", "rules", "tests", "tools", "bench"):
        yield from glob.glob(os.path.join(ROOT, folder, "**", "*.py"), recursive=True)


def imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{name.name}" for name in node.names)


def test_every_rule_file_on_disk_is_found() -> None:
    on_disk = {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(ROOT, "rules", "*.py"))}
    assert {rule.module.rpartition(".")[2] for rule in RULES} == on_disk
    assert len(RULES) == len(on_disk), "one file, one rule"


def test_names_and_ids_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_every_case_file_is_of_a_rule() -> None:
    assert FILES.keys() <= {rule.id for rule in RULES}
    assert {os.path.basename(path) for path in glob.glob(os.path.join(FOLDER, "*"))} == {f"{name.lower()}.toml" for name in FILES}


def test_nobody_imports_a_rule() -> None:
    guilty = [
        os.path.relpath(path, ROOT)
        for path in python_files()
        if any(re.search(r"\brules\.\w|(^|\.)ll\d{3}", name) for name in imports(tree_of(path)))
    ]
    assert not guilty, "a rule is reached by its ID, through the book"


@each_rule
def test_file_is_named_as_the_rule(rule: Rule) -> None:
    snake = rule.name.replace("-", "_")
    assert rule.module == f"lambdalint.rules.{rule.id.lower()}_{snake}"
    assert rule.check.__name__ == snake
    assert not rule.id.startswith("LL9"), "the 9xx are left to users"


@each_rule
def test_page_has_its_parts(rule: Rule) -> None:
    first, second, *_ = rule.page.split("\n")
    assert first.endswith("."), "the first line is a sentence"
    assert not second
    assert len(first) <= 100
    assert rule.fix, "a page has a paragraph that begins with Fix:"
    assert rule.sources, "a page ends with Source: and at least one address"
    assert all(source.startswith("https://") for source in rule.sources)
    assert "\t" not in rule.page


@each_rule
def test_page_has_the_words_of_aws(rule: Rule) -> None:
    said = rule.page.partition("\nFix:")[0]
    assert QUOTES.search(said), "a page quotes the error text, or says that AWS says nothing"


@each_rule
def test_file_is_short(rule: Rule) -> None:
    with open(path_of(rule), encoding="utf-8") as file:
        assert len(file.readlines()) <= 60, "when a rule is longer, a fact is missing"


@each_rule
def test_parameters_are_facts(rule: Rule) -> None:
    said = get_type_hints(rule.check, localns=FACE)
    for name in rule.needs:
        assert name in PROVIDERS, f"{name} is no fact"
        assert said.get(name) == get_type_hints(PROVIDERS[name], localns=FACE)["return"], f"the type of the fact {name}"
    assert said.get("return") == Iterator[Hit]


@each_rule
def test_rule_is_pure(rule: Rule) -> None:
    tree = tree_of(path_of(rule))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {name.partition(".")[0] for name in imports(tree)}
    assert not names & IMPURE
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try)], "a rule does not catch; the engine does"
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Global, ast.Nonlocal))]


@each_rule
def test_cases_show_the_fault_and_its_absence(rule: Rule) -> None:
    assert rule.id in FILES, f"fixtures/cases/{rule.id.lower()}.toml is missing"
    cases = FILES[rule.id].cases
    assert [case for case in cases if case.hits], "a case in which the rule fires"
    healthy = [case for case in cases if not case.hits and not case.skips and case.applies]
    assert healthy, "a case that the rule judges and finds nothing in"


@each_rule
def test_no_hit_is_worse_than_its_rule(rule: Rule) -> None:
    file: CaseFile = FILES[rule.id]
    for case in file.cases:
        for hit in case.hits:
            said = hit.table.get("severity")
            assert said is None or Severity[said.upper()] <= rule.severity, case.name
    worst = [hit.table.get("severity", rule.severity.label) for case in file.cases for hit in case.hits]
    assert rule.severity.label in worst, "a case shows the severity that the rule has"


def test_every_flaw_of_an_archive_is_told() -> None:
    """What a reader notices and no rule reads would be green by accident."""
    sorts = {name for name, value in vars(flaws).items() if isinstance(value, type) and issubclass(value, Flaw) and value is not Flaw}
    read: set[str] = set()
    for rule in RULES:
        with open(path_of(rule), encoding="utf-8") as file:
            read |= set(re.findall(r"flaws\.(\w+)", file.read()))
    # What unpacking finds is asked of the contents, which give it under the name of damages.
    assert sorts - read - {"Damaged"} == set()
