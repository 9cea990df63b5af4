"""From an index or a manifest to what it speaks of: the walk that leads to an image's config and layers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from lambdalint.image import Config, Descriptor, Index, Platform
from lambdalint.model import Flaw
from lambdalint.readers import gate
from lambdalint.readers.documents import Document, Unusable, parse_table
from lambdalint.readers.flaws import BadDocument, BeyondCap, LostBlob, NotAnImage, WrongBlobSize, WrongDigest
from lambdalint.readers.store import Absent, Store

INDEX_TYPES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)  # fmt: skip
_CONFIG_TYPES: Final = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)  # fmt: skip
#: How buildx marks what a build says of itself (https://docs.docker.com/build/metadata/attestations/attestation-storage/).
_ATTESTATION: Final = "vnd.docker.reference.type"
#: Lambda's words for CPUs, by Go's.
_CPUS: Final = {"amd64": "x86_64", "arm64": "arm64"}
_SETTINGS: Final = ("Entrypoint", "Cmd", "WorkingDir", "Env")


class Said:
    """One layer as a manifest, or a list of files, speaks of it."""

    __slots__ = ("digest", "media_type", "name", "size", "urls")

    def __init__(
        self, name: str, *, digest: str | None = None, media_type: str | None = None, size: int | None = None, urls: Sequence[str] = ()
    ) -> None:
        #: Where it should lie in the archive.
        self.name: Final = name
        self.digest: Final = digest
        self.media_type: Final = media_type
        self.size: Final = size
        self.urls: Final = tuple(urls)


class Manifest:
    """What an image is made of, before any layer is opened."""

    __slots__ = ("config", "diff_ids", "digest", "index", "layers", "media_type", "names", "schema")

    def __init__(self, names: Sequence[str], layers: Sequence[Said], config: Config | None, diff_ids: Sequence[str] | None) -> None:
        self.names: Final = tuple(names)
        self.layers: tuple[Said, ...] = tuple(layers)
        self.config: Final = config
        #: None: the config does not say.
        self.diff_ids: Final = diff_ids
        #: None: there is no manifest, only a list of files.
        self.media_type: str | None = None
        self.digest: str | None = None
        self.schema: int | None = None
        self.index: Index | None = None


class Walk:
    """Reads the documents of one store; where a digest leads is for the store's shape to say."""

    def __init__(self, store: Store, blobs: str, *, verify: bool, architecture: str | None) -> None:
        self.store: Final = store
        self._blobs: Final = blobs
        self._verify: Final = verify
        #: Lambda's word for the CPU whose manifest is taken from an index. None: the first that is there.
        self._architecture: Final = architecture
        self.flaws: list[Flaw] = []

    def path(self, digest: str) -> str:
        """Return where a blob lies, of a digest that was found to be one."""
        return self._blobs + digest.removeprefix("sha256:")

    def read(self, name: str, what: str, digest: str | None = None, size: int | None = None) -> Document:
        """Read a document, and hold it to what was said of it. Raises Unusable."""
        try:
            data = self.store.document(name)
        except Absent as absent:
            raise Unusable(LostBlob(what, absent.name, absent.reason)) from None
        self.hold(data, what, name, digest, size)
        return parse_table(data, name, self.flaws)

    def hold(self, data: bytes, what: str, name: str, digest: str | None, size: int | None) -> None:
        """Note where a document is another than was said."""
        if len(data) > gate.DOCUMENT_BYTES:
            return
        if size is not None and size != len(data):
            self.flaws.append(WrongBlobSize(what, name, size, len(data)))
        if digest is not None and self._verify and (found := f"sha256:{hashlib.sha256(data).hexdigest()}") != digest:
            self.flaws.append(WrongDigest(what, name, digest, found))

    def follow(self, pointer: Document, names: Sequence[str]) -> Manifest:
        """Go from a descriptor to the manifest of an image, through indexes if need be. Raises Unusable."""
        outer: Document | None = None
        index: Index | None = None
        for _ in range(gate.INDEXES):
            digest = pointer.digest()
            if digest is None:
                raise Unusable(BadDocument(pointer.name, f"{pointer.where}digest says nothing that can be followed"))
            media_type = pointer.text("mediaType")
            document = self.read(self.path(digest), "the manifest", digest, pointer.number("size"))
            if not is_index(document):
                manifest = self.manifest(document, names, digest, media_type)
                manifest.index = index
                return manifest
            outer = document
            listed = self.listed(outer)
            if index is None:
                index = Index(document.text("mediaType") or media_type, digest, listed[1])
            else:
                index = Index(index.media_type, index.digest, [*(one for one in index.manifests if one.digest != digest), *listed[1]])
            pointer = self.choose(listed[0], listed[1], document.name, index)
        raise Unusable(BeyondCap("indexes within indexes", gate.INDEXES + 1, gate.INDEXES))

    def listed(self, document: Document) -> tuple[list[Document], list[Descriptor]]:
        """Return what an index lists."""
        pointers = document.tables("manifests") or []
        if len(pointers) > gate.MANIFESTS:
            self.flaws.append(BeyondCap("manifests of one index", len(pointers), gate.MANIFESTS))
            pointers = pointers[: gate.MANIFESTS]
        return pointers, [self.described(pointer) for pointer in pointers]

    def described(self, pointer: Document) -> Descriptor:
        """Return what a descriptor says."""
        platform = _platform(pointer.table("platform")) if "platform" in pointer else None
        digest = pointer.digest()
        marked = "annotations" in pointer and _ATTESTATION in pointer.table("annotations")
        unknown = platform is not None and (platform.os, platform.architecture) == ("unknown", "unknown")
        return Descriptor(
            pointer.text("mediaType"), digest, pointer.number("size"), platform,
            is_attestation=marked or unknown, present=digest is not None and self.path(digest) in self.store,
        )  # fmt: skip

    def choose(self, pointers: Sequence[Document], listed: Sequence[Descriptor], name: str, index: Index) -> Document:
        """Return the descriptor of the image to read: the one for the CPU asked for, else the first that is there."""
        both = [(pointer, one) for pointer, one in zip(pointers, listed, strict=True) if not one.is_attestation]
        if not both:
            what = "an index of nothing but attestations" if listed else "an index that lists nothing"
            raise Chosen(index, NotAnImage(what))
        here = [pointer for pointer, one in both if one.present]
        if not here:
            raise Chosen(index, LostBlob("the manifest", listed[0].digest or name, "is not in the archive, nor any other of its index"))
        for pointer, one in both:
            cpu = None if one.platform is None else _CPUS.get(one.platform.architecture or "")
            if one.present and cpu is not None and cpu == self._architecture:
                return pointer
        return here[0]

    def manifest(self, document: Document, names: Sequence[str], digest: str | None, media_type: str | None) -> Manifest:
        """Read an image's manifest and its config. Raises Unusable."""
        said = document.tables("layers")
        config = document.table("config")
        config_type = config.text("mediaType")
        if document.number("schemaVersion") == 1 or said is None or "config" not in document:
            raise Unusable(NotAnImage(_instead(document, media_type)))
        if config_type is not None and config_type not in _CONFIG_TYPES:
            raise Unusable(NotAnImage(f"an artifact of the type {config_type}"))
        layers = [self._layer(one, number) for number, one in enumerate(said)]
        config_digest = config.digest()
        if config_digest is None:
            raise Unusable(BadDocument(document.name, "config.digest says nothing that can be followed"))
        settings, diff_ids = self.config(self.path(config_digest), config_digest, config.number("size"))
        manifest = Manifest(names, layers, settings, diff_ids)
        manifest.media_type = document.text("mediaType") or media_type
        manifest.digest, manifest.schema = digest, document.number("schemaVersion")
        return manifest

    def _layer(self, said: Document, number: int) -> Said:
        digest = said.digest()
        urls = said.texts("urls") or ()
        if digest is None:
            raise Unusable(BadDocument(said.name, f"{said.where}digest says nothing that can be followed"))
        if number >= gate.LAYERS:
            raise Unusable(BeyondCap("layers", number + 1, gate.LAYERS))
        return Said(self.path(digest), digest=digest, media_type=said.text("mediaType"), size=said.number("size"), urls=urls)

    def config(self, name: str, digest: str | None, size: int | None) -> tuple[Config | None, list[str] | None]:
        """Read an image's config, and the digests that it gives of its layers. One that cannot be read is a flaw, and None."""
        try:
            document = self.read(name, "the config", digest, size)
        except Unusable as unusable:
            self.flaws.append(unusable.flaw)
            return None, None
        inner = document.table("config")
        history = document.tables("history")
        made = Config(
            _platform(document),
            digest=digest,
            entrypoint=inner.texts("Entrypoint"),
            command=inner.texts("Cmd"),
            environment=inner.texts("Env"),
            working_directory=inner.text("WorkingDir"),
            user=inner.text("User"),
            volumes=inner.keys("Volumes"),
            exposed_ports=inner.keys("ExposedPorts"),
            history=None if history is None else sum(1 for step in history if not step.is_true("empty_layer")),
            settings_size=inner.bytes_of(_SETTINGS),
        )
        return made, document.table("rootfs").digests("diff_ids")


class Chosen(Unusable):
    """Nothing of an index can be read, but the index itself is known."""

    def __init__(self, index: Index, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.index: Final = index


def is_index(document: Document) -> bool:
    """Whether a document lists manifests, whatever type it says it has."""
    return "manifests" in document or ("layers" not in document and document.text("mediaType") in INDEX_TYPES)


def _platform(said: Document) -> Platform:
    return Platform(said.text("os"), said.text("architecture"), said.text("variant"))


def _instead(document: Document, media_type: str | None) -> str:
    if document.number("schemaVersion") == 1:
        return "an image of the manifest schema 1, which registries have given up"
    named = document.text("mediaType") or media_type
    return f"a document of the type {named} that has no config and layers" if named else "a document without config and layers"
