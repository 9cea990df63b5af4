"""From an error text of AWS to the rules that lead to it: the longest phrase that the text shares with what a rule says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Final

from lambdalint.book import Rule, load
from lambdalint.model import Aws
from lambdalint.pages import summary
from lambdalint.reporters.style import Style

#: Words that a phrase must have to mean something, unless the whole text is shorter.
_PHRASE: Final = 3
#: Rules shown at most, and the share of the best one's phrase that each must reach.
_SHOWN: Final = 5
_NEAR: Final = 0.6

#: Rules whose pages quote the same words, the ones that people meet most first, as far as public issue threads tell (2026-11).
_OFTEN: Final = (
    "LL306", "LL301", "LL401", "LL402", "LL403", "LL407", "LL406", "LL410", "LL405", "LL312", "LL404", "LL408", "LL501", "LL502", "LL701",
)  # fmt: skip

#: What differs from case to case: quoted names, paths, identifiers of requests, numbers; but exit statuses say what happened.
_QUOTED: Final = r"(?<!\w)(?:(['\"])(?:(?!\1)[^\n])*?\1|`[^`'\n]*[`'])(?!\w)"
_STATUS: Final = r"\b(exit (?:status|code)) (\d+)"
_PATH: Final = r"(?<![\w.])/[\w.@+-]+(?:/[\w.@+-]*)+"
_REQUEST: Final = r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"
_WORD: Final = r"[a-z_][\w.$-]*\w|\w|\*"


def answer(text: str, directories: Sequence[str], style: Style) -> tuple[bool, str]:
    """Return whether any rule leads to the text, and what to show. Raises BadSettings."""
    wanted, names = phrase(text), _names(text)
    ranked = [(*_likeness(wanted, names, _told(rule)), rule) for rule in load(directories)]
    least = min(_PHRASE, max(1, sum(word != "*" for word in wanted)))
    longest = max((item[0] for item in ranked), default=0)
    near = [item for item in ranked if item[0] >= max(least, longest * _NEAR)]
    if not near:
        return False, "no rule is known to lead to that text\n"
    return True, "\n".join(_entry(item[-1], style) for item in sorted(near, key=_place)[:_SHOWN])


def _place(item: tuple[int, int, bool, Rule]) -> tuple[int, int, bool, int, int, str]:
    length, names, alike, rule = item
    often = _OFTEN.index(rule.id) if rule.id in _OFTEN else len(_OFTEN)
    return -names, -length, not alike, often, -rule.severity, rule.id


def _likeness(wanted: Sequence[str], names: Sequence[str], texts: Sequence[str]) -> tuple[int, int, bool]:
    """Return the length of the longest phrase shared with a text, how much of its names too, and whether they repeat alike.

    ``No module named 'app'`` has one cause for the module 'app' itself, and another for one that imports it.
    """
    best = (0, 0, False)
    for text in texts:
        length = shared(wanted, [phrase(text)])
        if length >= best[0] and length:
            there = _names(text)
            best = max(best, (length, len(_parts(names) & _parts(there)), len(names) < 2 or _pattern(names) == _pattern(there)))
    return best


def _names(text: str) -> list[str]:
    return [match[0].strip("'\"`") for match in re.finditer(_QUOTED, text.lower())]


def _parts(names: Sequence[str]) -> set[str]:
    """Return the words of names but for what every page calls its handler, and ``_`` for the name of native code: ``pkg._pkg``."""
    parts = {part for name in names for part in name.split(".")} - {"app", ""}
    return parts | {"_" for name in names if "._" in name}


def _pattern(names: Sequence[str]) -> list[int]:
    """Return for each name which one it repeats: ``[0, 0]`` for the same twice."""
    return [names.index(name) for name in names]


def phrase(text: str) -> list[str]:
    """Return the words of a text in small letters, with ``*`` for what differs from case to case."""
    text = re.sub(_STATUS, r"\1_\2", re.sub(_REQUEST, " * ", text.lower()))
    text = re.sub(_PATH, " * ", re.sub(_QUOTED, " * ", text))
    return re.findall(_WORD, re.sub(r"\b\d[\d,.]*\b", " * ", text))


def shared(wanted: Sequence[str], texts: Sequence[Sequence[str]]) -> int:
    """Return the length of the longest phrase of ``wanted`` that one of the texts has too; ``*`` joins words, but does not count."""
    return max((_longest(wanted, text) for text in texts), default=0)


def _longest(one: Sequence[str], other: Sequence[str]) -> int:
    best = 0
    row = [0] * (len(other) + 1)
    for word in one:
        above = row
        row = [0] * (len(other) + 1)
        for column, there in enumerate(other, 1):
            if word == there:
                row[column] = above[column - 1] + (word != "*")
        best = max(best, *row)
    return best


def _told(rule: Rule) -> list[str]:
    """Return all that a rule has AWS say: what its page quotes, and the texts of ``aws.errors`` that its functions name."""
    from lambdalint.aws import errors

    quoted = [" ".join(literal.split()) for literal in re.findall(r"``(.+?)``", rule.page, re.DOTALL)]
    names = {name for code in _codes(rule) for name in code.co_names}
    return quoted + [text for name in sorted(names) for text in _template(errors, name)]


def _codes(rule: Rule) -> Iterator[CodeType]:
    for thing in vars(sys.modules[rule.module]).values():
        function = thing.check if isinstance(thing, Rule) else thing
        if isinstance(function, FunctionType) and function.__module__ == rule.module:
            yield function.__code__


def _template(errors: ModuleType, name: str) -> Iterator[str]:
    """Yield the text of a constant, or that of a function, whose string constants are the pieces of one f-string."""
    thing = vars(errors).get(name)
    if isinstance(thing, Aws):
        yield f"{thing.code} {thing.message}"
    elif isinstance(thing, FunctionType):
        yield " * ".join(one for one in thing.__code__.co_consts if isinstance(one, str) and one != thing.__doc__)


def _entry(rule: Rule, style: Style) -> str:
    label = rule.severity.label
    fix = f"\n{' ' * 9}fix  {rule.fix}" if rule.fix else ""
    return f"{style.paint(label, label):<9}{style.paint(rule.id, 'bold')} {rule.name}\n{' ' * 9}{summary(rule)}{fix}\n"
