"""A part of an image is not what its digest says.

Manifests, configs and layers are named by the SHA-256 of their bytes. One that has another was damaged on its way or
changed afterwards, and registries refuse it: ``DIGEST_INVALID: provided digest did not match uploaded content``

Fix: save or build the image again; if the archive came over a network, fetch it again and compare its checksum.

Source: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
"""

from collections.abc import Iterator

from lambdalint import Archive, Contents, Hit, Phase, Severity, rule
from lambdalint.readers import flaws


@rule("LL120", "digest-mismatch", Severity.ERROR, Phase.UPLOAD)
def digest_mismatch(archive: Archive, contents: Contents) -> Iterator[Hit]:
    for flaw in (*archive.flaws, *contents.flaws):
        if isinstance(flaw, flaws.WrongDigest):
            yield Hit(None, f"{flaw.what}, {flaw.name}, is {flaw.found}, and its digest says {flaw.said}")
