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


class HeaderMismatch(Flaw):
    """A local header that says something else than the central directory, so that readers disagree."""

    __slots__ = ("detail",)

    def __init__(self, entry: Entry, detail: str) -> None:
        super().__init__(entry)
        #: Both ends: ``the directory says deflated, the local header says stored``.
        self.detail: Final = detail


class Overlap(Flaw):
    """Two members that share bytes of the archive."""

    __slots__ = ("other",)

    def __init__(self, entry: Entry, other: Entry) -> None:
        super().__init__(entry)
        self.other: Final = other


class Surplus(Flaw):
    """Bytes that belong to no member: before, between or behind them, or a second end record. Readers differ on them."""

    __slots__ = ("detail", "size", "where")

    def __init__(self, where: str, size: int, detail: str) -> None:
        super().__init__()
        #: ``before``, ``between``, ``after`` or ``end record``.
        self.where: Final = where
        #: In bytes.
        self.size: Final = size
        self.detail: Final = detail


class MultiDisk(Flaw):
    """One part of an archive that was split over several files."""

    __slots__ = ()


class BeyondCap(Flaw):
    """More than this program reads of a stranger's archive; what lies beyond was not judged."""

    __slots__ = ("cap", "found", "what")

    def __init__(self, what: str, found: int, cap: int, entry: Entry | None = None) -> None:
        super().__init__(entry)
        self.what: Final = what
        self.found: Final = found
        self.cap: Final = cap


class OddRecord(Flaw):
    """A field of the archive that breaks its own standard, or on which readers disagree, without moving any byte."""

    __slots__ = ("detail",)

    def __init__(self, detail: str, entry: Entry | None = None) -> None:
        super().__init__(entry)
        self.detail: Final = detail
