"""What the tests of images share: bytes in, packages out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lambdalint.image import Image
from lambdalint.model import Entry, Flaw, Package, UnreadablePackage
from lambdalint.readers import open_package, open_packages


def opened(path: Path, data: bytes, **how: Any) -> Package:
    path.write_bytes(data)
    return open_package(str(path), **how)


def refused(path: Path, data: bytes) -> UnreadablePackage:
    path.write_bytes(data)
    (found,) = open_packages(str(path))
    assert isinstance(found, UnreadablePackage)
    assert found.archive.flaws
    return found


def image(package: Package) -> Image:
    assert package.image is not None
    return package.image


def entry(package: Package, path: str) -> Entry:
    found = package.get(path)
    assert found is not None
    return found


def tree(package: Package) -> dict[str, tuple[object, ...]]:
    """All that a package says of its entries, and the bytes of its files."""
    told: dict[str, tuple[object, ...]] = {}
    for one in package.entries:
        content = package.read(one, 1 << 20) if one.kind.name == "FILE" else None
        told[one.path] = (one.kind, one.mode, one.size, one.target, one.layer, content, package.contents.head(one))
    return told


def sorts(flaws: Any) -> list[type[Flaw]]:
    return [type(flaw) for flaw in flaws]
