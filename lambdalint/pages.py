"""The rules as reading matter: one page, or the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lambdalint.book import BadSettings, Rule, demand, load, matches
from lambdalint.reporters.style import Style


def page(named: str, directories: Sequence[str], style: Style) -> str:
    """Return the page of the rule of that ID or name. Raises BadSettings, with the nearest name, when there is none."""
    found = _find(load(directories), named)
    label = found.severity.label
    title = f"{style.paint(found.id, 'bold')} {style.paint(found.name, 'bold')}   {style.paint(label, label)} at {found.phase.value}"
    return f"{title}\n\n{_linked(found, style)}\n"


def _find(rules: Sequence[Rule], named: str) -> Rule:
    key = named.strip().lower()
    for rule in rules:
        if key in (rule.id.lower(), rule.name):
            return rule
    demand(rules, named)
    raise BadSettings(f"{named} means several rules; name one of {', '.join(rule.id for rule in rules if matches(rule, named))}")


def _linked(rule: Rule, style: Style) -> str:
    text = rule.page.replace("``", "`")
    for source in rule.sources:
        text = text.replace(source, style.link(source, source))
    return text


def summary(rule: Rule) -> str:
    """Return the first line of the page."""
    return rule.page.partition("\n")[0]


def as_table(directories: Sequence[str], style: Style) -> str:
    return "".join(f"{row}\n" for row in _rows(load(directories), style))


def _rows(rules: Sequence[Rule], style: Style) -> Iterator[str]:
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        label = rule.severity.label
        yield (
            f"{style.paint(rule.id, 'bold')}  {rule.name:<{width}}  {style.paint(label, label)}{' ' * (7 - len(label))}"
            f"  {rule.phase.value:<9}  {summary(rule)}"
        )


def as_json(directories: Sequence[str]) -> str:
    import json

    rules = [
        {
            "rule": rule.id,
            "name": rule.name,
            "severity": rule.severity.label,
            "phase": rule.phase.value,
            "summary": summary(rule),
            "page": rule.page,
            "fix": rule.fix or None,
            "sources": rule.sources,
            "facts": list(rule.needs),
            "url": None,  # the project has no home on the web yet
        }
        for rule in load(directories)
    ]
    return json.dumps({"schema": 1, "rules": rules}, indent=2) + "\n"
