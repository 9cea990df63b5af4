"""What of a package is surely read, and what is surely executed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.binaries.scripts import Started
    from lambdalint.function import Environment, Handler
    from lambdalint.model import Entry

#: The variable that names a script to start the runtime by
#: (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html, read 2026-11-21).
EXEC_WRAPPER: Final = "AWS_LAMBDA_EXEC_WRAPPER"
#: Where Lambda itself looks for programs. A package with none of these, and most have none, needs no closer look.
_PLACES: Final = (f"{TASK}/bootstrap", f"{OPT}/bootstrap", f"{OPT}/extensions")


class Asker:
    """An import inside a dependency."""

    __slots__ = ("is_partial", "line", "node", "start")

    def __init__(self, node: Node, line: int, start: str | None = None, *, is_partial: bool = False) -> None:
        self.node: Final = node
        self.line: Final = line
        #: The package's own file, where a module is taken out of a package: ``from package import module``. None: it is not.
        self.start: Final = start
        #: Whether that package is not done importing then.
        self.is_partial: Final = is_partial


class Closure:
    """What the code of dependencies surely loads in its turn."""

    __slots__ = ("absent", "askers", "nodes")

    def __init__(
        self, nodes: Sequence[Node] = (), absent: Iterable[str] = (), askers: Mapping[str, Asker] | None = None
    ) -> None:
        #: In the order in which they start to be loaded.
        self.nodes: Final = tuple(nodes)
        #: Full names of the modules that surely are asked for, and are in no file that the runtime would take for them;
        #: in the order in which they are asked for.
        self.absent: Final = tuple(absent)
        #: What asks first for each of these, as far as it is not the function's own.
        self.askers: Final[Mapping[str, Asker]] = askers or {}


class Surely:
    """The entries that something surely reads, and those that something surely executes."""

    __slots__ = ("begun", "by", "executed", "further", "handed", "leads", "loaded", "programs", "read")

    def __init__(
        self, loaded: Sequence[Node], programs: Sequence[Node], *, leads: bool | None, further: Callable[[], Closure] = Closure,
        begun: Callable[[], Mapping[str, Started]] = dict, handed: Node | None = None, by: str | None = None,
        beside: Sequence[Node] = (),
    ) -> None:  # fmt: skip
        """``beside``: what is surely read before the handler is looked for."""
        #: The handler's file first, then what it surely loads. Empty: not known.
        self.loaded: Final = tuple(loaded)
        #: Finds what is loaded beyond that; many sources are read for it, so only what is at fault asks.
        self.further: Final = further
        #: What Lambda itself executes.
        self.programs: Final = tuple(programs)
        #: Finds the programs that scripts among them surely start, by their paths; scripts are read for it.
        self.begun: Final = begun
        #: What an image's own shell, script or init starts in the end. None: there is none, or it is not plain.
        self.handed: Final = handed
        #: Which of them starts it, in words for a message.
        self.by: Final = by
        #: Whether the handler leads to code. None: not known.
        self.leads: Final = leads
        #: Executed once: what starts the runtime, an extension, the exec wrapper.
        self.executed: Final[frozenset[Entry]] = frozenset(node.entry for node in programs if node.entry is not None)
        #: The handler's file and what it surely loads, and every program (a script must be readable to be executed).
        more = (*loaded, *beside) if handed is None else (*loaded, *beside, handed)
        self.read: Final = frozenset(node.entry for node in more if node.entry is not None) | self.executed

    def is_wrapper(self, entry: Entry) -> bool:
        """Tell whether a managed runtime's own script starts a program, as it does the exec wrapper; all else Lambda itself does."""
        path = next((node.path for node in self.programs if node.entry is entry), "")
        custom = any(node.path.endswith("/bootstrap") for node in self.programs)
        return not custom and path.startswith((f"{TASK}/", f"{OPT}/")) and not path.startswith(f"{OPT}/extensions/")


def programs(
    filesystem: Filesystem, environment: Environment, runtime: Runtime | None, handler: Handler | None, *, image: bool = False
) -> list[Node]:
    """Return the files that Lambda itself executes. ``runtime`` and ``handler`` None: not told.

    ``image``: it is one, whose entrypoint is executed instead of a bootstrap.
    """
    go = runtime is not None and runtime.family == "go"
    if not go and EXEC_WRAPPER not in environment and all(isinstance(filesystem.find(path), Missing) for path in _PLACES):
        return []
    from lambdalint.handlers import wrapper

    found = wrapper.programs(filesystem, environment, runtime, handler)
    return [node for node in found if not (image and node.path in _PLACES)]
