"""What the name of a Python extension module says: the import name, the interpreter and the platform."""

from __future__ import annotations

import re
from typing import Final

_NAME: Final = re.compile(r"(?P<stem>[^./]+)(?:\.(?P<tag>[^/]+))?\.(?P<suffix>so|pyd)\Z")
_CPYTHON: Final = re.compile(r"(?:cpython-|cp)(?P<major>\d)(?P<minor>\d+)(?P<flags>[a-z]*)(?:-(?P<platform>.+))?\Z")
_ABI3: Final = re.compile(r"abi3t?(?:-(?P<platform>.+))?\Z")


class Tag:
    """The parts of a module's file name, as in ``_native.cpython-312-x86_64-linux-gnu.so``."""

    __slots__ = ("flags", "implementation", "minor", "platform", "stem", "suffix")

    def __init__(
        self, stem: str, suffix: str, implementation: str | None, minor: int | None, flags: str, platform: str | None
    ) -> None:
        self.stem: Final = stem
        self.suffix: Final = suffix
        #: ``cpython``, ``abi3``, or another's own word (``pypy310-pp73``). None: the name does not say.
        self.implementation: Final = implementation
        #: Of Python 3. None: any, or not said.
        self.minor: Final = minor
        #: ``t`` for free-threaded builds, ``m`` and ``d`` of old.
        self.flags: Final = flags
        #: ``x86_64-linux-gnu``, ``darwin``. None: not said.
        self.platform: Final = platform


def parse(name: str) -> Tag | None:
    """Read the file name of an extension module. None: it is none by its name."""
    match = _NAME.match(name)
    if match is None:
        return None
    stem, tag, suffix = match["stem"], match["tag"], match["suffix"]
    if tag is None:
        return Tag(stem, suffix, None, None, "", None)
    cpython = _CPYTHON.match(tag)
    if cpython is not None:
        minor = int(cpython["minor"]) if cpython["major"] == "3" else -1
        return Tag(stem, suffix, "cpython", minor, cpython["flags"], cpython["platform"])
    abi3 = _ABI3.match(tag)
    if abi3 is not None:
        return Tag(stem, suffix, "abi3", None, "", abi3["platform"])
    if tag.startswith(("pypy", "graalpy", "pyston")):
        return Tag(stem, suffix, tag, None, "", None)
    return None
