"""Which operating system an ELF file is for: Linux is not the only one that has them."""

from __future__ import annotations

import re
from typing import Final

from lambdalint.binaries.elf import Elf

LINUX: Final = "Linux"

#: EI_OSABI (https://www.sco.com/developers/gabi/latest/ch4.eheader.html). FreeBSD's linker sets it; the others mostly do not.
_ABIS: Final = {2: "NetBSD", 6: "Solaris", 9: "FreeBSD", 12: "OpenBSD"}
_LOADERS: Final = {"/system/bin/linker": "Android", "/libexec/ld-elf.so": "FreeBSD", "/usr/libexec/ld.so": "OpenBSD"}
#: glibc's C library is libc.so.6 on every CPU that Lambda has; higher numbers are those of BSD: libc.so.7, libc.so.100.3.
_BSD: Final = re.compile(r"libc\.so\.(?:[7-9]|\d\d)")
#: What Android's linker adds to a library beside its ``libc.so``; musl has that name too, but all of the C library in it.
_BIONIC: Final = frozenset({"libdl.so", "libm.so", "liblog.so", "libandroid.so"})


def elf_system(elf: Elf) -> str:
    """Return the system that an ELF file is for, ``Linux`` unless it shows another.

    npm packages bring addons for FreeBSD and Android beside the others, for the same CPUs and without a mark in the header
    (``argon2``, ``classic-level``).
    """
    if elf.header is not None and elf.header.os_abi in _ABIS:
        return _ABIS[elf.header.os_abi]
    for loader, system in _LOADERS.items():
        if elf.interp is not None and elf.interp.startswith(loader):
            return system
    if any(name.endswith(".z.so") for name in elf.needed):
        return "OpenHarmony"
    if "libc.so" in elf.needed and not _BIONIC.isdisjoint(elf.needed):
        return "Android"
    return "BSD" if any(map(_BSD.match, elf.needed)) else LINUX
