"""What native code would miss when the function moves from Amazon Linux 2 to Amazon Linux 2023."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint.aws.libraries import environment
from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.binaries.natives import Native, listed
from lambdalint.model import Hit

if TYPE_CHECKING:
    from lambdalint.binaries.linkage import Links


def breaks(links: Links) -> Iterator[Hit]:
    """Yield a hit for each distribution that needs a library which the runtime has and its successor on AL2023 has not."""
    slots, linker = links.slots, links.linker
    runtime = slots.wanted.runtime
    if runtime is None or runtime.os != "AL2" or slots.natives.filesystem.is_whole:
        return  # an image brings its own libraries, to whichever base it moves
    successor = RUNTIMES.get(runtime.successor or "")
    name = successor.name if successor is not None and successor.os == "AL2023" else None
    later = environment("AL2023", name, slots.wanted.architecture)
    groups: dict[object, dict[str, Native]] = {}
    for native, reached in links.reached.values():
        for soname in native.elf.needed if native.elf is not None else ():
            if not linker.holds(soname) and linker.environment.has(soname) is True and later.has(soname) is False:
                groups.setdefault(slots.owner(reached[0]), {}).setdefault(soname, native)
    for owner, found in groups.items():
        where = f"Amazon Linux 2023 ({name})" if name else "Amazon Linux 2023"
        yield Hit(
            listed(list(dict.fromkeys(found.values()))),
            f"{owner} needs {', '.join(sorted(found))}, which {runtime.name} has and {where} has not",
        )
    links.demand_all()
