"""A layer has hard links.

Tar keeps two names of one file as a link from one to the other. Docker takes that. Lambda takes images apart with a program of its own,
which has been reported to refuse layers with hard links that Bazel and bsdtar made: ``InvalidImage(ImageLayerFailure:
UnsupportedImageLayerDetected - Layer Digest sha256:...)``. Distributions' own layers have some and are taken, so not every one is
refused, and it is a warning. Only those where the function's code lies are told.

Fix: copy the file instead (pnpm: ``package-import-method=copy``; uv: ``UV_LINK_MODE=copy``; cp without ``-l``; ``nlink=1`` in an mtree).

Source: https://github.com/aspect-build/rules_aws/pull/145
https://github.com/opencontainers/image-spec/blob/main/layer.md#hardlinks
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Scope, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL705", "hard-link-in-layer", Severity.WARNING, Phase.OPTIMIZE)
def hard_link_in_layer(image: Image, scope: Scope) -> Iterator[Hit]:
    for layer in image.layers:
        links = [(path, target) for path, target in layer.hard_links if scope.covers(path)]
        if links:
            first = links[0][1]
            message = f"{'a hard link' if len(links) == 1 else f'{len(links):,} hard links'} in layer {layer.number}, the first to {first}"
            yield Hit([path for path, _ in links], message)
