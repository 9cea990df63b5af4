"""One image's layers, read and laid over each other: from a manifest to the merged tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.contents import Contents
from lambdalint.filesystem import OPT, TASK
from lambdalint.image import Config, ImageLayer
from lambdalint.model import Archive, Entry, Flaw, Package
from lambdalint.readers.flaws import BadDocument, BrokenLayer, LostBlob, NoEntries, OddRecord, WrongBlobSize
from lambdalint.readers.layer import SHIFT, Interest, tidy
from lambdalint.readers.layers import Layers, Reading
from lambdalint.readers.manifest import Manifest, Said
from lambdalint.readers.overlay import Overlay, TooMuchOfIt
from lambdalint.readers.store import Absent, Store

if TYPE_CHECKING:
    from lambdalint.protocols import Keep, Memory, Probe
    from lambdalint.readers.layer_cache import LayerCache


#: Variables that name the folders of a function's code, beside the working directory.
_SEARCHED: Final = ("LAMBDA_TASK_ROOT", "PYTHONPATH", "NODE_PATH", "RUBYLIB")


class How:
    """What the caller wants of every image."""

    __slots__ = ("architecture", "cache", "keep", "memory", "probe", "verify")

    def __init__(
        self, *, probe: Probe | None, keep: Keep | None, verify: bool, architecture: str | None,
        cache: LayerCache | None = None, memory: Memory | None = None,
    ) -> None:  # fmt: skip
        #: Where packed layers are remembered. None: nowhere.
        self.cache: Final = cache
        #: How what the probe learned gets there. None: not at all.
        self.memory: Final = memory
        self.probe: Final = probe
        self.keep: Final = keep
        self.verify: Final = verify
        self.architecture: Final = architecture


class Merged:
    """The layers of one image, read and laid over each other."""

    def __init__(self, store: Store, how: How, manifest: Manifest) -> None:
        self._store: Final = store
        self._how: Final = how
        self._manifest: Final = manifest
        self._interest: Final = Interest(places(manifest.config), probe=how.probe, keep=how.keep, memory=how.memory)
        self._readings: Final[list[Reading]] = []
        self._overlay: Final = Overlay()
        self._promised: Final[list[tuple[Reading, str, str | None, str | None]]] = []
        self.flaws: list[Flaw] = []
        self.layers: Final[list[ImageLayer]] = []
        #: Every layer was read to its end; else nothing is proved of any file.
        self.is_whole = True

    def run(self) -> None:
        diff_ids = self._manifest.diff_ids
        if diff_ids is not None and len(diff_ids) != len(self._manifest.layers):
            detail = f"has {len(diff_ids):,} rootfs.diff_ids for {len(self._manifest.layers):,} layers"
            self.flaws.append(BadDocument("the config", detail))
            diff_ids = None
        for number, said in enumerate(self._manifest.layers):
            self.layers.append(self._layer(number, said, None if diff_ids is None else diff_ids[number]))
        self.flaws += self._overlay.flaws

    def _layer(self, number: int, said: Said, diff_id: str | None) -> ImageLayer:
        try:
            reading = self._store.layer(said.name, self._interest, said.digest, verify=self._how.verify)
        except Absent as absent:
            self.is_whole = False
            self.flaws.append(LostBlob(f"layer {number}", absent.name, absent.reason))
            return ImageLayer(
                number, media_type=said.media_type, digest=said.digest, diff_id=diff_id, compression=None, packed_size=None, urls=said.urls
            )
        if said.size is not None and said.size != reading.packed_size:
            self.flaws.append(WrongBlobSize(f"layer {number}", said.name, said.size, reading.packed_size))
        self._readings.append(reading)
        self._promised.append((reading, f"layer {number}", said.digest, diff_id))
        missing, hard = self._lay(number, reading)
        return ImageLayer(
            number, media_type=said.media_type, digest=said.digest, diff_id=diff_id, compression=reading.compression,
            packed_size=reading.packed_size, unpacked_size=reading.unpacked_size, entries=len(reading.scan.entries),
            missing_parents=missing, hard_links=hard, urls=said.urls,
        )  # fmt: skip

    def _lay(self, number: int, reading: Reading) -> tuple[Sequence[str], Sequence[tuple[str, str]]]:
        self.flaws += reading.scan.flaws
        if reading.fault is not None:
            self.is_whole = False
            self.flaws.append(BrokenLayer(number, reading.fault))
            return (), ()
        if reading.trailing:
            self.flaws.append(OddRecord(f"layer {number} goes on behind its end"))
        try:
            return self._overlay.put(reading.scan, number)
        except TooMuchOfIt as much:
            self.is_whole = False
            self.flaws.append(much.flaw)
            return (), ()

    def package(self, archive: Archive) -> Package:
        """Return the merged tree."""
        entries = list(self._overlay.entries())
        if not entries:
            archive = Archive(archive.path, archive.form, archive.size, [*archive.flaws, NoEntries()], archive.image)
        source = Layers(self._readings, self._store, self._interest)
        source.promised = self._promised if self._how.verify else []
        source.tell(entries)
        contents = Contents(source, entries, self._how.probe, self._how.keep, None if self._how.cache is None else source.note)
        _recall(contents, entries, {reading.scan.number: reading for reading in self._readings})
        return Package(archive, entries, contents)


def _recall(contents: Contents, entries: Sequence[Entry], readings: dict[int, Reading]) -> None:
    """Tell the contents what was learned and remembered when the layers went by."""
    if not any(reading.scan.kept or reading.scan.learned for reading in readings.values()):
        return
    for entry in entries:
        if not isinstance(entry.record, int):
            continue
        scan = readings[entry.record >> SHIFT].scan
        number = entry.record & (1 << SHIFT) - 1
        if number in scan.kept or number in scan.learned:
            contents.recall(entry, scan.kept.get(number), scan.learned.get(number))


def places(config: Config | None) -> tuple[str, ...]:
    """Return the beginnings of the paths that matter: the code, the extensions, and what is run."""
    found = [TASK, OPT, "/lambda-entrypoint.sh", "/var/runtime/bootstrap"]
    if config is not None:
        if config.working_directory not in (None, "", "/"):
            found.append(config.working_directory)
        for variable in config.environment or ():
            name, _, value = variable.partition("=")
            found += [folder for folder in value.split(":") if name in _SEARCHED and folder.startswith("/")]
        words = [*(config.entrypoint or ()), *(config.command or ())]
        found += [word for word in words if word.startswith("/")]
        if words and "/" not in words[0]:  # on the PATH, which is not walked yet
            found += [f"{folder}/{words[0]}" for folder in ("/usr/local/bin", "/usr/bin", "/bin") if words[0]]
    beginnings = [tidy(path) for path in found]
    return tuple(f"{path}/" if f"/{path}" in (TASK, OPT) else path for path in beginnings if path)
