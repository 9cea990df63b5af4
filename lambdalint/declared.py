"""What a layer says that it is for: in the list of its runtimes and CPUs, or in its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lambdalint.aws.limits import ARCHITECTURES
from lambdalint.aws.runtimes import RUNTIMES, Runtime

#: How publishers write a version of Python and a CPU into a layer's name: ``Datadog-Python312``, ``Klayers-p311-pillow``,
#: ``AWSLambdaPowertoolsPythonV3-python313-arm64``, ``LambdaInsightsExtension-Arm64``, ``LambdaAdapterLayerX86``.
_PYTHON: Final = re.compile(r"(?:^|[-_])(?:python|py|p)3[._-]?(\d{1,2})(?![0-9])", re.IGNORECASE)
_NODE: Final = re.compile(r"(?:^|[-_])(?:nodejs|node)[._-]?(\d{2})(?:[._-]?x)?(?![0-9])", re.IGNORECASE)
_CPUS: Final = (
    ("arm64", re.compile(r"(?:^|[-_a-z])(?:Arm64|arm64|ARM64|aarch64)(?![0-9a-z])")),
    ("x86_64", re.compile(r"(?:^|[-_a-z])(?:x86[-_]64|x86|X86|amd64|AMD64)(?![0-9a-z])")),
)  # fmt: skip


class Declared:
    """What one layer says of itself. Each is empty where it says nothing."""

    __slots__ = ("architectures", "arn", "by_name", "runtimes")

    def __init__(self, arn: str, runtimes: Sequence[str], architectures: Sequence[str], *, by_name: bool) -> None:
        self.arn: Final = arn
        self.runtimes: Final = tuple(runtimes)
        self.architectures: Final = tuple(architectures)
        #: It is only the name that says so.
        self.by_name: Final = by_name


def declared(layers: Sequence[str], settings: Mapping[str, object]) -> Iterator[Declared]:
    """Yield what the layers that are known by their ARN say, from a function's settings in the API's form or by name."""
    listed = settings.get("Layers")
    lists = {
        one["Arn"]: one
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and isinstance(one.get("Arn"), str)
    }
    for arn in dict.fromkeys(layer for layer in layers if layer.startswith("arn:")):
        said = lists.get(arn, {})
        runtimes, architectures = _texts(said.get("CompatibleRuntimes")), _texts(said.get("CompatibleArchitectures"))
        if runtimes or architectures:
            yield Declared(arn, runtimes, architectures, by_name=False)
        else:
            yield _by_name(arn)


def _by_name(arn: str) -> Declared:
    parts = arn.split(":")
    name = parts[6] if len(parts) > 6 else ""
    runtimes = [f"python3.{found[1]}" for found in _PYTHON.finditer(name)] + [f"nodejs{found[1]}.x" for found in _NODE.finditer(name)]
    cpus = [cpu for cpu, pattern in _CPUS if pattern.search(name)]
    return Declared(arn, [one for one in runtimes if one in RUNTIMES], cpus, by_name=True)


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def excludes_runtime(layer: Declared, runtime: Runtime) -> bool:
    """Tell whether a layer says that it is not for a runtime. A name speaks of versions of its own language only."""
    if not layer.runtimes or runtime.name in layer.runtimes:
        return False
    if not layer.by_name:
        return True
    return all(RUNTIMES[name].family == runtime.family for name in layer.runtimes)


def excludes_architecture(layer: Declared, architecture: str) -> bool:
    known = [cpu for cpu in layer.architectures if cpu in ARCHITECTURES]
    return bool(known) and architecture not in known
