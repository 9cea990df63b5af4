"""Modules that installed distributions surely import in their turn, and that were left out of the package.

What they import is followed only where their metadata shows that something is missing, for that takes many sources.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import python_modules as known
from lambdalint.distributions import normalized
from lambdalint.filesystem import Missing, Node
from lambdalint.handlers.python_imports import Problem
from lambdalint.model import Lacking

if TYPE_CHECKING:
    from lambdalint.handlers.python_imports import Imports
    from lambdalint.surely import Asker, Closure

#: Bytes of ``METADATA``, whose fields come first, and of ``RECORD``.
_FIELDS: Final = 32 << 10
_RECORD: Final = 4 << 20
#: What may make a module up, and bytes of a source in which it is looked for.
_MAKES: Final = re.compile(rb"\bsys\s*\.\s*modules\s*(\[[^\]\n]*\]\s*=(?!=)|\.\s*(setdefault|update)\b)|\bmeta_path\b")
_SOURCE: Final = 512 << 10
_ARCHIVES: Final = (".egg", ".pyz", ".whl", ".zip")
#: Where Python and Debian keep the wheels of pip itself, from which ensurepip installs it.
_INSTALLERS: Final = re.compile(r"/(ensurepip/_bundled|share/python-wheels)/")
_VENDORED: Final = re.compile("vendor|third|extern|bundle")
_REQUIRES: Final = re.compile(r"^Requires-Dist: *([\w.-]+)[^;\n]*(?:;([^\n]*))?$", re.MULTILINE)
#: The one condition on which a requirement is judged here.
_PYTHON: Final = re.compile(r" *python_version *(<|>=) *['\"]3\.(\d{1,3})['\"] *")
#: Distributions that the runtime brings, and those that may be there without metadata.
_GIVEN: Final = frozenset(map(normalized, known.RUNTIME | known.PERHAPS | {"python-dateutil"}))


class Lost:
    """What the distributions of one function say of themselves, against what is there."""

    def __init__(self, imports: Imports) -> None:
        self._imports: Final = imports
        self._files: Final = imports.search.filesystem
        #: Modules that a RECORD lists and that are not there, by their full names.
        self._listed: Final[set[str]] = set()
        #: Whether a distribution is not there that another one requires.
        self._requires = False
        self._read()

    def _read(self) -> None:
        there: set[str] = set()
        required: set[str] = set()
        for place in [*self._imports.search.first, *self._imports.search.last]:
            root = self._files.find(place)
            for name, node in sorted(({} if isinstance(root, Missing) else root.children or {}).items()):
                if name.endswith(".dist-info"):
                    there.add(normalized(name.partition("-")[0]))
                    required.update(self._required(node))
                    self._listed.update(self._unlisted(root, node))
        self._requires = not required <= there | _GIVEN

    def _required(self, folder: Node) -> Iterator[str]:
        fields = self._text(folder, "METADATA", _FIELDS).replace("\r\n", "\n").partition("\n\n")[0]
        for name, condition in _REQUIRES.findall(fields):
            tests = [_PYTHON.fullmatch(one) for one in condition.split(" and ")] if condition else []
            if all(one is not None and (self._imports.minor < int(one[2])) == (one[1] == "<") for one in tests):
                yield normalized(name)

    def _unlisted(self, root: Node | Missing, folder: Node) -> Iterator[str]:
        for line in self._text(folder, "RECORD", _RECORD).splitlines():
            path = line.partition(",")[0]
            if not path.endswith((".py", ".so")) or path.startswith(".."):
                continue
            found: Node | None = None if isinstance(root, Missing) else root
            parts = path.split("/")
            for part in parts:
                found = None if found is None else found.child(part)
            if found is None:
                stem = parts[-1].partition(".")[0]
                yield ".".join(parts[:-1] if stem == "__init__" else [*parts[:-1], stem])

    def _text(self, folder: Node, name: str, limit: int) -> str:
        node = folder.child(name)
        try:
            return "" if node is None or not node.is_file else self._files.read(node, limit).decode(errors="replace")
        except Lacking:
            return ""

    @property
    def suspects(self) -> bool:
        """Whether something is missing that a distribution says it has or needs."""
        return self._requires or bool(self._listed)

    def problems(self, closure: Closure) -> Iterator[Problem]:
        """Yield the imports that surely fail."""
        for name, asker in closure.askers.items():
            if name in self._listed if "." in name else not self._may_be_made(name, closure):
                yield Problem("module", name, _said(name, asker), asker.node, asker.line)

    def _may_be_made(self, name: str, closure: Closure) -> bool:
        """Tell whether a top-level module may come from a place that code adds to the path, or from code itself."""
        if not self._elsewhere.isdisjoint((name, "*")):
            return True
        literal = re.compile(rb"['\"]" + re.escape(name.encode()) + rb"['\"]")
        return any(map(literal.search, self._makers(closure)))

    @functools.cached_property
    def _elsewhere(self) -> frozenset[str]:
        """Names of modules in folders that code could add to the path: those that are no packages, or of other people's code."""
        names = set()
        for place, _ in self._files.mounts:
            for node in self._files.walk(place):
                if node.name.endswith(_ARCHIVES) and not _INSTALLERS.search(node.path):
                    names.add("*")  # what is in it is not known
                elif node.is_dir and (node.child("__init__.py") is None or _VENDORED.search(node.name)):
                    names.update(child.partition(".")[0] for child in node.children or ())
        return frozenset(names)

    def _makers(self, closure: Closure) -> Iterator[bytes]:
        for node in closure.nodes:
            try:
                source = self._files.read(node, _SOURCE)
            except Lacking:
                continue
            if _MAKES.search(source):
                yield source


def _said(name: str, asker: Asker) -> str:
    base, _, tail = name.rpartition(".")
    if asker.start is None:
        return f"No module named {name!r}"
    whole = f"partially initialized module {base!r} (most likely due to a circular import)" if asker.is_partial else repr(base)
    return f"cannot import name {tail!r} from {whole} ({asker.start})"
