"""Everything a user said but the function: flags over variables over a settings file, told apart to the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from lambdalint.book import USER_PREFIX, BadSettings, Rule, demand, matches
from lambdalint.model import Severity


class Level:
    """What one source said: the options by name, each checked. A source is the flags, the variables or a settings file."""

    __slots__ = ("directory", "source", "values")

    def __init__(self, values: Mapping[str, object], source: str = "", directory: str = "") -> None:
        self.values: Final = values
        #: How to name the source: ``--``, ``LAMBDALINT_`` or the path of a file.
        self.source: Final = source
        #: What the relative paths of a settings file start from. Empty: not a file.
        self.directory: Final = directory

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, str)
        return value

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, int)
        return value

    def switch(self, name: str) -> bool | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, bool)
        return value

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self.values.get(name)
        assert value is None or isinstance(value, tuple)
        return value

    def pairs(self, name: str) -> Mapping[str, str]:
        value = self.values.get(name, {})
        assert isinstance(value, dict)
        return value

    def path(self, path: str) -> str:
        """Return a path of this source as seen from the working directory. ``-`` is standard input."""
        return path if self.directory in ("", ".") or path == "-" else os.path.join(self.directory, path)

    def named(self, name: str) -> str:
        """Return the name of an option as this source has it, for messages."""
        if self.source == "LAMBDALINT_":
            return f"LAMBDALINT_{name.upper().replace('-', '_')}"
        return f"--{name}" if self.source == "--" else f"{self.source}: {name}"


class Table:
    """A ``[[function]]`` of a settings file: what holds for the packages that a glob names."""

    __slots__ = ("glob", "level")

    def __init__(self, glob: str, level: Level) -> None:
        #: As gitignore has them, from the settings file's directory.
        self.glob: Final = glob
        self.level: Final = level

    def matches(self, package: str) -> bool:
        base, glob = os.path.abspath(self.level.directory), self.glob.removeprefix("./")
        while glob.startswith("../"):
            base, glob = os.path.dirname(base), glob[3:]
        try:
            path = os.path.relpath(package, base)
        except ValueError:  # another drive
            return False
        path = path.replace(os.sep, "/")
        if path.startswith("../"):
            return False
        return glob_of(glob)(path + "/" if os.path.isdir(package) else path)


def glob_of(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a path matches one pattern of a .gitignore."""
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines([pattern.removeprefix("./")]).match_file


class Settings:
    """What the file, the variables and the flags said, in rising order, and what only a file has."""

    __slots__ = ("ignores", "levels", "tables")

    def __init__(
        self,
        file: Level,
        variables: Level,
        flags: Level,
        tables: Sequence[Table] = (),
        ignores: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.levels: Final = (file, variables, flags)
        self.tables: Final = tuple(tables)
        #: The selectors of rules that are silent at the entries that a glob names.
        self.ignores: Final[Mapping[str, tuple[str, ...]]] = ignores or {}

    def text(self, name: str) -> str | None:
        """Return what the highest level says that says something."""
        return next((value for level in reversed(self.levels) if (value := level.text(name)) is not None), None)

    def path(self, name: str) -> str | None:
        """Return a path that the highest level says that says something, as seen from the working directory."""
        return next((level.path(path) for level in reversed(self.levels) if (path := level.text(name)) is not None), None)

    def named(self, name: str) -> str:
        """Return the name of an option as the highest level has it that says something, for messages."""
        return next((level.named(name) for level in reversed(self.levels) if name in level.values), f"--{name}")

    def switch(self, name: str) -> bool:
        return next((value for level in reversed(self.levels) if (value := level.switch(name)) is not None), False)

    def texts(self, name: str) -> tuple[str, ...]:
        return next((value for level in reversed(self.levels) if (value := level.texts(name)) is not None), ())

    def levels_of(self, package: str) -> list[Level]:
        """Return what holds for one package, in rising order: all tables that name it stand right above the file's own keys."""
        file, *others = self.levels
        return [file, *(table.level for table in self.tables if table.matches(package)), *others]

    def chosen(self, rules: Sequence[Rule]) -> list[Rule]:
        """Return the rules to check. Raises BadSettings for a selector that means none, and when nothing is left."""
        picked = set(rules)
        for level in self.levels:
            picked = _picked(level, rules, picked)
        if rules and not picked:
            raise BadSettings("what is selected and what is ignored leave no rule to check")
        return [one for one in rules if one in picked]

    def severities(self, rules: Sequence[Rule]) -> dict[str, Severity]:
        """Return the user's severities by rule ID; the closer selector wins, then the higher level."""
        found: dict[str, Severity] = {}
        for level in self.levels:
            pairs = level.pairs("severity")
            for selector in sorted(pairs, key=_closeness):
                _demand(level, "severity", rules, selector)
                found |= {one.id: Severity[pairs[selector].upper()] for one in rules if matches(one, selector)}
        return found

    def ignored(self, rules: Sequence[Rule]) -> Callable[[Rule, str], bool] | None:
        """Return what tells whether a rule is silent at an entry's path; None: it never is. Raises BadSettings."""
        if not self.ignores:
            return None
        for selectors in self.ignores.values():
            for selector in selectors:
                _demand(self.levels[0], "per-path-ignores", rules, selector)
        globs = [(glob_of(pattern), selectors) for pattern, selectors in self.ignores.items()]

        def is_ignored(rule: Rule, path: str) -> bool:
            return any(any(matches(rule, selector) for selector in selectors) and match(path) for match, selectors in globs)

        return is_ignored


def _picked(level: Level, rules: Sequence[Rule], picked: set[Rule]) -> set[Rule]:
    """Apply one level as ruff does: ``select`` starts anew, and of two selectors the closer one wins, then the ignoring one."""
    select = level.texts("select")
    if select is not None:
        picked = set()
    steps = [(name, selector) for name in ("select", "extend-select", "ignore") for selector in level.texts(name) or ()]
    for name, selector in sorted(steps, key=lambda step: (_closeness(step[1]), step[0] == "ignore")):
        _demand(level, name, rules, selector)
        meant = {one for one in rules if matches(one, selector)}
        picked = picked - meant if name == "ignore" else picked | meant
    return picked


def _closeness(selector: str) -> int:
    """Return how few rules a selector can mean: a name or a whole ID only one."""
    return 0 if selector == "ALL" else len(selector) if selector.startswith("LL") else len("LLnnn")


def _demand(level: Level, name: str, rules: Sequence[Rule], selector: str) -> None:
    """Raise BadSettings when a selector means no rule. A file may name users' own rules that this run was not given."""
    if level.directory and selector.startswith(USER_PREFIX):
        return
    try:
        demand(rules, selector)
    except BadSettings as error:
        raise BadSettings(f"{level.named(name)}: {error}") from None
