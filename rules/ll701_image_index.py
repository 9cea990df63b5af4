"""The image is an index of several manifests, and Lambda takes a single one.

buildx makes an index when it builds for several platforms, and also for a single one, for the provenance and SBOM attestations
that it adds unasked: ``InvalidParameterValueException: The image manifest, config or layer media type for the source image ... is not
supported.`` Whether an index reaches the registry may hang on who pushes: skopeo copies one image of it unless it is
given ``--all``. The manifest for the function's CPU is judged all the same.

Fix: ``docker buildx build --platform linux/amd64 --provenance=false --sbom=false --push``, with the function's platform

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
https://github.com/docker/buildx/issues/1533
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Form, Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.model import Archive

if TYPE_CHECKING:
    from lambdalint import Image

PLATFORMS = {"x86_64": "linux/amd64", "arm64": "linux/arm64"}


def what(names: list[str], attestations: int) -> str:
    shown = ", ".join(sorted(names))
    beside = "" if not attestations else "an attestation" if attestations == 1 else f"{attestations} attestations"
    if not names:
        return f"nothing but {beside}" if beside else "nothing at all"
    if len(names) == 1:
        return f"{shown} with {beside or 'nothing beside it'}"
    return f"{len(names)} platforms ({shown})" + (f" and {beside}" if beside else "")


@rule("LL701", "image-index", Severity.ERROR, Phase.CONFIGURE)
def image_index(image: Image, archive: Archive, function: Function) -> Iterator[Hit]:
    index = image.index
    if index is None:
        return
    names = [str(one.platform or "no platform") for one in index.images]
    there = sum(1 for one in index.images if one.present)
    sure = archive.form is not Form.DOCKER or bool(index.attestations) or there > 1
    platform = PLATFORMS.get((function.architectures or ("",))[0]) or (names[0] if len(names) == 1 else "linux/amd64")
    yield Hit(
        None,
        f"the image is an index of {what(names, len(index.attestations))}",
        severity=None if sure else Severity.WARNING,
        aws=errors.image_media_type(image.name or "IMAGE_URI"),
        fix=f"docker buildx build --platform {platform} --provenance=false --sbom=false --push -t IMAGE_URI .",
    )
