"""What must hold for every package: order, surroundings and damage change nothing that they should not."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lambdalint.book import Rule, load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Role
from lambdalint.report import Report
from tests.build import Recipe
from tests.cases import TODAY, case_files, opened, told

#: Names that rules look for, so that chance finds something.
NAMES = (
    "app.py", "index.js", "bootstrap", "lib/native.so", "lib/util.py", "extensions/tool", "python/x.py", "README.md",
    "lib", "python", "node_modules/a/index.js", "App.py", "run.sh", "link", "a\\b.py",
)  # fmt: skip
MODES = ("0644", "0600", "0755", "0700", "4755", "none")
CONTENTS: tuple[dict[str, Any], ...] = (
    {"text": ""}, {"text": "def handler(event, context):\n    return 1\n"}, {"text": "#!/bin/sh\n"},
    {"text": "#!/bin/sh\r\n"}, {"elf": {"machine": "aarch64"}}, {"elf": {"type": "exec"}}, {"zeros": 70_000},
    {"text": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"},
)  # fmt: skip
FUNCTION = {"runtime": "python3.12", "handler": "app.handler", "architectures": ("x86_64",)}


def files() -> st.SearchStrategy[dict[str, Any]]:
    plain = st.builds(
        lambda path, mode, content: {"path": path, "mode": mode, **content},
        st.sampled_from(NAMES), st.sampled_from(MODES), st.sampled_from(CONTENTS),
    )  # fmt: skip
    links = st.builds(
        lambda path, target: {"path": path, "target": target},
        st.sampled_from(NAMES), st.sampled_from(("app.py", "/tmp/x", "nowhere", "../..", "link")),
    )  # fmt: skip
    folders = st.builds(lambda path: {"path": path, "kind": "directory"}, st.sampled_from(("lib", "python", "empty")))
    return st.one_of(plain, plain, plain, links, folders)


trees = st.lists(files(), min_size=1, max_size=8, unique_by=lambda item: item["path"])


@functools.cache
def rules() -> Sequence[Rule]:
    return load()


def report(data: bytes, **told_of_it: Any) -> Report:
    """Judge bytes by every rule, as the function that rules know most about."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.getcwd()
        os.chdir(folder)
        try:
            with open("package", "wb") as file:
                file.write(data)
            return lint([opened("package", Function(**{**FUNCTION, **told_of_it}))], rules(), Judge(today=TODAY))
        finally:
            os.chdir(before)


def said(made: Report) -> list[object]:
    (verdict,) = made.verdicts
    assert not verdict.crashes, verdict.crashes[0].error
    return [
        [(finding.rule.id, told(finding)) for finding in verdict.findings],
        [(skip.rule.id, skip.lacking.what) for skip in verdict.skips],
        sorted(rule.id for rule in verdict.checked),
    ]


def zipped(items: Sequence[dict[str, Any]]) -> bytes:
    return Recipe({"files": list(items)}, "a tree").zip()


quick = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(trees, st.randoms(use_true_random=False))
def test_order_of_entries_changes_nothing(items: list[dict[str, Any]], random: Any) -> None:
    shuffled = random.sample(items, len(items))
    assert said(report(zipped(shuffled))) == said(report(zipped(items)))


@quick
@given(trees, st.sampled_from(("unlooked-for.bin", "zz", "0")))
def test_file_that_nothing_looks_for_removes_no_finding(items: list[dict[str, Any]], name: str) -> None:
    def faults(made: Report) -> set[tuple[str, str | None, str | None]]:
        return {(found.rule.id, found.place.path, found.setting) for found in made.findings()}

    more = {"path": name, "mode": "0644", "text": "nothing"}
    # A package that holds nothing but directories is at fault for just that.
    before = {fault for fault in faults(report(zipped(items), role=Role.FUNCTION)) if fault[0] != "LL102"}
    assert faults(report(zipped([*items, more]), role=Role.FUNCTION)) >= before


@quick
@example(b"")
@example(b"PK\5\6" + bytes(18))
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda tail: b"PK\3\4" + tail + b"PK\5\6" + tail)))
def test_any_bytes_make_a_report(data: bytes) -> None:
    assert report(data).findings()


@quick
@given(trees, st.data())
def test_damaged_archive_makes_a_report(items: list[dict[str, Any]], data: st.DataObject) -> None:
    made = bytearray(zipped(items))
    for _ in range(data.draw(st.integers(1, 4))):
        made[data.draw(st.integers(0, len(made) - 1))] = data.draw(st.integers(0, 255))
    said(report(bytes(made[: data.draw(st.integers(0, len(made)))])))


HONEST = [
    pytest.param(case, id=f"{case.rule}-{case.name}")
    for file in case_files()
    for case in file.cases
    if len(case.recipe.items) > 1 and not case.recipe.archive and case.recipe.is_honest and case.recipe.weight < 1 << 20
]


@pytest.mark.parametrize("case", HONEST)
def test_case_backwards_is_the_same_case(case: Any) -> None:
    given_function = {key: value for key, value in case.told.items() if key != "layers"}
    forwards = report(case.recipe.zip(), **given_function)
    case.recipe.items.reverse()
    try:
        assert said(report(case.recipe.zip(), **given_function)) == said(forwards)
    finally:
        case.recipe.items.reverse()
