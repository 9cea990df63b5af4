"""Packages of npm whose part for Lambda's platform is not installed, and Prisma's engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import prisma, words
from lambdalint.binaries.commands import npm_command
from lambdalint.binaries.npm import brings_addon, npm_owner
from lambdalint.binaries.platforms import Family
from lambdalint.binaries.unbuilt import unbuilt
from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Entry, Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.needs import Needs
    from lambdalint.function import Environment
    from lambdalint.model import Aws

#: Names that are shown of what is installed instead.
_SHOWN: Final = 3


class Platforms:
    """What npm packages declare for single platforms, against what is installed."""

    def __init__(
        self, filesystem: Filesystem, needs: Needs, wanted: Wanted, environment: Environment
    ) -> None:
        self._files: Final = filesystem
        self._needs: Final = needs
        self._wanted: Final = wanted
        #: None: not told, so that either CPU's package will do.
        self._architecture: Final = wanted.architecture
        self._engine: Final = prisma.target(None if wanted.runtime is None else wanted.runtime.os, wanted.architecture)
        self._environment: Final = environment

    def engines(self) -> Iterator[Hit]:
        """Yield a hit when Prisma has no client, or no engine. Raises Lacking when a layer that was not given may have it."""
        yield from prisma.ungenerated(self._files, self._needs.order)
        if self._engine is not None:
            yield from prisma.lacking(self._files, self._needs.order, self._engine, self._environment)

    def missing(self) -> Iterator[Hit]:
        """Yield a hit for each package that has no part for Lambda. Raises Lacking when a layer that was not given may have it."""
        for family in self._needs.families.all:
            yield from self._family(family)
        yield from unbuilt(self._files, self._needs, self._wanted)

    def _family(self, family: Family) -> Iterator[Hit]:
        loaded = self._needs.holds(family.folder)
        if not loaded or brings_addon(self._files, family.folder):
            return  # nothing is known to load it, or the rules on native files judge what it brings
        lacking: list[str] = []
        others: list[str] = []
        old: list[tuple[str, str]] = []
        for part, names in family.parts(self._architecture).items():
            installed = self._installed(family, family.kin(part))
            fitting = [name for name in names if name in installed]
            if any(brings_addon(self._files, folder) for name, folder in installed.items() if name not in names):
                return
            if not fitting and not any("wasm" in name for name in installed):
                lacking += names[:1]
                others += installed
            old += [(name, found) for name in fitting if (found := self._version(family, name, installed[name])) is not None]
        if lacking:
            yield self._hit(family, lacking, others)
        elif old:
            yield self._stale(family, *old[0])

    def _installed(self, family: Family, names: list[str]) -> dict[str, str]:
        """Return the folders of those packages that are there, by name."""
        found = {name: self._needs.families.folder(family, name) for name in names}
        return {name: folder for name, folder in found.items() if folder is not None}

    def _version(self, family: Family, name: str, folder: str) -> str | None:
        """Return the version that is installed where exactly another is declared. None: it is the same, or not known."""
        declared, found = family.declared[name], npm_owner(self._files, folder).version
        return found if found is not None and declared[:1].isdigit() and " " not in declared and found != declared else None

    def _hit(self, family: Family, lacking: list[str], others: list[str]) -> Hit:
        sure = self._needs.throws_without(family.folder)
        cpu = self._architecture or "x86_64 or arm64"
        verb = "is" if len(lacking) == 1 else "are"
        message = f"{family.owner} has no part for {cpu} Linux: {' and '.join(lacking)} {verb} not installed"
        if others:
            more = f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
            message += f", only {', '.join(others[:_SHOWN])}{more}"
        if not sure:
            message += words.PERHAPS
        fix = "" if self._architecture is None else npm_command(family.owner, self._architecture)
        return Hit(
            self._place(family), message, severity=None if sure else Severity.WARNING,
            aws=self._said(family, lacking[0]) if sure else None, fix=fix or None,
        )  # fmt: skip

    def _said(self, family: Family, part: str) -> Aws:
        return words.said(self._files, family, self._needs.holds(family.folder), part, self._architecture)

    def _stale(self, family: Family, name: str, found: str) -> Hit:
        message = f"{family.owner} declares {name} {family.declared[name]}, and {found} is installed"
        fix = None if self._architecture is None else npm_command(family.owner, self._architecture)
        return Hit(self._place(family), message, severity=Severity.WARNING, fix=fix)

    def _place(self, family: Family) -> Entry:
        found = self._files.find(f"{family.folder}/package.json")
        assert isinstance(found, Node)
        assert found.entry is not None
        return found.entry
