"""What ``check`` does: settings, rules, targets, reports, and what the exit code says of them."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Sequence

from lambdalint.book import BadSettings, Rule, load
from lambdalint.engine import Judge, lint
from lambdalint.exits import CLEAN, FAILED, FOUND
from lambdalint.failure import show_traceback
from lambdalint.model import Severity
from lambdalint.options import FORMATS
from lambdalint.report import Report
from lambdalint.reporters import reporter
from lambdalint.reporters.style import emit, style_for
from lambdalint.settings import Level, Settings
from lambdalint.target import Target
from lambdalint.targets import Targets, demand
from lambdalint.told import describe


def run(packages: Sequence[str], variables: Level, flags: Level) -> int:
    """Lint, report, and return the exit code. Raises BadSettings before any work."""
    settings = _settings(variables, flags)
    every = load(settings.texts("rules"))
    rules, judge = settings.chosen(every), _judge(settings, every)
    _refuse_to_read_twice(settings, packages)
    known = [(path, describe(settings.levels_of(path))) for path in packages]
    targets = Targets(known, verify=not settings.switch("no-verify"), cache_dir=settings.path("cache-dir"))
    outputs = _outputs(settings)
    for _, file in outputs:
        _refuse_unless_writable(file, targets.paths)
    opened = _known(targets, settings.texts("require"))
    report = lint(opened, rules, judge)
    targets.remember()
    for form, file in outputs:
        _write(report, form, file, settings)
    for crash in (crash for verdict in report.verdicts for crash in verdict.crashes):
        show_traceback(crash.error)
    return code(report, settings.text("fail-on") or "error")


def code(report: Report, fail_on: str) -> int:
    """Return the exit code: a crash wins over all else."""
    if any(verdict.crashes for verdict in report.verdicts):
        return FAILED
    if fail_on == "never":
        return CLEAN
    return FOUND if any(finding.severity >= Severity[fail_on.upper()] for finding in report.findings()) else CLEAN


def _settings(variables: Level, flags: Level) -> Settings:
    from lambdalint.settings_file import discover, read

    both = Settings(Level({}), variables, flags)
    config = both.text("config")
    if both.switch("isolated"):
        if config is not None:
            raise BadSettings("--config and --isolated exclude each other")
        return both
    file = discover() if config is None else read(config)
    return both if file is None else Settings(file.level, variables, flags, file.tables, file.ignores)


def _refuse_to_read_twice(settings: Settings, packages: Sequence[str]) -> None:
    files = [settings.text("function-config"), *settings.texts("env-file"), *settings.texts("layer"), *packages]
    if files.count("-") > 1:
        raise BadSettings("standard input can be read only once: - is given twice")


def _judge(settings: Settings, rules: Sequence[Rule]) -> Judge:
    day = settings.text("as-of")
    try:
        today = None if day is None else datetime.date.fromisoformat(day)
    except ValueError:
        raise BadSettings(f"{settings.named('as-of')}: {day} is not a date such as 2026-11-21") from None
    return Judge(
        today=today,
        verify=not settings.switch("no-verify"),
        severities=settings.severities(rules),
        ignored=settings.ignored(rules),
    )


def _known(targets: Targets, facts: Sequence[str]) -> Targets | list[Target]:
    """Return the targets; where facts are required, only after all were opened and found to have them."""
    if not facts:
        return targets
    opened = list(targets)
    for target in opened:
        demand(target, facts)
    return opened


def _outputs(settings: Settings) -> list[tuple[str, str]]:
    """Return each report's format and file."""
    outputs = [(settings.text("output-format") or "text", settings.text("output-file") or "-")]
    for pair in settings.texts("output"):
        form, _, file = pair.partition("=")
        if not file or form not in FORMATS:
            raise BadSettings(f"{settings.named('output')}: {pair} must be FORMAT=FILE, with {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
        outputs.append((form, file))
    return outputs


def _refuse_unless_writable(file: str, read: Sequence[str]) -> None:
    """Raise BadSettings for a report's file that surely cannot be written, or would overwrite what is read."""
    folder = os.path.dirname(file) or "."
    if file == "-":
        return
    if os.path.isdir(file) or not os.path.isdir(folder):
        raise BadSettings(f"{file}: {'is a directory' if os.path.isdir(file) else f'there is no directory {folder}'}")
    if not os.access(file if os.path.exists(file) else folder, os.W_OK):
        raise BadSettings(f"{file}: may not be written")
    if os.path.exists(file) and any(os.path.samefile(path, file) for path in read):
        raise BadSettings(f"{file}: is a package; the report would overwrite it")


def _write(report: Report, form: str, file: str, settings: Settings) -> None:
    verbosity = settings.switch("verbose") - settings.switch("quiet")
    stream = sys.stdout if file == "-" else None
    style = style_for(stream, settings.text("color") or "auto", verbosity, os.environ)
    text = reporter(form).render(report, style)
    if file == "-":
        emit(text, stream)
    else:
        with open(file, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            out.write(text)
