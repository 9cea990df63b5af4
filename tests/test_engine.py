"""The engine: what becomes of hits, of what is lacking, and of rules that fail.

Fix: the advice of this page.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lambdalint import Archive, Aws, Contents, Form, Function, Hit, Lacking, NotApplicable, Package, Phase, Role, Rule, Severity, rule
from lambdalint.engine import Judge, lint
from lambdalint.report import PLACES_SHOWN, Verdict
from lambdalint.target import Target
from tests.build import Recipe
from tests.cases import opened

FILES = ("b.py", "a.py", "tests/c.py")


@rule("LL901", "every-file", Severity.WARNING, Phase.INIT)
def every_file(package: Package) -> Iterator[Hit]:
    for entry in package.files():
        yield Hit(entry, f"found {entry.path}")


@rule("LL902", "whole-package", Severity.ERROR, Phase.UPLOAD)
def whole_package(archive: Archive) -> Iterator[Hit]:
    yield Hit(None, "as a whole", severity=Severity.NOTE, phase=Phase.INVOKE, aws=Aws("Code", "text"), fix="its own advice")


@rule("LL903", "failing", Severity.ERROR, Phase.INIT)
def failing(package: Package) -> Iterator[Hit]:
    yield Hit(None, "before it fails")
    raise ZeroDivisionError("ours")


@rule("LL904", "half-way", Severity.ERROR, Phase.INIT)
def half_way(package: Package) -> Iterator[Hit]:
    yield Hit("a.py", "before it lacks", line=7)
    raise Lacking("the content of a layer")


@rule("LL905", "never-here", Severity.ERROR, Phase.INIT)
def never_here(role: Role) -> Iterator[Hit]:
    if role is Role.FUNCTION:
        raise NotApplicable("by its nature")
    yield Hit(None, "never")


@rule("LL906", "wants-the-handler", Severity.ERROR, Phase.INIT)
def wants_the_handler(package: Package, handler: object) -> Iterator[Hit]:
    yield Hit(None, f"{handler}", setting="Handler")


@rule("LL907", "too-severe", Severity.NOTE, Phase.INIT)
def too_severe(package: Package) -> Iterator[Hit]:
    yield Hit(["b.py", "a.py"], "a rule may not raise its severity", severity=Severity.ERROR)


@rule("LL908", "whole-function", Severity.ERROR, Phase.INIT)
def whole_function(today: datetime.date) -> Iterator[Hit]:
    yield Hit(None, today.isoformat())


FAR = Hit("a.py", "it is not found")


@rule("LL909", "consequence", Severity.ERROR, Phase.INIT)
def consequence(package: Package) -> Iterator[Hit]:
    yield FAR
    yield Hit("b.py", "another one")


@rule("LL910", "cause", Severity.ERROR, Phase.INIT)
def cause(package: Package) -> Iterator[Hit]:
    yield Hit("tests/c.py", "it lies elsewhere", explains=[FAR])


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.chdir(tmp_path)
    Recipe({"files": [{"path": path} for path in FILES]}, "").make(Form.ZIP, "package")
    return opened("package", Function())


def judged(target: Target, rules: Sequence[Rule], judge: Judge | None = None) -> Verdict:
    return lint([target], rules, judge).verdicts[0]


def test_findings_are_ordered_by_path_and_rule(target: Target) -> None:
    findings = judged(target, [whole_package, every_file]).findings
    assert [(one.rule.id, one.place.path) for one in findings] == [
        ("LL902", None), ("LL901", "a.py"), ("LL901", "b.py"), ("LL901", "tests/c.py"),
    ]  # fmt: skip


def test_hit_says_where_it_differs_from_its_rule(target: Target) -> None:
    (found,) = judged(target, [whole_package]).findings
    assert (found.severity, found.phase, found.fix) == (Severity.NOTE, Phase.INVOKE, "its own advice")
    assert found.aws is not None
    assert found.aws.message == "text"
    first, *_ = judged(target, [every_file]).findings
    assert (first.severity, first.phase, first.fix) == (Severity.WARNING, Phase.INIT, "the advice of this page.")


def test_hit_cannot_be_worse_than_its_rule_but_the_user_can_make_it(target: Target) -> None:
    assert judged(target, [too_severe]).findings[0].severity is Severity.NOTE
    judge = Judge(severities={"LL907": Severity.ERROR})
    assert judged(target, [too_severe], judge).findings[0].severity is Severity.ERROR


def test_crash_names_the_rule_and_the_others_run(target: Target) -> None:
    verdict = judged(target, [failing, whole_package])
    assert [(crash.rule.id, str(crash.error)) for crash in verdict.crashes] == [("LL903", "ours")]
    assert {found.rule.id for found in verdict.findings} == {"LL902", "LL903"}
    assert verdict.checked == {whole_package}


def test_lacking_half_way_is_a_skip_that_keeps_what_was_found(target: Target) -> None:
    verdict = judged(target, [half_way])
    assert [(skip.rule.id, skip.lacking.what, skip.lacking.option) for skip in verdict.skips] == [("LL904", "the content of a layer", None)]
    assert [(found.place.path, found.place.line) for found in verdict.findings] == [("a.py", 7)]
    assert not verdict.checked


def test_fact_that_is_not_told_is_a_skip_with_its_option(target: Target) -> None:
    (skip,) = judged(target, [wants_the_handler]).skips
    assert (skip.lacking.what, skip.lacking.option) == ("the handler", "--handler")


def test_not_applicable_is_counted_and_not_listed(target: Target) -> None:
    verdict = judged(target, [never_here])
    assert verdict.not_applicable == {never_here}
    assert not verdict.skips
    assert lint([target], [never_here, every_file, wants_the_handler]).rules() == (1, 1, 1)


def test_counts_of_the_report(target: Target) -> None:
    report = lint([target, target], [every_file, whole_package, failing])
    assert report.counts() == {Severity.NOTE: 2, Severity.WARNING: 6, Severity.ERROR: 2}
    assert report.rules() == (2, 1, 0)


def test_ignored_places_vanish_and_hits_without_any(target: Target) -> None:
    judge = Judge(ignored=lambda rule, path: path.startswith("tests/") or (rule is too_severe and path == "b.py"))
    findings = judged(target, [every_file, too_severe, whole_package], judge).findings
    assert [(found.rule.id, found.place.path) for found in findings] == [
        ("LL902", None), ("LL901", "a.py"), ("LL907", "a.py"), ("LL901", "b.py"),
    ]  # fmt: skip


def test_places_are_capped_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @rule("LL909", "all-at-once", Severity.NOTE, Phase.INIT)
    def all_at_once(package: Package) -> Iterator[Hit]:
        yield Hit(list(package.files()), "all")

    monkeypatch.chdir(tmp_path)
    Recipe({"files": [{"path": "{n}", "times": 250}]}, "").make(Form.ZIP, "package")
    (found,) = judged(opened("package", Function()), [all_at_once]).findings
    assert (len(found.places), found.count) == (PLACES_SHOWN, 250)


def test_rules_of_packages_run_for_each_layer_and_others_once(target: Target) -> None:
    Recipe({"files": [{"path": "python/x.py"}]}, "").make(Form.DIRECTORY, "layer")
    layer = opened("layer", Function(role=Role.LAYER))
    whole = Target(target.archive, target.package, Function(layers=["layer"]), [layer])
    verdict = judged(whole, [every_file, whole_function], Judge(today=datetime.date(2030, 1, 2)))
    assert [(found.place.package, found.place.path) for found in verdict.findings] == [
        ("package", None), ("package", "a.py"), ("package", "b.py"), ("package", "tests/c.py"), ("layer", "python/x.py"),
    ]  # fmt: skip
    assert verdict.findings[0].message == "2030-01-02"


def test_layer_that_is_given_twice_is_judged_once(target: Target) -> None:
    Recipe({"files": [{"path": "python/x.py"}]}, "").make(Form.ZIP, "layer")
    layer = opened("layer", Function(role=Role.LAYER))
    whole = Target(target.archive, target.package, Function(layers=["layer", "layer"]), [layer, layer])
    found = [one.place.path for one in judged(whole, [every_file]).findings if one.place.package == "layer"]
    assert found == ["python/x.py"]


def test_what_reads_everything_comes_last(target: Target) -> None:
    order: list[str] = []

    @rule("LL910", "reads-all", Severity.NOTE, Phase.INIT)
    def reads_all(contents: Contents) -> Iterator[Hit]:
        order.append("all")
        yield from ()

    @rule("LL911", "reads-one", Severity.NOTE, Phase.INIT)
    def reads_one(package: Package) -> Iterator[Hit]:
        order.append("one")
        yield from ()

    judged(target, [reads_all, reads_one])
    assert order == ["one", "all"]


def test_today_is_today_unless_said() -> None:
    assert abs(Judge().today - datetime.datetime.now(datetime.UTC).date()) <= datetime.timedelta(days=1)


def test_what_another_finding_explains_goes_with_it(target: Target) -> None:
    both = lint([target], [consequence, cause]).verdicts[0]
    assert [finding.message for finding in both.findings] == ["another one", "it lies elsewhere"]
    alone = lint([target], [consequence]).verdicts[0]
    assert [finding.message for finding in alone.findings] == ["it is not found", "another one"]


def test_what_a_lesser_finding_explains_stays(target: Target) -> None:
    judge = Judge(severities={"LL910": Severity.NOTE})
    found = lint([target], [consequence, cause], judge).verdicts[0]
    assert [finding.message for finding in found.findings] == ["it is not found", "another one", "it lies elsewhere"]


def test_what_an_ignored_finding_explains_stays(target: Target) -> None:
    judge = Judge(ignored=lambda one, path: one.id == "LL910")
    found = lint([target], [consequence, cause], judge).verdicts[0]
    assert [finding.message for finding in found.findings] == ["it is not found", "another one"]
