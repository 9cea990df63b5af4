"""Packages of npm that are compiled when they are installed, and were not: ``npm install --ignore-scripts``, or a pruned build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import guards, sources
from lambdalint.binaries.commands import npm_rebuild
from lambdalint.binaries.npm import brings_addon, npm_name, npm_owner, npm_package
from lambdalint.binaries.platforms import is_not_for_linux
from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Aws, Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.needs import Needs

#: What an addon is looked for by: a package whose loaded files have none of these was not seen to want one.
_WANTS: Final = re.compile(rb"\brequire\(\s*['\"`](node-gyp-build[\w-]*|bindings|@mapbox/node-pre-gyp|[^'\"`\n]*\.node)['\"`]")
#: Those seen to load without their addon that throw where they are used; the others do their work without.
_FAIL_LATER: Final = frozenset({"better-sqlite3"})


def unbuilt(filesystem: Filesystem, needs: Needs, wanted: Wanted) -> Iterator[Hit]:
    """Yield a hit for each package that is surely loaded, has sources of an addon and no addon."""
    folders = dict.fromkeys(folder for path in needs.order if (folder := npm_package(path)) is not None)
    # What comes in parts for single platforms has its sources too, for the others, and is judged by its parts.
    in_parts = {family.folder for family in needs.families.all}
    for folder in folders:
        if folder in in_parts:
            continue
        node = filesystem.file(f"{folder}/binding.gyp")
        if node is None or brings_addon(filesystem, folder) or is_not_for_linux(filesystem, folder):
            continue
        if npm_name(folder) in guards.NPM_WORK_WITHOUT - _FAIL_LATER:
            continue
        loader = _loader(filesystem, folder)
        sure = needs.fails_without(folder)
        if loader is None or (not sure and guards.tries_addon(filesystem, folder)):
            continue
        yield _hit(filesystem, node, folder, loader, wanted, sure=sure)


def _loader(filesystem: Filesystem, folder: str) -> str | None:
    """Return what a package looks for its addon by. None: nothing was seen to."""
    for text in sources.below(filesystem, folder, (".js", ".cjs", ".mjs")):
        match = _WANTS.search(text)
        if match is not None:
            return match[1].decode(errors="replace")
    return None


def _hit(filesystem: Filesystem, node: Node, folder: str, loader: str, wanted: Wanted, *, sure: bool) -> Hit:
    owner = npm_owner(filesystem, folder)
    message = f"{owner} was not compiled: it has a binding.gyp and no addon"
    if not sure:
        message += "; it may load without, and fail where it is used"
    fix = f"{npm_rebuild(owner, wanted, image=filesystem.is_whole)}\nwithout --ignore-scripts, also in .npmrc"
    assert node.entry is not None
    return Hit(
        node.entry, message, severity=None if sure else Severity.WARNING, aws=_text(loader) if sure else None,
        fix=fix,
    )  # fmt: skip


def _text(loader: str) -> Aws:
    if loader == "bindings":
        return Aws("Error", "Could not locate the bindings file. Tried:")
    if loader.startswith("node-gyp-build"):
        return Aws("Error", "No native build was found for platform=linux")
    return Aws("Error", f"Cannot find module '{loader}'")
