"""A member is encrypted.

Nobody gives Lambda a password, so it cannot read the file: ``InvalidParameterValueException: Could not unzip uploaded
file. Please check your file, then try to upload again.``

Fix: zip without a password. Lambda encrypts the package at rest; a key of your own goes into ``KMSKeyArn``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL105", "encrypted-member", Severity.ERROR, Phase.UPLOAD)
def encrypted_member(archive: Archive) -> Iterator[Hit]:
    found = list(archive.of(flaws.Encrypted))
    places = [flaw.entry for flaw in found if flaw.entry is not None]
    if places:
        yield Hit(places, "it is encrypted, and Lambda has no password for it", aws=errors.COULD_NOT_UNZIP)
    if len(places) < len(found):
        yield Hit(None, "the list of members is itself encrypted", aws=errors.COULD_NOT_UNZIP)
