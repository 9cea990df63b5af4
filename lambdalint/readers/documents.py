"""Reads manifests, indexes and configs: JSON from strangers, in which nothing needs to be what it should."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lambdalint.model import Flaw
from lambdalint.readers import gate
from lambdalint.readers.flaws import BadDocument

#: The only digests whose blobs have a path (https://github.com/opencontainers/image-spec/blob/main/descriptor.md#sha-256).
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}\Z")


class Unusable(Exception):  # noqa: N818 - the archive's fault
    """A document, or a part of one, without which nothing can be read."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__()
        self.flaw: Final = flaw


class Document:
    """A JSON object; what is of another type than it should be is noted, and taken for not said."""

    __slots__ = ("_flaws", "_table", "name", "where")

    def __init__(self, table: dict[str, object], name: str, flaws: list[Flaw], where: str = "") -> None:
        self._table: Final = table
        self.name: Final = name
        self.where: Final = where
        self._flaws: Final = flaws

    def __contains__(self, key: str) -> bool:
        return self._table.get(key) is not None

    def text(self, key: str) -> str | None:
        value = self._table.get(key)
        if isinstance(value, str):
            return value
        self._wrong(key, value, "is no text")
        return None

    def number(self, key: str) -> int | None:
        value = self._table.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self._wrong(key, value, "is no whole number")
        return None

    def texts(self, key: str) -> list[str] | None:
        value = self._table.get(key)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
        self._wrong(key, value, "is no list of texts")
        return None

    def keys(self, key: str) -> list[str]:
        """Return the names in a table."""
        value = self._table.get(key)
        if isinstance(value, dict):
            return list(value)
        self._wrong(key, value, "is no table")
        return []

    def table(self, key: str) -> Document:
        """Return a table, an empty one if there is none."""
        value = self._table.get(key)
        where = f"{self.where}{key}."
        if isinstance(value, dict):
            return Document(value, self.name, self._flaws, where)
        self._wrong(key, value, "is no table")
        return Document({}, self.name, self._flaws, where)

    def tables(self, key: str) -> list[Document] | None:
        """Return a list of tables. None: there is none."""
        value = self._table.get(key)
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            return [Document(one, self.name, self._flaws, f"{self.where}{key}[{number}].") for number, one in enumerate(value)]
        self._wrong(key, value, "is no list of tables")
        return None

    def digest(self, key: str = "digest") -> str | None:
        """Return a digest that may be used as a path."""
        value = self.text(key)
        if value is None or _DIGEST.match(value):
            return value
        self._wrong(key, value, f"is no digest that this program knows: {value[: gate.SHOWN]}")
        return None

    def digests(self, key: str) -> list[str] | None:
        """Return a list of digests. None: there is none, or it holds something else."""
        values = self.texts(key)
        if values is None or all(map(_DIGEST.match, values)):
            return values
        self._wrong(key, values, "is no list of digests that this program knows")
        return None

    def is_true(self, key: str) -> bool:
        return self._table.get(key) is True

    def bytes_of(self, keys: Sequence[str]) -> int:
        """Return the bytes of some settings as compact JSON."""
        import json

        told = {key: self._table[key] for key in keys if self._table.get(key)}
        return len(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))

    def _wrong(self, key: str, value: object, what: str) -> None:
        if value is not None:
            self._flaws.append(BadDocument(self.name, f"{self.where}{key} {what}"))


def parse(data: bytes, name: str) -> object:
    """Read JSON. Raises Unusable."""
    import json

    if len(data) > gate.DOCUMENT_BYTES:
        raise Unusable(BadDocument(name, f"has more than {gate.DOCUMENT_BYTES:,} bytes"))
    try:
        return json.loads(data)
    except RecursionError:
        raise Unusable(BadDocument(name, "nests deeper than any document does")) from None
    except ValueError as error:
        raise Unusable(BadDocument(name, f"is no JSON: {str(error)[: gate.SHOWN]}")) from None


def parse_table(data: bytes, name: str, flaws: list[Flaw]) -> Document:
    """Read a JSON object. Raises Unusable."""
    value = parse(data, name)
    if not isinstance(value, dict):
        raise Unusable(BadDocument(name, "is no JSON object"))
    return Document(value, name, flaws)


def parse_tables(data: bytes, name: str, flaws: list[Flaw]) -> list[Document]:
    """Read a JSON list of objects. Raises Unusable."""
    value = parse(data, name)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Unusable(BadDocument(name, "is no JSON list of objects"))
    return [Document(one, name, flaws, f"[{number}].") for number, one in enumerate(value)]
