"""The keys of a settings file: each name and each value checked, with one clear line for what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Final

from lambdalint.book import BadSettings
from lambdalint.options import FUNCTION, OPTIONS, SEVERITIES, Option, Sort
from lambdalint.settings import Level, Table
from lambdalint.settings_file import SettingsFile

_KEYS: Final = {one.name: one for one in OPTIONS if one.filed}
_TABLE_KEYS: Final = {name: one for name, one in _KEYS.items() if one.section == FUNCTION}
#: The plural and the API's word, which read better in a file than the flags' names.
_ALIASES: Final = {"layers": "layer", "environment": "env"}


class Reader:
    """Turns one file's content into settings. ``prefix`` is what keys are below in it."""

    def __init__(self, path: str, prefix: str) -> None:
        self.path = path
        self.prefix = prefix
        self.directory = os.path.dirname(path) or "."

    def wrong(self, key: str, what: str) -> BadSettings:
        return BadSettings(f"{self.path}: {self.prefix}{key} {what}")

    def file(self, content: object) -> SettingsFile:
        rest = self.table("", content)
        functions = rest.pop("function", [])
        ignores = self.table("per-path-ignores", rest.pop("per-path-ignores", {}), fold=False)
        if not isinstance(functions, list):
            raise self.wrong("function", "must be an array of tables: write [[function]], not [function]")
        return SettingsFile(
            self.level("", rest, _KEYS, extra=("function", "per-path-ignores")),
            tuple(self.function(number, table) for number, table in enumerate(functions, 1)),
            {glob: self.texts(f'per-path-ignores."{glob}"', rules) for glob, rules in ignores.items()},
        )

    def function(self, number: int, content: object) -> Table:
        key = f"function[{number}]."
        rest = self.table(key[:-1], content)
        if "package" not in rest:
            raise self.wrong(key[:-1], 'lacks package = "GLOB"')
        glob = self.text(f"{key}package", rest.pop("package"))
        return Table(glob, self.level(key, rest, _TABLE_KEYS, extra=("package",)))

    def level(self, above: str, content: Mapping[str, object], known: Mapping[str, Option], extra: Iterable[str]) -> Level:
        values: dict[str, object] = {}
        for key, value in content.items():
            name = _ALIASES.get(key, key)
            if name not in known:
                raise self.unknown(above, key, [*known, *_ALIASES, *extra])
            if name != key and name in content:
                raise self.wrong(f"{above}{key}", f"says the same as {name}; keep one")
            values[name] = self.value(f"{above}{key}", known[name], value)
        return Level(values, self.path, self.directory)

    def unknown(self, above: str, key: str, known: list[str]) -> BadSettings:
        import difflib

        if not self.prefix and key == "tool":
            return self.wrong(key, "is not for this file: here the keys stand at the top, without [tool.lambdalint]")
        if any(one.name == key for one in OPTIONS):
            return self.wrong(f"{above}{key}", "cannot be said here" if above else "can only be said on the command line")
        near = difflib.get_close_matches(key.lower(), known, 1)
        return self.wrong(f"{above}{key}", "is not a setting" + (f"; did you mean {near[0]}?" if near else ""))

    def value(self, key: str, option: Option, value: object) -> object:
        """Return the value in the form that levels hold. Raises BadSettings when it is of another sort."""
        match option.sort:
            case Sort.SWITCH:
                return self.of(bool, key, option, value)
            case Sort.NUMBER:
                if isinstance(value, bool):
                    raise self.wrong(key, f"must be {option.sort.value}, not true or false")
                return self.of(int, key, option, value)
            case Sort.LIST | Sort.FILES | Sort.WORDS:
                texts = self.texts(key, value)
                for text in texts if option.choices else ():
                    self.choose(key, text, option.choices)
                return texts
            case Sort.PAIRS:
                pairs = {name: self.text(f"{key}.{name}", text) for name, text in self.table(key, value, fold=False).items()}
                for name, text in pairs.items() if option.name == "severity" else ():
                    self.choose(f"{key}.{name}", text, SEVERITIES)
                return pairs
            case Sort.CHOICE:
                return self.choose(key, self.text(key, value), option.choices)
            case Sort.DATE:
                return self.text(key, value if isinstance(value, str) or not hasattr(value, "isoformat") else value.isoformat())
            case _:
                return self.text(key, value)

    def of(self, sort: type, key: str, option: Option, value: object) -> object:
        if not isinstance(value, sort):
            raise self.wrong(key, f"must be {option.sort.value}, not {sort_of(value)}")
        return value

    def choose(self, key: str, text: str, choices: tuple[str, ...]) -> str:
        if text in choices:
            return text
        import difflib

        near = difflib.get_close_matches(text.lower(), choices, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise self.wrong(key, f"must be {', '.join(choices[:-1])} or {choices[-1]}, not {text!r}{hint}")

    def text(self, key: str, value: object) -> str:
        if not isinstance(value, str):
            raise self.wrong(key, f"must be a string, not {sort_of(value)}")
        return value

    def texts(self, key: str, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            raise self.wrong(key, f"must be a list of strings, not {sort_of(value)}")
        return tuple(self.text(f"{key}[{number}]", text) for number, text in enumerate(value, 1))

    def table(self, key: str, value: object, *, fold: bool = True) -> dict[str, object]:
        """Return a table; ``fold``: its keys are settings' names, in which ``_`` may stand for ``-``."""
        if not isinstance(value, dict):
            raise self.wrong(key.rstrip(".") or "this", f"must be a table, not {sort_of(value)}")
        if not fold:
            return dict(value)
        folded = {name.replace("_", "-"): one for name, one in value.items()}
        if len(folded) < len(value):
            raise self.wrong(key or "this", "has a key twice, with - and with _")
        return folded


def sort_of(value: object) -> str:
    """Return what a value of TOML or JSON is, as a noun."""
    names = {str: "a string", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return names.get(type(value), "null" if value is None else "a date")
