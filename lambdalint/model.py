"""What everything else speaks of: entries, packages, hits, findings, reports."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from lambdalint.contents import Contents
    from lambdalint.image import Image

FlawT = TypeVar("FlawT", bound="Flaw")

OTHERS_READ: Final = 0o004
OTHERS_EXECUTE: Final = 0o001


class Severity(enum.IntEnum):
    """How bad a finding is: ERROR only when AWS refuses or the first invocation surely fails."""

    NOTE = 0
    WARNING = 1
    ERROR = 2

    @property
    def label(self) -> str:
        return self.name.lower()


class Phase(enum.Enum):
    """Where AWS would say it. OPTIMIZE is the preparation of an image after it was pulled."""

    UPLOAD = "upload"
    CONFIGURE = "configure"
    OPTIMIZE = "optimize"
    INIT = "init"
    INVOKE = "invoke"


class Kind(enum.Enum):
    """What an entry is. OTHER is a device, a fifo or a socket."""

    FILE = "file"
    DIR = "directory"
    LINK = "link"
    OTHER = "special file"


class Form(enum.Enum):
    """The container that holds a package, told by its content. UNKNOWN: it could not be told."""

    ZIP = "zip"
    DIRECTORY = "directory"
    DOCKER = "docker"
    OCI = "oci"
    ROOTFS = "rootfs"
    UNKNOWN = "unknown"


class Role(enum.Enum):
    """What a package is for; the ``kind`` of the command line and of the JSON report."""

    FUNCTION = "function"
    LAYER = "layer"
    IMAGE = "image"


class Entry:
    """One member of a package. Made by a reader and never changed after."""

    __slots__ = ("kind", "layer", "mode", "origin", "packed", "path", "raw", "record", "size", "target")

    def __init__(
        self,
        path: str,
        raw: bytes,
        kind: Kind,
        mode: int | None,
        size: int,
        packed: int,
        target: str | None = None,
        origin: str = "",
        layer: int | None = None,
        record: object = None,
    ) -> None:
        #: Relative, separated by ``/``, no slash at either end; as the archive spells it otherwise, ``..`` included.
        self.path: Final = path
        #: The name's own bytes, before decoding, slashes included.
        self.raw: Final = raw
        self.kind: Final = kind
        #: Permission bits (``0o7777``). None: the archive records no Unix mode for this entry.
        self.mode: Final = mode
        #: Bytes as declared, unpacked.
        self.size: Final = size
        #: Bytes as stored.
        self.packed: Final = packed
        #: Where a LINK leads, as written. None: not a link, or its target could not be read.
        self.target: Final = target
        #: The package it came from, as that was named on the command line.
        self.origin: Final = origin
        #: Which image layer holds it, from 0. None: not an image.
        self.layer: Final = layer
        #: The reader's own handle to the bytes; nobody else looks inside.
        self.record: Final = record

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def __repr__(self) -> str:
        return f"Entry({self.path!r}, {self.kind.value})"


class Flaw:
    """Something wrong with an archive that its reader saw; each sort is a class in ``readers.flaws``."""

    __slots__ = ("entry",)

    def __init__(self, entry: Entry | None = None) -> None:
        #: None: the archive as a whole.
        self.entry: Final = entry


def _place(flaw: Flaw) -> str:
    return "" if flaw.entry is None else flaw.entry.path


def _path(entry: Entry) -> str:
    return entry.path


class Archive:
    """The container of a package, readable or not."""

    __slots__ = ("flaws", "form", "image", "path", "size")

    def __init__(
        self, path: str, form: Form, size: int | None, flaws: Sequence[Flaw] = (), image: Image | None = None
    ) -> None:
        #: As named on the command line; ``<stdin>`` for standard input.
        self.path: Final = path
        self.form: Final = form
        #: Bytes of the container file. None: a directory.
        self.size: Final = size
        #: What its reader saw while opening it, by the entries' paths, so that an archive's order changes no report.
        self.flaws: Final = tuple(sorted(flaws, key=_place))
        #: What it says of the image in it, even where its layers cannot be read. None: it is none, or says nothing that can be read.
        self.image: Final = image

    def of(self, sort: type[FlawT]) -> Iterator[FlawT]:
        """Yield the flaws of one sort, those of the archive as a whole first, then by path."""
        return (flaw for flaw in self.flaws if isinstance(flaw, sort))


class Package:
    """An archive that could be opened: its entries, and a way to their bytes. Immutable."""

    __slots__ = ("_by_path", "_files", "archive", "contents", "entries", "unzipped_size")

    def __init__(self, archive: Archive, entries: Sequence[Entry], contents: Contents) -> None:
        self.archive: Final = archive
        #: By path, so that an archive's order changes no report; a name that stands twice is twice here, in the archive's order.
        self.entries: Final = tuple(sorted(entries, key=_path))
        self.contents: Final = contents
        self._files: Final = tuple([entry for entry in self.entries if entry.kind is Kind.FILE])
        #: Bytes of all regular files as declared: what Lambda's limit of unzipped sizes counts.
        self.unzipped_size: Final = sum([entry.size for entry in self._files])
        self._by_path: dict[str, Entry] | None = None

    @property
    def path(self) -> str:
        return self.archive.path

    @property
    def form(self) -> Form:
        return self.archive.form

    @property
    def image(self) -> Image | None:
        """What the archive says of the image. None: it is none."""
        return self.archive.image

    def files(self) -> Iterator[Entry]:
        """Yield the regular files, by path."""
        return iter(self._files)

    def get(self, path: str) -> Entry | None:
        """Return the entry of that exact path, the last one if several; None: none has it (it may yet be an implied directory)."""
        if self._by_path is None:
            self._by_path = {entry.path: entry for entry in self.entries}
        return self._by_path.get(path)

    def read(self, entry: Entry, limit: int) -> bytes:
        """Return the first ``limit`` bytes of a file. Raises Lacking when they cannot be read as they should be."""
        return self.contents.read(entry, limit)


class Lacking(Exception):  # noqa: N818 - not an error: a fact that is not known
    """A fact that is not known, so that no verdict is possible."""

    def __init__(self, what: str, option: str | None = None) -> None:
        super().__init__(what)
        #: What is not known, as a noun: ``the runtime``.
        self.what: Final = what
        #: The option that would tell it. None: no option can.
        self.option: Final = option


class NotApplicable(Exception):  # noqa: N818 - not an error: nothing to judge
    """A fact that this form cannot have, or a setting that was not given and for which AWS has a default."""


class UnreadablePackage(Exception):  # noqa: N818 - the user's file, our finding
    """A file that cannot be opened as a package; its archive's flaws say why."""

    def __init__(self, archive: Archive) -> None:
        super().__init__(archive.path)
        self.archive: Final = archive


class Aws:
    """What AWS itself would show: an error code, or None where it shows a bare text, and the text with this package's values in it."""

    __slots__ = ("code", "message")

    def __init__(self, code: str | None, message: str) -> None:
        self.code: Final = code
        self.message: Final = message


class Place:
    """A spot in a package. ``path`` is None for the package as a whole."""

    __slots__ = ("line", "package", "path")

    def __init__(self, package: str, path: str | None, line: int | None = None) -> None:
        #: The package's path as given.
        self.package: Final = package
        self.path: Final = path
        #: From 1. None: no line is meant.
        self.line: Final = line


class Hit:
    """What a rule yields: a fact about this package, and where this case differs from its rule."""

    __slots__ = ("aws", "explains", "fix", "line", "message", "phase", "places", "setting", "severity")

    def __init__(
        self,
        where: Entry | str | Sequence[Entry | str] | None,
        message: str,
        *,
        setting: str | None = None,
        line: int | None = None,
        severity: Severity | None = None,
        phase: Phase | None = None,
        aws: Aws | None = None,
        fix: str | None = None,
        explains: Sequence[Hit] = (),
    ) -> None:
        #: Entries, or paths (implied directories have no entry), the first being the one to show. Empty: the package as a whole.
        self.places: Final[Sequence[Entry | str]] = (
            () if where is None else (where,) if isinstance(where, (Entry, str)) else where
        )
        self.message: Final = message
        #: The function property at fault, by the API's path: ``Handler``, ``Environment.Variables.AWS_REGION``. None: none is.
        self.setting: Final = setting
        #: From 1, in the first place. None: no line is meant.
        self.line: Final = line
        #: Lower than the rule's own. None: the rule's.
        self.severity: Final = severity
        #: None: the rule's.
        self.phase: Final = phase
        #: None: AWS says nothing.
        self.aws: Final = aws
        #: The command or step for this package, alternatives on lines of their own. None: the page's ``Fix:``.
        self.fix: Final = fix
        #: Hits of other rules that have this one for their cause, and go with it: one cause is one finding.
        self.explains: Final = tuple(explains)
