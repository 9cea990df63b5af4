"""A recipe's image, layers of small trees and what is said of them, becomes a docker-save tar or an OCI layout."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tests import imagewriter as writer
from tests.elfwriter import Elf

if TYPE_CHECKING:
    from tests.build import Item

#: What a recipe may say of an image.
KEYS: Final = frozenset({"base", "config", "architecture", "os", "layers", "index", "type", "spoil", "drop"})
LAYER_KEYS: Final = frozenset({"files", "pack", "type", "bare", "hard", "hole"})
_FLAGS: Final = {"file": b"0", "directory": b"5", "link": b"2", "fifo": b"6", "device": b"3", "block device": b"4"}
_PACKS: Final[Mapping[str, tuple[Callable[[bytes], bytes], str]]] = {
    "gzip": (writer.zipped, "+gzip"), "zstd": (writer.zstd, "+zstd"), "none": (bytes, ""),
}  # fmt: skip
#: What the base images of AWS have for each family, beside what all of them have.
_LANGUAGES: Final[Mapping[str, Mapping[str, bytes]]] = {
    "nodejs": {"var/lang/include/node/node_version.h": b"#define NODE_MAJOR_VERSION %d\n", "var/lang/bin/node": b""},
    "ruby": {"var/lang/lib/ruby/%s.0/set.rb": b""},
    "java": {"var/lang/release": b'JAVA_VERSION="%d.0.1"\n'},
    "dotnet": {"var/lang/bin/shared/Microsoft.NETCore.App/%d.0.1/System.dll": b""},
    "python": {
        "var/runtime/boto3/__init__.py": b"", "var/runtime/botocore/__init__.py": b"", "var/lang/bin/python%s": b"", "var/lang/lib/python%s/os.py": b"",
        "var/lang/lib/python%s/json/__init__.py": b"",
    },
}  # fmt: skip


class Layer:
    """One layer's tar, as it is stored and as it is spoken of."""

    def __init__(self, items: Sequence[Item], table: Mapping[str, Any]) -> None:
        #: Bytes of a last file of zeros, which only a docker-save on disk has, as a hole.
        self.hole: Final[int] = table.get("hole", 0)
        end = writer.header(b"hole", self.hole) if self.hole else bytes(2 * writer.BLOCK)
        self.tar: Final = b"".join(_members(items, table)) + end
        pack, suffix = _PACKS[table.get("pack", "gzip")]
        self.packed: Final = pack(self.tar)
        self.type: Final[str] = table.get("type", f"{writer.LAYER}{suffix}")


def _members(items: Sequence[Item], table: Mapping[str, Any]) -> Iterator[bytes]:
    made = {item.raw.rstrip(b"/") for item in items if item.kind == "directory"}
    for item in items:
        name = item.raw.rstrip(b"/")
        parts = name.split(b"/")
        for depth in range(1, len(parts)) if not table.get("bare") else ():
            folder = b"/".join(parts[:depth])
            if folder not in made:
                made.add(folder)
                yield writer.header(folder + b"/", flag=b"5", mode=0o755)
        data = b"".join(item.content.chunks())
        body = data if item.kind == "file" else b""
        target = data if item.kind == "link" else b""
        if len(name) > 99 or len(target) > 99:
            yield writer.long_name(name)
            yield writer.long_name(target, b"K") if target else b""
        mode = 0o644 if item.mode is None else item.mode
        yield writer.header(name[:99], len(body), flag=_FLAGS[item.kind], mode=mode, link=target[:99]) + writer.padded(body)
    for name, target in table.get("hard", {}).items():
        yield writer.hard(name, target)


def base_layer(runtime: str) -> bytes:
    """Return the tar of a base layer such as AWS's, as far as it matters: its scripts, and by what its runtime is told."""
    family = runtime.partition(".")[0].rstrip("0123456789")
    version = runtime.removeprefix(family).removesuffix(".x").partition(".al")[0]
    script = b"#!/bin/sh\n"
    files = {"lambda-entrypoint.sh": script, "bin/sh": Elf(type="exec").built()}
    if family != "provided":
        files["var/runtime/bootstrap"] = script
    system = "2" if runtime.endswith("al2") else "2023"
    files["etc/os-release"] = f'VERSION_ID="{system}"\n'.encode()
    for path, content in _LANGUAGES.get(family, {}).items():
        number = version.partition(".")[0]
        name = path % (number if "%d" in path else version) if "%" in path.replace("%d", "") else path.replace("%d", number)
        files[name] = content.replace(b"%d", number.encode())
    folders = {"var/task", "tmp", *(name.rpartition("/")[0] for name in files if "/" in name)}
    members = [writer.folders(*sorted(folders)), *(writer.file(name, data, 0o755) for name, data in files.items())]
    return writer.tar(*members)


class Built:
    """An image in memory."""

    def __init__(self, table: Mapping[str, Any], layers: Sequence[Layer]) -> None:
        self.table: Final = table
        self.layers: Final = list(layers)
        settings = dict(table.get("config", {}))
        base = table.get("base")
        if base is not None:
            self.layers.insert(0, _Plain(base_layer(base)))
            settings = {"Entrypoint": ["/lambda-entrypoint.sh"], "WorkingDir": "/var/task"} | settings
        self.config: Final = json.dumps(
            {
                "architecture": table.get("architecture", "amd64"), "os": table.get("os", "linux"), "config": settings,
                "rootfs": {"type": "layers", "diff_ids": [writer.digest(layer.tar) for layer in self.layers]},
                "history": [{"created_by": "test"} for _ in self.layers],
            }
        ).encode()  # fmt: skip

    def layout(self) -> dict[str, bytes]:
        """Return the files of an OCI layout."""
        blobs = writer.Blobs()
        said = {
            "schemaVersion": 2, "mediaType": self.table.get("type", writer.MANIFEST),
            "config": blobs.add(self.config, f"{writer.OCI}config.v1+json"),
            "layers": [blobs.add(layer.packed, layer.type) for layer in self.layers],
        }  # fmt: skip
        pointer = blobs.add(json.dumps(said).encode(), said["mediaType"])
        if "index" in self.table:
            pointer = self._index(blobs, pointer)
        pointer["annotations"] = {"org.opencontainers.image.ref.name": "fn:1"}
        last = writer.digest(self.layers[-1].packed) if self.layers else ""
        return self._spoilt(blobs.layout([pointer]), f"blobs/sha256/{last.removeprefix('sha256:')}")

    def _index(self, blobs: writer.Blobs, pointer: Mapping[str, Any]) -> dict[str, Any]:
        index = self.table["index"]
        platforms = index.get("platforms", [self.table.get("architecture", "amd64")])
        manifests = [dict(pointer) | {"platform": {"os": "linux", "architecture": platforms[0]}}]
        for other in platforms[1:]:
            absent = {"mediaType": writer.MANIFEST, "digest": writer.digest(other.encode()), "size": 1}
            manifests.append(absent | {"platform": {"os": "linux", "architecture": other}})
        if index.get("attestation"):
            inner = blobs.add(b'{"schemaVersion": 2}', writer.MANIFEST, platform={"os": "unknown", "architecture": "unknown"})
            manifests.append(inner | {"annotations": {"vnd.docker.reference.type": "attestation-manifest"}})
        return blobs.index(manifests)

    def saved(self) -> dict[str, bytes]:
        """Return the files of a docker-save before Docker 25."""
        name = f"{writer.digest(self.config).removeprefix('sha256:')}.json"
        files = {name: self.config}
        paths = [f"{number}/layer.tar" for number in range(len(self.layers))]
        files |= {path: layer.tar for path, layer in zip(paths, self.layers, strict=True)}
        files["manifest.json"] = json.dumps([{"Config": name, "RepoTags": ["fn:1"], "Layers": paths}]).encode()
        return self._spoilt(files, paths[-1] if paths else "")

    def _spoilt(self, files: dict[str, bytes], layer: str) -> dict[str, bytes]:
        """Change or drop the last layer after all was said of it."""
        if self.table.get("drop"):
            del files[layer]
        if self.table.get("spoil"):
            files[layer] += bytes(1024)
        return files


class _Plain(Layer):
    """A layer of a finished tar, gzipped."""

    def __init__(self, tar: bytes) -> None:
        self.hole = 0  # type: ignore[misc]
        self.tar = tar  # type: ignore[misc]
        self.packed = writer.zipped(tar)  # type: ignore[misc]
        self.type = f"{writer.LAYER}+gzip"  # type: ignore[misc]


def write_docker(built: Built, path: str) -> None:
    files = built.saved()
    holes = {f"{number}/layer.tar": layer.hole for number, layer in enumerate(built.layers) if layer.hole}
    with open(path, "xb") as out:
        for name, data in files.items():
            hole = holes.get(name, 0)
            out.write(writer.header(name.encode(), len(data) + hole + bool(hole) * 2 * writer.BLOCK) + data)
            out.seek(hole + bool(hole) * 2 * writer.BLOCK, os.SEEK_CUR)
            out.seek(-out.tell() % writer.BLOCK, os.SEEK_CUR)
        out.write(bytes(2 * writer.BLOCK))


def write_oci(built: Built, path: str) -> None:
    os.mkdir(path)
    writer.write_files(built.layout(), path)
