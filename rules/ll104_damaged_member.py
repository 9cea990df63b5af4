"""A member's bytes do not unpack to what the archive says of them.

Either the packed data is broken, or its checksum or its length is not the recorded one. AWS unzips the package when
it is uploaded and again when the function starts: ``InvalidParameterValueException: Could not unzip uploaded file.
Please check your file, then try to upload again.`` It is a warning where programs differ on whether it is damaged.

Fix: make the archive again; if it came over a network, fetch it again and compare its checksum.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Contents, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL104", "damaged-member", Severity.ERROR, Phase.UPLOAD)
def damaged_member(contents: Contents) -> Iterator[Hit]:
    for flaw in contents.flaws:
        if isinstance(flaw, flaws.Damaged):
            yield Hit(flaw.entry, flaw.detail, aws=errors.COULD_NOT_UNZIP)
        elif isinstance(flaw, (flaws.WrongSize, flaws.OddRecord, flaws.Barred)):
            yield Hit(flaw.entry, flaw.detail, severity=Severity.WARNING)
