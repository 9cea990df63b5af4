"""An image's archive is damaged, or lacks a part of the image.

A manifest, a config or a layer that the archive speaks of is not in it, is cut off or cannot be read. Whoever pushes it fails, or the
registry refuses it (``MANIFEST_BLOB_UNKNOWN: manifest references a manifest or blob unknown to registry``), so that Lambda never
sees it. What a base image's publisher serves elsewhere (foreign layers) counts as missing too.

Fix: save the image again: ``docker save NAME -o image.tar`` or ``skopeo copy docker-daemon:NAME oci:folder``

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.readers import flaws


@rule("LL119", "damaged-image", Severity.ERROR, Phase.UPLOAD)
def damaged_image(archive: Archive) -> Iterator[Hit]:
    for flaw in archive.flaws:
        if isinstance(flaw, flaws.BadDocument):
            yield Hit(None, f"{flaw.name} {flaw.detail}")
        elif isinstance(flaw, flaws.LostBlob):
            yield Hit(None, f"{flaw.what}, {flaw.name}, {flaw.reason}")
        elif isinstance(flaw, flaws.BrokenLayer):
            layer = "the tar" if flaw.number is None else f"layer {flaw.number}"
            yield Hit(None, f"{layer} cannot be unpacked: {flaw.detail}")
        elif isinstance(flaw, flaws.WrongBlobSize):
            yield Hit(None, f"{flaw.what}, {flaw.name}, has {flaw.found:,} bytes, and {flaw.said:,} are said")
        elif isinstance(flaw, flaws.LostHardLink):
            message = f"a hard link to {flaw.target}, which is not there"
            yield Hit(flaw.entry, message, severity=Severity.WARNING)
