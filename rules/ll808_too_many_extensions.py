"""The function has more extensions than Lambda starts.

A function may have ten extensions, those inside the runtime's process counted; each file directly in ``extensions/`` is one.
With more, nothing starts: ``TooManyExtensions: Extension limit (10) reached``. Layers that are known by their ARN only may have
more of them.

Fix: leave out layers whose extensions the function can do without.

Source: https://docs.aws.amazon.com/lambda/latest/dg/extensions-configuration.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Aws, Hit, Phase, Severity, rule
from lambdalint.aws import limits

if TYPE_CHECKING:
    from lambdalint import Extensions


@rule("LL808", "too-many-extensions", Severity.ERROR, Phase.INIT)
def too_many_extensions(extensions: Extensions) -> Iterator[Hit]:
    if len(extensions) > limits.EXTENSIONS:
        yield Hit(
            [extension.entry for extension in extensions],
            f"{len(extensions)} files in extensions/; Lambda starts at most {limits.EXTENSIONS} extensions",
            aws=Aws("TooManyExtensions", f"Extension limit ({limits.EXTENSIONS}) reached"),
        )
