"""Why a module that lies in an image is not found: another Python searches its folder, or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem

_VERSION: Final = re.compile(r"/python3\.(\d+)/(?:site|dist)-packages$")


def unsearched(filesystem: Filesystem, folder: str, distribution: str, minor: int) -> tuple[str, str]:
    """Return the rest of a sentence on a module in a folder that the image's Python does not search, and what to do."""
    venv = _virtual_environment(filesystem, folder)
    if venv is not None:
        return f", which only the Python of {venv} searches", f"begin ENTRYPOINT with {venv}/bin/python"
    version = _VERSION.search(folder)
    if version is not None and int(version[1]) != minor:
        fix = f"RUN python3.{minor} -m pip install {distribution} in the Dockerfile, or start python3.{version[1]}"
        return f", which Python 3.{version[1]} searches, and the image starts 3.{minor}", fix
    shown = folder.removeprefix(f"{filesystem.base.rstrip('/')}/")
    return f", and {shown}/ is not searched", f"COPY the content of {shown}/ to {filesystem.base}"


def _virtual_environment(filesystem: Filesystem, folder: str) -> str | None:
    while folder.count("/") > 1:
        folder = folder.rpartition("/")[0]
        if filesystem.file(f"{folder}/pyvenv.cfg") is not None:
            return folder
    return None
