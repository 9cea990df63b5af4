"""A layer has files in directories that no layer has an entry for.

Docker makes such directories itself, with the mode 0755; that Lambda does the same is nowhere said. The layers that one report has it
refuse are from build rules that write bare files, but the report names no cause: ``InvalidImage(ImageLayerFailure:
UnsupportedImageLayerDetected - Layer Digest sha256:...)``. Entries for directories also fix their modes and owners.

Fix: let the tool write them (rules_pkg: ``pkg_tar(..., create_parents = True)``; ``mtree_spec`` of tar.bzl with its directories).

Source: https://github.com/bazel-contrib/rules_oci/issues/777
"""

from collections.abc import Iterator

from lambdalint import Hit, Image, Phase, Severity, rule
from lambdalint.aws import errors


@rule("LL703", "layer-without-parents", Severity.NOTE, Phase.OPTIMIZE)
def layer_without_parents(image: Image) -> Iterator[Hit]:
    for layer in image.layers:
        if layer.missing_parents and image.config is not None:
            count = len(layer.missing_parents)
            message = f"layer {layer.number} has no entry for {'this directory' if count == 1 else f'{count:,} directories'} of its files"
            aws = None if layer.digest is None else errors.image_layer_unsupported(layer.digest)
            yield Hit(layer.missing_parents, message, aws=aws)
