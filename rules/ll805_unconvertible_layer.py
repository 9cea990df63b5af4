"""A layer holds what AWS may fail to convert.

AWS merges a function's layers into a form of its own. Where that fails, it says only ``Lambda layer conversion failed. For advice
on resolving this issue, see the Troubleshoot deployment issues in Lambda page in the Lambda User Guide.`` That page names
a file that has the name of a directory in another layer, symbolic links, and files that nothing uses. Links are a note:
most layers that have some work.

Fix: rename the file or the directory; replace links by what they lead to: ``zip -r layer.zip .`` without ``--symlinks``

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Kind, Package, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Shadows


@rule("LL805", "unconvertible-layer", Severity.ERROR, Phase.CONFIGURE)
def unconvertible_layer(package: Package, shadows: Shadows) -> Iterator[Hit]:
    for entry, other in shadows.clashes:
        message = f"it is a {entry.kind.value} here, and a directory in {other}"
        yield Hit(entry, message, aws=errors.LAYER_CONVERSION_FAILED)
    links = [entry for entry in package.entries if entry.kind is Kind.LINK]
    if links:
        message = f"{'a symbolic link' if len(links) == 1 else f'{len(links):,} symbolic links'} in a layer"
        yield Hit(links, message, severity=Severity.NOTE)
