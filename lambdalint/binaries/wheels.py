"""Wheels that say of themselves that they are for another Python or platform, where no native file shows it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries.commands import folder_of, pip_command
from lambdalint.binaries.owners import Distributions, Owner
from lambdalint.filesystem import Filesystem, Node
from lambdalint.handlers.python_layout import shown
from lambdalint.model import Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.judgement import Slots
    from lambdalint.function import Handler
    from lambdalint.handlers.python_outgrown import Failure
    from lambdalint.model import Entry
    from lambdalint.surely import Surely

_TAG: Final = re.compile(r"^Tag: *([\w.]+)-([\w.]+)-([\w.]+) *\r?$", re.MULTILINE)
_REQUIRES: Final = re.compile(r"^Requires-Python: *([^\r\n]{1,200})", re.MULTILINE)
_CPYTHON: Final = re.compile(r"cp3(\d{1,3})")
_PLATFORM: Final = re.compile(r"(?:manylinux[\d_]*|musllinux[\d_]*|linux)_(x86_64|aarch64)")


class Wheels:
    """The metadata of every distribution that Python finds, against the function."""

    def __init__(
        self,
        filesystem: Filesystem,
        roots: Iterable[str],
        minor: int,
        wanted: Wanted,
        slots: Slots | None,
        surely: Surely,
        handler: Handler | None,
    ) -> None:
        self._files: Final = filesystem
        self._roots: Final = tuple(roots)
        self._minor: Final = minor
        self._wanted: Final = wanted
        self._distributions: Final = Distributions(filesystem)
        self._surely: Final = surely
        #: None: not told, or an image has none.
        self._handler: Final = handler
        #: What the rules on native files tell already.
        self._told: Final = set() if slots is None else {slots.owner(slot) for slot in slots.all if slot.fault is not None}

    def misfits(self) -> Iterator[Hit]:
        """Yield a hit for each wheel whose own tags, or the versions of Python that it requires, leave this function out."""
        for root in self._roots:
            for owner in self._distributions.owners(root):
                if owner not in self._told:
                    yield from self._wheel(owner, root)

    def _wheel(self, owner: Owner, root: str) -> Iterator[Hit]:
        folder = f"{root}/{owner.name}-{owner.version}.dist-info"
        tags = [(match[1], match[2], match[3]) for match in _TAG.finditer(self._distributions.tags(root, owner))]
        place = self._files.find(f"{folder}/WHEEL")
        if tags and isinstance(place, Node) and place.entry is not None and not any(self._fits(*tag) for tag in tags):
            named = ", ".join("-".join(tag) for tag in tags[:3])
            wanted = f"Python 3.{self._minor} on {self._wanted.architecture or 'x86_64 or arm64'} Linux"
            yield self._hit([place.entry], root, owner, f"{owner} comes from a wheel for {named}, the function is {wanted}")
            return
        match = _REQUIRES.search(self._distributions.text(f"{folder}/METADATA").partition("\n\n")[0])
        place = self._files.find(f"{folder}/METADATA")
        if match is not None and isinstance(place, Node) and place.entry is not None and not self._allows(match[1]):
            message = f"{owner} requires Python {match[1].strip()}, the function is Python 3.{self._minor}"
            failure = self._failure(owner, root)
            if failure is None or failure.node.entry is None:
                yield self._hit([place.entry], root, owner, message)
            else:
                message += f"; {shown(failure.node, self._files)} is surely loaded and fails, {failure.why}"
                yield self._hit([place.entry, failure.node.entry], root, owner, message, failure)

    def _failure(self, owner: Owner, root: str) -> Failure | None:
        """Return where a distribution surely fails."""
        from lambdalint.handlers.python_outgrown import failure

        there = self._distributions
        nodes = (node for node in self._loaded if node.path.startswith(f"{root}/") and node.name.endswith(".py"))
        return failure(self._files, (node for node in nodes if there.owner(root, node.path) == owner), self._minor)

    @functools.cached_property
    def _loaded(self) -> Sequence[Node]:
        return (*self._surely.loaded, *self._surely.further().nodes)

    def _hit(self, entries: Sequence[Entry], root: str, owner: Owner, message: str, failure: Failure | None = None) -> Hit:
        there = self._distributions
        fix = pip_command(
            Owner(owner.name, None), self._wanted, tags=there.tags(root, owner), folder=folder_of(self._files, root),
            beside=there.beside(root, owner),
        )  # fmt: skip
        if failure is None:
            return Hit(entries, message, severity=Severity.WARNING, fix=fix or None)
        aws = None if self._handler is None else failure.aws(self._handler.module)
        if not self._files.is_whole:
            newer = f"use a newer runtime, which {owner} allows"
            fix = f"{fix}\nor {newer}" if fix else newer
        return Hit(entries, message, fix=fix or None, aws=aws)

    def _fits(self, python: str, abi: str, platform: str) -> bool:
        return any(self._is_python(one, abi) for one in python.split(".")) and any(map(self._is_platform, platform.split(".")))

    def _is_python(self, python: str, abi: str) -> bool:
        match = _CPYTHON.fullmatch(python)
        if match is None:
            # py3 and py312 are for that version and later; what else there may be is not judged.
            later = re.fullmatch(r"py3(\d{0,3})", python)
            return python not in ("py2", "py27") if later is None else int(later[1] or 0) <= self._minor
        minor = int(match[1])
        if minor == self._minor or abi == "none":
            return minor <= self._minor
        return "abi3" in abi.split(".") and minor <= self._minor

    def _is_platform(self, platform: str) -> bool:
        match = _PLATFORM.fullmatch(platform)
        if match is not None:
            return self._wanted.machine is None or match[1] == self._wanted.machine
        return not platform.startswith(("macosx", "win", "ios", "android", "linux_", "manylinux"))

    def _allows(self, requirement: str) -> bool:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            # Any patch release will do: which one Lambda has is not known.
            versions = [f"3.{self._minor}.{patch}" for patch in range(30)]
            return any(True for _ in SpecifierSet(requirement.strip()).filter(versions))
        except InvalidSpecifier:
            return True

