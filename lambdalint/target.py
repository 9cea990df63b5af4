"""What one lint is about: an archive, the package in it, its function and its layers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lambdalint.function import Function, is_arn
from lambdalint.model import Archive, Form, Package, Role

#: The folders that Lambda's documentation gives to layers, and what lies beside them in real ones
#: (https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html, read 2026-11-21).
LAYER_FOLDERS: Final = frozenset({"python", "nodejs", "java", "ruby", "bin", "lib", "extensions"})


class Target:
    """One package with all that is known about it. ``package`` is None when the archive cannot be opened."""

    __slots__ = ("archive", "function", "layers", "package", "role")

    def __init__(
        self,
        archive: Archive,
        package: Package | None,
        function: Function,
        layers: Sequence[Target] = (),
        role: Role | None = None,
    ) -> None:
        self.archive: Final = archive
        self.package: Final = package
        self.function: Final = function
        #: The local layers, in the function's order.
        self.layers: Final = tuple(layers)
        self.role: Final = role or function.role or _role(archive, package, function)

    @property
    def path(self) -> str:
        return self.archive.path

    @property
    def unread_layers(self) -> tuple[str, ...]:
        """The layers whose content is not known: ARNs, and local ones that could not be opened."""
        arns = tuple(layer for layer in self.function.layers or () if is_arn(layer))
        return arns + tuple(layer.path for layer in self.layers if layer.package is None)


def _role(archive: Archive, package: Package | None, function: Function) -> Role:
    """A function, unless it is an image or nothing but layer folders that no handler is named for."""
    if archive.form in (Form.DOCKER, Form.OCI, Form.ROOTFS):
        return Role.IMAGE
    if package is None or function.handler is not None:
        return Role.FUNCTION
    tops = {entry.path.partition("/")[0] for entry in package.entries}
    nested = all("/" in entry.path for entry in package.files())
    # A layer has its jars in java/lib; a function that is all in lib/ is Java's.
    jars = any(entry.path.startswith("lib/") and entry.path.endswith(".jar") for entry in package.files())
    return Role.LAYER if tops and nested and tops <= LAYER_FOLDERS and not jars else Role.FUNCTION
