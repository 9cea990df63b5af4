"""What of a package is surely read, and what is surely executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, Filesystem, Missing, Node

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment
    from lambdalint.model import Entry

#: The variable that names a script to start the runtime by
#: (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html, read 2026-11-21).
EXEC_WRAPPER: Final = "AWS_LAMBDA_EXEC_WRAPPER"


class Surely:
    """The entries that something surely reads, and those that something surely executes."""

    __slots__ = ("executed", "leads", "read")

    def __init__(self, loaded: Sequence[Node], programs: Sequence[Node], *, leads: bool | None) -> None:
        #: Whether the handler leads to code. None: not known.
        self.leads: Final = leads
        #: Executed once: what starts the runtime, an extension, the exec wrapper.
        self.executed: Final[frozenset[Entry]] = frozenset(node.entry for node in programs if node.entry is not None)
        #: The handler's file and what it surely loads, and every program (a script must be readable to be executed).
        self.read: Final = frozenset(node.entry for node in loaded if node.entry is not None) | self.executed


def programs(filesystem: Filesystem, environment: Environment, runtime: Runtime | None) -> list[Node]:
    """Return the files that Lambda itself executes. ``runtime`` None: not told."""
    return list(_programs(filesystem, environment, runtime))


def _programs(filesystem: Filesystem, environment: Environment, runtime: Runtime | None) -> Iterator[Node]:
    if runtime is None or runtime.family in ("provided", "custom"):
        for path in (f"{filesystem.base}/bootstrap", f"{OPT}/bootstrap"):
            found = filesystem.find(path)
            if not isinstance(found, Missing) and found.is_file:
                yield found
                break
    folder = filesystem.find(f"{OPT}/extensions")
    if not isinstance(folder, Missing):
        for name in sorted(folder.children or {}):
            found = filesystem.find(f"{folder.path}/{name}")
            if not isinstance(found, Missing) and found.is_file:
                yield found
    wrapper = environment.get(EXEC_WRAPPER)
    if wrapper and (runtime is None or runtime.family not in ("provided", "custom", "go")):
        found = filesystem.find(wrapper)
        if not isinstance(found, Missing) and found.is_file:
            yield found
