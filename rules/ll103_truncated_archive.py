"""The archive begins as a zip and has no usable end.

A zip is read from its end, where the list of its members stands. A download or copy that broke off, or a build that
was uploaded while it was still being written, lacks it. AWS answers ``InvalidParameterValueException: Could not unzip
uploaded file. Please check your file, then try to upload again.``

Fix: make or fetch the file again, and check it with ``unzip -t`` before uploading.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL103", "truncated-archive", Severity.ERROR, Phase.UPLOAD)
def truncated_archive(archive: Archive) -> Iterator[Hit]:
    for flaw in archive.of(flaws.Truncated):
        yield Hit(None, f"the archive breaks off: {flaw.detail}", aws=errors.COULD_NOT_UNZIP)
    for broken in archive.of(flaws.BrokenDirectory):
        yield Hit(None, f"the list of members is broken: {broken.detail}", aws=errors.COULD_NOT_UNZIP)
