"""What a package of npm says when it finds no part of itself for the platform: the words are in its own sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries import sources
from lambdalint.binaries.commands import NPM_CPUS
from lambdalint.filesystem import Filesystem
from lambdalint.model import Aws

if TYPE_CHECKING:
    from lambdalint.binaries.platforms import Family

#: Of what is loaded and was not seen to throw.
PERHAPS: Final = "; it may load without, and fail where it is used"
_NPM: Final = (
    "npm has a bug related to optional dependencies (https://github.com/npm/cli/issues/4828). "
    "Please try `npm i` again after removing both package-lock.json and node_modules directory."
)
_SHARP: Final = b'Could not load the "sharp" module'
#: What is in the sources, and what is said then, the closer one first (sharp 0.35, @napi-rs/cli 2 and 3, rollup 4, @parcel/watcher 2.6,
#: lmdb 3 and msgpackr-extract 3, run with another platform's part, 2026-11-21).
_SAID: Final = (
    (_SHARP, 'Could not load the "sharp" module using the linux-{cpu} runtime'),
    (b"throw loadError\n", "Cannot find module '{part}'"),
    (b"Cannot find native binding", f"Cannot find native binding. {_NPM}"),
    (b"Failed to load native binding", "Failed to load native binding"),
    (b"npm has a bug related to optional dependencies", f"Cannot find module {{part}}. {_NPM}"),
    (b"No prebuild or local build of", "No prebuild or local build of {name} found. Tried {part}."),
    (b"node-gyp-build-optional-packages", "No native build was found for platform=linux arch={cpu}"),
)


def said(filesystem: Filesystem, family: Family, loaded: Sequence[str], part: str, architecture: str | None) -> Aws:
    """Return the error of a package whose ``part`` for the function is not there. ``loaded``: its files that are."""
    # What is bundled or of another version may have its words elsewhere; sharp's are the ones that people search for.
    marks = {_SHARP} if family.owner.name == "sharp" else set()
    for text in sources.texts(filesystem, loaded):
        marks.update(mark for mark, _ in _SAID if mark in text.replace(b"\r\n", b"\n"))
    for mark, words in _SAID:
        if mark in marks and ("{cpu}" not in words or architecture in NPM_CPUS):
            return Aws("Error", words.format(part=part, name=family.owner.name, cpu=NPM_CPUS.get(architecture or "", "")))
    return Aws("Error", f"Cannot find module '{part}'")
