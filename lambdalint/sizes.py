"""How large a function and its layers are once unzipped, and what of it could go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lambdalint.function import Environment, Function, is_arn
from lambdalint.model import Package
from lambdalint.target import Target

#: What can be left out of a package without harm, by the folders and by the ends of names. Field reports: tests, caches and
#: other systems' binaries make up most of what is cut. The first that matches counts a file.
_SPARE: Final = (
    ("version control", ("/.git/", "/.hg/", "/.svn/"), ()),
    ("__pycache__ and .pyc", ("/__pycache__/",), (".pyc", ".pyo")),
    ("binaries of macOS and Windows", ("/darwin-", "-darwin-", "/win32-", "-win32-"), (".dylib", ".pyd", ".exe", "-darwin.so")),
    ("tests", ("/test/", "/tests/", "/__tests__/"), ()),
    ("source maps", (), (".js.map", ".css.map", ".mjs.map", ".cjs.map")),
    ("documentation", ("/doc/", "/docs/", "/example/", "/examples/"), (".md", ".rst")),
)  # fmt: skip
#: The SDK that the runtime has anyway (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, read 2026-11-21).
_SDK: Final = {
    "python": ("boto3 and botocore, which the runtime has", ("/boto3/", "/botocore/", "/s3transfer/"), ()),
    "nodejs": ("@aws-sdk, which the runtime has", ("/node_modules/@aws-sdk/", "/node_modules/@smithy/"), ()),
}


class Sizes:
    """Unzipped sizes in bytes, as declared by the archives."""

    __slots__ = ("function", "heaviest", "layers", "unread")

    def __init__(self, package: Package, layers: Sequence[Target], unread: Sequence[str]) -> None:
        local = [layer.package for layer in layers if layer.package is not None]
        #: What weighs most, the function itself or one of its layers.
        self.heaviest: Final = max([package, *local], key=lambda one: one.unzipped_size)
        self.function: Final = package.unzipped_size
        #: Each local layer's path with its size.
        self.layers: Final = tuple(
            (layer.path, layer.package.unzipped_size) for layer in layers if layer.package is not None
        )
        #: Layers whose size is not known, so that every sum is a lower bound.
        self.unread: Final = tuple(unread)

    @property
    def all_layers(self) -> int:
        return sum(size for _, size in self.layers)

    @property
    def total(self) -> int:
        return self.function + self.all_layers


def human(size: int) -> str:
    """Return a number of bytes in the unit that fits, as AWS counts: 1 MB is 1024 * 1024 bytes."""
    for unit, step in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= step:
            return f"{size / step:.1f} {unit}"
    return f"{size} bytes"


def largest(package: Package, most: int = 5) -> list[tuple[str, int]]:
    """Return the top folders and files that weigh most, heaviest first, with their bytes."""
    tally: dict[str, int] = {}
    for entry in package.files():
        top, slash, rest = entry.path.partition("/")
        if top in ("python", "nodejs", "node_modules") and slash:
            below, deeper, _ = rest.partition("/")
            top, slash = f"{top}/{below}", deeper
        tally[top + slash] = tally.get(top + slash, 0) + entry.size
    return sorted(tally.items(), key=lambda item: (-item[1], item[0]))[:most]


def spare(package: Package, family: str | None) -> list[tuple[str, int]]:
    """Return what could be left out, heaviest first, with its bytes. ``family`` None: the runtime is not known."""
    sorts = [*([_SDK[family]] if family in _SDK else []), *_SPARE]
    tally: dict[str, int] = {}
    for entry in package.files():
        path = f"/{entry.path.lower()}"
        for what, folders, ends in sorts:
            if path.endswith(ends) or any(map(path.__contains__, folders)):
                tally[what] = tally.get(what, 0) + entry.size
                break
    return sorted(tally.items(), key=lambda item: (-item[1], item[0]))


def remedy(package: Package, family: str | None) -> str:
    """Return what to do about a package that is too large: what weighs most, what can go, and the way out."""
    heavy = ", ".join(f"{name} {human(size)}" for name, size in largest(package))
    lines = [f"look at the heaviest first: {heavy}"]
    idle = [f"{what} {human(size)}" for what, size in spare(package, family) if size >= 1 << 14]
    if idle:
        lines.append(f"safe to leave out: {', '.join(idle)}")
    lines.append("or deploy it as a container image, which may be 10 GB")
    return "\n".join(lines)


#: The settings that an UpdateFunctionConfiguration request carries
#: (https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html, read 2026-11-21).
_UPDATED: Final = (
    "Description", "Handler", "KMSKeyArn", "MemorySize", "Role", "Runtime", "Timeout",
    "DeadLetterConfig", "TracingConfig", "EphemeralStorage", "FileSystemConfigs", "SnapStart", "LoggingConfig",
)  # fmt: skip


def configuration_request(function: Function, environment: Environment) -> int:
    """Return the bytes that an UpdateFunctionConfiguration request has at least: what was told, as compact JSON."""
    from lambdalint.aws.environment import measured

    settings = function.settings or {}
    told = {key: settings[key] for key in _UPDATED if settings.get(key)} or {
        key: value for key, value in function.api().items() if key in _UPDATED
    }
    if function.layers:
        told["Layers"] = [layer for layer in function.layers if is_arn(layer)]
    import json

    rest = len(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))
    return rest + len(',"Environment":{"Variables":}') + measured(environment)
