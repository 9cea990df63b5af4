"""How large a function and its layers are once unzipped, and what of it could go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lambdalint.model import Package
from lambdalint.target import Target


class Sizes:
    """Unzipped sizes in bytes, as declared by the archives."""

    __slots__ = ("function", "layers", "package", "unread")

    def __init__(self, package: Package, layers: Sequence[Target], unread: Sequence[str]) -> None:
        self.package: Final = package
        self.function: Final = package.unzipped_size
        #: Each local layer's path with its size.
        self.layers: Final = tuple(
            (layer.path, layer.package.unzipped_size) for layer in layers if layer.package is not None
        )
        #: Layers whose size is not known, so that every sum is a lower bound.
        self.unread: Final = tuple(unread)

    @property
    def all_layers(self) -> int:
        return sum(size for _, size in self.layers)

    @property
    def total(self) -> int:
        return self.function + self.all_layers
