"""The first of some surely loaded sources that the function's Python cannot run, as code that was made for a newer one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.handlers import python_start as start
from lambdalint.handlers import python_syntax as syntax
from lambdalint.handlers.python_refusal import refusal
from lambdalint.model import Aws, Lacking

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem, Node


class Failure:
    """Where code fails as it is imported, and with what."""

    __slots__ = ("_fault", "_minor", "node")

    def __init__(self, node: Node, fault: syntax.Fault, minor: int) -> None:
        self.node: Final = node
        self._fault: Final = fault
        self._minor: Final = minor

    @property
    def why(self) -> str:
        fault = self._fault
        line = "" if fault.line is None else f"line {fault.line}: "
        return f"{line}{refusal(fault.type, fault.text.partition(f' ({self.node.name}, line')[0], fault.newer, self._minor)[0]}"

    def aws(self, module: str) -> Aws:
        """Return what the runtime says of the handler's module, as typed."""
        return errors.raised(module, self._fault.type, self._fault.text)


def failure(filesystem: Filesystem, nodes: Iterable[Node], minor: int) -> Failure | None:
    """Return the first failure in the order of the sources, if any."""
    for node in nodes:
        try:
            parsed = syntax.parse(filesystem.read(node, syntax.READ + 1), node.path, minor)
            fault = parsed.fault
            if parsed.tree is not None:
                fault = start.trip(parsed.tree, minor) or start.unknown_name(parsed.tree, minor)
        except (Lacking, RecursionError):
            continue
        if fault is not None:
            return Failure(node, fault, minor)
    return None
