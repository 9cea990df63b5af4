"""The sentences that several formats share: places, what AWS says, what was checked and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.escape import visible, visible_lines
from lambdalint.model import Place, Severity

if TYPE_CHECKING:
    from lambdalint.book import Rule
    from lambdalint.model import Phase
    from lambdalint.report import Finding, Report, Skip

#: Letters up to which places are listed before the rest is only counted.
_LIST_WIDTH: Final = 60


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def place_of(place: Place, home: str) -> str:
    """Name a place as seen from the package ``home``: a layer's name comes before its entry's."""
    line = "" if place.line is None else f":{place.line}"
    if place.path is None:
        return "" if place.package == home else visible(place.package)
    inside = visible(place.path or ".") + line
    return inside if place.package == home else f"{visible(place.package)}: {inside}"


def places_of(finding: Finding, home: str) -> str:
    """List the places on one line, the first at least, and count the others. Empty: the package as a whole, or a setting."""
    names = [place_of(place, home) for place in finding.places]
    shown = 1
    while shown < len(names) and len(", ".join(names[: shown + 1])) <= _LIST_WIDTH:
        shown += 1
    if shown < finding.count and finding.count > 2:
        shown = min(shown, 2)
    rest = finding.count - shown
    listed = ", ".join(names[:shown])
    return f"{listed}, and {rest:,} more" if rest else listed


def aws_lines(finding: Finding) -> list[str]:
    """Say what AWS would, and when. Empty: it says nothing."""
    if finding.aws is None:
        return []
    code = f"{visible(finding.aws.code)}: " if finding.aws.code else ""
    first, *others = visible_lines(finding.aws.message)
    return [f"{phase_words(finding.phase)}: {code}{first}", *others]


def phase_words(phase: Phase) -> str:
    return f"at {phase.value}"


def lacking_of(skip: Skip) -> str:
    """Name what a rule lacks: the option's name without its dashes, or the thing that no option can tell."""
    return skip.lacking.option.removeprefix("--") if skip.lacking.option else skip.lacking.what


def crashed_rules(report: Report) -> set[Rule]:
    return {crash.rule for verdict in report.verdicts for crash in verdict.crashes}


def found_words(report: Report) -> str:
    """Count the findings: ``2 errors and 1 note in 1 package``. A rule that crashed may have missed some, and counts."""
    tally = report.counts()
    parts = [counted(tally[severity], severity.label) for severity in sorted(Severity, reverse=True) if tally[severity]]
    if crashed := crashed_rules(report):
        parts.append(f"{len(crashed)} crashed rule{'s' if len(crashed) > 1 else ''}")
    where = counted(len(report.verdicts), "package")
    if not parts:
        return f"nothing found in {where}"
    return f"{parts[0] if len(parts) == 1 else ', '.join(parts[:-1]) + ' and ' + parts[-1]} in {where}"


def checked_words(report: Report) -> str:
    """Say how many rules were checked, and which were not for want of what."""
    checked, _, idle = report.rules()
    parts = [f"{counted(checked, 'rule')} checked" if checked else "no rule was checked"]
    if crashed := crashed_rules(report):
        parts.append(f"{len(crashed)} CRASHED")
    wants: dict[str, set[Rule]] = {}
    for skip in (skip for verdict in report.verdicts for skip in verdict.skips):
        wants.setdefault(skip.lacking.option or skip.lacking.what, set()).add(skip.rule)
    if idle:
        parts.append(f"{idle} not applicable")
    if wants:
        skipped = {skip.rule for verdict in report.verdicts for skip in verdict.skips}
        ordered = sorted(wants.items(), key=lambda want: (-len(want[1]), want[0]))
        parts.append(f"{len(skipped)} skipped: {_wants(ordered)}")
    return ", ".join(parts)


def _wants(wants: Sequence[tuple[str, set[Rule]]]) -> str:
    return ", ".join(f"{len(rules)} {'wants' if len(rules) == 1 else 'want'} {visible(what)}" for what, rules in wants)
