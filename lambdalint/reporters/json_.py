"""The report for programs: one JSON object, as ``schema/report-1.json`` describes it. It only ever grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.failure import failure_words
from lambdalint.model import Severity
from lambdalint.reporters.words import lacking_of
from lambdalint.version import VERSION

if TYPE_CHECKING:
    from lambdalint.report import Finding, Report, Verdict
    from lambdalint.reporters.style import Style

SCHEMA: Final = 1


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a program sees no style
    import json

    text = json.dumps(document(report), indent=2, ensure_ascii=True)
    # ``##[error]`` means something to a build's log wherever it stands; JSON can say the same otherwise.
    return text.replace("##", "#\\u0023") + "\n"


def document(report: Report) -> dict[str, object]:
    """Return the report as JSON's own types."""
    tally = report.counts()
    checked, skipped, idle = report.rules()
    return {
        "schema": SCHEMA,
        "lambdalint": VERSION,
        "packages": [_package(verdict) for verdict in report.verdicts],
        "summary": {
            "errors": tally[Severity.ERROR],
            "warnings": tally[Severity.WARNING],
            "notes": tally[Severity.NOTE],
            "rules_checked": checked,
            "rules_skipped": skipped,
            "rules_not_applicable": idle,
        },
    }


def _package(verdict: Verdict) -> dict[str, object]:
    lacking: dict[str, list[str]] = {}
    names = {skip.rule.id: skip.rule.name for skip in verdict.skips}
    for skip in verdict.skips:
        wants = lacking.setdefault(skip.rule.id, [])
        if lacking_of(skip) not in wants:
            wants.append(lacking_of(skip))
    return {
        "package": verdict.path,
        "kind": verdict.role.value,
        "form": verdict.form.value,
        **({} if verdict.image is None else {"image": verdict.image}),
        "size": verdict.size,
        "unzipped_size": verdict.unzipped_size,
        "function": verdict.function,
        "findings": [_finding(finding) for finding in verdict.findings],
        "skipped": [{"rule": rule, "name": names[rule], "lacking": wants} for rule, wants in lacking.items()],
        "crashed": [
            {"rule": crash.rule.id, "name": crash.rule.name, "error": failure_words(crash.error)} for crash in verdict.crashes
        ],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity.label,
        "phase": finding.phase.value,
        "package": finding.place.package,
        "path": finding.place.path,
        "setting": finding.setting,
        "line": finding.place.line,
        "places": [{"path": place.path, "line": place.line} for place in finding.places],
        "count": finding.count,
        "message": finding.message,
        "aws": None if finding.aws is None else {"code": finding.aws.code, "message": finding.aws.message},
        "fix": finding.fix,
        "url": None,  # the project has no home on the web yet
    }
