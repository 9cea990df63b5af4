"""What a specifier leads to."""

from __future__ import annotations

from typing import Final

from lambdalint.filesystem import Node
from lambdalint.handlers.node_files import Manifest
from lambdalint.model import Aws

#: The code for whatever ``require`` does not find.
NOT_FOUND: Final = "Runtime.ImportModuleError"


class Undecided(Exception):  # noqa: N818 - not an error: what is not modelled is left alone
    """A case whose outcome is decided at run time, or that is not modelled."""


class Broken(Exception):  # noqa: N818 - the user's file, our finding
    """A package.json on the way that Node.js cannot read."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__(manifest.path)
        self.manifest: Final = manifest


class File:
    """It leads to a file."""

    __slots__ = ("node", "path")

    def __init__(self, node: Node) -> None:
        self.node: Final = node
        #: Links followed, as Node.js does.
        self.path: Final = node.path


class Own:
    """It leads to a module of Node.js, or to one that the runtime brings."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name: Final = name


class Failure:
    """It leads nowhere."""

    __slots__ = ("aws", "path", "reason", "specifier", "sure", "wanted")

    def __init__(
        self, specifier: str, aws: Aws, reason: str, *, wanted: str | None = None, path: str | None = None, sure: bool = True
    ) -> None:
        self.specifier: Final = specifier
        #: What the runtime prints.
        self.aws: Final = aws
        #: The fact, in our words.
        self.reason: Final = reason
        #: The package's name when a whole package is not there. None: something else is.
        self.wanted: Final = wanted
        #: The one path that it stands for, when that is known.
        self.path: Final = path
        #: False: the runtime may have it after all.
        self.sure: Final = sure


Target = File | Own | Failure
