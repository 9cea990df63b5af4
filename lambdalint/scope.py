"""Which entries of a package matter to the function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final


class Scope:
    """The entries that matter: of a zip or a directory all, of an image those that are not its system's."""

    __slots__ = ("_above", "_places", "root")

    def __init__(self, root: str, places: Sequence[str] | None = None) -> None:
        #: Where the package's root lies for the function, without a slash at its end: ``/var/task``, ``/opt``, empty for an image.
        self.root: Final = root
        #: Beginnings of paths in the package. None: all of it.
        self._places: Final = None if places is None else tuple(f"{place.strip('/')}/" for place in places)
        #: The directories that lead to the places.
        self._above: Final = frozenset(
            place[:at] for place in self._places or () for at, letter in enumerate(place) if letter == "/"
        )  # fmt: skip

    def covers(self, path: str) -> bool:
        """Tell whether an entry matters: what lies in one of the places, and the directories that lead there."""
        if self._places is None:
            return True
        return f"{path}/".startswith(self._places) or path in self._above
