"""The manifest or a layer is of a type that Lambda does not take.

Lambda takes manifests of Docker's version 2, schema 2, and of OCI 1.0, with layers that are gzipped tars. Others are refused
(``InvalidParameterValueException: The image manifest, config or layer media type for the source image ... is not supported.``), encrypted
layers and layers that are fetched from elsewhere among them.

Fix: convert it: ``skopeo copy --format v2s2 oci:folder docker://IMAGE_URI``, or build with ``--output type=docker``

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Image

MANIFESTS = ("application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json")
#: Of these, what is inside is another rule's.
LAYERS = (
    "application/vnd.docker.image.rootfs.diff.tar", "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.diff.tar.zstd", "application/vnd.oci.image.layer.v1.tar",
    "application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.oci.image.layer.v1.tar+zstd",
)  # fmt: skip


@rule("LL702", "unsupported-media-type", Severity.ERROR, Phase.CONFIGURE)
def unsupported_media_type(image: Image) -> Iterator[Hit]:
    aws = errors.image_media_type(image.name or "IMAGE_URI")
    if image.manifest_type is not None and image.manifest_type not in MANIFESTS:
        yield Hit(None, f"the manifest's type is {image.manifest_type}", aws=aws)
    for layer in image.layers:
        if layer.media_type is not None and layer.media_type not in LAYERS:
            yield Hit(None, f"layer {layer.number} has the type {layer.media_type}", aws=aws)
