"""What is known of the function that the package is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lambdalint.model import Role


class Handler:
    """The handler string, as given; ``module`` and ``member`` part it at the last dot, which each family may read otherwise."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text: Final = text

    @property
    def module(self) -> str:
        return self.text.rpartition(".")[0]

    @property
    def member(self) -> str:
        return self.text.rpartition(".")[2]

    def __str__(self) -> str:
        return self.text


class Environment:
    """The function's variables. Values are for judging only and must never reach an output."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values: Final = dict(values)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: str) -> str | None:
        """Return the value, or None when the function does not set the variable."""
        return self._values.get(key)

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self._values.items())


class Function:
    """All that was told about a function, by the names of the Lambda API in snake case. None: not told."""

    __slots__ = (
        "architectures", "bucket_region", "environment", "ephemeral_storage", "handler", "image_config", "layers",
        "memory_size", "package_type", "region", "role", "runtime", "settings", "snap_start", "timeout", "upload",
    )  # fmt: skip

    def __init__(
        self,
        *,
        runtime: str | None = None,
        handler: str | None = None,
        architectures: Sequence[str] | None = None,
        environment: Mapping[str, str] | None = None,
        layers: Sequence[str] | None = None,
        memory_size: int | None = None,
        timeout: int | None = None,
        ephemeral_storage: int | None = None,
        snap_start: str | None = None,
        upload: str | None = None,
        region: str | None = None,
        bucket_region: str | None = None,
        package_type: str | None = None,
        image_config: Mapping[str, object] | None = None,
        role: Role | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.runtime: Final = runtime
        self.handler: Final = handler
        #: As the API takes them: a list that must hold exactly one.
        self.architectures: Final = None if architectures is None else tuple(architectures)
        self.environment: Final = None if environment is None else Environment(environment)
        #: Paths of local layers and ARNs, in the function's order. Empty: told that there are none.
        self.layers: Final = None if layers is None else tuple(layers)
        #: In MB.
        self.memory_size: Final = memory_size
        #: In seconds.
        self.timeout: Final = timeout
        #: In MB.
        self.ephemeral_storage: Final = ephemeral_storage
        #: ``PublishedVersions`` or ``None``, the API's words.
        self.snap_start: Final = snap_start
        #: ``direct`` or ``s3``.
        self.upload: Final = upload
        self.region: Final = region
        self.bucket_region: Final = bucket_region
        #: ``Zip`` or ``Image``.
        self.package_type: Final = package_type
        self.image_config: Final = image_config
        #: What the package was said to be. None: its content decides.
        self.role: Final = role
        #: The whole configuration in the API's own form, for rules on settings that have no field here.
        self.settings: Final = settings

    def api(self) -> dict[str, object]:
        """Return what was told by the API's names, for reports; of the environment only the keys are not secret, so it stays out."""
        told: tuple[tuple[str, object], ...] = (
            ("Runtime", self.runtime),
            ("Handler", self.handler),
            ("Architectures", None if self.architectures is None else list(self.architectures)),
            ("MemorySize", self.memory_size),
            ("Timeout", self.timeout),
            ("Layers", None if self.layers is None else list(self.layers)),
        )
        return {name: value for name, value in told if value is not None}


def is_arn(layer: str) -> bool:
    """Tell whether a layer is named by its ARN, so that its content is not known."""
    return layer.startswith("arn:")
