"""SHA-256 of bytes that go by, packed and unpacked, summed in a thread of its own where there are many."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from lambdalint.readers.unpack import Part, pieces

if TYPE_CHECKING:
    from queue import SimpleQueue
    from threading import Semaphore, Thread

#: Pieces that may wait to be summed: of 256 KiB each, so that memory stays bounded.
_WAITING: Final = 16
_STEP: Final = 1 << 18


def digest_of(part: Part) -> str:
    """Return the digest of bytes in a file."""
    total = hashlib.sha256()
    for piece in pieces(part, _STEP):
        total.update(piece)
    return f"sha256:{total.hexdigest()}"


class Sums:
    """Two digests: of a layer as stored (0) and unpacked (1)."""

    def __init__(self, *, threaded: bool) -> None:
        self._totals: Final = (hashlib.sha256(), hashlib.sha256())
        self._thread: Thread | None = None
        self._queue: SimpleQueue[tuple[int, bytes] | None]
        self._room: Semaphore
        if threaded:
            self._start()

    def _start(self) -> None:
        from queue import SimpleQueue
        from threading import Semaphore, Thread

        self._queue, self._room = SimpleQueue(), Semaphore(_WAITING)
        thread = Thread(target=self._run, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system allows no more threads
            return
        self._thread = thread

    def add(self, which: int, piece: bytes) -> None:
        if self._thread is None:
            self._totals[which].update(piece)
        else:
            self._room.acquire()
            self._queue.put((which, piece))

    def finish(self) -> tuple[str, str]:
        """Return both, when all pieces are summed."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
        packed, whole = (f"sha256:{total.hexdigest()}" for total in self._totals)
        return packed, whole

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            which, piece = job
            self._totals[which].update(piece)
            self._room.release()
