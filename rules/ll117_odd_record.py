"""A field of the archive breaks the zip standard.

Programs differ on what to make of it, so one may unpack what another refuses or names otherwise. How AWS reads
such an archive is not known; AWS says nothing when it takes it. It is a note where all common programs agree.

Fix: make the archive again with a common tool, for example ``zip -r function.zip .``

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Archive, Entry, Hit, Phase, Severity, rule
from lambdalint.readers import flaws


@rule("LL117", "odd-record", Severity.WARNING, Phase.UPLOAD)
def odd_record(archive: Archive) -> Iterator[Hit]:
    places: dict[tuple[str, bool], list[Entry]] = {}
    for flaw in archive.of(flaws.OddRecord):
        places.setdefault((flaw.detail, flaw.harmless), []).extend([flaw.entry] if flaw.entry else [])
    for (detail, harmless), entries in places.items():
        yield Hit(entries, detail, severity=Severity.NOTE if harmless else None)
