"""The commands that get the right build of a package: what a finding's fix says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.owners import Owner
    from lambdalint.filesystem import Filesystem

#: Lambda's words for CPUs in those of npm.
NPM_CPUS: Final = {"x86_64": "x64", "arm64": "arm64"}
#: The same in those of Docker.
DOCKER_CPUS: Final = {"x86_64": "amd64", "arm64": "arm64"}
#: The glibc of wheels beside manylinux2014, whose own is 2.17, that popular packages are built for and nothing older: polars for
#: aarch64 and pandas have 2.24, numpy and pyarrow 2.28 (files of PyPI, read 2026-11-21).
_USUAL: Final = frozenset({24, 28})
_MACHINE: Final = re.compile(r"linux\w*_(x86_64|aarch64)\b")
_GLIBC: Final = re.compile(r"manylinux_2_(\d{1,3})_")


def pip_command(
    owner: Owner, wanted: Wanted, *, tags: str = "", machine: str | None = None, folder: str = ".", beside: Iterable[Owner] = (),
    older: bool = False,
) -> str:  # fmt: skip
    """Return the command that installs the right build over what is there. Empty: the CPU or the version of Python is not known.

    ``tags``: what the wheel says that it is for, since the right one mostly has the same glibc. ``machine``: the CPU of what is there,
    which counts where the function's is not told. ``beside``: distributions with files in the same folders, which pip deletes whole
    before it installs. ``older``: this version has no fitting build.
    """
    machine = wanted.machine or machine or _machine(tags)
    if machine is None or wanted.minor is None:
        return ""
    newest = int((wanted.glibc or "2.17").partition(".")[2])
    numbers = sorted(number for number in {*_USUAL, *map(int, _GLIBC.findall(tags))} if 17 < number <= newest)
    platforms = [f"--platform manylinux{name}_{machine}" for name in ("2014", *(f"_2_{number}" for number in numbers))]
    pinned = [_pinned(owner, "<=" if older else "=="), *(_pinned(other, "==") for other in beside)]
    python = f"--only-binary=:all: --python-version 3.{wanted.minor} --implementation cp"
    return f"pip install {' '.join(platforms)} {python} --upgrade --target {shlex.quote(folder)} {' '.join(pinned)}"


def _machine(tags: str) -> str | None:
    """Return the CPU that a wheel is for by its tags. None: it is for any, or for several."""
    found = set(_MACHINE.findall(tags))
    return found.pop() if len(found) == 1 else None


def folder_of(filesystem: Filesystem, root: str) -> str:
    """Return what a folder that Python searches is called in the package or layer itself."""
    return root.removeprefix(OPT if root.startswith(f"{OPT}/") else filesystem.base).strip("/") or "."


def npm_command(owner: Owner, architecture: str) -> str:
    """Return the command that installs the right build into the project."""
    return f"npm install --os=linux --cpu={NPM_CPUS[architecture]} --libc=glibc {_pinned(owner, '@')}"


def npm_rebuild(owner: Owner, wanted: Wanted, *, image: bool = False) -> str:
    """Return the command that compiles or fetches an addon where it is to run: for one that comes in no parts, npm looks at the machine.

    AWS's build images have the runtime's Node.js, npm and compilers
    (https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-image-repositories.html, read 2026-11-21).
    """
    rebuild = f"npm rebuild {shlex.quote(owner.name)}"
    platform = DOCKER_CPUS.get(wanted.architecture or "")
    if wanted.runtime is None or platform is None or not wanted.runtime.in_api:
        return f"{rebuild} under the Node.js of the runtime"
    if image:
        return f"RUN {rebuild} in the Dockerfile, and docker build --platform linux/{platform}"
    where = f'-v "$PWD":/var/task -w /var/task public.ecr.aws/sam/build-{wanted.runtime.name}'
    return f"docker run --rm --platform linux/{platform} {where} {rebuild}"


def _pinned(owner: Owner, sign: str) -> str:
    return shlex.quote(f"{owner.name}{sign}{owner.version}" if owner.version else owner.name)
