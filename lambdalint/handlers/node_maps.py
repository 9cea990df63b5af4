"""The maps in package.json: ``exports`` and ``imports``.

https://nodejs.org/api/esm.html#resolution-algorithm-specification, PACKAGE_IMPORTS_EXPORTS_RESOLVE.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Final

from lambdalint.handlers.node_files import Manifest
from lambdalint.handlers.node_targets import Undecided
from lambdalint.handlers.node_urls import is_url

_DEPTH: Final = 20


def mapped(table: Mapping[str, object], key: str, manifest: Manifest, conditions: tuple[str, ...]) -> str | None:
    """Return the path, or for an import map the specifier, that a key is mapped to; None: it is not."""
    if key in table and "*" not in key:
        return _target(table[key], "", manifest, conditions, 0)
    best = ""
    for pattern in table:
        head, star, tail = pattern.partition("*")
        if not star and pattern.endswith("/"):
            raise Undecided  # folder mappings are gone since Node.js 17, but say so in another way
        if star and key.startswith(head) and key != head and key.endswith(tail) and len(key) >= len(pattern):
            best = max(best, pattern, key=lambda one: (len(one.partition("*")[0]) if one else -1, len(one)))
    if not best:
        return None
    head, _, tail = best.partition("*")
    return _target(table[best], key[len(head) : len(key) - len(tail)], manifest, conditions, 0)


def _target(target: object, star: str, manifest: Manifest, conditions: tuple[str, ...], depth: int) -> str | None:
    """PACKAGE_TARGET_RESOLVE. None: nothing fits the conditions."""
    if depth > _DEPTH:
        raise Undecided
    if isinstance(target, str):
        return _filled(target, star, manifest)
    if isinstance(target, dict):
        for condition, inner in target.items():
            # module-sync is off on Lambda, with --no-experimental-require-module.
            if condition in ("default", "node-addons", *conditions):
                found = _target(inner, star, manifest, conditions, depth + 1)
                if found is not None or inner is None:
                    return found
        return None
    if isinstance(target, list):
        tried = (_target(inner, star, manifest, conditions, depth + 1) for inner in target)
        return next((found for found in tried if found is not None), None)
    if target is None:
        return None
    raise Undecided


def _filled(target: str, star: str, manifest: Manifest) -> str:
    """Return the path that a target means; for a target that is a package, its specifier."""
    filled = target.replace("*", star) if star else target
    if not target.startswith("./"):
        if target.startswith(("../", "/")) or is_url(target):
            raise Undecided
        return filled
    if any(part in (".", "..", "node_modules") for part in filled[2:].split("/")):
        raise Undecided
    return posixpath.join(manifest.directory, filled[2:])
