"""What Lambda starts as extensions: every file directly in /opt/extensions, of layers or of an image.

Directories are passed over, and nothing else is: a README there is started too (``ListExternalAgentPaths`` in
https://github.com/aws/aws-lambda-runtime-interface-emulator, read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, Filesystem, Missing

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Node
    from lambdalint.function import Environment
    from lambdalint.handlers import Resolution
    from lambdalint.model import Entry


class Extension:
    """One file that is started."""

    __slots__ = ("entry", "is_script", "resolution")

    def __init__(self, entry: Entry, resolution: Resolution, *, is_script: bool) -> None:
        self.entry: Final = entry
        #: Whether the kernel takes it and finds what its first line names.
        self.resolution: Final = resolution
        #: Whether it begins with ``#!``.
        self.is_script: Final = is_script

    @property
    def is_program(self) -> bool:
        """Whether it can be started at all, were its mode and its first line as they should be."""
        return self.is_script or not self.resolution.faults


class Extensions:
    """All of them, by name."""

    __slots__ = ("broken", "found", "unread")

    def __init__(self, found: Sequence[Extension], unread: Sequence[str] = (), broken: Sequence[Entry] = ()) -> None:
        self.found: Final = tuple(found)
        #: Links that lead nowhere, which are started too.
        self.broken: Final = tuple(broken)
        #: Layers that may have more.
        self.unread: Final = tuple(unread)

    def __iter__(self) -> Iterator[Extension]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


def extensions(filesystem: Filesystem, runtime: Runtime | None, environment: Environment) -> Extensions:
    """Return what is started, judged as far as its content goes. ``runtime`` None: not told."""
    folder = filesystem.find(f"{OPT}/extensions")
    if isinstance(folder, Missing):
        return Extensions((), filesystem.unread)
    from lambdalint.handlers import wrapper

    found = [_judged(node, filesystem, runtime, environment) for node in wrapper.extensions(filesystem)]
    children = [child for _, child in sorted((folder.children or {}).items())]
    broken = [child.entry for child in children if child.entry is not None and _is_broken(child, filesystem)]
    return Extensions([one for one in found if one is not None], filesystem.unread, broken)


def _is_broken(node: Node, filesystem: Filesystem) -> bool:
    found = filesystem.find(node.path)
    return isinstance(found, Missing) and not found.outside


def _judged(node: Node, filesystem: Filesystem, runtime: Runtime | None, environment: Environment) -> Extension | None:
    from lambdalint.handlers.custom import start

    if node.entry is None or node.package is None:
        return None
    is_script = node.package.contents.head(node.entry).startswith(b"#!")
    return Extension(node.entry, start(node, filesystem, runtime, environment), is_script=is_script)
