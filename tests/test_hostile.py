"""The promise of SECURITY.md: hostile packages are judged within bounds, and nothing is run, written or believed."""

from __future__ import annotations

import functools
import glob
import os
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from lambdalint.book import Rule, load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Form
from lambdalint.options import FORMATS
from lambdalint.report import Report
from lambdalint.reporters import reporter
from lambdalint.reporters.style import Style
from tests.build import Recipe
from tests.cases import ROOT, TODAY, opened
from tests.content import only

#: Seconds for one package; what SECURITY.md promises.
PATIENCE = 10
#: Bytes of address space for one run; what SECURITY.md promises.
MEMORY = 512 << 20
#: Handlers of three families, so that each reads the sources that are meant for it.
HANDLERS = (("python3.12", "app.handler"), ("nodejs22.x", "app.handler"), ("ruby3.3", "app.handler"))
#: Control characters, marks of direction and lone surrogates: no report has one, but for the line feed that parts lines.
FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
#: A line that GitHub would obey, and that is not one of our own.
COMMAND = re.compile(r"^\s*::(?!(error|warning|notice) file=package,title=LL\d{3} )", re.MULTILINE)


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
def all_rules() -> Sequence[Rule]:
    return load()


@functools.cache
def tree_of(number: int) -> Recipe:
    recipe = RECIPES[number][1]
    return Recipe({key: recipe[key] for key in Recipe.KEYS if key in recipe}, recipe["name"])


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Each recipe's zip, made once."""
    folder = tmp_path_factory.mktemp("zips")

    def zipped(number: int) -> Path:
        path = folder / str(number)
        if not path.exists():
            tree_of(number).make(Form.ZIP, str(path))
        return path

    return zipped


def judged(runtime: str, handler: str) -> Report:
    function = Function(runtime=runtime, handler=handler, architectures=("x86_64",))
    return lint([opened("package", function)], all_rules(), Judge(today=TODAY))


def held_to_its_promise(recipe: Mapping[str, Any], sealed: Callable[[], AbstractContextManager[None]]) -> None:
    """Judge the package in the working directory as a function of each family, and say it in every format."""
    before = sorted(os.listdir("."))
    for runtime, handler in HANDLERS:
        start = time.process_time()  # whatever else the machine does meanwhile
        with sealed():
            report = judged(runtime, handler)
            texts = {form: reporter(form).render(report, Style(verbosity=1)) for form in FORMATS}
        assert time.process_time() - start < PATIENCE
        assert sorted(os.listdir(".")) == before
        assert not [f"{crash.rule.id}: {crash.error!r}" for crash in report.verdicts[0].crashes]
        found = {finding.rule.id for finding in report.findings()}
        assert found >= set(recipe.get("finds", ()))
        assert found or not recipe.get("some_finding")
        for text in texts.values():
            assert not FORBIDDEN.search(text)
            assert not COMMAND.search(text)


@pytest.mark.parametrize("number", [pytest.param(number, id=name) for number, (name, _) in enumerate(RECIPES)])
def test_hostile_package(
    number: int,
    sealed: Callable[[], AbstractContextManager[None]],
    zips: Callable[[int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for form in tree_of(number).forms:
        place = tmp_path / form.value
        place.mkdir()
        monkeypatch.chdir(place)
        if form is Form.ZIP:
            os.symlink(zips(number), "package")
        else:
            tree_of(number).make(form, "package")
        held_to_its_promise(RECIPES[number][1], sealed)


def test_recipes_name_rules_that_exist() -> None:
    ids = {rule.id for rule in all_rules()}
    assert {id_ for _, recipe in RECIPES for id_ in recipe.get("finds", ())} <= ids


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits address space as Linux does")
def test_all_of_them_in_bounded_memory(zips: Callable[[int], Path], tmp_path: Path) -> None:
    """One process judges every archive; it has the memory that is promised for one."""
    import resource

    packages = [str(zips(number)) for number, _ in enumerate(RECIPES)]
    words = ["--isolated", "--runtime", "python3.12", "--handler", "app.handler", "--output-format", "json", *packages]
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-m", "lambdalint", *words],
        cwd=tmp_path,
        env=env | {"PYTHONPATH": ROOT, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert done.stderr == ""
    assert done.returncode == 1
    assert not list(tmp_path.iterdir())
