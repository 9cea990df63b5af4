"""What an ELF file says of itself: what it is, what it needs, and why it would not load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lambdalint.binaries.dynamic import Version
from lambdalint.binaries.faults import Fault
from lambdalint.binaries.header import Header


class Elf:
    """An ELF file. Immutable.

    Names are as their bytes say in UTF-8, others as surrogates; they are a stranger's and may hold anything but NUL.
    """

    __slots__ = (
        "executable_stack", "exports", "faults", "header", "imports", "incomplete", "interp", "is_dynamic", "is_go",
        "is_program", "needed", "provides", "rpath", "runpath", "size", "soname", "versions",
    )  # fmt: skip

    def __init__(
        self,
        header: Header | None,
        size: int,
        *,
        interp: str | None = None,
        needed: Sequence[str] = (),
        soname: str | None = None,
        rpath: str | None = None,
        runpath: str | None = None,
        versions: Sequence[Version] = (),
        provides: Sequence[str] = (),
        exports: Sequence[str] = (),
        imports: Sequence[str] = (),
        is_dynamic: bool = False,
        is_program: bool = False,
        is_go: bool = False,
        executable_stack: bool | None = None,
        faults: Sequence[Fault] = (),
        incomplete: Sequence[str] = (),
    ) -> None:
        #: None: it is cut off or contradicts itself, and ``faults`` says how.
        self.header: Final = header
        #: In bytes.
        self.size: Final = size
        #: The loader that the kernel starts it by (PT_INTERP). None: it asks for none, as libraries and static programs do.
        self.interp: Final = interp
        #: The sonames of the libraries that it needs, in its own order.
        self.needed: Final = tuple(needed)
        #: What others need it by. None: it has no such name, as most modules and all programs.
        self.soname: Final = soname
        #: Where its libraries are looked for before LD_LIBRARY_PATH, by colons, ``$ORIGIN`` not replaced; without effect
        #: when there is a ``runpath``. None: it says nothing.
        self.rpath: Final = rpath
        #: The same after LD_LIBRARY_PATH, for its own libraries only. None: it says nothing.
        self.runpath: Final = runpath
        #: The versions that it needs of its libraries.
        self.versions: Final = tuple(versions)
        #: The versions that it defines itself: ``GLIBCXX_3.4.29``.
        self.provides: Final = tuple(provides)
        #: The entrances for runtimes that it has, sorted: ``PyInit_x``, ``napi_register_module_v1``; others are not kept.
        self.exports: Final = tuple(sorted(exports))
        #: How it registers itself with Node.js, if so: ``node_module_register`` is bound to one version of V8.
        self.imports: Final = tuple(sorted(imports))
        #: Whether it has a dynamic section.
        self.is_dynamic: Final = is_dynamic
        #: Whether it is made to be executed rather than loaded by another program.
        self.is_program: Final = is_program
        #: Whether Go's linker made it.
        self.is_go: Final = is_go
        #: Whether it wants to execute its stack. None: it does not say, which is understood as yes.
        self.executable_stack: Final = executable_stack
        #: Why it would not load, or not as it should. Empty: nothing is wrong with it.
        self.faults: Final = tuple(faults)
        #: What was not looked at, as nouns, because the file has too much of it or it lies too far from where it belongs: the
        #: fields above may lack something. Empty: they lack nothing.
        self.incomplete: Final = tuple(incomplete)

    @property
    def cpu(self) -> str | None:
        """As of ``header.cpu``: ``x86_64``, ``aarch64``, ``i386`` ... None: the header cannot be read."""
        return None if self.header is None else self.header.cpu

    @property
    def type(self) -> str | None:
        """``exec``, ``dyn``, ``rel``, ``core`` ... None: the header cannot be read."""
        return None if self.header is None else self.header.type

    @property
    def is_static(self) -> bool:
        """Whether it is a program that starts without a loader and needs nothing of the system's libraries."""
        return self.is_program and self.interp is None and not self.needed

    @property
    def is_musl(self) -> bool:
        """Whether it was linked with musl's C library: on Alpine, or by musl-gcc, whose library is called ``libc.so``."""
        if self.interp is not None and "/ld-musl-" in self.interp:
            return True
        if any(name.startswith("libc.musl-") for name in self.needed):
            return True
        # Android's library has the same name, but versions.
        return "libc.so" in self.needed and not any(version.library == "libc.so" for version in self.versions)

    def __repr__(self) -> str:
        return f"Elf({self.cpu}, {self.type}, {self.size:,} bytes)"
