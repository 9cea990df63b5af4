"""Paths and what is known of their functions to targets: everything is checked before anything is opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import Probe, keep
from lambdalint.book import BadSettings
from lambdalint.function import Function, is_arn
from lambdalint.model import Archive, Lacking, NotApplicable, Package, Role, UnreadablePackage
from lambdalint.readers import open_packages
from lambdalint.readers.gate import NotAFile, check
from lambdalint.target import Target

if TYPE_CHECKING:
    from lambdalint.readers.layer_cache import LayerCache


class Targets:
    """The packages of one run with their functions. Each is opened when its turn comes; a layer of several functions only once."""

    def __init__(self, packages: Sequence[tuple[str, Function]], *, verify: bool = True, cache_dir: str | None = None) -> None:
        """Check every path. Raises BadSettings.

        ``verify``: whether the digests of images are computed; ``cache_dir``: where their layers' facts are remembered.
        """
        self._packages: Final = packages
        self._verify: Final = verify
        self._layers: Final[dict[str, Target]] = {}
        layers = [layer for _, function in packages for layer in function.layers or () if not is_arn(layer)]
        #: Every file and directory that will be read; standard input is none.
        self.paths: Final = [path for path in dict.fromkeys([*(path for path, _ in packages), *layers]) if path != "-"]
        for path in self.paths:
            _refuse_unless_readable(path)
        self._cache: Final = None if cache_dir is None else _cache(cache_dir)

    def __iter__(self) -> Iterator[Target]:
        for path, function in self._packages:
            layers = [self._layer(layer) for layer in function.layers or () if not is_arn(layer)]
            for archive, package in self._open(path, function.architectures):
                yield Target(archive, package, function, layers)
            self.remember()  # all was judged, and more of it is known

    def remember(self) -> None:
        """Write what is known by now of layers to the cache, if there is one."""
        if self._cache is not None:
            self._cache.flush()

    def _layer(self, path: str) -> Target:
        if path not in self._layers:
            self._layers[path] = Target(*self._open(path, None)[0], Function(), role=Role.LAYER)
        return self._layers[path]

    def _open(self, path: str, architectures: Sequence[str] | None) -> list[tuple[Archive, Package | None]]:
        """Return all that a path names: one package, or each image of an archive. Raises BadSettings."""
        architecture = architectures[0] if architectures else None
        probe = Probe()
        try:
            found = open_packages(
                path, probe=probe, keep=keep, architecture=architecture, verify=self._verify, memory=probe, cache=self._cache
            )
        except NotAFile as error:  # it was a file a moment ago, or it is standard input
            raise BadSettings(str(error)) from None
        return [(one.archive, None if isinstance(one, UnreadablePackage) else one) for one in found]


def demand(target: Target, facts: Sequence[str]) -> None:
    """Raise BadSettings when one of these facts is lacking. One that this form cannot have is not."""
    from lambdalint.engine import Judge
    from lambdalint.facts import Facts

    known = Facts(target, today=Judge().today, verify=False)
    for name in facts:
        try:
            known.get("runtime_name" if name == "runtime" else name)
        except Lacking as lacking:
            told = f": give {lacking.option}" if lacking.option else ""
            raise BadSettings(f"{target.path}: --require {name}, but {lacking.what} is not known{told}") from None
        except NotApplicable:
            continue


def _cache(folder: str) -> LayerCache:
    from lambdalint.readers.layer_cache import LayerCache

    try:
        return LayerCache(folder)
    except NotAFile as error:
        raise BadSettings(f"the cache directory {error}") from None


def _refuse_unless_readable(path: str) -> None:
    try:
        check(path)
    except NotAFile as error:
        raise BadSettings(str(error)) from None
