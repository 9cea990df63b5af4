"""Ruby's extensions: one slot for each gem, which RubyGems or its own code loads when the gem is required."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.binaries.commands import DOCKER_CPUS
from lambdalint.binaries.fit import Wanted
from lambdalint.binaries.natives import Native, Natives, listed
from lambdalint.binaries.slots import Loader, Member, Slot
from lambdalint.filesystem import Filesystem
from lambdalint.model import Aws, Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.judgement import Slots

#: A gem's folder, or that of its compiled extension, below a place that holds gems for one version of Ruby.
_GEM: Final = re.compile(r"^(.*/(?:vendor/bundle/ruby|ruby/gems)/(\d+\.\d+\.\d+))/(?:gems|extensions/[^/]+/[^/]+)/([^/]+)/(.+)$")
#: ``nokogiri-1.16.2-x86_64-linux-gnu``: the name, the version, the platform.
_FULL_NAME: Final = re.compile(r"^(.+?)-(\d[\w.]*)(?:-([\w.-]+))?$")
_SUFFIXES: Final = (".so", ".bundle")
#: Gems whose first file requires the extension, with nothing else to go on with (by their lib/ on https://rubygems.org, 2026-11).
_FAIL_WITHOUT: Final = frozenset({
    "bcrypt", "ffi", "ed25519", "hiredis", "mysql2", "nokogiri", "oj", "pg", "rbnacl", "redcarpet", "rmagick", "ruby-oci8", "sassc",
    "snappy", "sqlite3", "tiny_tds", "trilogy", "unf_ext", "yajl-ruby",
})  # fmt: skip


def gem_slots(natives: Natives, wanted: Wanted) -> Iterator[Slot]:
    """Group the extensions of gems for the runtime's version of Ruby; builds of one gem for several platforms fill the same slot."""
    abi = "" if wanted.runtime is None else f"{wanted.runtime.version}.0"
    groups: dict[tuple[str, str, str], list[Native]] = {}
    for native in natives.all:
        place = _GEM.match(native.path)
        name = None if place is None else _FULL_NAME.match(place[3])
        if place is None or name is None or place[2] != abi or not native.name.endswith(_SUFFIXES) or _is_for_other(place[4], abi):
            continue
        groups.setdefault((place[1], name[1], name[2]), []).append(native)
    for (root, gem, version), members in groups.items():
        misfits = [wanted.addon(native) for native in members]
        yield Slot(Loader.RUBY, f"{gem} {version}", f"{root}/gems/{gem}-{version}", members, misfits)


def _is_for_other(inner: str, abi: str) -> bool:
    """Tell whether a file lies in a folder for another version: a gem that brings its extension has one for each of several."""
    minor = re.search(r"(?:^|/)(\d\.\d)/[^/]+$", inner)
    return minor is not None and f"{minor[1]}.0" != abi


class Compiled:
    """For which platforms the gems were compiled where they are installed, by the folders that RubyGems keeps of that."""

    __slots__ = ("_files", "_platforms")

    def __init__(self, filesystem: Filesystem) -> None:
        self._files: Final = filesystem
        self._platforms: Final[dict[str, dict[str, list[str]]]] = {}

    def platforms(self, slot: Slot) -> list[str]:
        """Return the platforms, ``x86_64-linux``; empty when the gem brings what is compiled, or is not there."""
        root, _, folder = slot.owner.rpartition("/gems/")
        if root not in self._platforms:
            found = self._platforms[root] = {}
            for node in self._files.walk(f"{root}/extensions"):
                if node.name == "gem.build_complete":
                    platform, _, rest = node.path.removeprefix(f"{root}/extensions/").partition("/")
                    found.setdefault(rest.removesuffix(f"/{node.name}").rpartition("/")[2], []).append(platform)
        return self._platforms[root].get(folder, [])


def is_sure(compiled: Compiled, slot: Slot, loaded: Iterable[str], machine: str | None) -> bool:
    """Tell whether a gem is surely required, and its extension with it. ``machine``: the function's, None if not told."""
    if not any(path.startswith((f"{slot.owner}/", f"{slot.owner}-")) for path in loaded):
        return False
    return slot.name.partition(" ")[0] in _FAIL_WITHOUT or _is_passed_over(compiled.platforms(slot), machine)


def _is_passed_over(platforms: Sequence[str], machine: str | None) -> bool:
    """Tell whether RubyGems ignores the gem, since it was compiled for other machines only."""
    return bool(platforms) and machine is not None and not any(one.startswith(f"{machine}-linux") for one in platforms)


def hit(slots: Slots, members: Sequence[Member]) -> Hit:
    """Return the hit for one gem."""
    slot, native, misfit = members[0]
    sure = slots.is_sure(slot)
    said = f"cannot load such file -- {slot.name.partition(' ')[0]}"
    if not any("/extensions/" in one.path for one in slot.natives) and native.name.endswith(".so"):
        said = f"{errors.not_opened(native.path)} - {native.path}"
    return Hit(
        listed([native, *(one for one in slot.natives if one is not native)]), misfit.of(slot.name),
        severity=None if sure else Severity.WARNING, aws=Aws("Init<LoadError>", said) if sure else None, fix=install(slots.wanted),
    )  # fmt: skip


def install(wanted: Wanted) -> str:
    """Return how to get the right builds of all gems."""
    image = "the runtime's image" if wanted.runtime is None else f"public.ecr.aws/lambda/ruby:{wanted.runtime.version}"
    if wanted.architecture is None:
        return f"run `bundle install` in {image}"
    return (
        f"bundle lock --add-platform {wanted.machine}-linux\n"
        f"then run `bundle install` in {image}, with `docker run --platform linux/{DOCKER_CPUS[wanted.architecture]}`"
    )
