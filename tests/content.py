"""What a recipe says of a file's bytes: text, hex, an ELF file, a zip in the zip, many zeros."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.elfwriter import Elf

CHUNK: Final = 1 << 20


class BadRecipe(Exception):  # noqa: N818 - as in BadSettings
    """A recipe that says something nobody reads, or contradicts itself."""


def only(table: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    """Raise BadRecipe when a table has a key that means nothing: a silent typo would prove nothing."""
    if table.keys() - known:
        raise BadRecipe(f"{where}: no such key: {', '.join(sorted(table.keys() - known))}")


class Content:
    """Bytes of a file: some that are written out, then zeros."""

    KEYS: Final = frozenset({"text", "base64", "hex", "repeat", "join", "elf", "zip", "zeros"})

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        given = [key for key in _MAKERS if key in table]
        if len(given) > 1:
            raise BadRecipe(f"{where}: {' and '.join(given)} say the same thing")
        self.data: Final = _MAKERS[given[0]](table[given[0]], where) if given else b""
        self.zeros: Final[int] = table.get("zeros", 0)

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; never more than a chunk of zeros at once."""
        if self.data:
            yield self.data
        block = bytes(min(CHUNK, self.zeros))
        for start in range(0, self.zeros, CHUNK):
            yield block[: min(CHUNK, self.zeros - start)]


def _text(value: Any, where: str) -> bytes:
    text: str = value
    return text.encode()


def _base64(value: Any, where: str) -> bytes:
    return base64.b64decode(value)


def _hex(value: Any, where: str) -> bytes:
    return bytes.fromhex(value)


def _repeat(value: Any, where: str) -> bytes:
    only(value, {"text", "hex", "times"}, f"{where}: repeat")
    return Content({key: part for key, part in value.items() if key != "times"}, where).data * int(value["times"])


def _join(value: Any, where: str) -> bytes:
    return b"".join(b"".join(Content(content_of(part, where), where).chunks()) for part in value)


def _elf(value: Any, where: str) -> bytes:
    return Elf(**value).built()


def _inner_zip(value: Any, where: str) -> bytes:
    from tests.build import Recipe

    return Recipe(value, f"{where}: zip").zip()


_MAKERS: Final[dict[str, Callable[[Any, str], bytes]]] = {
    "text": _text, "base64": _base64, "hex": _hex, "repeat": _repeat, "join": _join, "elf": _elf, "zip": _inner_zip,
}  # fmt: skip


def content_of(value: Any, where: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = {"text": value} if isinstance(value, str) else value
    only(table, Content.KEYS, where)
    return table
