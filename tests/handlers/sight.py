"""What a function would see of small zips that are written for a test."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.filesystem import OPT, TASK, Filesystem
from lambdalint.function import Environment, Handler
from lambdalint.handlers import Fault, Resolution, Sort, resolve
from lambdalint.readers import open_package

Tree = Mapping[str, str | bytes]


def write_zip(path: Path, tree: Tree, links: Mapping[str, str] | None = None) -> Path:
    """Write a zip as zip(1) would: files 0755, and links kept as links."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in tree.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFDIR if name.endswith("/") else stat.S_IFREG | 0o755) << 16
            archive.writestr(info, content)
        for name, target in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFLNK | 0o755) << 16
            archive.writestr(info, target)
    return path


class Sight:
    """A function's file system, with the shortest way to a verdict."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._zips = 0

    def filesystem(
        self, tree: Tree, *, links: Mapping[str, str] | None = None, layers: Sequence[Tree] = (), arns: Sequence[str] = ()
    ) -> Filesystem:
        places = [(TASK, tree, links), *((OPT, layer, None) for layer in layers)]
        mounts = []
        for place, content, linked in places:
            self._zips += 1
            mounts.append((place, open_package(str(write_zip(self._folder / f"{self._zips}.zip", content, linked)))))
        return Filesystem(mounts, arns)

    def judge(
        self, filesystem: Filesystem, runtime: str, handler: str = "app.handler", variables: Mapping[str, str] | None = None
    ) -> Resolution:
        return resolve(filesystem, Handler(handler), RUNTIMES[runtime], Environment(variables or {}))


def texts(resolution: Resolution) -> list[tuple[Sort, str]]:
    return [(fault.sort, fault.hit.message) for fault in resolution.faults]


def unsure(resolution: Resolution) -> list[tuple[Sort, str]]:
    return [(sort, lacking.what) for sort, lacking in resolution.unsure]


def only(resolution: Resolution) -> Fault:
    """The one fault there is."""
    assert len(resolution.faults) == 1, texts(resolution)
    return resolution.faults[0]


def paths(fault: Fault) -> list[str]:
    return [place if isinstance(place, str) else place.path for place in fault.hit.places]


def aws(fault: Fault) -> tuple[str | None, str]:
    said = fault.hit.aws
    assert said is not None
    return said.code, said.message
