"""The report that a tired person reads: each finding with its place, the true cause, AWS's own text and the fix."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws.limits import UNZIPPED
from lambdalint.escape import visible, visible_lines
from lambdalint.failure import failure_words
from lambdalint.model import Role
from lambdalint.reporters.words import aws_lines, checked_words, counted, crashed_rules, found_words, place_of, places_of
from lambdalint.sizes import human

if TYPE_CHECKING:
    from lambdalint.book import Rule
    from lambdalint.report import Crash, Finding, Report, Verdict
    from lambdalint.reporters.style import Style

#: Columns of the first word on a line.
_MARGIN: Final = 9


def render(report: Report, style: Style) -> str:
    quiet = style.verbosity < 0
    # Without headers places name their package, where there are several.
    homes = ["" if quiet and len(report.verdicts) > 1 else verdict.path for verdict in report.verdicts]
    parts = [_package(verdict, home, style) for verdict, home in zip(report.verdicts, homes, strict=True)]
    if style.verbosity > 0:
        parts += _unchecked(report, style)
    lines = [*_parted(parts), *([] if quiet else ["", _summary(report, style)])]
    return "".join(f"{line}\n" for line in lines)


def _parted(parts: list[list[str]]) -> Iterator[str]:
    """Put an empty line between parts; packages with nothing to say, one line each, stay together."""
    above: list[str] = []
    for part in filter(None, parts):
        if above and max(len(part), len(above)) > 1:
            yield ""
        yield from part
        above = part


def _package(verdict: Verdict, home: str, style: Style) -> list[str]:
    blocks = [] if style.verbosity < 0 else [[_header(verdict, style)]]
    blocks += [list(_finding(finding, home, style)) for finding in verdict.findings]
    blocks += [list(_crash(crash, style)) for crash in verdict.crashes]
    return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]


def _header(verdict: Verdict, style: Style) -> str:
    told = [verdict.function.get("Runtime"), *_list(verdict.function.get("Architectures")), verdict.function.get("Handler")]
    if verdict.role is not Role.FUNCTION or not any(told):
        told.insert(0, verdict.role.value)
    words = ", ".join(visible(str(one)) for one in told if one)
    name = verdict.path if verdict.image is None else f"{verdict.path} ({verdict.image})"
    return "   ".join([style.paint(visible(name), "bold"), words, _size(verdict)])


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _size(verdict: Verdict) -> str:
    if verdict.unzipped_size is None or verdict.files is None:
        return "could not be opened"
    size = f"{counted(verdict.files, 'file')}, {human(verdict.unzipped_size)} unzipped"
    if verdict.role is Role.IMAGE:
        return size
    percent = verdict.unzipped_size * 100 // UNZIPPED
    return f"{size} ({f'{percent} %' if percent else 'under 1 %'} of the limit)"


def _finding(finding: Finding, home: str, style: Style) -> Iterator[str]:
    label = finding.severity.label
    where = _where(finding, home)
    yield f"{style.paint(label, label)}{' ' * (_MARGIN - len(label))}{_title(finding.rule, style)}{where and '   ' + where}"
    yield _field("", finding.message)
    if style.verbosity > 0 and finding.count > 1:
        for place in finding.places:
            yield _field("", f"- {place_of(place, home)}")
        if finding.count > len(finding.places):
            yield _field("", f"- and {finding.count - len(finding.places):,} more")
    yield from _fields("AWS", aws_lines(finding), style)
    yield from _fields("fix", visible_lines(finding.fix) if finding.fix else [], style)


def _title(rule: Rule, style: Style) -> str:
    return style.link(f"{style.paint(rule.id, 'bold')} {rule.name}", next(iter(rule.sources), None) if style.links else None)


def _where(finding: Finding, home: str) -> str:
    """Name the places, and the setting that a finding is about."""
    places, setting = places_of(finding, home), visible(finding.setting or "")
    return f"{places} ({setting})" if places and setting else places or setting


def _crash(crash: Crash, style: Style) -> Iterator[str]:
    yield f"{style.paint('CRASHED', 'crashed')}  {_title(crash.rule, style)}"
    yield _field("", failure_words(crash.error))
    yield _field("", "a fault of the rule, not of the package; what it checks was not checked")


def _fields(name: str, lines: list[str], style: Style) -> Iterator[str]:
    for number, line in enumerate(lines):
        shown = "" if number else name
        yield f"{' ' * (_MARGIN - 2 - len(name))}{style.paint(shown, 'dim') or ' ' * len(name)}  {line}".rstrip()


def _field(name: str, text: str) -> str:
    return f"{name:<{_MARGIN}}{visible(text)}"


def _unchecked(report: Report, style: Style) -> Iterator[list[str]]:
    """List each rule that was not checked, with the reason."""
    for verdict in report.verdicts:
        lines = [
            f"{'skipped':<{_MARGIN}}{_title(skip.rule, style)}   wants {visible(skip.lacking.what)}"
            + (f" ({skip.lacking.option})" if skip.lacking.option else "")
            for skip in verdict.skips
        ]
        lines += [
            f"{'n/a':<{_MARGIN}}{_title(rule, style)}" for rule in sorted(verdict.not_applicable, key=lambda rule: rule.id)
        ]
        if lines and len(report.verdicts) > 1:
            lines.insert(0, f"{visible(verdict.path)}:")
        if lines:
            yield lines


def _summary(report: Report, style: Style) -> str:
    worst = max((finding.severity for finding in report.findings()), default=None)
    how = "crashed" if crashed_rules(report) else "good" if worst is None else worst.label
    rest = "" if report.verified else "; bytes that no rule read were not verified"
    return f"{style.paint(found_words(report), how)}. {checked_words(report)}{rest}"
