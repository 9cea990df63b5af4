"""GitHub's workflow commands: annotations on the package, and what was checked as a plain line of the log.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.escape import visible, visible_lines
from lambdalint.failure import failure_words
from lambdalint.model import Severity
from lambdalint.reporters.words import aws_lines, checked_words, found_words, places_of

if TYPE_CHECKING:
    from lambdalint.report import Finding, Report
    from lambdalint.reporters.style import Style

#: GitHub drops what one step annotates beyond ten of a sort (as above, "Annotations limits").
MOST: Final = 10
_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report, style: Style) -> str:
    lines: list[str] = []
    for severity in sorted(_COMMANDS, reverse=True):
        lines += _capped(_COMMANDS[severity], list(_annotations(report, severity)))
    if style.verbosity >= 0:
        lines.append(f"lambdalint: {found_words(report)}. {checked_words(report)}")
    return "".join(f"{line}\n" for line in lines)


def _annotations(report: Report, severity: Severity) -> Iterator[tuple[str, str, str]]:
    """Yield title, file and message. A crash is an error, and comes first lest the cap hide it."""
    for verdict in report.verdicts:
        for crash in verdict.crashes if severity is Severity.ERROR else ():
            yield f"{crash.rule.id} {crash.rule.name} crashed", verdict.path, f"lambdalint failed: {failure_words(crash.error)}"
    for verdict in report.verdicts:
        for finding in verdict.findings:
            if finding.severity is severity:
                yield f"{finding.rule.id} {finding.rule.name}", finding.place.package, _message(finding)


def _message(finding: Finding) -> str:
    where = [word for word in (places_of(finding, finding.place.package), visible(finding.setting or "")) if word]
    lines = [f"{', '.join(where)}: {visible(finding.message)}" if where else visible(finding.message)]
    lines += [f"AWS {line}" if not number else line for number, line in enumerate(aws_lines(finding))]
    lines += [f"fix: {line}" if not number else line for number, line in enumerate(visible_lines(finding.fix or ""))] if finding.fix else []
    return "\n".join(lines)


def _capped(command: str, annotations: list[tuple[str, str, str]]) -> Iterator[str]:
    hidden = len(annotations) - MOST
    for number, (title, file, message) in enumerate(annotations[:MOST], 1):
        more = f"\n+{hidden} more" if number == MOST and hidden > 0 else ""
        yield f"::{command} file={_property(visible(file))},title={_property(title)}::{_data(message + more)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
