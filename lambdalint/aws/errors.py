"""What AWS says: error codes and texts, with the values of this package put in.

Every text is AWS's own, as of 2026-11-21; the comment above each group says who has published it. "Recorded" is what
AWS answered to LocalStack's tests (``tests/aws/services/lambda_/*.snapshot.json`` in its repository, November 2025 to
January 2026); "troubleshooting" is https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html.
What a runtime says of its handler stands with that runtime, under ``handlers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from lambdalint.aws import limits
from lambdalint.aws.environment import Variables, measured
from lambdalint.model import Aws

INVALID_PARAMETER: Final = "InvalidParameterValueException"
ENTITY_TOO_LARGE: Final = "RequestEntityTooLargeException"
#: Not in the API's model, but in what AWS answers.
VALIDATION: Final = "ValidationException"
#: A reason code of a function's state, not an error of the API: the image is looked at after the answer.
INVALID_IMAGE: Final = "InvalidImage"
INVALID_ENTRYPOINT: Final = "Runtime.InvalidEntrypoint"
EXTENSION_LAUNCH: Final = "Extension.LaunchError"

# The archive. Recorded, but for the empty one: https://github.com/aws/aws-cdk/issues/12667

COULD_NOT_UNZIP: Final = Aws(
    INVALID_PARAMETER, "Could not unzip uploaded file. Please check your file, then try to upload again."
)
EMPTY_ZIP: Final = Aws(INVALID_PARAMETER, "Uploaded file must be a non-empty zip")

# Sizes. Recorded; with layers https://github.com/lambci/git-lambda-layer/issues/27, of the layers alone
# https://github.com/brandonlim-hs/wkhtmltopdf-aws-lambda-layer/issues/4, of an image
# https://github.com/aws-samples/aws-genai-llm-chatbot/issues/59

ZIP_TOO_LARGE: Final = Aws(ENTITY_TOO_LARGE, f"Zipped size must be smaller than {limits.ZIP_DIRECT} bytes")
UNZIPPED_TOO_LARGE: Final = Aws(INVALID_PARAMETER, f"Unzipped size must be smaller than {limits.UNZIPPED} bytes")
LAYERS_TOO_LARGE: Final = Aws(
    INVALID_PARAMETER, f"Layers consume more than the available size of {limits.UNZIPPED_WITH_LAYERS} bytes"
)
IMAGE_TOO_LARGE: Final = Aws(
    INVALID_IMAGE, "InvalidImage(SizeLimitExceeded: Uncompressed container image size exceeds 10 GiB limit)"
)


def total_too_large(size: int) -> Aws:
    return Aws(
        INVALID_PARAMETER,
        f"Function code combined with layers exceeds the maximum allowed size of {limits.UNZIPPED_WITH_LAYERS} bytes. "
        f"The actual size is {size} bytes.",
    )


def request_too_large(limit: int, operation: str) -> Aws:
    """Return the answer to a request of ``limit`` bytes or more; the operation as in the API: ``CreateFunction``."""
    return Aws(ENTITY_TOO_LARGE, f"Request must be smaller than {limit} bytes for the {operation} operation")


# The environment. The sentence is troubleshooting's. Since September 2026 the size stands where the variables stood
# ("String measured: {...}"), so that AWS's own text gives no secret away:
# https://github.com/WebbPulse/terraform-aws-platform-modules, CHANGELOG, 2.11.0.
# Reserved keys: https://github.com/zuka-e/laravel-react-task-spa/pull/146; the pattern, without the key:
# https://github.com/trek10inc/serverless-secrets/issues/39

_VARIABLES: Final = (
    "Lambda was unable to configure your environment variables because the environment variables you have provided"
)


def environment_too_large(variables: Variables) -> Aws:
    return Aws(INVALID_PARAMETER, f"{_VARIABLES} exceeded the 4KB limit. Measured size: {measured(variables)} bytes")


def reserved_keys(keys: Iterable[str]) -> Aws:
    return Aws(
        INVALID_PARAMETER,
        f"{_VARIABLES} contains reserved keys that are currently not supported for modification. "
        f"Reserved keys used in this request: {', '.join(keys)}",
    )


def invalid_key() -> Aws:
    return Aws(
        VALIDATION,
        "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: "
        "Map keys must satisfy constraint: "
        f"[Member must satisfy regular expression pattern: {limits.ENVIRONMENT_KEY_PATTERN}]",
    )


# The runtime. Recorded; SnapStart: https://github.com/localstack/localstack/pull/12458, a zip without a runtime:
# https://github.com/pipe-cd/pipecd/issues/1400, an image with one:
# https://github.com/DataDog/datadog-cdk-constructs/issues/185

RUNTIME_OR_HANDLER_MISSING: Final = Aws(
    INVALID_PARAMETER, "Runtime and Handler are mandatory parameters for functions created with deployment packages."
)
NOT_FOR_IMAGES: Final = Aws(
    INVALID_PARAMETER,
    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
)


def runtime_not_in_enum(name: str) -> Aws:
    """Return the answer to an unknown identifier. The list in it is left out: it grows with every runtime."""
    return Aws(
        INVALID_PARAMETER,
        f"Value {name} at 'runtime' failed to satisfy constraint: "
        "Member must satisfy enum value set: [...] or be a valid ARN",
    )


def runtime_unsupported(name: str) -> Aws:
    """Return the answer to a runtime whose block date is past."""
    return Aws(
        INVALID_PARAMETER,
        f"The runtime parameter of {name} is no longer supported for creating or updating AWS Lambda functions. "
        "We recommend you use a supported runtime while creating or updating functions.",
    )


def snap_start_unsupported(what: str) -> Aws:
    """Return the answer to SnapStart with a runtime, by identifier, or with a feature that it does not go with."""
    return Aws(INVALID_PARAMETER, f"{what} is not supported for SnapStart enabled functions.")


#: Of the code of LocalStack, which tests it against AWS (localstack-core, services/lambda_/provider.py, read 2026-11-21).
LOG_LEVEL_OF_TEXT: Final = Aws(
    INVALID_PARAMETER,
    'LogLevel is not supported when LogFormat is set to "Text". '
    'Remove LogLevel from your request or change the LogFormat to "JSON" and try again.',
)

# What the API's model forbids. Recorded in this form for names, roles, architectures, layers and more; for a timeout
# https://github.com/covidatlas/li/pull/575. An account's own limit on memory: troubleshooting, the code of it
# https://github.com/ubc-cirrus-lab/parrotfish/issues/38


def constraint(value: object, setting: str, rule: str) -> Aws:
    """Return the answer to a value that breaks a rule (``Member must ...``); the setting in AWS's case: ``timeout``."""
    detected = f"1 validation error detected: Value '{value}' at '{setting}'"
    return Aws(VALIDATION, f"{detected} failed to satisfy constraint: {rule}")


def out_of_range(value: int, setting: str, offered: Sequence[int]) -> Aws:
    """Return the answer to a number outside what is offered, in rising order."""
    if value < offered[0]:
        return constraint(value, setting, f"Member must have value greater than or equal to {offered[0]}")
    return constraint(value, setting, f"Member must have value less than or equal to {offered[-1]}")


def unknown_architecture(listed: str) -> Aws:
    """Return the answer to an architecture that AWS does not have, in the list as it was sent: ``[X86_64]``."""
    values = ", ".join(limits.ARCHITECTURES)
    rule = f"[Member must satisfy enum value set: [{values}], Member must not be null]"
    return constraint(listed, "architectures", f"Member must satisfy constraint: {rule}")


def memory_above_quota(most: int) -> Aws:
    """Return the answer to more memory than the account may give."""
    rule = f"Member must have value less than or equal to {most}"
    return Aws(VALIDATION, f"'MemorySize' value failed to satisfy constraint: {rule}")


# Layers. Recorded; with an image https://github.com/DataDog/terraform-aws-lambda-datadog/issues/2, the conversion:
# troubleshooting.

TOO_MANY_LAYERS: Final = Aws(INVALID_PARAMETER, f"Cannot reference more than {limits.LAYERS} layers.")
LAYERS_WITH_IMAGE: Final = Aws(
    INVALID_PARAMETER, "Lambda layers are not supported for functions created with container images."
)
LAYER_CONVERSION_FAILED: Final = Aws(
    None,
    "Lambda layer conversion failed. For advice on resolving this issue, see the Troubleshoot deployment issues in "
    "Lambda page in the Lambda User Guide.",
)


def layer_twice(first: str, second: str) -> Aws:
    return Aws(
        INVALID_PARAMETER,
        "Two different versions of the same layer are not allowed to be referenced in the same function. "
        f"{first} and {second} are versions of the same layer.",
    )


def layer_elsewhere(region: str) -> Aws:
    """Return the answer to a layer of another Region than the function's, which is named."""
    return Aws(
        INVALID_PARAMETER,
        f"Layers are not in the same region as the function. Layers are expected to be in region {region}.",
    )


# The bucket: troubleshooting.


def bucket_redirect(region: str) -> Aws:
    """Return the answer to a bucket of another Region, which is named."""
    return Aws(
        INVALID_PARAMETER,
        "Error occurred while GetObject. S3 Error Code: PermanentRedirect. S3 Error Message: "
        f"The bucket is in this region: {region}. Please use this region to retry the request",
    )


# Images: https://github.com/aws/aws-lambda-roadmap/issues/82, https://github.com/bazel-contrib/rules_oci/issues/777


def image_media_type(uri: str) -> Aws:
    return Aws(
        INVALID_PARAMETER,
        f"The image manifest, config or layer media type for the source image {uri} is not supported.",
    )


def image_layer_unsupported(digest: str) -> Aws:
    return Aws(INVALID_IMAGE, f"InvalidImage(ImageLayerFailure: UnsupportedImageLayerDetected - Layer Digest {digest})")


def missing_parent(path: str) -> Aws:
    return Aws(INVALID_IMAGE, f"InvalidImage(MissingParentDirectory: Parent directory does not exist for file: {path})")


# Starting. Files: troubleshooting. Programs: https://github.com/aws-samples/aws-lambda-layer-kubectl/issues/39, for
# another CPU https://github.com/elastic/apm-aws-lambda/issues/92, extensions
# https://github.com/aws-samples/aws-lambda-extensions/issues/38, no program at all
# https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html

NOT_EXECUTABLE: Final = "permission denied"
OTHER_FORMAT: Final = "exec format error"
#: Said also of a program that is there, when what its ``#!`` line names is not, or a binary's loader.
NOT_FOUND: Final = "no such file or directory"


def cannot_start(path: str, cause: str, root: str = "/var/task") -> Aws:
    """Return what the log says of a program that Lambda cannot start; the root is where the package comes to lie."""
    # An extension is one only in a layer, or in an image's /opt.
    full = f"/opt/{path}" if path.startswith("extensions/") else f"{root}/{path}"
    code = EXTENSION_LAUNCH if full.startswith("/opt/extensions/") else INVALID_ENTRYPOINT
    return Aws(code, f"fork/exec {full}: {cause}")


def not_executable(path: str, root: str = "/var/task") -> Aws:
    return cannot_start(path, NOT_EXECUTABLE, root)


def not_opened(name: str) -> str:
    """Return what glibc's loader says of a library that it does not find, or that is for another CPU (elf/dl-load.c, 2.26 and 2.34)."""
    return f"{name}: cannot open shared object file: No such file or directory"


def raised(module: str, kind: str, text: str) -> Aws:
    """Return what Python's client makes of an error that a handler's module, named as typed, raises while it is imported
    (``_get_handler``, https://github.com/aws/aws-lambda-python-runtime-interface-client, 4.2.2).
    """
    if kind == "ImportError":
        return Aws("Runtime.ImportModuleError", f"Unable to import module '{module}': {text}")
    if kind == "SyntaxError":
        return Aws("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module}': {text}")
    return Aws(kind, text)


def exit_status(status: int) -> Aws:
    """Return what is said of a program that ends before it asked for work; of one that ends well
    https://github.com/rebuy-de/aws-nuke/issues/806 (2022-05-26).
    """
    said = f"with error: exit status {status}" if status else "without providing a reason"
    return Aws("Runtime.ExitError", f"Runtime exited {said}")


def no_bootstrap(candidates: Iterable[str] = ("/var/task/bootstrap", "/opt/bootstrap")) -> Aws:
    """Return what a missing program gives: a custom runtime's bootstrap, or the words of an image's entrypoint."""
    return Aws(INVALID_ENTRYPOINT, f"Couldn't find valid bootstrap(s): [{' '.join(candidates)}]")


def unreadable(path: str, root: str = "/var/task", reader: str | None = None) -> Aws | None:
    """Return what a file's language says when it may not be read. None: that hangs on the program that reads it.

    ``reader``: the name of the handler's file, whose language reads data such as JSON. None: not known.
    """
    stem, _, suffix = path.rpartition(".")
    if suffix == "json" and reader is not None and not reader.endswith(("js", ".json")):
        return Aws("PermissionError", f"[Errno 13] Permission denied: '{root}/{path}'") if reader.endswith(".py") else None
    if suffix == "py":
        return Aws("PermissionError", f"[Errno 13] Permission denied: '{root}/{path}'")
    if suffix in ("js", "mjs", "cjs", "json"):
        return Aws("Error", f"EACCES: permission denied, open '{root}/{path}'")
    if suffix == "rb":
        return Aws("Init<LoadError>", f"cannot load such file -- {stem}")
    return None
