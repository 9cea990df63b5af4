"""Does the handler string lead to code? One module per family of runtimes, each with one function, ``resolve``."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.model import Aws, Entry, Hit, Lacking, Phase, Severity
from lambdalint.surely import EXEC_WRAPPER, Closure

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Filesystem, Node
    from lambdalint.function import Environment, Handler


class Sort(enum.Enum):
    """What is wrong; each is one rule of the 3xx."""

    MODULE = "the file, module, class or assembly that the handler names is not where the runtime looks"
    MEMBER = "it is there, but holds no such function, method or export"
    FORM = "the runtime cannot read the handler string"
    SYNTAX = "the runtime's version of the language cannot parse a file that is surely loaded"
    SIGNATURE = "the handler is there, but cannot be called as the runtime calls it"
    IMPORT = "something that is surely imported is in no place where the runtime looks"
    DIALECT = "ES module and CommonJS mixed up"
    SHADOW = "a file of the package hides a module that the runtime or the language needs, or is hidden by one"
    METADATA = "code asks for the metadata of a distribution, which was not packaged"
    SDK = "a part of the SDK is packaged, and does not go with the runtime's"
    VERSION = "built for a newer language or framework than the runtime has"
    MANIFEST = "a file that describes the program to the runtime is missing or wrong"
    BOOTSTRAP = "a custom runtime has no bootstrap that could start"
    WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER names no file that is there"
    SHEBANG = "a script's first line names no interpreter that is there"


class Fault:
    """One thing that is wrong with the handler or with what it loads: a hit, and the sort that decides its rule."""

    __slots__ = ("hit", "sort", "wanted")

    def __init__(
        self,
        sort: Sort,
        message: str,
        *,
        places: Sequence[Entry | str] = (),
        aws: Aws | None = None,
        fix: str | None = None,
        phase: Phase | None = None,
        severity: Severity | None = None,
        line: int | None = None,
        setting: str | None = None,
        wanted: str | None = None,
    ) -> None:
        self.sort: Final = sort
        #: The package or module that is nowhere on the way, and may be installed elsewhere. None: it is about something else.
        self.wanted: Final = wanted
        #: ``places`` are entries (of whichever package they lie in); a fault of the handler string has the setting
        #: ``Handler`` and, as place, the nearest file if there is one.
        self.hit: Final = Hit(
            places, message, setting=setting, line=line, severity=severity, phase=phase, aws=aws, fix=fix
        )

    def but(
        self,
        message: str,
        *,
        places: Sequence[Entry | str] | None = None,
        aws: Aws | None = None,
        fix: str | None = None,
        phase: Phase | None = None,
        severity: Severity | None = None,
    ) -> Fault:
        """Return the same with another message, and whatever else is given."""
        hit = self.hit
        return Fault(
            self.sort, message, places=hit.places if places is None else places, aws=aws or hit.aws, fix=fix or hit.fix,
            phase=phase or hit.phase, severity=hit.severity if severity is None else severity, line=hit.line,
            setting=hit.setting, wanted=self.wanted,
        )  # fmt: skip


class Resolution:
    """Where a handler leads: the files surely loaded, the faults, and what could not be told."""

    __slots__ = ("faults", "further", "loaded", "unsure")

    def __init__(
        self,
        loaded: Sequence[Node] = (),
        faults: Sequence[Fault] = (),
        unsure: Sequence[tuple[Sort, Lacking]] = (),
        further: Callable[[], Closure] = Closure,
    ) -> None:
        #: The handler's own file first, then what it surely loads, as far as that was followed.
        self.loaded: Final = tuple(loaded)
        self.faults: Final = tuple(faults)
        #: Sorts on which no verdict is possible because something is not known, such as a layer's content. What is
        #: decided at run time only is neither a fault nor listed here.
        self.unsure: Final = tuple(unsure)
        #: Finds what that loads beyond what was followed.
        self.further: Final = further

    def with_more(self, other: Resolution) -> Resolution:
        """Return both together."""
        faults, unsure = [*self.faults, *other.faults], [*self.unsure, *other.unsure]
        return Resolution([*self.loaded, *other.loaded], faults, unsure, self.further)

    @property
    def leads(self) -> bool | None:
        """Whether the handler string leads to a file. None: not known."""
        if any(fault.sort in (Sort.MODULE, Sort.FORM, Sort.BOOTSTRAP) for fault in self.faults):
            return False
        return True if self.loaded else None

    def of(self, sort: Sort) -> Iterator[Hit]:
        """Yield the hits of one sort. Raises Lacking, after them, where that sort could not be judged to the end."""
        for fault in self.faults:
            if fault.sort is sort:
                yield fault.hit
        for unsure, lacking in self.unsure:
            if unsure is sort:
                raise lacking


#: A family's resolver. It reads files through the filesystem, which raises Lacking for what cannot be read.
Resolver = Callable[["Filesystem", "Handler", "Runtime", "Environment"], Resolution]

#: The module that holds each family's ``resolve``.
_HOMES: Final = {
    "python": "python", "nodejs": "node", "ruby": "ruby", "java": "java", "dotnet": "dotnet",
    "provided": "custom", "go": "custom",
}  # fmt: skip


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    """Follow the handler string as the real runtime would. Raises Lacking for a family that is not known."""
    home = _HOMES.get(runtime.family)
    if home is None:
        raise Lacking(f"how the runtime {runtime.name} finds its handler")
    import importlib

    resolver: Resolver = importlib.import_module(f"lambdalint.handlers.{home}").resolve
    found = resolver(filesystem, handler, runtime, environment)
    if EXEC_WRAPPER not in environment:
        return found
    from lambdalint.handlers.wrapper import wrapper

    return found.with_more(wrapper(filesystem, environment, runtime, handler))
