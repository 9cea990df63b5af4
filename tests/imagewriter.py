"""Writes tars and images in every form they are saved in, plain and small, so that each byte can be made to lie."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

BLOCK: Final = 512
OCI: Final = "application/vnd.oci.image."
DOCKER: Final = "application/vnd.docker."
MANIFEST: Final = f"{OCI}manifest.v1+json"
INDEX: Final = f"{OCI}index.v1+json"
LAYER: Final = f"{OCI}layer.v1.tar"


def octal(value: int, width: int) -> bytes:
    return f"{value:0{width - 1}o}".encode() + b"\0"


def header(name: bytes, size: int = 0, *, flag: bytes = b"0", mode: int = 0o644, link: bytes = b"", **fields: bytes) -> bytes:
    """Return one header with its right checksum; ``fields`` are bytes to put in as they are."""
    block = bytearray(BLOCK)
    layout = {
        "name": (0, name), "bits": (100, octal(mode, 8)), "uid": (108, octal(0, 8)), "gid": (116, octal(0, 8)),
        "octets": (124, octal(size, 12) if 0 <= size < 8**11 else b"\x80" + size.to_bytes(11, "big")),
        "mtime": (136, octal(0, 12)), "flag": (156, flag), "link": (157, link), "magic": (257, b"ustar\x0000"), "prefix": (345, b""),
        "more": (482, b""),
    }  # fmt: skip
    for key, (at, usual) in layout.items():
        value = fields.get(key, usual)
        block[at : at + len(value)] = value
    block[148:156] = b" " * 8
    block[148:156] = fields.get("checksum", f"{sum(block):06o}\0 ".encode())
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % BLOCK)


def record(key: str, value: bytes) -> bytes:
    """Return one pax record, whose length counts its own digits."""
    body = b" " + key.encode() + b"=" + value + b"\n"
    length = len(body)
    while len(str(length)) + len(body) != length:
        length = len(str(length)) + len(body)
    return str(length).encode() + body


def pax(records: Mapping[str, bytes], flag: bytes = b"x") -> bytes:
    body = b"".join(record(key, value) for key, value in records.items())
    return header(b"pax", len(body), flag=flag) + padded(body)


def long_name(name: bytes, flag: bytes = b"L") -> bytes:
    return header(b"././@LongLink", len(name) + 1, flag=flag, magic=b"ustar  \0") + padded(name + b"\0")


def file(name: str, data: bytes = b"", mode: int = 0o644) -> bytes:
    return header(name.encode(), len(data), mode=mode) + padded(data)


def directory(name: str, mode: int = 0o755) -> bytes:
    return header(name.encode() + b"/", flag=b"5", mode=mode)


def link(name: str, target: str) -> bytes:
    return header(name.encode(), flag=b"2", mode=0o777, link=target.encode())


def hard(name: str, target: str) -> bytes:
    return header(name.encode(), flag=b"1", link=target.encode())


def tar(*members: bytes, end: bytes = bytes(2 * BLOCK)) -> bytes:
    return b"".join(members) + end


def folders(*paths: str) -> bytes:
    """Return entries for directories and all that they lie in."""
    seen: dict[str, None] = {}
    for path in paths:
        parts = path.split("/")
        seen |= dict.fromkeys("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return b"".join(directory(path) for path in seen)


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def zstd(data: bytes) -> bytes:
    try:
        from compression.zstd import compress  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        from backports.zstd import compress
    packed: bytes = compress(data)
    return packed


def config(layers: Sequence[bytes], settings: Mapping[str, Any] | None = None, architecture: str = "amd64") -> bytes:
    """Return an image's config for the tars of its layers."""
    return json.dumps(
        {
            "architecture": architecture, "os": "linux", "config": settings or {},
            "rootfs": {"type": "layers", "diff_ids": [digest(layer) for layer in layers]},
            "history": [{"created_by": "test"} for _ in layers],
        }
    ).encode()  # fmt: skip


class Blobs:
    """What an OCI layout or a registry holds, by digest."""

    def __init__(self) -> None:
        self.all: dict[str, bytes] = {}

    def add(self, data: bytes, media_type: str, **more: Any) -> dict[str, Any]:
        """Keep a blob, and return its descriptor."""
        self.all[digest(data)] = data
        return {"mediaType": media_type, "digest": digest(data), "size": len(data), **more}

    def image(
        self, layers: Sequence[bytes], settings: Mapping[str, Any] | None = None, *,
        pack: Callable[[bytes], bytes] = zipped, suffix: str = "+gzip", architecture: str = "amd64", **more: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Keep an image, and return its manifest's descriptor."""
        said = {
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": self.add(config(layers, settings, architecture), f"{OCI}config.v1+json"),
            "layers": [self.add(pack(layer), LAYER + suffix) for layer in layers],
        }  # fmt: skip
        return self.add(json.dumps(said).encode(), MANIFEST, **more)

    def index(self, manifests: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
        said = {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(manifests)}
        return self.add(json.dumps(said).encode(), INDEX, **more)

    def layout(self, pointers: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
        """Return the files of an OCI layout."""
        files = {f"blobs/sha256/{name.removeprefix('sha256:')}": data for name, data in self.all.items()}
        files["oci-layout"] = b'{"imageLayoutVersion": "1.0.0"}'
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": list(pointers)}).encode()
        return files


def packed_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as a tar."""
    return tar(*(file(name, data) for name, data in files.items()))


def write_files(files: Mapping[str, bytes], root: str) -> str:
    """Write files into a directory, and return it."""
    for name, data in files.items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as out:
            out.write(data)
    return root


def saved(layers: Sequence[bytes], settings: Mapping[str, Any] | None = None, tags: Sequence[str] = ("fn:1",)) -> dict[str, bytes]:
    """Return the files of a docker-save before Docker 25."""
    described = config(layers, settings)
    name = f"{digest(described).removeprefix('sha256:')}.json"
    files = {name: described}
    paths = []
    for layer in layers:
        paths.append(f"{digest(layer).removeprefix('sha256:')}/layer.tar")
        files[paths[-1]] = layer
    files["manifest.json"] = json.dumps([{"Config": name, "RepoTags": list(tags), "Layers": paths}]).encode()
    return files


def saved_by_25(layers: Sequence[bytes], settings: Mapping[str, Any] | None = None, tags: Sequence[str] = ("fn:1",)) -> dict[str, bytes]:
    """Return the files of a docker-save of Docker 25 and later: an OCI layout with the old list beside it."""
    blobs = Blobs()
    pointer = blobs.image(layers, settings, pack=bytes, suffix="")
    files = blobs.layout([pointer | {"annotations": {"io.containerd.image.name": tags[0]}}])
    manifest = json.loads(blobs.all[pointer["digest"]])
    paths = [f"blobs/sha256/{layer['digest'].removeprefix('sha256:')}" for layer in manifest["layers"]]
    described = f"blobs/sha256/{manifest['config']['digest'].removeprefix('sha256:')}"
    files["manifest.json"] = json.dumps([{"Config": described, "RepoTags": list(tags), "Layers": paths}]).encode()
    return files


def dir_files(layers: Sequence[bytes], settings: Mapping[str, Any] | None = None) -> dict[str, bytes]:
    """Return the files that skopeo's ``dir:`` writes."""
    blobs = Blobs()
    pointer = blobs.image(layers, settings)
    files = {name.removeprefix("sha256:"): data for name, data in blobs.all.items()}
    files["manifest.json"] = files.pop(pointer["digest"].removeprefix("sha256:"))
    files["version"] = b"Directory Transport Version: 1.1\n"
    return files


def linked_archive(files: Mapping[str, bytes]) -> bytes:
    """Return a docker-save as skopeo writes it: layers under their digests, with links to them where they used to be."""
    members = []
    for name, data in files.items():
        if name.endswith("/layer.tar"):
            real = f"{name.removesuffix('/layer.tar')}.tar"
            members += [file(real, data), link(name, f"../{real}")]
        else:
            members.append(file(name, data))
    return tar(*members)
