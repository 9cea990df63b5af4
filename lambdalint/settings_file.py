"""Settings files: the nearest lambdalint.toml or pyproject.toml, every key and value checked."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

from lambdalint.book import BadSettings
from lambdalint.settings import Level, Table

OWN: Final = "lambdalint.toml"
SHARED: Final = "pyproject.toml"

#: Every way in which TOML can open our table; what lacks them all is not parsed, as most projects have a pyproject.toml.
_MENTIONED: Final = rb"""\btool["']?[ \t]*\.[ \t]*["']?lambdalint\b|^[ \t]*\[[ \t]*["']?tool["']?[ \t]*\]|^[ \t]*["']?tool["']?[ \t]*="""


class SettingsFile:
    """What a settings file says: its options, its ``[[function]]`` tables and its per-path ignores."""

    __slots__ = ("ignores", "level", "tables")

    def __init__(self, level: Level, tables: tuple[Table, ...], ignores: Mapping[str, tuple[str, ...]]) -> None:
        self.level: Final = level
        self.tables: Final = tables
        #: Selectors of rules by glob.
        self.ignores: Final = ignores


def discover() -> SettingsFile | None:
    """Read the nearest settings file, from the working directory upwards; None: there is none. Raises BadSettings."""
    try:
        directory = os.getcwd()
    except OSError:  # it was removed
        return None
    while True:
        for name in (OWN, SHARED):
            path = os.path.join(directory, name)
            if os.path.isfile(path):
                found = _read(os.path.relpath(path), demanded=False)
                if found is not None:
                    return found
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above


def read(path: str) -> SettingsFile:
    """Read the settings file that the user named. Raises BadSettings."""
    found = _read(path, demanded=True)
    assert found is not None
    return found


def _read(path: str, *, demanded: bool) -> SettingsFile | None:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except (OSError, ValueError) as error:
        raise BadSettings(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    shared = os.path.basename(path) == SHARED
    if shared and not demanded and not re.search(_MENTIONED, data, re.MULTILINE):
        return None
    import tomllib

    from lambdalint.settings_keys import Reader

    try:
        content: object = tomllib.loads(data.decode())
    except UnicodeDecodeError:
        raise BadSettings(f"{path}: not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings(f"{path}: not TOML: {error}") from None
    if shared:
        tool = content.get("tool") if isinstance(content, dict) else None
        content = tool.get("lambdalint") if isinstance(tool, dict) else None
        if content is None:
            if demanded:
                raise BadSettings(f"{path}: has no table [tool.lambdalint]")
            return None
    return Reader(path, "tool.lambdalint." if shared else "").file(content)
