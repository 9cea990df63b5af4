"""What a rule is; how rules are found, selected and ordered."""

from __future__ import annotations

import importlib
import itertools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from lambdalint.model import Phase, Severity

if TYPE_CHECKING:
    from lambdalint.model import Hit

_FILE: Final = re.compile(r"(ll\d{3}_[a-z0-9_]+)\.pyc?$")
_ID: Final = re.compile(r"LL\d{3}$")
_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*$")
#: The hundred that is left to users' own rules.
USER_PREFIX: Final = "LL9"


class BadSettings(Exception):  # noqa: N818 - the user's fault, told in one clear line
    """Something the user said that makes no sense; its text is the one line to show."""


class Check(Protocol):
    """A pure function of facts, its parameters naming them."""

    def __call__(self, *facts: object) -> Iterator[Hit]: ...


class Rule:
    """What can be wrong, how bad that is, where AWS would say so, and the function that finds it."""

    __slots__ = ("check", "id", "module", "name", "needs", "phase", "severity")

    def __init__(self, id: str, name: str, severity: Severity, phase: Phase, check: Callable[..., Iterator[Hit]]) -> None:  # noqa: A002 - its name everywhere
        self.id: Final = id
        self.name: Final = name
        #: The highest severity of its hits.
        self.severity: Final = severity
        self.phase: Final = phase
        self.check: Final[Callable[..., Iterator[Hit]]] = check
        self.module: Final = check.__module__
        code = check.__code__  # inspect.signature costs more than the rule
        #: The facts it asks for, by name.
        self.needs: Final[tuple[str, ...]] = code.co_varnames[: code.co_argcount]

    @property
    def page(self) -> str:
        """The rule's page: its module's docstring."""
        return (sys.modules[self.module].__doc__ or "").strip()

    @property
    def sources(self) -> list[str]:
        """The addresses behind ``Source:`` on the page."""
        return re.findall(r"https?://\S+", self.page.partition("\nSource")[2])

    @property
    def fix(self) -> str:
        """The general advice of the page, on one line."""
        found = re.search(r"^Fix: (.*?)(?:\n\n|\Z)", self.page, re.DOTALL | re.MULTILINE)
        return " ".join(found.group(1).split()).replace("``", "`") if found else ""

    def __repr__(self) -> str:
        return f"Rule({self.id} {self.name})"


def rule(id: str, name: str, severity: Severity, phase: Phase) -> Callable[[Callable[..., Iterator[Hit]]], Rule]:  # noqa: A002 - as above
    """Make a function of facts a rule. Its module's docstring is its page."""
    if not (_ID.match(id) and _KEBAB.match(name)):
        raise BadSettings(f"{id} {name}: a rule is named LLnnn and a-kebab-name")

    def make(check: Callable[..., Iterator[Hit]]) -> Rule:
        return Rule(id, name, severity, phase, check)

    return make


def load(directories: Sequence[str] = ()) -> list[Rule]:
    """Return all rules, ordered by ID: our own, then those of users' ``directories``. Raises BadSettings."""
    rules = [found for name in _shipped() for found in _rules_of(importlib.import_module(f"lambdalint.rules.{name}"))]
    for directory in directories:
        rules += _of_user(directory)
    rules.sort(key=lambda one: one.id)
    for first, second in itertools.pairwise(rules):
        if first.id == second.id:
            raise BadSettings(f"{first.id} is the ID of two rules, {first.name} and {second.name}")
    return rules


def _shipped() -> Iterable[str]:
    from lambdalint import rules

    try:
        names = {name for place in rules.__path__ if os.path.isdir(place) for name in os.listdir(place)}
    except OSError:
        names = set()
    if not names:  # inside a zipapp there is no directory to list
        import pkgutil

        names = {f"{info.name}.py" for info in pkgutil.iter_modules(rules.__path__)}
    return sorted({found.group(1) for found in map(_FILE.match, names) if found})


def _rules_of(module: object) -> Iterator[Rule]:
    return (value for value in vars(module).values() if isinstance(value, Rule))


def _of_user(directory: str) -> list[Rule]:
    import importlib.util

    try:
        names = sorted(name for name in os.listdir(directory) if _FILE.match(name) and name.endswith(".py"))
    except OSError as error:
        raise BadSettings(f"--rules {directory}: {error.strerror}") from error
    if not names:
        raise BadSettings(f"--rules {directory}: no file there is named like ll901_what_is_wrong.py")
    found: list[Rule] = []
    for name in names:
        path = os.path.join(directory, name)
        spec = importlib.util.spec_from_file_location(f"lambdalint_user_rules.{name[:-3]}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # a stranger's module may raise anything at all; it becomes one clear line
            raise BadSettings(f"{path}: {type(error).__name__}: {error}") from error
        own = list(_rules_of(module))
        if not own:
            raise BadSettings(f"{path}: holds no rule; a rule is a function under @rule(...)")
        for one in own:
            if not one.id.startswith(USER_PREFIX):
                raise BadSettings(f"{path}: {one.id} is not free; users' own rules are {USER_PREFIX}01 to {USER_PREFIX}99")
        found += own
    return found


def matches(rule: Rule, selector: str) -> bool:
    """Tell whether a selector, an ID, an ID's beginning, a name or ``ALL``, means this rule."""
    return selector in ("ALL", rule.name) or (selector.startswith("LL") and rule.id.startswith(selector))


def demand(rules: Sequence[Rule], selector: str) -> None:
    """Raise BadSettings when a selector means no rule, naming the nearest."""
    if any(matches(one, selector) for one in rules):
        return
    import difflib

    words = [word for one in rules for word in (one.id, one.name)]
    near = difflib.get_close_matches(selector, words, 1) or difflib.get_close_matches(selector.upper(), words, 1)
    raise BadSettings(f"no rule is named {selector}" + (f"; did you mean {near[0]}?" if near else ""))
