"""The package holds nothing.

An archive without entries, or with directories alone, opens, and AWS refuses it:
``InvalidParameterValueException: Uploaded file must be a non-empty zip``. A glob that matched no file, or a build that
wrote its output elsewhere, is the usual reason.

Fix: look where the build put its output, and zip that folder's content: ``cd build && zip -r ../function.zip .``

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Kind, Package, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL102", "empty-package", Severity.ERROR, Phase.UPLOAD)
def empty_package(archive: Archive, package: Package) -> Iterator[Hit]:
    for _ in archive.of(flaws.NoEntries):
        yield Hit(None, "it holds no entries at all", aws=errors.EMPTY_ZIP)
    if package.entries and all(entry.kind is Kind.DIR for entry in package.entries):
        yield Hit(None, "it holds directories and no file", aws=errors.EMPTY_ZIP)
