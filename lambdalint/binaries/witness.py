"""The child process that asks pyelftools and lief about one file after another; ``evidence`` starts it.

Neither library is meant for a stranger's files: pyelftools has endless loops in its tables of versions, lief is C++. What
comes in and goes out is framed by lengths, so that neither side waits for what does not come.
"""

from __future__ import annotations

import io
import json
import struct
import sys
from typing import IO, Any, Final

#: Bytes of memory, and seconds of CPU time.
MEMORY: Final = 512 << 20
SECONDS: Final = 10
#: Bytes of one file: as much as fits into the memory a few times over.
FILE: Final = 64 << 20
#: Bytes of one answer, and names in it.
ANSWER: Final = 1 << 20
NAMES: Final = 50

_LENGTH: Final = struct.Struct("<I")
_INDEX: Final = 0x7FFF


def main() -> None:
    """Answer questions from standard input until it ends."""
    _limit()
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    while (question := received(source)) is not None:
        text = json.dumps(_answer(json.loads(question), _file(source))).encode()
        send(answers, text if len(text) <= ANSWER else b"null")


def send(stream: IO[bytes], content: bytes) -> None:
    """Write one frame."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def received(stream: IO[bytes], most: int = ANSWER) -> bytes | None:
    """Read one frame. None: the stream ends, or what comes is longer than ``most``."""
    start = stream.read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(start)
    if size > most:
        return None
    content = stream.read(size)
    return content if len(content) == size else None


def _file(source: IO[bytes]) -> bytes:
    """Read a file: frames up to an empty one."""
    content = bytearray()
    while chunk := received(source, FILE):
        content += chunk
    return bytes(content)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; whoever started us limits our time
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, most in limits.items():
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):  # macOS refuses some; a stricter one may hold already
            continue


def _answer(question: dict[str, str], content: bytes) -> object:
    if question["about"] == "symbols":
        return _symbols(content, question["library"], question["version"])
    return _slices(content)


def _symbols(content: bytes, library: str, version: str) -> object:
    """Return the names that a version is needed for, and how many there are."""
    from elftools.elf.elffile import ELFFile
    from elftools.elf.gnuversions import GNUVerNeedSection, GNUVerSymSection

    elf = ELFFile(io.BytesIO(content))
    sections = list(elf.iter_sections())
    wanted = {
        auxiliary["vna_other"] & _INDEX
        for section in sections
        if isinstance(section, GNUVerNeedSection)
        for need, auxiliaries in section.iter_versions()
        for auxiliary in auxiliaries
        if need.name == library and auxiliary.name == version
    }
    names = {
        symbol.name
        for section in sections
        if isinstance(section, GNUVerSymSection)
        for symbol in section.iter_symbols()
        if isinstance(symbol["ndx"], int) and symbol["ndx"] & _INDEX in wanted
    }
    return {"names": sorted(names)[:NAMES], "count": len(names)}


def _slices(content: bytes) -> list[dict[str, Any]]:
    """Return what each part of a file of macOS or Windows is built for."""
    import lief

    lief.logging.disable()
    stream = io.BytesIO(content)
    if content.startswith(b"MZ"):
        pe = lief.PE.parse(stream)
        return [] if pe is None else [_pe(pe)]
    fat = lief.MachO.parse(stream)  # its slices die with it, and the process with the next look at one
    return [] if fat is None else [_mach(binary) for binary in fat]


def _pe(pe: Any) -> dict[str, Any]:
    return {
        "system": "Windows",
        "release": None,
        "cpu": pe.header.machine.name.lower(),
        "libraries": [library.name for library in pe.imports][:NAMES],
    }


def _mach(binary: Any) -> dict[str, Any]:
    system, release = "macOS", None
    if binary.build_version is not None:
        system = binary.build_version.platform.name.replace("MACOS", "macOS")
        release = binary.build_version.minos
    elif binary.version_min is not None:
        release = binary.version_min.version
    return {
        "system": system,
        "release": None if release is None else ".".join(map(str, release)).removesuffix(".0"),
        "cpu": binary.header.cpu_type.name.lower(),
        "libraries": [library.name for library in binary.libraries][:NAMES],
    }
