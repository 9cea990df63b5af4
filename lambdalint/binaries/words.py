"""What a package of npm says when it finds no part of itself for the platform: the words are in its own sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries.commands import NPM_CPUS
from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Aws, Lacking

if TYPE_CHECKING:
    from lambdalint.binaries.platforms import Family

_SIZE: Final = 1 << 18
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
    texts = [_text(filesystem, path) for path in loaded] + ([_SHARP] if family.owner.name == "sharp" else [])
    for mark, words in _SAID:
        if ("{cpu}" not in words or architecture in NPM_CPUS) and any(mark in text for text in texts):
            return Aws("Error", words.format(part=part, name=family.owner.name, cpu=NPM_CPUS.get(architecture or "", "")))
    return Aws("Error", f"Cannot find module '{part}'")


def _text(filesystem: Filesystem, path: str) -> bytes:
    node = filesystem.find(path)
    if not isinstance(node, Node) or node.entry is None or node.entry.size > _SIZE:
        return b""
    try:
        return filesystem.read(node, _SIZE).replace(b"\r\n", b"\n")
    except Lacking:
        return b""
