"""The promise of SECURITY.md: hostile packages are judged within bounds, and nothing is run, written or believed."""

from __future__ import annotations

import functools
import glob
import os
import re
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from lambdalint.book import load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Severity
from lambdalint.report import Report
from tests.build import Recipe, only
from tests.cases import ROOT, TODAY, opened

#: Seconds for one package; what SECURITY.md promises.
PATIENCE = 10
#: Handlers of three families, so that each reads the sources that are meant for it.
HANDLERS = (("python3.12", "app.handler"), ("nodejs22.x", "app.handler"), ("ruby3.3", "app.handler"))
#: Control characters, marks of direction and lone surrogates: nothing of ours prints them.
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]")


def recipes() -> list[tuple[str, Mapping[str, Any]]]:
    found = []
    for path in sorted(glob.glob(os.path.join(ROOT, "fixtures", "hostile", "*.toml"))):
        with open(path, "rb") as file:
            table = tomllib.load(file)
        only(table, {"recipe"}, path)
        for recipe in table["recipe"]:
            only(recipe, Recipe.KEYS | {"name", "finds", "some_finding"}, f"{path}: {recipe['name']}")
            found.append((f"{os.path.basename(path)[:-5]}-{recipe['name']}", recipe))
    return found


RECIPES = recipes()


@functools.cache
def all_rules() -> Any:
    return load()


def judged(path: str) -> list[Report]:
    return [
        lint(
            [opened(path, Function(runtime=runtime, handler=handler, architectures=("x86_64",)))],
            all_rules(),
            Judge(today=TODAY),
        )
        for runtime, handler in HANDLERS
    ]


@pytest.mark.parametrize("recipe", [pytest.param(recipe, id=name) for name, recipe in RECIPES])
def test_hostile_package(
    recipe: Mapping[str, Any],
    sealed: Callable[[], AbstractContextManager[None]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    tree = Recipe({key: recipe[key] for key in Recipe.KEYS if key in recipe}, recipe["name"])
    for form in tree.forms:
        name = f"package.{form.value}"
        tree.make(form, name)
        before = sorted(os.listdir("."))
        start = time.monotonic()
        with sealed():
            reports = judged(name)
        took = time.monotonic() - start
        assert took < PATIENCE * len(HANDLERS)
        assert sorted(os.listdir(".")) == before
        for report in reports:
            assert not [f"{crash.rule.id}: {crash.error!r}" for crash in report.verdicts[0].crashes]
            found = {finding.rule.id for finding in report.findings()}
            assert found >= set(recipe.get("finds", ())), f"as a {form.value}"
            assert found or not recipe.get("some_finding")


def test_recipes_say_what_they_find() -> None:
    ids = {rule.id for rule in all_rules()}
    for _, recipe in RECIPES:
        assert set(recipe.get("finds", ())) <= ids
    assert Severity.ERROR.label == "error"
