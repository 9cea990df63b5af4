"""Makes the zips in fixtures/packages from the recipes beside them, so that everyone sees where they come from.

``python -m tools.packages`` writes them, ``--check`` only tells whether they are as they should be.
"""

from __future__ import annotations

import glob
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from typing import Final

from tests.build import Recipe

ROOT: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER: Final = os.path.join(ROOT, "fixtures", "packages")


def made() -> Iterator[tuple[str, bytes]]:
    """Yield the path of each zip that has a recipe, with the bytes that it should have."""
    for path in sorted(glob.glob(os.path.join(FOLDER, "*", "recipe.toml"))):
        with open(path, "rb") as file:
            table = tomllib.load(file)
        for item in table.get("files", ()):  # stored, since each zlib deflates a little differently
            item.setdefault("header", {}).setdefault("method", 0)
        yield os.path.join(os.path.dirname(path), "function.zip"), Recipe(table, path).zip()


def main(arguments: Sequence[str]) -> int:
    """Write the zips, or check them and return 1 when one is stale."""
    stale = False
    for path, data in made():
        if os.path.exists(path):
            with open(path, "rb") as file:
                if file.read() == data:
                    continue
        stale = True
        if "--check" in arguments:
            print(f"{os.path.relpath(path, ROOT)}: not what its recipe makes, run python -m tools.packages")
            continue
        with open(path, "wb") as file:
            file.write(data)
    return int(stale and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
