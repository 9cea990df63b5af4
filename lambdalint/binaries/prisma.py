"""Tells whether the package has the query engine that Prisma looks for on Lambda."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import Filesystem
from lambdalint.model import Aws, Entry, Hit, Lacking

if TYPE_CHECKING:
    from lambdalint.function import Environment

#: The engine's files, as a library of Node-API or as a program, by what they are for.
_ENGINE: Final = re.compile(
    r"libquery_engine-(?P<library>.+?)\.(?:so|dylib)\.node|query_engine-windows\.dll\.node|query-engine-(?P<program>.+)"
)
#: What Prisma calls Lambda's systems, by the OpenSSL that it finds there
#: (https://www.prisma.io/docs/orm/reference/prisma-schema-reference#binarytargets-options, read 2026-11-21).
_TARGETS: Final = {
    ("AL2", "x86_64"): "rhel-openssl-1.0.x", ("AL2", "arm64"): "linux-arm64-openssl-1.0.x",
    ("AL2023", "x86_64"): "rhel-openssl-3.0.x", ("AL2023", "arm64"): "linux-arm64-openssl-3.0.x",
}  # fmt: skip
#: Variables that name the engine's file.
_NAMED: Final = ("PRISMA_QUERY_ENGINE_LIBRARY", "PRISMA_QUERY_ENGINE_BINARY")
_SIZE: Final = 1 << 16


def target(system: str | None, architecture: str | None) -> str | None:
    """Return Prisma's name for a system and CPU of Lambda's. None: not told, or it has none."""
    return _TARGETS.get((system or "", architecture or ""))


def lacking(filesystem: Filesystem, loaded: Sequence[str], wanted: str, environment: Environment) -> Iterator[Hit]:
    """Yield a hit when the generated client is surely loaded and has engines, but none for Lambda.

    A client without any engine may use a driver adapter or a proxy, which need none. Raises Lacking when a layer may have it.
    """
    clients = sorted({path.partition("/.prisma/client/")[0] for path in loaded if "/.prisma/client/" in path})
    if not clients or any(name in environment for name in _NAMED):
        return
    engines: dict[str, Entry] = {}
    for place, _ in filesystem.mounts:
        for node in filesystem.walk(place):
            match = _ENGINE.fullmatch(node.name)
            if match is not None and node.entry is not None and node.is_file:
                engines.setdefault(match["library"] or match["program"] or "windows", node.entry)
    if not engines or wanted in engines:
        return
    if filesystem.unread:
        raise Lacking(f"the content of {filesystem.unread[0]}")
    yield Hit(
        list(engines.values()),
        f"Prisma's engine is there for {', '.join(sorted(engines))}; the function needs it for {wanted}",
        aws=Aws("PrismaClientInitializationError", f'Prisma Client could not locate the Query Engine for runtime "{wanted}"'),
        fix=f'binaryTargets = ["native", "{wanted}"] in schema.prisma{_told(filesystem, clients[0])}, then npx prisma generate',
    )


def _told(filesystem: Filesystem, folder: str) -> str:
    """Return what the schema that the client was generated from says so far."""
    try:
        node = filesystem.file(f"{folder}/.prisma/client/schema.prisma")
        text = b"" if node is None else filesystem.read(node, _SIZE)
    except Lacking:
        return ""
    match = re.search(rb"^[ \t]*binaryTargets[ \t]*=[ \t]*\[([\w\", .-]{0,200})\]", text, re.MULTILINE)
    return "" if match is None else f" (now [{match[1].decode()}])"
