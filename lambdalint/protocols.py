"""What a package's contents deal with: where bytes come from, and who wants to learn from them. Types only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from lambdalint.model import Entry, Flaw


class Source(Protocol):
    """Where a package's bytes come from. What gives bytes may raise Broken, but for ``sweep``."""

    #: The container promises each file's size and checksum, which must be read to be believed.
    promises: bool
    #: Every file may want to be learned from; else only those that rules ask for.
    is_small: bool

    @property
    def flaws(self) -> Sequence[Flaw]:
        """What was seen in members that could be unpacked nevertheless."""

    def place(self, entry: Entry, /) -> int:
        """Return a number that grows in the order in which reading is cheapest."""

    def start(self, entry: Entry, /) -> bytes:
        """Return the first ``HEAD`` bytes, all if there are fewer, unpacking no more than they need."""

    def sweep(self, entries: Sequence[Entry], /) -> Iterator[tuple[Entry, bytes | Iterator[bytes] | None]]:
        """Yield every file with all its bytes, checked, or in pieces, to be taken at once.

        None: it is large, or something is wrong with it: stream it.
        """

    def companions(self, entry: Entry, /) -> Sequence[Entry]:
        """Return the files that are better unpacked together with one, since unpacking them later costs as much again."""

    def check(self) -> None:
        """Hold what is there to what is promised of all of it together; ``flaws`` tells."""

    def stream(self, entry: Entry, /) -> Iterator[bytes]:
        """Yield all bytes in pieces of bounded size, checked when the last was taken."""


class Feeder(Protocol):
    """Learns something of one file from all its bytes, which it is fed in order."""

    def feed(self, chunk: bytes) -> None: ...
    def finish(self) -> object: ...


#: Says by its first bytes who wants to learn from a file. None: nobody.
Probe = Callable[[Entry, bytes], Feeder | None]


class Memory(Protocol):
    """Turns what was learned into plain values, which JSON can hold, and back."""

    def tell(self, learned: object, /) -> object | None:
        """Return plain values. None: it was not all that there is to learn."""

    def recall(self, told: object, /) -> object | None:
        """Return what was learned. None: it is beyond the bounds. Raises what comes of values that were never told."""


#: Whether a file's bytes will be read after the pass over all files, and are better remembered.
Keep = Callable[[Entry], bool]
#: Told of a file that was unpacked: all its bytes, packed, if they are remembered, and what was learned from it, if anything.
Note = Callable[[Entry, bytes | None, object | None], None]
