"""A member is described twice, and the two descriptions differ.

A zip lists each member in its central directory and again in front of its bytes. Programs that read from the end
believe the first, those that stream believe the second, so they unpack different things. AWS does not say which it
believes; where names, methods or sizes differ, some readers refuse: ``InvalidParameterValueException: Could not unzip
uploaded file. Please check your file, then try to upload again.``

Fix: make the archive again with another tool, for example ``zip -r function.zip .``

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Archive, Entry, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL108", "header-mismatch", Severity.ERROR, Phase.UPLOAD)
def header_mismatch(archive: Archive) -> Iterator[Hit]:
    places: dict[tuple[str, bool], list[Entry]] = {}
    for flaw in archive.of(flaws.HeaderMismatch):
        places.setdefault((flaw.detail, flaw.differs), []).extend([flaw.entry] if flaw.entry else [])
    for (detail, differs), entries in places.items():
        severity = None if differs else Severity.WARNING
        yield Hit(entries, detail, severity=severity, aws=errors.COULD_NOT_UNZIP if differs else None)
