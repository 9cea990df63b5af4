"""What is known of a function, merged from every source into a Function."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict, cast

from lambdalint.function import Function, is_arn
from lambdalint.model import Role

if TYPE_CHECKING:
    from lambdalint.settings import Level


class Told(TypedDict, total=False):
    """The arguments of Function, as far as a source tells them."""

    runtime: str
    handler: str
    architectures: Sequence[str]
    environment: Mapping[str, str]
    layers: Sequence[str]
    memory_size: int
    timeout: int
    ephemeral_storage: int
    snap_start: str
    upload: str
    region: str
    bucket_region: str
    package_type: str
    image_config: Mapping[str, object]
    role: Role
    settings: Mapping[str, object]


def describe(levels: Iterable[Level]) -> Function:
    """Make a function of what the levels tell, the lowest first; variables of the environment are merged one by one. Raises BadSettings."""
    whole: Told = {}
    for level in levels:
        told = _told(level)
        environment = {**whole.get("environment", {}), **told.get("environment", {})}
        whole.update(told)
        if environment:
            whole["environment"] = environment
    return Function(**whole)


@functools.cache  # one level holds for many packages, and a file may be a pipe, which gives its content only once
def _told(level: Level) -> Told:
    config = level.text("function-config")
    told = Told()
    if config is not None:
        from lambdalint.function_config import read_config

        told = read_config(level.path(config))
    options: dict[str, object] = {
        name.replace("-", "_"): level.text(name)
        for name in ("runtime", "handler", "snap-start", "upload", "region", "bucket-region")
    }
    options |= {name.replace("-", "_"): level.number(name) for name in ("memory-size", "timeout", "ephemeral-storage")}
    architecture, kind, layers = level.text("architecture"), level.text("kind"), level.texts("layer")
    options["architectures"] = None if architecture is None else (architecture,)
    options["role"] = None if kind is None else Role(kind)
    options["layers"] = None if layers is None else tuple(one if is_arn(one) else level.path(one) for one in layers)
    told.update(cast("Told", {name: value for name, value in options.items() if value is not None}))
    environment = dict(told.get("environment", {}))
    for path in level.texts("env-file") or ():
        from lambdalint.function_config import read_env_file

        environment |= read_env_file(level.path(path))
    environment |= level.pairs("env")
    if environment:
        told["environment"] = environment
    return told
