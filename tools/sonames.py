"""Write ``lambdalint/aws/sonames.py``, the libraries that Lambda's environments hold, from what a function inside Lambda listed.

    git clone https://github.com/shogo82148/docker-lambda
    python tools/sonames.py docker-lambda --as-of 2026-08-21

The source's weekly job runs a function of each runtime, which walks the file system and commits the list when it changed:
``dockerfiles/base*/fs-<arch>.txt`` the operating systems, ``dockerfiles/<runtime>/fs-<arch>.txt`` what a runtime adds.
``--as-of`` is the day of the checkout's newest commit. What the lists cannot tell (which names are worth an error, what only
the base images hold, what is there for the package manager alone) is kept as it stands, and is edited by hand.

``--check`` writes nothing: each difference is a line, and the exit code is 1 when there is one. Without a checkout it tells
whether the module is as this program writes it.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from lambdalint.aws import sonames
from lambdalint.aws.runtimes import RUNTIMES

MODULE: Final = Path(sonames.__file__)
ARCHITECTURES: Final = ("x86_64", "arm64")

#: The folder of each operating system; those of runtimes have their names.
_SYSTEMS: Final = {"base": "AL1", "base.al2": "AL2", "base.al2023": "AL2023"}
#: The directories that the loader looks in, and arm64's loader itself, which lies in none of them.
_PLACE: Final = re.compile(
    r"(?:(?:usr/)?lib64/|var/lang/lib/|var/runtime/(?:lib/)?|(?:usr/)?lib/(?=ld-))(?P<name>[^/.][^/]*\.so(?:\.\w+)*)"
)
_LIBSTDCXX: Final = re.compile(r"libstdc\+\+\.so\.(\d+\.\d+\.\d+)")
#: ``libx.so.1.2.3`` where there is a ``libx.so.1``, ``libx-1.2.so`` where there is a ``libx.so``: files that links lead to.
_FULL: Final = re.compile(r"(.+\.so\.\d+)\.\w[\w.]*")
_RELEASE: Final = re.compile(r"(.+?)-[\d.-]+(\.so)(?:\.\w+)*")

#: Names by architecture: ``both``, ``x86_64`` or ``arm64``.
Names = Mapping[str, frozenset[str]]


class Tables:
    """What the module holds."""

    def __init__(
        self,
        as_of: str,
        present: Mapping[str, Names],
        runtimes: Mapping[str, Names],
        watched: Iterable[str],
        image_only: Mapping[str, Iterable[str]],
        package_manager: Mapping[str, Iterable[str]],
        libstdcxx: Mapping[str, str],
    ) -> None:
        self.as_of: Final = as_of
        self.present: Final = present
        self.runtimes: Final = runtimes
        self.watched: Final = frozenset(watched)
        self.image_only: Final = {system: frozenset(names) for system, names in image_only.items()}
        self.package_manager: Final = {system: frozenset(names) for system, names in package_manager.items()}
        self.libstdcxx: Final = libstdcxx


def current() -> Tables:
    """Return what the module holds now."""
    split = {system: {arch: frozenset(text.split()) for arch, text in names.items()} for system, names in sonames.PRESENT.items()}
    extra = {name: {arch: frozenset(text.split()) for arch, text in names.items()} for name, names in sonames.RUNTIMES.items()}
    return Tables(
        sonames.AS_OF,
        split,
        extra,
        sonames.WATCHED.split(),
        {system: text.split() for system, text in sonames.IMAGE_ONLY.items()},
        {system: text.split() for system, text in sonames.PACKAGE_MANAGER.items()},
        sonames.LIBSTDCXX,
    )


def read(checkout: Path, as_of: str, kept: Tables) -> Tables:
    """Return what a checkout lists, and the rest as kept. A system or runtime that is no longer listed is kept too."""
    folders = checkout / "dockerfiles"
    present, runtimes, libstdcxx = dict(kept.present), dict(kept.runtimes), dict(kept.libstdcxx)
    for folder in sorted(folders.iterdir()):
        name = _SYSTEMS.get(folder.name, folder.name)
        found = {arch: _names(folder / f"fs-{arch}.txt") for arch in ARCHITECTURES if (folder / f"fs-{arch}.txt").is_file()}
        if not found or (name == folder.name and name not in RUNTIMES):
            continue
        names = {arch: frozenset(name for name in all_ if not _is_target(name, all_)) for arch, all_ in found.items()}
        both = frozenset.intersection(*names.values())
        (runtimes if name in RUNTIMES else present)[name] = {"both": both} | {arch: own - both for arch, own in names.items()}
        versions = {match[1] for match in map(_LIBSTDCXX.fullmatch, frozenset.union(*found.values())) if match}
        if versions:
            libstdcxx[name] = min(versions, key=lambda version: [int(number) for number in version.split(".")])
    return Tables(as_of, present, runtimes, kept.watched, kept.image_only, kept.package_manager, libstdcxx)


def _names(listing: Path) -> frozenset[str]:
    """Return the names of the libraries where a loader looks, among the paths of one listing."""
    matches = map(_PLACE.fullmatch, listing.read_text(encoding="utf-8").splitlines())
    return frozenset(match["name"] for match in matches if match)


def _is_target(name: str, names: frozenset[str]) -> bool:
    full, release = _FULL.fullmatch(name), _RELEASE.fullmatch(name)
    if full and full[1] in names:
        return True
    return release is not None and any(re.fullmatch(re.escape(release[1] + release[2]) + r"(\.\w+)*", other) for other in names)


_HEAD: Final = '''"""The names of the shared libraries in Lambda's environments. Written by ``tools/sonames.py``, which says from what.

``lambdalint.aws.libraries`` knows what the tables mean, and loads them when a package has native code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: The day of which the tables speak.
AS_OF: Final = "{as_of}"
'''
_TWO_LEVELS: Final = ": Final[Mapping[str, Mapping[str, str]]]"
_ONE_LEVEL: Final = ": Final[Mapping[str, str]]"


def written(tables: Tables) -> str:
    """Return the module's text."""
    rows = (
        (
            "Names in the directories that the loader looks in, by operating system, for both CPUs or one.",
            "PRESENT" + _TWO_LEVELS,
            _nested(tables.present),
        ),
        (
            "What a runtime adds in /var/lang/lib, /var/runtime and /var/runtime/lib. One that is not here was never listed.",
            "RUNTIMES" + _TWO_LEVELS,
            _nested(tables.runtimes),
        ),
        (
            "In the base image of an operating system, and not in its managed runtimes.",
            "IMAGE_ONLY" + _ONE_LEVEL,
            _flat(tables.image_only),
        ),
        (
            "There for the system's package manager alone, so that AWS may leave them out one day.",
            "PACKAGE_MANAGER" + _ONE_LEVEL,
            _flat(tables.package_manager),
        ),
        (
            "Names that packages are known to need: those of them that an environment does not have are surely absent there.",
            "WATCHED: Final",
            _text(tables.watched),
        ),
        (
            "The release of libstdc++: of an operating system, and of a runtime that has its own, which the loader finds first.",
            "LIBSTDCXX" + _ONE_LEVEL,
            _versions(tables.libstdcxx),
        ),
    )
    return _HEAD.format(as_of=tables.as_of) + "".join(f"\n#: {comment}\n{name} = {value}\n" for comment, name, value in rows)


def _nested(table: Mapping[str, Names]) -> str:
    rows = []
    for name in sorted(table, key=_order):
        names = table[name]
        inner = ", ".join(f'"{arch}": {_text(names[arch])}' for arch in ("both", *ARCHITECTURES) if names.get(arch))
        rows.append(f'    "{name}": {{{inner}}},\n')
    return "{\n" + "".join(rows) + "}"


def _order(name: str) -> int:
    """Return where a runtime stands in AWS's table, in which versions are in order; systems are in order here."""
    return list(RUNTIMES).index(name) if name in RUNTIMES else -1


def _flat(table: Mapping[str, frozenset[str]]) -> str:
    return "{\n" + "".join(f'    "{name}": {_text(names)},\n' for name, names in table.items()) + "}"


def _versions(table: Mapping[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": "{version}"' for name, version in table.items()) + "}"


def _text(names: Iterable[str]) -> str:
    text = " ".join(sorted(names))
    if len(text) < 80:
        return f'"{text}"'
    return '"""\n' + textwrap.fill(text, 130, break_long_words=False, break_on_hyphens=False) + '\n"""'


def differences(old: Tables, new: Tables) -> Iterator[str]:
    """Yield what one set of tables has and the other has not, as lines."""
    for before, after in ((old.present, new.present), (old.runtimes, new.runtimes)):
        for name in sorted(before.keys() | after.keys()):
            for arch in ("both", *ARCHITECTURES):
                here = before.get(name, {}).get(arch, frozenset())
                there = after.get(name, {}).get(arch, frozenset())
                yield from (f"{name}, {arch}: {library} has gone" for library in sorted(here - there))
                yield from (f"{name}, {arch}: {library} is new" for library in sorted(there - here))
    for name in sorted(old.libstdcxx.keys() | new.libstdcxx.keys()):
        was, now = old.libstdcxx.get(name), new.libstdcxx.get(name)
        if was != now:
            yield f"{name}: libstdc++ was {was}, is {now}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the table of shared libraries in Lambda's environments.")
    parser.add_argument("checkout", type=Path, nargs="?", help="of github.com/shogo82148/docker-lambda")
    parser.add_argument("--as-of", help="the day of its newest commit")
    parser.add_argument("--check", action="store_true", help="say what would change, and write nothing")
    options = parser.parse_args()
    if (options.checkout is None) != (options.as_of is None):
        parser.error("a checkout and --as-of go together")
    old = new = current()
    if options.checkout:
        new = read(options.checkout, options.as_of, old)
    lines = list(differences(old, new))
    text = written(new)
    if not options.checkout and text != MODULE.read_text(encoding="utf-8"):
        lines.append(f"{MODULE.name} is not as this program writes it")
    for line in lines:
        print(line)
    if not options.check:
        MODULE.write_text(text, encoding="utf-8", newline="\n")
    return 1 if lines and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
