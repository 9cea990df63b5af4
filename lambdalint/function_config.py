"""Files that describe a function: the API's own JSON, and docker's env files."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar, cast

from lambdalint.book import BadSettings
from lambdalint.settings_keys import sort_of
from lambdalint.told import Told

T = TypeVar("T")

#: Bytes of a configuration file or env file that are read. AWS's own answers have less than 100 kB.
_FILE_BYTES: Final = 4 << 20
#: Settings by which the JSON of a function is known from any other.
_MARKS: Final = frozenset({
    "Architectures", "Code", "Environment", "FunctionArn", "FunctionName", "Handler", "ImageConfig", "Layers", "MemorySize",
    "PackageType", "Role", "Runtime", "Timeout",
})  # fmt: skip


def read_config(path: str) -> Told:
    """Read the JSON that the API gives or takes for a function. Raises BadSettings."""
    import json

    try:
        content: object = json.loads(_bytes_of(path, "--function-config"))
    except (ValueError, RecursionError) as error:
        what = "nested too deeply" if isinstance(error, RecursionError) else error
        raise BadSettings(f"{path}: not JSON: {what}") from None
    return _Config(path, content).told()


class _Config:
    """One function's configuration, in the API's own form."""

    def __init__(self, path: str, content: object) -> None:
        self.path = path
        if isinstance(content, dict) and isinstance(content.get("Configuration"), dict):
            content = content["Configuration"]  # of get-function
        if not isinstance(content, dict):
            raise BadSettings(f"{path}: must hold an object, as `aws lambda get-function-configuration` prints it, not {sort_of(content)}")
        if isinstance(content.get("Functions"), list):
            raise BadSettings(f"{path}: holds a list of functions; `aws lambda get-function-configuration` prints one")
        if _MARKS.isdisjoint(content):
            raise BadSettings(f"{path}: holds no setting of a function; it must be as `aws lambda get-function-configuration` prints it")
        self.content: dict[str, object] = content

    def told(self) -> Told:
        architectures = self.get("Architectures", list)
        image = self.get("ImageConfigResponse.ImageConfig", dict) or self.get("ImageConfig", dict)
        told: dict[str, object] = {
            "runtime": self.get("Runtime", str),
            "handler": self.get("Handler", str),
            "architectures": None if architectures is None else self.texts("Architectures", architectures),
            "environment": self.environment(),
            "layers": self.layers(),
            "memory_size": self.get("MemorySize", int),
            "timeout": self.get("Timeout", int),
            "ephemeral_storage": self.get("EphemeralStorage.Size", int),
            "snap_start": self.get("SnapStart.ApplyOn", str),
            "region": self.region(),
            "package_type": self.get("PackageType", str),
            "image_config": None if image is None else self.image(image),
            "settings": self.content,
        }
        return cast("Told", {name: value for name, value in told.items() if value is not None})

    def get(self, dotted: str, sort: type[T]) -> T | None:
        """Return the setting at a path of the API; None: it or what it lies in is absent or null."""
        value: object = self.content
        walked: list[str] = []
        for name in dotted.split("."):
            if not isinstance(value, dict):
                raise self.wrong(".".join(walked), dict, value)
            walked.append(name)
            value = value.get(name)
            if value is None:
                return None
        return self.of(dotted, sort, value)

    def of(self, name: str, sort: type[T], value: object) -> T:
        if not isinstance(value, sort) or isinstance(value, bool):
            raise self.wrong(name, sort, value)
        return value

    def wrong(self, name: str, sort: type, value: object) -> BadSettings:
        wanted = {str: "a string", int: "a whole number", list: "a list", dict: "an object"}[sort]
        found = "an object" if isinstance(value, dict) else sort_of(value)
        return BadSettings(f"{self.path}: {name} must be {wanted}, not {found}")

    def texts(self, name: str, values: Sequence[object]) -> tuple[str, ...]:
        return tuple(self.of(f"{name}[{number}]", str, value) for number, value in enumerate(values))

    def environment(self) -> dict[str, str] | None:
        variables = self.get("Environment.Variables", dict)
        if variables is None:
            return None
        return {key: self.of(f"Environment.Variables.{key}", str, value) for key, value in variables.items()}

    def layers(self) -> tuple[str, ...] | None:
        layers = self.get("Layers", list)
        if layers is None:
            return None
        arns = [layer.get("Arn") if isinstance(layer, dict) else layer for layer in layers]
        return tuple(arn for arn in self.texts("Layers", arns) if arn)  # a skeleton's own form is [""]

    def region(self) -> str | None:
        """Return the Region out of the function's ARN, ``arn:aws:lambda:eu-west-1:123456789012:function:name``."""
        parts = (self.get("FunctionArn", str) or "").split(":")
        return parts[3] if len(parts) >= 7 and parts[2] == "lambda" and parts[3] else None

    def image(self, config: Mapping[str, object]) -> Mapping[str, object]:
        for name in ("EntryPoint", "Command"):
            if config.get(name) is not None:
                self.texts(f"ImageConfig.{name}", self.of(f"ImageConfig.{name}", list, config[name]))
        if config.get("WorkingDirectory") is not None:
            self.of("ImageConfig.WorkingDirectory", str, config["WorkingDirectory"])
        return config


def read_env_file(path: str) -> dict[str, str]:
    """Read variables as docker's ``--env-file`` does: lines of KEY=VALUE, nothing quoted, ``#`` before comments. Raises BadSettings.

    https://docs.docker.com/reference/cli/docker/container/run/#env, read 2026-11-21.
    """
    try:
        text = _bytes_of(path, "--env-file").decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadSettings(f"{path}: not UTF-8") from None
    variables: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        told = line.removesuffix("\r").lstrip()
        if told and not told.startswith("#"):
            variables |= variable(told, f"{path}: line {number}")
    return variables


def variable(text: str, where: str) -> dict[str, str]:
    """Parse one KEY=VALUE; KEY alone takes this process's own variable, if there is one. Raises BadSettings, without the value."""
    key, equals, value = text.partition("=")
    if not key:
        raise BadSettings(f"{where}: no name stands before the =")
    if key != key.strip() or len(key.split()) > 1:
        raise BadSettings(f"{where}: a variable's name holds no blanks")
    if equals:
        return {key: value}
    own = os.environ.get(key)
    return {} if own is None else {key: own}


def _bytes_of(path: str, option: str) -> bytes:
    try:
        with open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
            data = file.read(_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadSettings(f"{option} {path}: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > _FILE_BYTES:
        raise BadSettings(f"{option} {path}: has more than {_FILE_BYTES:,} bytes")
    return data
