"""A layer has its code where only another version of the language looks.

Folders that are named by a version are searched by that version alone: ``python/lib/python3.11/site-packages``,
``nodejs/node20/node_modules``, ``ruby/gems/3.3.0``. After the runtime moved on, they are passed over: ``Unable to import module
'app': No module named 'requests'``. It is an error when the handler's code surely needs it.

Fix: build the layer anew with the runtime's version; native libraries are built for one version, so a renamed folder is not enough.

Source: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Package, Phase, Runtime, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Layout


@rule("LL802", "layer-for-other-version", Severity.ERROR, Phase.INIT)
def layer_for_other_version(package: Package, other_versions: Layout, runtime: Runtime) -> Iterator[Hit]:
    for stray in other_versions.strays:
        need = other_versions.needs.get(stray)
        if stray in other_versions.used and need is None:
            continue
        needed = f", and {need.who(package)} needs {'it' if stray.source in need.items else ', '.join(need.items[:3])}" if need else ""
        yield Hit(
            package.get(stray.source) or stray.source,
            f"{stray.source} is searched by version {stray.version} only, the function is {runtime.name}{needed}",
            severity=None if need else Severity.WARNING,
            aws=need.aws if need else None,
            explains=need.hits if need else (),
            fix=f"build the layer with {runtime.name}, into {stray.folder}",
        )
