"""There is more in the archive than this program reads of a stranger's file.

To be safe on packages from anywhere, names, counts, sizes and compression ratios are read up to a cap. The caps lie far
above anything Lambda takes, so such an archive is hostile or broken; what lies beyond the cap was not judged. AWS says
``InvalidParameterValueException: Unzipped size must be smaller than 262144000 bytes`` or nothing.

Fix: look at the file with ``unzip -l``; if it is what you meant to deploy, make it again without the excess.

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator
from itertools import chain

from lambdalint import Archive, Contents, Hit, Phase, Severity, rule
from lambdalint.readers import flaws


@rule("LL116", "beyond-our-caps", Severity.WARNING, Phase.UPLOAD)
def beyond_our_caps(archive: Archive, contents: Contents) -> Iterator[Hit]:
    unread = (flaw for flaw in contents.flaws if isinstance(flaw, flaws.BeyondCap))
    for flaw in chain(archive.of(flaws.BeyondCap), unread):
        yield Hit(flaw.entry, f"{flaw.what}: {flaw.found:,}, and {flaw.cap:,} is as far as this program reads")
