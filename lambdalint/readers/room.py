"""How much of an image's texts is remembered while its layers go by, and of which."""

from __future__ import annotations

from collections import deque
from typing import Final

#: Bytes, packed. Half of it may be other people's code, so that the function's own always finds some.
ROOM: Final = 16 << 20


class Room:
    """Room for texts. Other people's code in lower layers makes way for what lies in upper ones, nearer to the function."""

    __slots__ = ("_foreign", "_left", "_left_for_foreign")

    def __init__(self) -> None:
        self._left = ROOM
        self._left_for_foreign = ROOM // 2
        #: What makes way, the oldest first: a layer's texts, and the number of one.
        self._foreign: Final[deque[tuple[dict[int, bytes], int]]] = deque()

    def is_for(self, kept: dict[int, bytes], *, foreign: bool) -> bool:
        """Whether one more text is to be remembered among those of its layer."""
        if self._foreign and self._foreign[0][0] is not kept:
            return True
        return self._left > 0 and not (foreign and self._left_for_foreign <= 0)

    def take(self, kept: dict[int, bytes], number: int, *, foreign: bool) -> None:
        """Take the room for a text that was remembered; the last one may be larger than what was left."""
        self._left -= len(kept[number])
        if foreign:
            self._left_for_foreign -= len(kept[number])
            self._foreign.append((kept, number))
        while min(self._left, self._left_for_foreign) < 0 and self._foreign and self._foreign[0][0] is not kept:
            lower, oldest = self._foreign.popleft()
            size = len(lower.pop(oldest))
            self._left += size
            self._left_for_foreign += size
