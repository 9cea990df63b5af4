"""Opens container images in every form they are saved in: what docker, podman, skopeo, buildah and buildx write."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from lambdalint.image import Image, Index
from lambdalint.model import Archive, Flaw, Form, Package, UnreadablePackage
from lambdalint.readers import gate
from lambdalint.readers.documents import Document, Unusable, parse_table, parse_tables
from lambdalint.readers.flaws import (
    BadDocument,
    BeyondCap,
    LostBlob,
)  # fmt: skip
from lambdalint.readers.layer import tidy
from lambdalint.readers.manifest import Chosen, Manifest, Said, Walk, is_index
from lambdalint.readers.merged import How, Merged
from lambdalint.readers.store import Absent, Store

MANIFEST: Final = "manifest.json"
INDEX: Final = "index.json"
LAYOUT: Final = "oci-layout"
#: What skopeo's ``dir:`` holds beside its manifest.
VERSION: Final = "version"
_BLOBS: Final = "blobs/sha256/"
_NAMED: Final = re.compile(r"blobs/sha256/([0-9a-f]{64})\Z")
_REFERENCES: Final = ("io.containerd.image.name", "org.opencontainers.image.ref.name")

#: A step that opens one image; each fails on its own.
_Opening = Callable[[Walk], Manifest]


class Shelf:
    """One archive of images."""

    def __init__(self, store: Store, label: str, size: int | None, how: How, flaws: Sequence[Flaw] = ()) -> None:
        self._store: Final = store
        self._label: Final = label
        self._size: Final = size
        self._how: Final = how
        self._flaws: Final = tuple(flaws)

    def open_all(self) -> list[Package | UnreadablePackage]:
        """Open every image there is. One that cannot be read is among them as what would be raised."""
        try:
            form, as_pushed, blobs, openings = self._openings()
        except Unusable as unusable:
            archive = Archive(self._label, self._form(), self._size, [*self._flaws, unusable.flaw])
            return [UnreadablePackage(archive)]
        return [self._open(form, opening, blobs, as_pushed=as_pushed) for opening in openings]

    def _form(self) -> Form:
        return Form.OCI if MANIFEST not in self._store or VERSION in self._store else Form.DOCKER

    def _openings(self) -> tuple[Form, bool, str, list[_Opening]]:
        """Return the form, whether it is stored as it was pushed, where its blobs are, and how to open each image. Raises Unusable."""
        store = self._store
        if MANIFEST in store:
            try:
                data = store.document(MANIFEST)
            except Absent as absent:
                raise Unusable(LostBlob("the list of images", absent.name, absent.reason)) from None
            if data.lstrip()[:1] == b"{":  # skopeo's dir: holds an image's own manifest
                return Form.OCI, True, "", [self._from_dir]
            return Form.DOCKER, False, _BLOBS, self._saved(data)
        return Form.OCI, True, _BLOBS, self._laid_out()

    # docker save, podman save, skopeo copy docker-archive:

    def _saved(self, data: bytes) -> list[_Opening]:
        flaws: list[Flaw] = []
        listed = parse_tables(data, MANIFEST, flaws)
        if not listed:
            raise Unusable(BadDocument(MANIFEST, "lists no image"))
        if len(listed) > gate.MANIFESTS:
            raise Unusable(BeyondCap("images in one archive", len(listed), gate.MANIFESTS))
        return [_Saved(item).open for item in listed]

    # OCI layouts

    def _laid_out(self) -> list[_Opening]:
        flaws: list[Flaw] = []
        try:
            index = parse_table(self._store.document(INDEX), INDEX, flaws)
        except Absent as absent:
            raise Unusable(LostBlob("the index", absent.name, absent.reason)) from None
        pointers = index.tables("manifests")
        if not pointers:
            raise Unusable(BadDocument(INDEX, "lists no image"))
        if len(pointers) > gate.MANIFESTS:
            raise Unusable(BeyondCap("images in one archive", len(pointers), gate.MANIFESTS))
        return _LaidOut(index, pointers).openings()

    def _from_dir(self, walk: Walk) -> Manifest:
        document = walk.read(MANIFEST, "the manifest")
        if is_index(document):
            listed = walk.listed(document)
            index = Index(document.text("mediaType"), None, listed[1])
            raise Chosen(index, LostBlob("the manifest", MANIFEST, "is an index; copy one image of it"))
        return walk.manifest(document, (), None, None)

    # One image.

    def _open(self, form: Form, opening: _Opening, blobs: str, *, as_pushed: bool) -> Package | UnreadablePackage:
        walk = Walk(self._store, blobs, verify=self._how.verify, architecture=self._how.architecture)
        flaws = list(self._flaws)
        try:
            manifest = opening(walk)
        except Chosen as chosen:
            image = Image(index=chosen.index, is_as_pushed=as_pushed)
            return UnreadablePackage(Archive(self._label, form, self._size, [*flaws, *walk.flaws, chosen.flaw], image))
        except Unusable as unusable:
            return UnreadablePackage(Archive(self._label, form, self._size, [*flaws, *walk.flaws, unusable.flaw]))
        merged = Merged(self._store, self._how, manifest)
        merged.run()
        flaws += [*walk.flaws, *merged.flaws]
        image = Image(
            names=manifest.names, manifest_type=manifest.media_type, digest=manifest.digest, schema=manifest.schema,
            index=manifest.index, config=manifest.config, layers=merged.layers, is_as_pushed=as_pushed,
        )  # fmt: skip
        if not merged.is_whole:
            return UnreadablePackage(Archive(self._label, form, self._size, flaws, image))
        return merged.package(Archive(self._label, form, self._size, flaws, image))


class _Saved:
    """One item of docker-save's manifest.json."""

    def __init__(self, item: Document) -> None:
        self._item: Final = item

    def open(self, walk: Walk) -> Manifest:
        item = self._item
        layers, config = item.texts("Layers"), item.text("Config")
        if layers is None or config is None:
            raise Unusable(BadDocument(MANIFEST, f"{item.where}Layers and Config are not there"))
        if len(layers) > gate.LAYERS:
            raise Unusable(BeyondCap("layers", len(layers), gate.LAYERS))
        settings, diff_ids = walk.config(tidy(config), _named_digest(config), None)
        said = [_said(layer) for layer in layers]
        manifest = Manifest(item.texts("RepoTags") or (), said, settings, diff_ids)
        self._look_behind(walk, manifest)
        return manifest

    def _look_behind(self, walk: Walk, manifest: Manifest) -> None:
        """Find the manifest and the index that Docker 25 and later save beside their list: what a push sends."""
        wanted = None if manifest.config is None else manifest.config.digest
        if INDEX not in walk.store or wanted is None:
            return
        try:
            for pointer in (walk.read(INDEX, "the index").tables("manifests") or [])[: gate.MANIFESTS]:
                found = _behind(walk, pointer, wanted, 0)
                if found is not None:
                    manifest.media_type, manifest.digest = found.media_type, found.digest
                    manifest.schema, manifest.index = found.schema, found.index
                    manifest.layers = found.layers if len(found.layers) == len(manifest.layers) else manifest.layers
                    return
        except Unusable as unusable:
            walk.flaws.append(unusable.flaw)


def _behind(walk: Walk, pointer: Document, config: str, depth: int) -> Manifest | None:
    """Return the manifest with that config, if a descriptor leads to it."""
    digest = pointer.digest()
    if digest is None or walk.path(digest) not in walk.store or depth > gate.INDEXES:
        return None
    document = walk.read(walk.path(digest), "the manifest", digest, pointer.number("size"))
    if not is_index(document):
        if document.table("config").digest() != config:
            return None
        return walk.manifest(document, (), digest, pointer.text("mediaType"))
    pointers, listed = walk.listed(document)
    for inner in pointers:
        found = _behind(walk, inner, config, depth + 1)
        if found is not None:
            found.index = Index(document.text("mediaType") or pointer.text("mediaType"), digest, listed)
            return found
    return None


def _said(layer: str) -> Said:
    return Said(tidy(layer), digest=_named_digest(layer))


def _named_digest(path: str) -> str | None:
    """Return the digest that a path promises. Only those of Docker 25 and later do: what other names say nobody holds them to."""
    named = _NAMED.match(path)
    return None if named is None else f"sha256:{named[1]}"


class _LaidOut:
    """The images of an OCI layout's index.json."""

    def __init__(self, index: Document, pointers: Sequence[Document]) -> None:
        self._index: Final = index
        self._pointers: Final = pointers

    def openings(self) -> list[_Opening]:
        """Return how to open each image: one for each digest, or one for all if they are one image for several platforms."""
        named: dict[str | None, tuple[Document, list[str]]] = {}
        for pointer in self._pointers:
            names = named.setdefault(pointer.text("digest"), (pointer, []))[1]
            if (name := _reference(pointer)) is not None:
                names.append(name)
        platforms = [pointer for pointer, _ in named.values() if "platform" in pointer]
        if len(named) > 1 and len(platforms) == len(named) and not any(names[1:] for _, names in named.values()):
            tags = {name for _, names in named.values() for name in names}
            if len(tags) <= 1:
                return [lambda walk: self._choose(walk, sorted(tags))]
        return [_opening(pointer, names) for pointer, names in named.values()]

    def _choose(self, walk: Walk, names: Sequence[str]) -> Manifest:
        pointers, listed = walk.listed(self._index)
        index = Index(self._index.text("mediaType"), None, listed)
        manifest = walk.follow(walk.choose(pointers, listed, INDEX, index), names)
        manifest.index = index
        return manifest


def _opening(pointer: Document, names: Sequence[str]) -> _Opening:
    return lambda walk: walk.follow(pointer, names)


def _reference(pointer: Document) -> str | None:
    if "annotations" not in pointer:
        return None
    said = pointer.table("annotations")
    return next((name for key in _REFERENCES if (name := said.text(key))), None)


def open_rootfs(store: Store, archive: Archive, how: How) -> Package:
    """Return the tree of a tar that holds a root file system and nothing about it. Raises UnreadablePackage."""
    merged = Merged(store, how, Manifest((), [Said(archive.path)], None, None))
    merged.run()
    image = Image(layers=merged.layers)
    archive = Archive(archive.path, archive.form, archive.size, [*archive.flaws, *merged.flaws], image)
    if not merged.is_whole:
        raise UnreadablePackage(archive)
    return merged.package(archive)
