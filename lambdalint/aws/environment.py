"""A function's variables: the keys that AWS keeps for itself, its search paths, and how it measures them all.

Read on 2026-11-21: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, and for the search paths
the ENV of the base images, https://github.com/aws/aws-lambda-base-images
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from lambdalint.aws.limits import ENVIRONMENT_KEY_PATTERN, fits
from lambdalint.aws.runtimes import Runtime

#: Reserved by AWS's page, but nobody has published a refusal of them yet, and cfn-lint 1.58.0 does not know them.
RESERVED_BY_PAGE: Final = frozenset({
    "AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN",
})  # fmt: skip

#: Refused by the API. ``_HANDLER`` and ``_X_AMZN_TRACE_ID`` break the pattern of keys as well.
RESERVED: Final = RESERVED_BY_PAGE | {
    "_HANDLER", "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}  # fmt: skip

#: What Lambda sets over an image's own ENV. Unlike a function's variables, which the API refuses, an image may have them; AWS's
#: base images have LAMBDA_TASK_ROOT and LAMBDA_RUNTIME_DIR themselves, which are left as they are (RuntimeExecEnv in
#: https://github.com/aws/aws-lambda-runtime-interface-emulator, internal/lambda/rapidcore/env; read 2026-11-21).
OVER_IMAGE: Final = frozenset({
    "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_RUNTIME_API",
    "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_METADATA_API", "AWS_LAMBDA_METADATA_TOKEN",
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
})  # fmt: skip

#: Read by AWS or by its runtimes, and open to be set by the function.
OVERRIDABLE: Final = frozenset({
    "LANG", "TZ", "PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "NODE_PATH", "GEM_PATH", "RUBYLIB", "CLASSPATH",
    "NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "JAVA_TOOL_OPTIONS", "DOTNET_STARTUP_HOOKS",
    "LAMBDA_DOTNET_MAIN_ASSEMBLY", "AWS_LAMBDA_DOTNET_PREJIT", "AWS_LAMBDA_EXEC_WRAPPER",
    "AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL", "AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS",
})  # fmt: skip

_LIBRARIES: Final = "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib"
_MODULES: Final = (
    "/opt/nodejs/node{major}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task"
)
_GEMS: Final = "/var/task/vendor/bundle/ruby/{version}.0:/opt/ruby/gems/{version}.0"

#: What a function replaces that sets one of these: the family that reads it (None: every one), and AWS's value (None:
#: AWS tells none).
_SEARCH_PATHS: Final[Mapping[str, tuple[str | None, str | None]]] = {
    "PATH": (None, "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
    "LD_LIBRARY_PATH": (None, _LIBRARIES),
    # Set at all, it keeps awslambdaric 4.2.2 from adding the layers' /opt/python as well.
    "PYTHONPATH": ("python", "/var/runtime"),
    "NODE_PATH": ("nodejs", _MODULES),
    # The ruby3.2 image adds /var/runtime and /var/runtime/ruby/3.2.0, which AWS's page leaves out.
    "GEM_PATH": ("ruby", _GEMS),
    "RUBYLIB": ("ruby", None),
    "CLASSPATH": ("java", None),
}

#: The keys that replace a search path of AWS's rather than add to it.
SEARCH_PATHS: Final = frozenset(_SEARCH_PATHS)


def default_path(key: str, runtime: Runtime) -> tuple[str, ...] | None:
    """Return the directories that AWS puts in a search path. None: the runtime reads none such, or AWS tells none."""
    family, value = _SEARCH_PATHS.get(key, (None, None))
    if value is None or family not in (None, runtime.family):
        return None
    major = runtime.number[0] if runtime.number else ""
    return tuple(value.format(major=major, version=runtime.version).split(":"))


def is_valid_key(key: str) -> bool:
    """Tell whether the API takes the key: a letter, then at least one letter, digit or underscore."""
    return fits(ENVIRONMENT_KEY_PATTERN, key)


class Variables(Protocol):
    """Keys with values: a mapping, or a function's environment."""

    def items(self) -> Iterable[tuple[str, str]]: ...


def measured(variables: Variables) -> int:
    """Return the bytes of all variables as AWS counts them: of ``{"KEY":"value",...}``, in UTF-8, without white space.

    AWS's page measures ``{"BUCKET":"my-bucket","KEY":"file.txt"}`` as 39. What JSON escapes counts as escaped: AWS
    measured 4,545 bytes for eleven variables that had 869 + 3,600, with nine line feeds in a PEM: 6 for each variable,
    1, and 9 (https://github.com/WebbPulse/terraform-aws-platform-modules, CHANGELOG, 2.11.0).
    """
    quoted = [_quoted(key) + len(":") + _quoted(value) for key, value in variables.items()]
    return len("{}") + sum(quoted) + max(len(quoted) - 1, 0) * len(",")


def _quoted(text: str) -> int:
    """Return the bytes of a JSON string. A lone surrogate, which no request can carry, counts as its replacement, 3."""
    size = len('""') + len(text.encode("utf-8", "surrogatepass"))
    for char in text:
        if char in '"\\\b\f\n\r\t':
            size += len("\\n") - 1
        elif char < " ":
            size += len("\\u0000") - 1
    return size
