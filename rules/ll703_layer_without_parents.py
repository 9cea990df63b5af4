"""A layer has files in directories for which neither it nor a layer below has an entry before them.

Docker makes such directories itself, so that builds and local runs pass. Lambda does not, and the function ends in the state
Failed: ``InvalidImage(MissingParentDirectory: Parent directory does not exist for file: zipp/__init__.py)``. Tools that write
tars by themselves leave them out (Bazel's ``pkg_tar`` and mtrees, ``image_layer``), or put them behind the files.

Fix: let the tool write them, each before what lies in it (rules_pkg: ``pkg_tar(..., create_parents = True)``; ``mtree_spec`` of tar.bzl
with its directories), or copy the files in with a Dockerfile.

Source: https://github.com/aspect-build/rules_aws/issues/103
https://github.com/aws/aws-lambda-web-adapter/issues/236
https://github.com/nlewo/nix2container/issues/54
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Package, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL703", "layer-without-parents", Severity.ERROR, Phase.OPTIMIZE)
def layer_without_parents(image: Image, package: Package) -> Iterator[Hit]:
    for layer in image.layers:
        if layer.missing_parents and image.config is not None:
            count, folders = len(layer.missing_parents), tuple(f"{path}/" for path in layer.missing_parents)
            message = f"layer {layer.number} has no entry for {'this directory' if count == 1 else f'{count:,} directories'} of its files"
            inside = (entry.path for entry in package.files() if entry.layer == layer.number and entry.path.startswith(folders))
            yield Hit(layer.missing_parents, message, aws=errors.missing_parent(next(inside, f"{folders[0]}...")))
