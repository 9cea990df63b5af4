"""Code of a layer lies where no runtime looks.

A layer is unpacked at /opt, and each language searches folders of its own there: ``python/``, ``nodejs/node_modules``, ``java/lib``,
``ruby/gems/3.4.0``, ``ruby/lib``; every runtime ``lib/`` and ``bin/``. What lies elsewhere is found by its absolute path only:
``Unable to import module 'app': No module named 'requests'``, ``Error: Cannot find module 'uuid'``. It is an error when
the handler's code surely needs it, and a warning when the layer has nothing in any of these folders.

Fix: move it into its language's folder and zip that folder: ``mkdir python && mv requests python/ && zip -r layer.zip python``

Source: https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Package, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Layout

LANGUAGES = {"python": "Python", "nodejs": "Node.js", "java": "Java", "ruby": "Ruby", "lib": "the dynamic linker"}


def names(items: tuple[str, ...]) -> str:
    shown = ", ".join(items[:3])
    return f"{shown} and {len(items) - 3:,} more" if len(items) > 3 else shown


@rule("LL801", "misplaced-layer-code", Severity.ERROR, Phase.INIT)
def misplaced_layer_code(package: Package, layout: Layout) -> Iterator[Hit]:
    for stray in layout.strays:
        need = layout.needs.get(stray)
        if need is None and (layout.is_searched or stray in layout.used):
            continue
        named = need.items if need else stray.items
        items = [*named, *(item for item in stray.items if item not in named)]
        where = f"in {stray.source}/" if stray.source else "at the root of the layer"
        who = f"{LANGUAGES[stray.family]} looks in {stray.folder}/" if stray.family else "nothing in the layer is searched there"
        wanted = f", and {need.who(package)} needs that" if need else ""
        yield Hit(
            [package.get(item) or item for item in items],
            f"{names(named)} {'is' if len(named) == 1 else 'are'} {where}; {who}{wanted}",
            severity=None if need else Severity.WARNING,
            aws=need.aws if need else None,
            explains=need.hits if need else (),
            fix=f"move what is {where} into {stray.folder}/ and zip the layer again" if stray.folder
            else f"zip what is in {stray.source}/ and not the folder: cd {stray.source} && zip -r ../layer.zip .",
        )  # fmt: skip
