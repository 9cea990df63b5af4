"""Tells whether the package has the query engine that Prisma looks for on Lambda."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.binaries.sources import text
from lambdalint.filesystem import Filesystem, Node
from lambdalint.model import Aws, Entry, Hit, Lacking, Phase, Severity

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
#: What the client says that stands for the generated one until ``prisma generate`` is run
#: (https://github.com/prisma/prisma, packages/client/src/scripts/default-index.ts).
_STUB: Final = b"@prisma/client did not initialize yet"
_SAID: Final = '@prisma/client did not initialize yet. Please run "prisma generate" and try to import it again.'
#: A client that is made in the first column, as the code loads; and one that is made elsewhere.
_MADE: Final = re.compile(
    rb"^(?:(?:export )?(?:const|let|var) \w+(?: ?= ?\w+)* ?=|[\w.]+ ?=)(?![^\n]*(?:=>|\bfunction\b))[^\n]*?\bnew [\w.$]*PrismaClient\b",
    re.MULTILINE,
)
_LATER: Final = re.compile(rb"\bnew [\w.$]*PrismaClient\b")


def target(system: str | None, architecture: str | None) -> str | None:
    """Return Prisma's name for a system and CPU of Lambda's. None: not told, or it has none."""
    return _TARGETS.get((system or "", architecture or ""))


def ungenerated(filesystem: Filesystem, loaded: Sequence[str]) -> Iterator[Hit]:
    """Yield a hit when the client that is surely loaded was never generated, and something makes one."""
    stubs = [path for path in loaded if "/.prisma/client/" in path and _STUB in text(filesystem, path)]
    makers = [found for path in loaded if "/node_modules/" not in path and _LATER.search(found := text(filesystem, path))]
    stub = filesystem.find(stubs[0]) if stubs and makers else None
    if not isinstance(stub, Node) or stub.entry is None:
        return
    sure = any(map(_MADE.search, makers))
    yield Hit(
        stub.entry, "Prisma's client was not generated: what stands in its place throws where one is made",
        severity=None if sure else Severity.WARNING, phase=None if sure else Phase.INVOKE, aws=Aws("Error", _SAID),
        fix="npx prisma generate, then zip node_modules/.prisma with the rest",
    )  # fmt: skip


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
