"""Skim installed distributions for imports that nothing could meet: only what stands at the left margin is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.python_imports import Problem
from lambdalint.handlers.python_lexer import Lost, masked
from lambdalint.handlers.python_names import pathwork
from lambdalint.handlers.python_search import Sort, Spec, Unknowable
from lambdalint.model import Lacking, Severity

if TYPE_CHECKING:
    from lambdalint.handlers.python_imports import Imports, Module

#: Files that are looked into, and how long one may be.
_FILES: Final = 40
_BYTES: Final = 128 << 10
#: An import that no block holds, so that it surely runs once its file does.
_IMPORT: Final = re.compile(
    r"^(?:import[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+)*)|from[ \t]+(\.*[\w.]*)[ \t]+import\b[ \t(]*([\w, \t]*))", re.MULTILINE
)
#: What may end a file before its last line.
_ENDS: Final = re.compile(r"^(?:raise|if|while|try|with|match|exit|quit|sys\.exit|lazy)\b", re.MULTILINE)


class Skim:
    """A walk through the distributions that a function surely imports."""

    def __init__(self, imports: Imports) -> None:
        self.imports: Final = imports
        self.search: Final = imports.search
        self.seen: set[str] = set()
        self.queue: list[Spec] = []

    def problems(self, modules: list[Module]) -> Iterator[Problem]:
        """Yield imports inside distributions that lead nowhere; each a warning, for much in them is never run."""
        for module in modules:
            if module.tree is None:
                self._add(module.spec)
        missing: set[str] = set()
        for spec in self.queue:  # grows while it is walked
            if len(self.seen) > _FILES:
                return
            text = self._text(spec)
            lost = [name for name, _ in self._imports(spec, text) if self._follow(name) is None]
            for name, line in self._imports(spec, _plain(text)) if lost else ():
                top = name.partition(".")[0]
                if name in lost and top not in missing:
                    missing.add(top)
                    said = f"No module named {top!r}"
                    yield Problem("module", top, said, spec.node, line, severity=Severity.WARNING)

    def _add(self, spec: Spec) -> None:
        if spec.sort is Sort.SOURCE and spec.name not in self.seen and self.imports.is_dependency(spec):
            self.seen.add(spec.name)
            self.queue.append(spec)

    def _text(self, spec: Spec) -> str:
        """Return a source; empty: it is too long, or may change where modules are found."""
        assert spec.node is not None
        try:
            data = self.search.filesystem.read(spec.node, _BYTES + 1)
            return "" if len(data) > _BYTES or pathwork(data) else data.decode("utf-8")
        except (Lacking, UnicodeDecodeError):
            return ""

    def _imports(self, spec: Spec, text: str) -> Iterator[tuple[str, int]]:
        """Yield the full names of the imports that no block holds, with their lines, up to the first that may not run."""
        ends = _ENDS.search(text)
        for found in _IMPORT.finditer(text, 0, ends.start() if ends else len(text)):
            line = text.count("\n", 0, found.start()) + 1
            for name in re.split(r"\s*,\s*", found[1] or found[2]):
                full = self._absolute(name, spec)
                if full:
                    yield full, line
                    # Each may be a submodule; where it is none, nothing is followed.
                    yield from ((f"{full}.{one}", line) for one in re.findall(r"\w+", found[3] or ""))

    def _absolute(self, name: str, spec: Spec) -> str:
        dots = len(name) - len(name.lstrip("."))
        if not dots:
            return name
        package = spec.name if spec.is_package else spec.name.rpartition(".")[0]
        base = package.rsplit(".", dots - 1)[0] if package.count(".") >= dots - 1 else ""
        return f"{base}.{name[dots:]}".strip(".") if base else ""

    def _follow(self, name: str) -> Spec | None:
        """Queue what an import loads; None: its top-level module is nowhere."""
        parts = name.split(".")
        try:
            found = first = self.search.top(parts[0])
            for count in range(1, len(parts)):
                if found is None or not found.is_package:
                    break
                self._add(found)
                found = self.search.below(found, ".".join(parts[: count + 1]))
        except Unknowable:
            return Spec(name, Sort.OPAQUE)
        if found is not None:
            self._add(found)
        return first


def _plain(text: str) -> str:
    """Blank what stands in strings and comments, where lines may look like imports; nothing is left if that fails."""
    try:
        return masked(text)
    except Lost:
        return ""
