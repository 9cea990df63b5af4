"""What is known of a container image: its manifest, its config, its layers and the index that it came in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final


class Platform:
    """What a manifest or a config says it is for. None: it does not say."""

    __slots__ = ("architecture", "os", "variant")

    def __init__(self, os: str | None, architecture: str | None, variant: str | None = None) -> None:
        self.os: Final = os
        #: Go's words: ``amd64``, ``arm64``.
        self.architecture: Final = architecture
        self.variant: Final = variant

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part) or "no platform"


class Descriptor:
    """How a manifest or an index speaks of another document or blob."""

    __slots__ = ("digest", "is_attestation", "media_type", "platform", "present", "size")

    def __init__(
        self,
        media_type: str | None,
        digest: str | None,
        size: int | None,
        platform: Platform | None = None,
        *,
        is_attestation: bool = False,
        present: bool = True,
    ) -> None:
        #: As said, true or not; None: not said. So are the others.
        self.media_type: Final = media_type
        self.digest: Final = digest
        #: In bytes.
        self.size: Final = size
        self.platform: Final = platform
        #: It holds what a build says of itself (provenance, SBOM), and no image.
        self.is_attestation: Final = is_attestation
        #: Whether the archive holds what it speaks of.
        self.present: Final = present


class Index:
    """An index, or manifest list, that stands where a manifest should: Lambda takes none."""

    __slots__ = ("digest", "manifests", "media_type")

    def __init__(self, media_type: str | None, digest: str | None, manifests: Sequence[Descriptor]) -> None:
        self.media_type: Final = media_type
        self.digest: Final = digest
        #: What it lists, in its order, with what indexes inside it list.
        self.manifests: Final = tuple(manifests)

    @property
    def images(self) -> Sequence[Descriptor]:
        """What is meant to be run: one for each platform."""
        return [one for one in self.manifests if not one.is_attestation]

    @property
    def attestations(self) -> Sequence[Descriptor]:
        return [one for one in self.manifests if one.is_attestation]


class Config:
    """What an image says of how it is run. None: it does not say."""

    __slots__ = (
        "command", "digest", "entrypoint", "environment", "exposed_ports", "history", "platform", "settings_size", "user",
        "volumes", "working_directory",
    )  # fmt: skip

    def __init__(
        self,
        platform: Platform,
        *,
        digest: str | None = None,
        entrypoint: Sequence[str] | None = None,
        command: Sequence[str] | None = None,
        environment: Sequence[str] | None = None,
        working_directory: str | None = None,
        user: str | None = None,
        volumes: Sequence[str] = (),
        exposed_ports: Sequence[str] = (),
        history: int | None = None,
        settings_size: int = 0,
    ) -> None:
        self.platform: Final = platform
        #: None: the archive does not say.
        self.digest: Final = digest
        #: Empty: said to be empty.
        self.entrypoint: Final = None if entrypoint is None else tuple(entrypoint)
        self.command: Final = None if command is None else tuple(command)
        #: ``KEY=value``, in its order. Values are for judging only and must never reach an output.
        self.environment: Final = None if environment is None else tuple(environment)
        self.working_directory: Final = working_directory
        self.user: Final = user
        self.volumes: Final = tuple(volumes)
        self.exposed_ports: Final = tuple(exposed_ports)
        #: How many steps of history make a layer; there should be as many layers.
        self.history: Final = history
        #: Bytes of Entrypoint, Cmd, WorkingDir and Env as compact JSON.
        self.settings_size: Final = settings_size


class ImageLayer:
    """One layer, as it is said to be and as it was found."""

    __slots__ = (
        "compression", "diff_id", "digest", "entries", "hard_links", "media_type", "missing_parents", "number", "packed_size",
        "unpacked_size", "urls",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        *,
        media_type: str | None,
        digest: str | None,
        diff_id: str | None,
        compression: str | None,
        packed_size: int | None,
        unpacked_size: int | None = None,
        entries: int | None = None,
        missing_parents: Sequence[str] = (),
        hard_links: Sequence[tuple[str, str]] = (),
        urls: Sequence[str] = (),
    ) -> None:
        #: From 0, the lowest.
        self.number: Final = number
        #: As the manifest says. None: there is no manifest, as in a docker-save before Docker 25.
        self.media_type: Final = media_type
        #: Of the layer as stored. None: the archive does not say.
        self.digest: Final = digest
        #: Of its tar. None: the config does not say.
        self.diff_id: Final = diff_id
        #: As found: ``none``, ``gzip``, ``zstd``, or another format's name, which nobody unpacks. None: it is not there.
        self.compression: Final = compression
        #: Bytes as stored. None: it is not there.
        self.packed_size: Final = packed_size
        #: Bytes of its tar. None: it was not unpacked; so are those that follow.
        self.unpacked_size: Final = unpacked_size
        #: Members of its tar, whiteouts included.
        self.entries: Final = entries
        #: Directories that its members lie in and that it has no entry for, itself or below; by path.
        self.missing_parents: Final = tuple(missing_parents)
        #: Paths with what they are another name of.
        self.hard_links: Final = tuple(hard_links)
        #: Where a foreign layer is to be fetched from; the archive need not hold it.
        self.urls: Final = tuple(urls)


class Image:
    """One image of an archive."""

    __slots__ = ("config", "digest", "index", "is_as_pushed", "layers", "manifest_type", "name", "names", "schema")

    def __init__(
        self,
        *,
        names: Sequence[str] = (),
        manifest_type: str | None = None,
        digest: str | None = None,
        schema: int | None = None,
        index: Index | None = None,
        config: Config | None = None,
        layers: Sequence[ImageLayer] = (),
        is_as_pushed: bool = False,
    ) -> None:
        #: Its tags, in the archive's order.
        self.names: Final = tuple(names)
        #: What it is called in a report. None: it has no tag.
        self.name: Final = names[0] if names else None
        #: The manifest's media type, as itself or whoever points to it says. None: there is no manifest, or it does not say.
        self.manifest_type: Final = manifest_type
        #: The manifest's digest. None: there is no manifest.
        self.digest: Final = digest
        #: The manifest's schemaVersion; 1 is long gone. None: there is no manifest.
        self.schema: Final = schema
        #: The index that stands where the manifest should. None: there is none.
        self.index: Final = index
        #: None: it has none, or none that can be read.
        self.config: Final = config
        #: From the lowest.
        self.layers: Final = tuple(layers)
        #: Manifest and layers are stored as a registry gets them; else whoever pushes makes them anew.
        self.is_as_pushed: Final = is_as_pushed

    @property
    def unpacked_size(self) -> int:
        """Bytes of all layers, unpacked, as far as they are known."""
        return sum(layer.unpacked_size or 0 for layer in self.layers)
