"""Programs that do not fit, each a hit; and what is said of a program that the kernel does not start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.binaries.natives import listed
from lambdalint.binaries.reason import Reason
from lambdalint.filesystem import OPT
from lambdalint.model import Aws, Hit, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.fit import Wanted
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.natives import Native
    from lambdalint.binaries.slots import Member

#: The words for Lambda's CPUs of Go, of cargo-lambda and of .NET.
_COMPILERS: Final = {"x86_64": ("amd64", "--x86-64", "linux-x64"), "arm64": ("arm64", "--arm64", "linux-arm64")}
#: What bash says of a program that the kernel does not start.
_BY_BASH: Final = {errors.OTHER_FORMAT: "cannot execute binary file: Exec format error", errors.NOT_FOUND: "No such file or directory"}
#: CPUs of 32 bits whose programs a kernel for one of Lambda's may start too, as far as they need none of its libraries.
_NARROW: Final = frozenset({"i386", "x32", "arm"})


def hit(slots: Slots, members: Sequence[Member]) -> Hit:
    """Return the hit for one program."""
    slot, native, misfit = members[0]
    musl = misfit.reason is Reason.LIBC
    image = slots.natives.filesystem.is_whole
    fix = [_build(native, slots.wanted, image=image), *slots.turned()]
    if musl:
        fix = ["build it on Amazon Linux, or link it statically"]
    message = misfit.of("it")
    if native.path in slots.started:
        message += f"; {slots.started[native.path].script.name} starts it"
    severity = None
    if native.elf is not None and native.elf.is_static and native.elf.cpu in _NARROW:
        message += "; whether Lambda's kernel starts such programs AWS does not say"
        severity = Severity.WARNING
    aws = cannot_start(slots, native, errors.NOT_FOUND if musl else errors.OTHER_FORMAT)
    return Hit(listed(slot.natives), message, severity=severity, phase=Phase.INIT, aws=aws, fix="\n".join(filter(None, fix)) or None)


def cannot_start(slots: Slots, native: Native, cause: str) -> Aws:
    """Return what is told of a program that the kernel does not start, by Lambda itself or by the script that does."""
    filesystem, runtime = slots.natives.filesystem, slots.wanted.runtime
    is_extension = native.path.startswith(f"{OPT}/extensions/")
    if native.path in slots.started:
        started = slots.started[native.path]
        code = "Extension.Crash" if started.script.path.startswith(f"{OPT}/extensions/") else "Runtime.ExitError"
        return Aws(code, started.said(_BY_BASH[cause]))
    if native.path == slots.handed:
        return errors.exit_status(127 if cause == errors.NOT_FOUND else 126)
    own = runtime is None or runtime.family in ("provided", "custom", "go") or filesystem.is_whole
    if not own and not is_extension:
        # The wrapper, which the managed runtimes' bootstrap starts, a script of bash.
        return errors.exit_status(127 if cause == errors.NOT_FOUND else 126)
    place = "" if filesystem.is_whole else OPT if native.path.startswith(f"{OPT}/") else filesystem.base
    return errors.cannot_start(native.path.removeprefix(f"{place}/"), cause, place)


def _build(native: Native, wanted: Wanted, *, image: bool) -> str:
    """Return what builds a program for the function. Empty: the CPU is not told."""
    named = _COMPILERS.get(wanted.architecture or "")
    if named is None:
        return ""
    go, cargo, dotnet = named
    if image and native.elf is not None and not native.elf.is_go:
        return f"docker build --platform linux/{go}, or build {native.name} for {wanted.machine} Linux"
    if native.elf is not None and native.elf.is_go:
        return f"GOOS=linux GOARCH={go} go build -o {native.name} ."
    return f"build it for {wanted.machine} Linux (GOARCH={go}, cargo lambda build {cargo}, dotnet publish -r {dotnet})"
