"""A later layer or the function hides code of a layer.

Layers are unpacked over each other, so of files that have one name the last layer's is there. Where two layers bring different
versions of one library, its folder becomes a mixture of both, which is a warning: an ``ImportError: cannot import name ...``
or worse comes of it. Code of the function hides a library of a layer as a whole, and so does a module that only has its name:
a ``requests.py`` of your own. Of two extensions with one name only the last layer's is started. AWS says nothing.

Fix: leave the library out of one of them, or put the layer whose files should win last.

Source: https://docs.aws.amazon.com/lambda/latest/dg/adding-layers.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Entry, Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Shadows


def is_extension(entry: Entry) -> bool:
    return entry.path.rpartition("/")[0] == "extensions"


@rule("LL806", "hidden-layer-code", Severity.WARNING, Phase.INIT)
def hidden_layer_code(shadows: Shadows) -> Iterator[Hit]:
    for mix in shadows.mixes:
        both = f"{mix.name} {mix.hidden} here, {mix.winning} in {mix.winner}"
        if mix.is_merged:
            yield Hit(mix.entries, f"{both}: their files end up in one folder")
        else:
            yield Hit(mix.entries, f"{both}, which is found first", severity=Severity.NOTE)
    for entry, own in shadows.masked:
        yield Hit(entry, f"hidden by the function's own {own.path}, which Python finds first under that name", fix=f"rename {own.path}")
    for winner in dict.fromkeys(winner for winner, _ in shadows.hidden):
        entries = [entry for other, entry in shadows.hidden if other == winner]
        for entry in filter(is_extension, entries):
            yield Hit(entry, f"hidden by the extension of that name of {winner}, so that only that one is started")
        rest = [entry for entry in entries if not is_extension(entry)]
        if rest:
            message = f"hidden by {'another file' if len(rest) == 1 else f'{len(rest):,} other files'} of {winner}"
            yield Hit(rest, message, severity=Severity.NOTE)
