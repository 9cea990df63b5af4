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
