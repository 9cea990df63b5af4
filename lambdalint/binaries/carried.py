"""Programs that a function carries and that nothing is known to start: ffmpeg in a layer's bin/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.binaries.foreign import MachO
from lambdalint.binaries.natives import Native, listed
from lambdalint.binaries.slots import platformless
from lambdalint.filesystem import OPT
from lambdalint.model import Hit, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.reason import Reason

#: Apple's word for a program (MH_EXECUTE, mach-o/loader.h).
_EXECUTE: Final = "execute"
_CPU: Final = re.compile(r"[-_.](?:x86[-_]64|x64|amd64|arm64|aarch64)\b", re.IGNORECASE)
#: Beside a program of one's own, others are left behind by builds for one's own machine.
_COMPILED: Final = ("provided", "custom", "go")


def misfits(slots: Slots, reason: Reason) -> Iterator[Hit]:
    """Yield one hit for the programs where code would look for them that are for another CPU or system, with no twin that fits."""
    filesystem = slots.natives.filesystem
    if filesystem.is_whole:
        return  # an image's folders are its system's
    folders = [f"{OPT}/bin", f"{filesystem.base}/bin"]
    if slots.wanted.runtime is None or slots.wanted.runtime.family not in _COMPILED:
        folders += [OPT, filesystem.base]
    programs = [native for native in slots.natives.all if _is_program(native)]
    fitting = {_plain(native.name) for native in programs if slots.wanted.file(native) is None}
    astray = [
        (native, misfit)
        for native in programs
        if native.folder in folders and slots.holding(native) is None and _plain(native.name) not in fitting
        if (misfit := slots.wanted.file(native)) is not None and misfit.reason is reason
    ]
    if astray:
        native, misfit = astray[0]
        more = f" (and {len(astray) - 1:,} more)" if len(astray) > 1 else ""
        machine = slots.wanted.machine
        fix = [f"take the build for {machine} Linux" if machine else "take a build for Linux", *slots.turned()]
        yield Hit(
            listed([one for one, _ in astray]), f"{misfit.of(f'the program {native.name}{more}')}; code that starts it fails",
            severity=Severity.WARNING, phase=Phase.INVOKE, fix="\n".join(fix),
        )  # fmt: skip


def _plain(name: str) -> str:
    """Return a name without what says for which platform it is."""
    return _CPU.sub("", platformless(name))


def _is_program(native: Native) -> bool:
    if native.elf is not None:
        return native.elf.is_program and ".so" not in native.name
    return isinstance(native.what, MachO) and native.what.type == _EXECUTE
