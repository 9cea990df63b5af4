"""Two members claim the same bytes of the archive.

No tool writes such an archive by itself: it is a bomb, which unpacks the same bytes many times over, or it is damaged.
Careful readers refuse it: ``InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then
try to upload again.``

Fix: do not deploy it; find out where the file comes from, and make it again from the sources.

Source: https://www.usenix.org/conference/woot19/presentation/fifield
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL109", "overlapping-members", Severity.ERROR, Phase.UPLOAD)
def overlapping_members(archive: Archive) -> Iterator[Hit]:
    found = [(flaw.entry, flaw.other) for flaw in archive.of(flaws.Overlap) if flaw.entry is not None]
    if found:
        other = found[0][1]
        message = f"its bytes are also those of {other.path if other else 'another part of the archive'}"
        yield Hit([entry for entry, _ in found], message, aws=errors.COULD_NOT_UNZIP)
