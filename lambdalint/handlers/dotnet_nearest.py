"""Says which assembly, type or method was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers.dotnet_host import CONFIG, LIMIT
from lambdalint.handlers.dotnet_metadata import BadAssembly
from lambdalint.handlers.dotnet_method import callable_methods
from lambdalint.handlers.dotnet_types import Library

if TYPE_CHECKING:
    from lambdalint.filesystem import Node
    from lambdalint.handlers.dotnet_host import Host

#: How the assemblies begin that are not the user's own.
_FOREIGN: Final = ("System.", "Microsoft.", "Amazon.", "AWSSDK.")
_SHOWN: Final = 3


def nearest_file(host: Host) -> Node | None:
    """Return the assembly at the root that is most likely the user's own: rather one with a runtimeconfig.json."""
    root = host.root()
    own = [name for name in sorted(root) if name.endswith(".dll") and not name.startswith(_FOREIGN)]
    programs = [name for name in own if f"{name.removesuffix('.dll')}{CONFIG}" in root]
    names = programs or own
    return host.file(names[0]) if names else None


def suggestion(host: Host, node: Node, kind: str = "", method: str = "") -> str | None:
    """Return handler strings that lead into an assembly, a line each, the likeliest first. None: none does."""
    try:
        library = Library(host.filesystem.read(node, LIMIT))
        fits = sorted(callable_methods(library), key=lambda fit: (fit[1] != method, fit[0] != kind, fit))
        return "\nor ".join(f"set the handler to {library.name}::{name}::{member}" for name, member in fits[:_SHOWN]) or None
    except BadAssembly:
        return None


def nearest_types(library: Library, kind: str, method: str) -> list[str]:
    """Return the types whose name is nearest, else those that have such a method. Raises BadAssembly."""
    plain = kind.replace("/", ".")
    simple = plain.rpartition(".")[2]
    near: list[tuple[int, str]] = []
    for name in library.types():
        other = name.replace("+", ".")
        if other.lower() == plain.lower():
            near.append((int(other != plain), name))
        elif other.rpartition(".")[2] == simple:
            near.append((2, name))
    if near:
        return [name for _, name in sorted(near)[:_SHOWN]]
    return sorted({name for name, member in callable_methods(library) if member == method})[:_SHOWN]
