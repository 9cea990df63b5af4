"""Does one native file fit what would load it? The reasons why not, in the order in which they matter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.binaries.natives import MACHINES, Native
from lambdalint.binaries.reason import Reason
from lambdalint.binaries.tags import Tag, parse

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime


class Misfit:
    """A reason, with both ends in words."""

    __slots__ = ("built", "reason", "wanted")

    def __init__(self, reason: Reason, built: str, wanted: str) -> None:
        self.reason: Final = reason
        #: ``is built for`` what, ``the function is`` what.
        self.built: Final = built
        self.wanted: Final = wanted

    def of(self, owner: object) -> str:
        """Return the fact about what a file belongs to."""
        return f"{owner} is built for {self.built}, the function is {self.wanted}"

    def not_found(self, native: Native) -> str:
        """Return the file that the loader says it cannot open: one for another CPU it passes over, of one for musl it lacks the library."""
        if native.elf is None or self.reason is not Reason.LIBC:
            return native.path
        return next((name for name in native.elf.needed if "musl" in name or name == "libc.so"), native.path)


class Wanted:
    """What the function is. None: not told."""

    __slots__ = ("architecture", "libc", "runtime")

    def __init__(self, architecture: str | None, runtime: Runtime | None, libc: str | None = "glibc") -> None:
        self.architecture: Final = architecture
        self.runtime: Final = runtime
        #: ``glibc``, which Lambda's own systems have, or an image's, which may be ``musl``.
        self.libc: Final = libc

    @property
    def machine(self) -> str | None:
        return None if self.architecture is None else MACHINES[self.architecture]

    @property
    def glibc(self) -> str | None:
        """Of the runtime's system. None: not told, or the customer's own."""
        return None if self.runtime is None else self.runtime.glibc

    @property
    def minor(self) -> int | None:
        """Of Python 3. None: another language, or not told."""
        if self.runtime is None or self.runtime.family != "python" or len(self.runtime.number) != 2:
            return None
        return self.runtime.number[1]

    def file(self, native: Native) -> Misfit | None:
        """Judge system and CPU, which every native file has."""
        if native.elf is None:
            return Misfit(Reason.SYSTEM, native.built, f"{self.architecture} Linux" if self.architecture else "Linux")
        if native.elf.cpu is None:
            return None  # cut off: the rule on damaged binaries tells
        fits = native.cpu in MACHINES if self.architecture is None else native.cpu == self.architecture
        if fits:
            return None
        return Misfit(Reason.CPU, native.built, self.architecture or "x86_64 or arm64")

    def program(self, native: Native) -> Misfit | None:
        """Judge a program: the file, and the C library that it is linked with. One that needs none runs."""
        return self.file(native) or self._libc(native)

    def module(self, native: Native) -> Misfit | None:
        """Judge a Python extension module: the file, the interpreter in its name, the C library."""
        return self.file(native) or self._interpreter(native, parse(native.name)) or self._libc(native)

    def _interpreter(self, native: Native, tag: Tag | None) -> Misfit | None:
        if tag is None:
            return None
        python = f"Python 3.{self.minor}" if self.minor is not None else "CPython"
        if tag.suffix == "pyd":
            return Misfit(Reason.SYSTEM, "Windows, by its name", "Linux")
        if tag.implementation not in (None, "cpython", "abi3"):
            word = tag.implementation.partition("-")[0]
            return Misfit(Reason.INTERPRETER, re.sub(r"^pypy(\d)(\d+)$", r"PyPy \1.\2", word), python)
        if "t" in tag.flags:
            return Misfit(Reason.INTERPRETER, f"free-threaded Python 3.{tag.minor}", python)
        if tag.minor is not None and self.minor is not None and tag.minor != self.minor:
            return Misfit(Reason.INTERPRETER, f"Python 3.{tag.minor}" if tag.minor >= 0 else "Python 2", python)
        return None if tag.platform is None else self._platform(tag.platform, native)

    def _platform(self, platform: str, native: Native) -> Misfit | None:
        """Judge the platform in a module's name: Python passes over those of another C library."""
        if "musl" in platform:
            return Misfit(Reason.LIBC, "musl (Alpine)", "on glibc") if self.libc == "glibc" else None
        if self.libc == "musl" and platform.endswith("gnu") and self.minor is not None and self.minor >= _NAMED_FOR_MUSL:
            return Misfit(Reason.LIBC, "glibc, by its name", "on musl (Alpine)")
        machine = native.elf.cpu if native.elf is not None else None
        if machine is not None and platform != f"{machine}-linux-gnu":
            return Misfit(Reason.SYSTEM, f"{platform}, by its name", f"{machine}-linux-gnu")
        return None

    def _libc(self, native: Native) -> Misfit | None:
        """Judge the C library that a file was linked with.

        What needs glibc may load with musl, whose loader takes itself for it; what else such a file misses, linking tells.
        """
        if native.elf is not None and native.elf.is_musl and self.libc == "glibc":
            return Misfit(Reason.LIBC, "musl (Alpine)", "on glibc")
        return None

    def addon(self, native: Native) -> Misfit | None:
        """Judge an addon of Node.js: the file, the C library, the version of Node.js."""
        return self.file(native) or self._libc(native) or self._node(native)

    def _node(self, native: Native) -> Misfit | None:
        elf = native.elf
        if elf is None or self.runtime is None or self.runtime.family != "nodejs" or not self.runtime.number:
            return None
        if any(name.startswith("napi_register_module") for name in elf.exports):
            return None  # the interface that is the same in all versions
        versions = [int(match[1]) for name in elf.exports if (match := _REGISTER.fullmatch(name)) is not None]
        wanted = NODE_ABI.get(self.runtime.number[0])
        if not versions or wanted is None or wanted in versions:
            return None
        node = {abi: version for version, abi in NODE_ABI.items()}.get(versions[0])
        built = f"Node.js ABI {versions[0]}" + (f" (Node.js {node})" if node else "")
        return Misfit(Reason.ADDON, built, f"{self.runtime.name}, ABI {wanted}")


#: The minor version from which Python names modules for musl, and passes over those for glibc; before, both had one name
#: (https://github.com/python/cpython/issues/87278, and the wheels of MarkupSafe for musllinux, 2026-11-21).
_NAMED_FOR_MUSL: Final = 11
_REGISTER: Final = re.compile(r"node_register_module_v([0-9]{1,9})")
#: NODE_MODULE_VERSION by major version (https://nodejs.org/en/download/releases, read 2026-11-21).
NODE_ABI: Final = {
    10: 64, 12: 72, 14: 83, 16: 93, 18: 108, 20: 115, 22: 127, 24: 137,
    11: 67, 13: 79, 15: 88, 17: 102, 19: 111, 21: 120, 23: 131,
}  # fmt: skip
