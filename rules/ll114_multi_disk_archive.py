"""The file is one part of an archive that was split.

Split archives (``.z01``, ``.z02`` ... and a last ``.zip``) can only be read with all their parts at hand, and Lambda
takes one file: ``InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then try to
upload again.``

Fix: join the parts: ``zip -s 0 split.zip --out function.zip``. If it was split to pass the 50 MB limit, upload over S3.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL114", "multi-disk-archive", Severity.ERROR, Phase.UPLOAD)
def multi_disk_archive(archive: Archive) -> Iterator[Hit]:
    for _ in archive.of(flaws.MultiDisk):
        yield Hit(None, "this is one part of a split archive", aws=errors.COULD_NOT_UNZIP)
