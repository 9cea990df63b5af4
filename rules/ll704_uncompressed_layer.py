"""A layer is stored as a plain tar, as it will be pushed.

``docker push`` packs layers, so images from it never have this. What pushes a folder as it is (``oci_push``, ``crane push``, ``oras``) does
not, and the function ends in the state Failed: ``InvalidImage(ImageLayerFailure: UnsupportedImageLayerDetected - Layer Digest
sha256:...)``. Under a Docker manifest, which knows gzipped layers only, it is an error: one image was refused so, and taken with the same
config, and so the same tars, after ``docker push`` had packed them. OCI has a type for plain layers, and images that use it
are said to be taken, so there it is a note.

Fix: gzip the layer (``compress = "gzip"`` in Bazel's ``tar``), or push with ``skopeo copy --dest-compress-format gzip``

Source: https://github.com/bazel-contrib/rules_oci/issues/777
https://github.com/aspect-build/rules_aws/pull/145
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL704", "uncompressed-layer", Severity.ERROR, Phase.OPTIMIZE)
def uncompressed_layer(image: Image) -> Iterator[Hit]:
    if not image.is_as_pushed:
        return
    for layer in image.layers:
        if layer.compression == "none":
            docker = (layer.media_type or "").startswith("application/vnd.docker.")
            yield Hit(
                None,
                f"layer {layer.number} is a plain tar" + (f", and its type says {layer.media_type}" if layer.media_type else ""),
                severity=None if docker else Severity.NOTE,
                aws=errors.image_layer_unsupported(layer.digest or "sha256:...") if docker else None,
            )
