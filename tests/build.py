"""A recipe, one small tree in TOML, becomes real bytes: a zip, a directory, an image, or no package at all."""

from __future__ import annotations

import base64
import gzip
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from lambdalint.model import Form
from tests import imagebuild
from tests.content import BadRecipe, Content, content_of, only
from tests.zipwriter import CENTRAL_FIELDS, DEFLATED, FIELDS, STORED, UNIX, Member, write_zip

#: The kinds of an item by the words of recipes, with the type bits of its mode.
KINDS: Final = {
    "file": stat.S_IFREG, "directory": stat.S_IFDIR, "link": stat.S_IFLNK, "fifo": stat.S_IFIFO,
    "socket": stat.S_IFSOCK, "device": stat.S_IFCHR, "block device": stat.S_IFBLK,
}  # fmt: skip
#: What of an item that stands many times may hold its number.
NUMBERED: Final = frozenset({"path", "raw", "target"})
#: What a name must not be for a directory to hold it as it is.
UNHELD: Final = (b"", b".", b"..")


class Item:
    """One member of the tree."""

    KEYS: Final = Content.KEYS - {"zip"} | {"path", "raw", "kind", "mode", "target", "header", "inner"}

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        where = f"{where}: {table.get('path', table.get('raw', 'a file without path or raw'))}"
        only(table, self.KEYS, where)
        if ("path" in table) == ("raw" in table):
            raise BadRecipe(f"{where}: a path, or the raw bytes of a name in hex")
        raw = table.get("raw")
        #: The name's bytes. ``raw`` is hex, or a content.
        self.raw: Final[bytes] = (
            table["path"].encode() if raw is None else bytes.fromhex(raw) if isinstance(raw, str) else Content(raw, where).data
        )
        self.kind: Final[str] = table.get("kind", "link" if "target" in table else "file")
        if self.kind not in KINDS:
            raise BadRecipe(f"{where}: no such kind: {self.kind}")
        said = table.get("mode", {"directory": "0755", "link": "0777"}.get(self.kind, "0644"))
        #: None: none recorded, as zips from Windows have it.
        self.mode: Final = None if said == "none" else int(said, 8)
        if "target" in table and table.keys() & Content.KEYS:
            raise BadRecipe(f"{where}: a link holds nothing but its target")
        body = {{"target": "text", "inner": "zip"}.get(key, key): value for key, value in table.items()}
        self.content: Final = Content({key: value for key, value in body.items() if key in Content.KEYS}, where)
        #: What the zip's headers say otherwise than they would.
        self.header: Final[Mapping[str, Any]] = table.get("header", {})
        only(
            self.header,
            CENTRAL_FIELDS | {"local", "descriptor", "damage", "in_body", "in_directory"},
            f"{where}: header",
        )
        only(self.header.get("local", {}), FIELDS, f"{where}: header.local")

    def member(self) -> Member:
        """Return this item as a zip has it."""
        said = {key: _bytes(key, value) for key, value in self.header.items()}
        said["local"] = {key: _bytes(key, value) for key, value in said.get("local", {}).items()}
        said.setdefault("system", 0 if self.mode is None else UNIX)
        folder = self.kind == "directory"
        method = said.pop("method", DEFLATED if self.kind == "file" else STORED)
        honest = method in (STORED, DEFLATED)
        if not honest:  # a method that we do not write: the bytes are as stored, the headers lie
            said["method"], said["local"] = method, {"method": method} | said["local"]
        mode = 0 if self.mode is None else KINDS[self.kind] | self.mode
        said.setdefault("attributes", mode << 16 | (0x10 if folder else 0))
        name = self.raw + (b"/" if folder and not self.raw.endswith(b"/") else b"")
        if honest:
            return Member(name, self.content.chunks(), method=method, **said)
        lie = said.pop("method")
        made = Member(name, self.content.chunks(), method=STORED, **said)
        made.central["method"] = lie
        return made

    def held_by_directory(self) -> bool:
        """Tell whether a directory on disk can say the same, whoever runs the tests."""
        parts = self.raw.rstrip(b"/").split(b"/")
        if self.header or self.mode is None or self.kind.endswith("device") or b"\0" in self.raw:
            return False
        needed = 0o500 if self.kind == "directory" else 0o400
        return (
            self.mode & needed == needed
            and not any(part in UNHELD for part in parts)
            and max(map(len, parts)) < 256
            and len(self.raw) < 1024
        )

    def put(self, root: bytes) -> None:
        """Make this item below a directory. Its mode is set by the caller, when everything is in place."""
        path = os.path.join(root, self.raw.rstrip(b"/"))
        os.makedirs(path if self.kind == "directory" else os.path.dirname(path), mode=0o755, exist_ok=True)
        if self.kind == "file":
            with open(path, "xb") as file:
                file.write(self.content.data)
                file.truncate(len(self.content.data) + self.content.zeros)
        elif self.kind == "link":
            os.symlink(self.content.data, path)
        elif self.kind in ("fifo", "socket"):
            os.mknod(path, KINDS[self.kind] | 0o600)

    def settle(self, root: bytes) -> None:
        """Give this item its mode."""
        if self.kind != "link":
            assert self.mode is not None
            os.chmod(os.path.join(root, self.raw.rstrip(b"/")), self.mode)


class Recipe:
    """A tree, or bytes that are none, and how a zip of it would lie."""

    KEYS: Final = frozenset({"files", "archive", "raw", "forms", "image"})
    ARCHIVE_KEYS: Final = frozenset({"prefix", "adjusted", "gap", "comment", "suffix", "zip64", "end", "keep", "drop", "patches", "wrap"})

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        only(table, self.KEYS, where)
        self.items: Final = [Item(item, where) for many in table.get("files", ()) for item in _each(many)]
        self.archive: Final[Mapping[str, Any]] = table.get("archive", {})
        only(self.archive, self.ARCHIVE_KEYS, f"{where}: archive")
        #: The whole file, which is no zip of ours. None: the items make the package.
        self.raw: Final = Content(content_of(table["raw"], where), where) if "raw" in table else None
        if self.raw is not None and (self.items or self.archive):
            raise BadRecipe(f"{where}: raw bytes hold no files")
        #: What makes it an image; its tree is the one layer, if none are listed.
        self.image: Final[Mapping[str, Any] | None] = table.get("image")
        self.image_layers: Final = [] if self.image is None else list(self._image_layers(self.image, where))
        self.said: Final = tuple(Form(form) for form in table.get("forms", ()))
        if any(form not in FORMS for form in self.said):
            raise BadRecipe(f"{where}: forms are {', '.join(form.value for form in FORMS)}")
        if Form.DIRECTORY in self.said and not self._held_by_directory():
            raise BadRecipe(f"{where}: a directory cannot hold this")

    @property
    def forms(self) -> Sequence[Form]:
        """The forms it is made in: those that were said, else all that can hold it."""
        if self.image is not None:
            return self.said or [Form.OCI, Form.DOCKER]
        return self.said or [Form.ZIP, *([Form.DIRECTORY] if self._held_by_directory() else [])]

    def _image_layers(self, image: Mapping[str, Any], where: str) -> Iterator[imagebuild.Layer]:
        only(image, imagebuild.KEYS, f"{where}: image")
        tables = image.get("layers", [{}] if self.items else [])
        for table in tables:
            only(table, imagebuild.LAYER_KEYS, f"{where}: image.layers")
            items = [Item(item, where) for many in table.get("files", ()) for item in _each(many)]
            yield imagebuild.Layer(items or self.items, table)

    def _held_by_directory(self) -> bool:
        if self.raw is not None or self.archive or not all(item.held_by_directory() for item in self.items):
            return False
        names = [item.raw.rstrip(b"/") for item in self.items]
        solid = {item.raw.rstrip(b"/") for item in self.items if item.kind != "directory"}
        above = {b"/".join(name.split(b"/")[:depth]) for name in names for depth in range(1, name.count(b"/") + 1)}
        folded = {name.lower() for name in names}
        return len(folded) == len(names) and not solid & above

    @property
    def is_honest(self) -> bool:
        """Whether no header lies and no name stands twice."""
        return not any(item.header for item in self.items) and len({item.raw for item in self.items}) == len(self.items)

    @property
    def weight(self) -> int:
        """Bytes of all contents."""
        return sum(len(item.content.data) + item.content.zeros for item in self.items)

    def make(self, form: Form, path: str) -> None:
        """Write the package at a path where nothing is yet."""
        FORMS[form](self, path)

    def zip(self) -> bytes:
        """Return the tree as a zip, or the raw bytes."""
        if self.raw is not None:
            return b"".join(self.raw.chunks())
        said = dict(self.archive)
        for key in ("prefix", "gap", "comment", "suffix"):
            if key in said:
                said[key] = Content(content_of(said[key], key), key).data
        keep, drop, patches, wrap = (said.pop(key, None) for key in ("keep", "drop", "patches", "wrap"))
        made = bytearray(write_zip([item.member() for item in self.items], **said))
        for patch in patches or ():
            new = bytes.fromhex(patch["hex"])
            spot = patch["at"] % len(made)
            made[spot : spot + len(new)] = new
        made = made[: keep if keep is not None else len(made) - (drop or 0)]
        return _WRAPS[wrap](bytes(made)) if wrap else bytes(made)

    def _write_zip(self, path: str) -> None:
        with open(path, "xb") as file:
            file.write(self.zip())

    def built(self) -> imagebuild.Built:
        """Return the recipe's image."""
        return imagebuild.Built(self.image or {}, self.image_layers)

    def _write_docker(self, path: str) -> None:
        imagebuild.write_docker(self.built(), path)

    def _write_oci(self, path: str) -> None:
        imagebuild.write_oci(self.built(), path)

    def _write_directory(self, path: str) -> None:
        root = os.fsencode(path)
        os.mkdir(root, 0o755)
        os.chmod(root, 0o755)
        for item in sorted(self.items, key=lambda item: item.raw):
            item.put(root)
        for folder, _, _ in os.walk(root):
            os.chmod(folder, 0o755)  # whatever the umask is
        for item in sorted(self.items, key=lambda item: item.raw, reverse=True):
            item.settle(root)


def _each(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield an item as often as it says; ``{n}`` in its path and target is the number, from 0."""
    if "times" not in table:
        yield table
        return
    once = {key: value for key, value in table.items() if key != "times"}
    for number in range(table["times"]):
        counted = {"n": number, "next": number + 1}
        yield {key: _numbered(value, counted) if key in NUMBERED else value for key, value in once.items()}


def _numbered(value: Any, counted: Mapping[str, int]) -> Any:
    if isinstance(value, dict):  # a name made of parts
        return {key: [_numbered(part, counted) for part in parts] if key == "join" else parts for key, parts in value.items()}
    return value.format(**counted) if isinstance(value, str) else value


def _bytes(key: str, value: Any) -> Any:
    return _text_or_hex(value) if key in ("name", "extra", "comment") else value


def _text_or_hex(value: Any) -> bytes:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value.encode()


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


#: What may be done to a finished archive.
_WRAPS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "base64": base64.b64encode, "base64 lines": base64.encodebytes, "gzip": _gzip,
}  # fmt: skip
#: How each form is written.
FORMS: Final[dict[Form, Callable[[Recipe, str], None]]] = {
    Form.ZIP: Recipe._write_zip,
    Form.DIRECTORY: Recipe._write_directory,
    Form.DOCKER: Recipe._write_docker,
    Form.OCI: Recipe._write_oci,
}
