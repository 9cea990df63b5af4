"""The archive holds bytes that belong to none of its members.

Bytes in front (a shell script or a Python launcher), between the members or behind the end are skipped by most
readers, but some count offsets from the file's beginning and then find nothing, and two end records show two
archives to two readers. AWS does not say which it takes; what it cannot read it answers with
``InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then try to upload again.``

Fix: rewrite the archive: ``zip -A function.zip`` adjusts offsets, ``zip -r`` from the folder makes it new.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.readers import flaws


@rule("LL113", "stray-bytes", Severity.ERROR, Phase.UPLOAD)
def stray_bytes(archive: Archive) -> Iterator[Hit]:
    for flaw in archive.of(flaws.Surplus):
        yield Hit(None, flaw.detail, severity=None if flaw.differs else Severity.WARNING)
