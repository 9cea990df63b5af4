"""The sorts of things that can be wrong with an archive, each a type; rules 1xx turn them into findings."""

from __future__ import annotations

from typing import Final

from lambdalint.model import Entry, Flaw


class NotAPackage(Flaw):
    """The bytes are something else altogether."""

    __slots__ = ("fix", "what")

    def __init__(self, what: str, fix: str | None = None) -> None:
        super().__init__()
        #: A noun phrase: ``base64 text of a zip``, ``an HTML page``, ``an empty file``.
        self.what: Final = what
        self.fix: Final = fix


class NoEntries(Flaw):
    """The archive opens and holds nothing."""

    __slots__ = ()


class Truncated(Flaw):
    """The archive begins as one and has no usable end."""

    __slots__ = ("detail",)

    def __init__(self, detail: str) -> None:
        super().__init__()
        #: What is missing, with offsets: ``no end-of-central-directory record in the last 65,557 bytes``.
        self.detail: Final = detail


class Damaged(Flaw):
    """A member whose bytes do not unpack to what its header says."""

    __slots__ = ("detail",)

    def __init__(self, entry: Entry, detail: str) -> None:
        super().__init__(entry)
        self.detail: Final = detail


class Encrypted(Flaw):
    """A member that needs a password; ``entry`` is None when the central directory itself is encrypted."""

    __slots__ = ()


class UnsupportedMethod(Flaw):
    """A member packed in a way other than stored or deflated."""

    __slots__ = ("method",)

    def __init__(self, entry: Entry, method: int) -> None:
        super().__init__(entry)
        #: The number of APPNOTE 4.4.5.
        self.method: Final = method


class BrokenDirectory(Flaw):
    """The end record leads to no central directory that can be read to its end."""

    __slots__ = ("detail",)

    def __init__(self, detail: str) -> None:
        super().__init__()
        #: What is there instead, with offsets and counts: ``no central header at 1,234, where entry 7 of 9 should be``.
        self.detail: Final = detail


class WrongSize(Flaw):
    """A member whose checksum is right and whose declared size is not: readers differ on where it ends."""

    __slots__ = ("detail",)

    def __init__(self, entry: Entry, detail: str) -> None:
        super().__init__(entry)
        #: Both ends: ``declared as 9 bytes, unpacks to more; the first 9 bytes have the right CRC``.
        self.detail: Final = detail


class HeaderMismatch(Flaw):
    """A local header that says something else than the central directory, so that readers disagree."""

    __slots__ = ("detail", "differs")

    def __init__(self, entry: Entry, detail: str, *, differs: bool) -> None:
        super().__init__(entry)
        #: Both ends: ``the directory says deflated, the local header says stored``.
        self.detail: Final = detail
        #: Readers that go by the one and by the other extract another name or other bytes; else one of them only complains.
        self.differs: Final = differs


class Overlap(Flaw):
    """Two members that share bytes of the archive."""

    __slots__ = ("other",)

    def __init__(self, entry: Entry, other: Entry | None) -> None:
        super().__init__(entry)
        #: None: the central directory itself.
        self.other: Final = other


class Surplus(Flaw):
    """Bytes that belong to no member: before, between or behind them, or a second end record. Readers differ on them."""

    __slots__ = ("detail", "differs", "size", "where")

    def __init__(self, where: str, size: int, detail: str, *, differs: bool = False) -> None:
        super().__init__()
        #: ``before``, ``between``, ``after`` or ``end record``.
        self.where: Final = where
        #: In bytes.
        self.size: Final = size
        #: What the bytes are and where: ``4 bytes before the first member``.
        self.detail: Final = detail
        #: Readers that go by the one end record and by the other list other entries.
        self.differs: Final = differs


class MultiDisk(Flaw):
    """One part of an archive that was split over several files."""

    __slots__ = ()


class BeyondCap(Flaw):
    """More than this program reads of a stranger's archive; what lies beyond was not judged."""

    __slots__ = ("cap", "found", "what")

    def __init__(self, what: str, found: int, cap: int, entry: Entry | None = None) -> None:
        super().__init__(entry)
        #: What there is too much of, a plural noun: ``entries``, ``bytes of a link target``.
        self.what: Final = what
        self.found: Final = found
        self.cap: Final = cap


class OddRecord(Flaw):
    """A field of the archive that breaks its own standard, or on which readers disagree, without moving any byte."""

    __slots__ = ("detail", "harmless")

    def __init__(self, detail: str, entry: Entry | None = None, *, harmless: bool = False) -> None:
        super().__init__(entry)
        self.detail: Final = detail
        #: No reader is misled, or refuses the archive, because of it.
        self.harmless: Final = harmless


class Barred(Flaw):
    """A file of this host that this program may not read; it was not judged."""

    __slots__ = ("detail",)

    def __init__(self, entry: Entry, detail: str) -> None:
        super().__init__(entry)
        #: The system's own words: ``Permission denied``.
        self.detail: Final = detail


class BadDocument(Flaw):
    """A manifest, an index or a config that cannot be read, or says what none can say."""

    __slots__ = ("detail", "name")

    def __init__(self, name: str, detail: str) -> None:
        super().__init__()
        #: Where it lies in the archive: ``manifest.json``, ``blobs/sha256/...``.
        self.name: Final = name
        #: The rest of a sentence: ``is no JSON: ...``, ``has layers that are no list``.
        self.detail: Final = detail


class LostBlob(Flaw):
    """Something that a manifest or an index speaks of, and that is not in the archive."""

    __slots__ = ("name", "reason", "what")

    def __init__(self, what: str, name: str, reason: str = "is not in the archive") -> None:
        super().__init__()
        #: ``the config``, ``layer 3``.
        self.what: Final = what
        #: Its path, or its digest.
        self.name: Final = name
        #: The rest of a sentence.
        self.reason: Final = reason


class NotAnImage(Flaw):
    """An artifact that is kept as images are, and is none: a Helm chart, a signature, an attestation alone."""

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        super().__init__()
        #: A noun phrase: ``an artifact of the type application/vnd.cncf.helm.config.v1+json``.
        self.what: Final = what


class BrokenLayer(Flaw):
    """A layer that cannot be unpacked to its end, so that nothing is known of the image's files."""

    __slots__ = ("detail", "number")

    def __init__(self, number: int | None, detail: str) -> None:
        super().__init__()
        #: From 0, the lowest. None: the tar is all there is.
        self.number: Final = number
        #: A sentence without its subject: ``it ends 512 bytes before etc/passwd does``.
        self.detail: Final = detail


class WrongDigest(Flaw):
    """Bytes that are others than their digest says: the archive was damaged or changed."""

    __slots__ = ("found", "name", "said", "what")

    def __init__(self, what: str, name: str, said: str, found: str) -> None:
        super().__init__()
        #: ``the manifest``, ``the config``, ``layer 3``, ``layer 3, unpacked``.
        self.what: Final = what
        #: Where it lies in the archive.
        self.name: Final = name
        #: ``sha256:...``, both.
        self.said: Final = said
        self.found: Final = found


class WrongBlobSize(Flaw):
    """A blob that is longer or shorter than what points to it says."""

    __slots__ = ("found", "name", "said", "what")

    def __init__(self, what: str, name: str, said: int, found: int) -> None:
        super().__init__()
        self.what: Final = what
        self.name: Final = name
        #: In bytes, both.
        self.said: Final = said
        self.found: Final = found


class LostHardLink(Flaw):
    """A hard link to what is not there, or is a directory. Its entry is not among the package's."""

    __slots__ = ("target",)

    def __init__(self, entry: Entry, target: str) -> None:
        super().__init__(entry)
        #: As written.
        self.target: Final = target
