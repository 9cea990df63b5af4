"""What may be installed in an image beside what is known to be searched: a language's own places lie wherever it was built for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.model import Entry, Kind, Lacking, Package
from lambdalint.startup import virtual_environment

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Environment

#: Folders that Python searches, wherever they lie, with the version where they name one, and the first name in them.
_SEARCHED: Final = re.compile(
    r"(?:^|/)(?:(?:lib/python(\d\.\d+)/)?(?:(?:site|dist)-packages|lib-dynload)|python(\d\.\d+|\d)?)(?=/([^/.]+))"
)
#: The lines by which a file in such a folder leads Python elsewhere. The shims that setuptools and virtualenv put there do not
#: (_distutils_hack/__init__.py, _virtualenv.py; read 2026-11-21).
_LEADS: Final = re.compile(r"^(?!#|\s*$|import os; var = 'SETUPTOOLS_USE_DISTUTILS'|import _virtualenv\s*$)", re.MULTILINE)
_REDIRECTS: Final = (".pth", ".egg-link")
_LINES: Final = 1 << 14
_PACKAGES: Final = re.compile(r"(?:^|/)node_modules/([^/.]+)")
#: Folders that one version of Ruby searches.
_RUBIES: Final = re.compile(r"(?:^|/)(?:ruby|gems)/(\d+\.\d+)\.\d+/")
#: Whatever it is called.
_ANY: Final = "*"


class Installed:
    """The names of modules that lie where an image's language may look."""

    def __init__(self, filesystem: Filesystem, family: str, version: str, environment: Environment) -> None:
        self._version: Final = version
        self._base: Final = filesystem.base.rstrip("/")
        self._others: Final = tuple(_other_environments(filesystem))
        self._extra: Final = tuple(self._places(environment.get("PYTHONPATH") or ""))
        names = {"python": self._python, "nodejs": self._node, "ruby": self._ruby}.get(family)
        found = (name for _, package in filesystem.mounts if names for entry in package.entries for name in names(entry, package))
        self._names: Final = frozenset(found) | ({_ANY} if environment.get("PYTHONHOME") else frozenset())

    def may_have(self, module: str) -> bool:
        """Tell whether a module may be there, told by its full name or its path."""
        top = module.replace("/", ".").lstrip(".").partition(".")[0]
        return top in self._names or _ANY in self._names

    def _places(self, value: str) -> Iterator[str]:
        for place in value.split(":"):
            if place:
                yield f"{place if place.startswith('/') else f'{self._base}/{place}'}/".lstrip("/")

    def _python(self, entry: Entry, package: Package) -> Iterator[str]:
        path = entry.path
        for found in _SEARCHED.finditer(path) if not path.startswith(self._others) else ():
            if (found[1] or found[2] or self._version) in (self._version, "3"):  # another Python's are not searched
                yield found[3]
                if path.endswith(_REDIRECTS) and _leads(entry, package):
                    yield _ANY
        for place in self._extra:
            if path.startswith(place):
                yield path[len(place) :].partition("/")[0].partition(".")[0]

    def _node(self, entry: Entry, package: Package) -> Iterator[str]:  # noqa: ARG002 - as the others are called
        yield from (found[1] for found in _PACKAGES.finditer(entry.path))

    def _ruby(self, entry: Entry, package: Package) -> Iterator[str]:  # noqa: ARG002 - as the others are called
        if entry.path.endswith((".rb", ".so")) and all(found[1] == self._version for found in _RUBIES.finditer(entry.path)):
            yield entry.name[:-3]


def _other_environments(filesystem: Filesystem) -> Iterator[str]:
    """Yield the folders of virtual environments whose Python the image does not start."""
    own = virtual_environment(filesystem)
    for _, package in filesystem.mounts:
        for entry in package.entries:
            if entry.path.endswith("/pyvenv.cfg") and f"/{entry.path.rpartition('/')[0]}" != own:
                yield f"{entry.path.rpartition('/')[0]}/"


def _leads(entry: Entry, package: Package) -> bool:
    """Tell whether a file leads Python to another folder, or may."""
    if entry.kind is not Kind.FILE or not entry.path.endswith(".pth"):
        return True
    try:
        return _LEADS.search(package.read(entry, _LINES).decode("utf-8", "replace")) is not None
    except Lacking:
        return True
