"""What is said of a program that an image starts and does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Aws, Hit
from lambdalint.startup import AWS_ENTRYPOINT, nearest

if TYPE_CHECKING:
    from lambdalint.startup import Startup

#: A module's name with a member's. What a program's or script's name ends with is no member.
_HANDLER: Final = re.compile(r"[A-Za-z_][\w/.-]*(?:\.|::)(?!(?:sh|bash|py|[cm]?js|rb|jar|dll|pl|php|bin|exe|out|run)$)[A-Za-z_]\w*[?!]?")


def missing(startup: Startup, filesystem: Filesystem, setting: str | None) -> Hit:
    """Return what is said of words whose first is no program in the image."""
    first = startup.words[0]
    aws = Aws(errors.INVALID_ENTRYPOINT, f"fork/exec {first}: {errors.NOT_FOUND}") if "/" in first else errors.no_bootstrap([first])
    why, fix = _why(startup, filesystem)
    if startup.entrypoint or not _HANDLER.fullmatch(first):
        return Hit(None, f"the entrypoint {first} {why}", setting=setting, aws=aws, fix=fix)
    message = f"there is no ENTRYPOINT, so that CMD's {first}, by its look a handler, is taken for a program; it {why}"
    has_script = isinstance(filesystem.find(AWS_ENTRYPOINT), Node)
    return Hit(None, message, setting=setting, aws=aws, fix=f'ENTRYPOINT ["{AWS_ENTRYPOINT}"]' if has_script else None)


def absent(followed: Startup, filesystem: Filesystem, setting: str | None) -> Hit:
    """Return what is said of a program that a shell, a script or an init starts."""
    why, fix = _why(followed, filesystem)
    return Hit(None, f"{followed.by} starts {followed.words[0]}, which {why}", setting=setting, aws=errors.exit_status(127), fix=fix)


def _why(started: Startup, filesystem: Filesystem) -> tuple[str, str | None]:
    first = started.words[0]
    where = "in the image" if "/" in first else "in any directory of the image's PATH"
    link = filesystem.find(first, follow=False) if first.startswith("/") else None
    target = link.entry.target if isinstance(link, Node) and link.entry is not None else None
    if target:
        fix = f"COPY {target}, with what it is a part of, from its stage too, or make {first} anew in the last one"
        return f"is a link to {target}, which is not {where}", fix
    near = nearest(filesystem, first)
    if near:
        return f"leads to nothing {where}; found {near}", f"begin ENTRYPOINT with {near}" if started.by is None else f"start {near}"
    return f"leads to nothing {where}", _remedy(started)


def _remedy(started: Startup) -> str:
    first, name = started.words[0], started.words[0].rpartition("/")[2]
    if " " in first.strip():
        words = ", ".join(f'"{word}"' for word in first.split())
        return f"write each word by itself: [{words}]"
    if name in ("sh", "bash", "ash") and "-c" in started.words[1:2]:
        return "write it as a JSON array, which needs no shell, or install one"
    return f"install {name} in the last stage of the Dockerfile, or name the program that does its work there"
