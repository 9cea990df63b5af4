"""Facts and rules make a report: the heart."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from lambdalint.book import Rule
from lambdalint.facts import LATE, PER_PACKAGE, Facts
from lambdalint.model import Entry, Hit, Lacking, NotApplicable, Place, Severity
from lambdalint.report import Crash, Finding, Report, Skip, Verdict
from lambdalint.target import Target


class Judge:
    """How rules are applied: the day, the depth, and the user's own severities and ignores."""

    __slots__ = ("ignored", "severities", "today", "verify")

    def __init__(
        self,
        *,
        today: datetime.date | None = None,
        verify: bool = True,
        severities: Mapping[str, Severity] | None = None,
        ignored: Callable[[Rule, str], bool] | None = None,
    ) -> None:
        self.today: Final = today or datetime.datetime.now(datetime.UTC).date()
        self.verify: Final = verify
        #: Severities that the user gave, by rule ID.
        self.severities: Final = severities or {}
        #: Whether a rule is silenced at a path. None: nowhere.
        self.ignored: Final = ignored


def lint(targets: Iterable[Target], rules: Sequence[Rule], judge: Judge | None = None) -> Report:
    """Judge each target by each rule, and let go of it before the next. Same input, same report."""
    judge = judge or Judge()
    return Report([_Lint(target, judge).run(rules) for target in targets], verified=judge.verify)


class _Lint:
    """One target under judgement."""

    def __init__(self, target: Target, judge: Judge) -> None:
        self.target = target
        self.judge = judge
        self.facts = Facts(target, today=judge.today, verify=judge.verify)
        self.layers = [
            Facts(layer, today=judge.today, verify=judge.verify, function_facts=self.facts)
            for layer in dict.fromkeys(target.layers)  # one may be given twice
        ]
        self.made: list[tuple[Hit, Finding]] = []
        self.skips: list[Skip] = []
        self.crashes: list[Crash] = []
        self.checked: set[Rule] = set()
        self.idle: set[Rule] = set()

    def run(self, rules: Sequence[Rule]) -> Verdict:
        for rule in sorted(rules, key=lambda one: not LATE.isdisjoint(one.needs)):
            scopes = [self.facts]
            if not PER_PACKAGE.isdisjoint(rule.needs):
                scopes += self.layers
            for facts in scopes:
                self._apply(rule, facts)
        findings = sorted(self._unexplained(), key=self._order)
        self.skips.sort(key=lambda skip: skip.rule.id)
        self.crashes.sort(key=lambda crash: crash.rule.id)
        archive, package = self.target.archive, self.target.package
        idle = self.idle - self.checked - {skip.rule for skip in self.skips}
        unzipped, files = (None, None) if package is None else (package.unzipped_size, sum(1 for _ in package.files()))
        return Verdict(
            self.target.path, archive.form, self.target.role, archive.size, unzipped, files, self.target.function.api(),
            findings, self.skips, self.crashes, frozenset(self.checked), frozenset(idle),
            None if archive.image is None else archive.image.name,
        )  # fmt: skip

    def _apply(self, rule: Rule, facts: Facts) -> None:
        try:
            for hit in rule.check(*[facts.get(name) for name in rule.needs]):
                self.made += ((hit, finding) for finding in self._settled(rule, hit, facts))
            self.checked.add(rule)
        except NotApplicable:
            self.idle.add(rule)
        except Lacking as lacking:
            self.skips.append(Skip(rule, lacking))
        except Exception as error:  # noqa: BLE001 - a rule may fail in any way; the others still run
            self.crashes.append(Crash(rule, error))

    def _settled(self, rule: Rule, hit: Hit, facts: Facts) -> Iterator[Finding]:
        own = facts.archive().path
        places = [
            Place(place.origin or own, place.path) if isinstance(place, Entry) else Place(own, place)
            for place in hit.places
        ]
        if places and self.judge.ignored is not None:
            places = [place for place in places if not self.judge.ignored(rule, place.path or "")]
            if not places:
                return
        if not places:
            places = [Place(own, None)]
        if hit.line is not None:
            places[0] = Place(places[0].package, places[0].path, hit.line)
        severity = rule.severity if hit.severity is None else min(hit.severity, rule.severity)
        severity = self.judge.severities.get(rule.id, severity)
        yield Finding(
            rule, severity, hit.phase or rule.phase, places, hit.message, hit.setting, hit.aws, hit.fix or rule.fix or None
        )  # fmt: skip

    def _unexplained(self) -> list[Finding]:
        """Return the findings without those that another one explains which is no less severe."""
        causes = {id(other): finding.severity for hit, finding in self.made for other in hit.explains}
        return [finding for hit, finding in self.made if finding.severity > causes.get(id(hit), -1)]

    def _order(self, finding: Finding) -> tuple[int, str, str, str, str]:
        """The function's own package first, then its layers in their order; inside by path and rule."""
        place = finding.place
        paths = [self.target.path, *(layer.path for layer in self.target.layers)]
        index = paths.index(place.package) if place.package in paths else len(paths)
        return index, place.path or "", finding.rule.id, finding.setting or "", finding.message
