r"""AWS's limits on packages and settings, and the patterns of its API, each with its page.

Read on 2026-11-21. The sources, by the names used below:

- quotas: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, where 1 MB is 1,048,576 bytes;
- API: the model of the Lambda API of 2015-03-31 in botocore 1.44.5, which ``tools/drift.py`` compares with the newest;
- recorded: what AWS answered to LocalStack's tests (``tests/aws/services/lambda_`` in its repository, November 2025 to
  January 2026);
- troubleshooting: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html.

A range holds all values that are allowed; a number is the most that is, unless its comment says "refused from".
"""

from __future__ import annotations

import re
from typing import Final

MB: Final = 1024 * 1024

# The package.

#: Bytes of a zip in the request itself, refused from this size on: quotas say 50 MB, the text recorded "smaller than".
ZIP_DIRECT: Final = 50 * MB
#: Bytes of all entries of one archive, unpacked, refused from this size on: recorded there, and passing 1,000 below.
UNZIPPED: Final = 250 * MB
#: Bytes of a function with all its layers, unpacked; quotas. The error's "exceeds" lets the limit itself pass.
UNZIPPED_WITH_LAYERS: Final = 250 * MB
#: Bytes of a request that carries a zip as base64, refused from this size on: CreateFunction is recorded,
#: PublishLayerVersion from https://github.com/minorun365/bedrock-book/issues/42. It was 69,905,067 until 2023.
REQUEST_CREATE_FUNCTION: Final = 70_167_211
REQUEST_UPDATE_CODE: Final = REQUEST_CREATE_FUNCTION
REQUEST_PUBLISH_LAYER: Final = REQUEST_CREATE_FUNCTION
#: Bytes of an UpdateFunctionConfiguration request, refused from this size on; troubleshooting.
REQUEST_UPDATE_CONFIGURATION: Final = 5_120
#: Bytes that the console's editor can show; quotas. Larger functions run, but cannot be edited there.
CONSOLE_EDITOR: Final = 3 * MB
#: Bytes of all layers of an image, unpacked; https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
IMAGE_UNCOMPRESSED: Final = 10 * 1024 * MB
#: Bytes of an image's settings; quotas. AWS does not say what it counts.
IMAGE_SETTINGS: Final = 16 * 1024
#: Bytes of an image's manifest that AWS advises to stay below, for speed; images-create.html as above.
IMAGE_MANIFEST_ADVISED: Final = 25_400
#: Bytes of all functions and layers in an account and Region, unpacked; quotas (75 GB until 2026).
CODE_STORAGE: Final = 300 * 1024 * MB

# Layers and extensions.

#: Layers of a function; quotas, and recorded.
LAYERS: Final = 5
#: Extensions of a function, those inside the runtime's process counted;
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html
EXTENSIONS: Final = 10
#: Characters of a layer's ARN with its version; API.
LAYER_ARN_LENGTH: Final = range(1, 2_048 + 1)
LAYER_ARN_PATTERN: Final = (
    r"((arn:(aws[a-zA-Z-]*)?:lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}"
    r":layer:[a-zA-Z0-9-_]+:[0-9]+)"
    r"|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+))"
)
#: Entries of a layer's lists of what it fits; API. The lists filter, they bind nobody.
COMPATIBLE_RUNTIMES: Final = range(15 + 1)
COMPATIBLE_ARCHITECTURES: Final = range(2 + 1)
#: Characters of a layer's licence; API.
LICENSE_LENGTH: Final = range(512 + 1)

# The function.

#: Characters of the name alone (recorded), and of a name or ARN (API).
FUNCTION_NAME_LENGTH: Final = range(1, 64 + 1)
FUNCTION_ARN_LENGTH: Final = range(1, 140 + 1)
FUNCTION_NAME_PATTERN: Final = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
#: Characters; API.
HANDLER_LENGTH: Final = range(128 + 1)
HANDLER_PATTERN: Final = r"[^\s]+"
DESCRIPTION_LENGTH: Final = range(256 + 1)
ROLE_PATTERN: Final = r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"
KMS_KEY_PATTERN: Final = r"(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()"
#: The API takes a list that must hold exactly one; API, and recorded.
ARCHITECTURES: Final = ("x86_64", "arm64")
ARCHITECTURES_LENGTH: Final = range(1, 1 + 1)
#: What AWS takes when none is given; https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
DEFAULT_ARCHITECTURE: Final = "x86_64"
PACKAGE_TYPES: Final = ("Zip", "Image")

#: MB, by steps of 1; quotas. The API's own bound is that of Managed Instances.
MEMORY: Final = range(128, 10_240 + 1)
MEMORY_MANAGED_INSTANCES: Final = range(128, 32_768 + 1)
#: MB that a new account may give a function until AWS raises it; troubleshooting.
MEMORY_NEW_ACCOUNT: Final = 3_008
#: Seconds; quotas. Managed Instances (``CapacityProviderConfig``) may take the API's own bound.
TIMEOUT: Final = range(1, 900 + 1)
TIMEOUT_MANAGED_INSTANCES: Final = range(1, 5_400 + 1)
#: Seconds that AWS takes when none are given; https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html
DEFAULT_TIMEOUT: Final = 3
#: Seconds that the init phase may take; https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
INIT: Final = 10
#: MB of /tmp, by steps of 1; quotas. With an accelerator (``AcceleratorConfig``) it may be the API's own bound.
EPHEMERAL_STORAGE: Final = range(512, 10_240 + 1)
EPHEMERAL_STORAGE_ACCELERATED: Final = range(512, 32_768 + 1)
#: MB of /tmp with SnapStart; https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html
EPHEMERAL_STORAGE_SNAP_START: Final = 512
SNAP_START: Final = ("PublishedVersions", "None")
#: The label that lets SnapStart take an image (since September 2026) that is built neither on a base image whose runtime
#: has ``snap_start`` nor with hooks; https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-custom.html
SNAP_START_LABEL: Final = ("com.amazonaws.lambda.feature.snapstart", "Allow")
#: Regions without SnapStart: New Zealand and Taipei; snapstart.html as above.
SNAP_START_LACKING: Final = frozenset({"ap-southeast-6", "ap-east-2"})
#: Bytes of the variables as ``environment.measured`` counts them: 4,096 pass and 4,097 do not; recorded.
ENVIRONMENT: Final = 4_096
ENVIRONMENT_KEY_PATTERN: Final = r"[a-zA-Z]([a-zA-Z0-9_])+"

# What a function is tied to; API.

S3_BUCKET_LENGTH: Final = range(3, 63 + 1)
S3_BUCKET_PATTERN: Final = r"[0-9A-Za-z\.\-_]*(?<!\.)"
S3_KEY_LENGTH: Final = range(1, 1_024 + 1)
#: ``REFERENCE`` lets the bucket be in another Region than the function;
#: https://docs.aws.amazon.com/lambda/latest/dg/configuration-self-managed-storage.html
S3_OBJECT_STORAGE_MODES: Final = ("COPY", "REFERENCE")
SUBNETS: Final = range(16 + 1)
SUBNET_PATTERN: Final = r"subnet-[0-9a-z]*"
SECURITY_GROUPS: Final = range(5 + 1)
SECURITY_GROUP_PATTERN: Final = r"sg-[0-9a-zA-Z]*"
FILE_SYSTEMS: Final = range(1 + 1)
FILE_SYSTEM_ARN_LENGTH: Final = range(256 + 1)
FILE_SYSTEM_ARN_PATTERN: Final = (
    r"arn:aws[a-zA-Z-]*:elasticfilesystem:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}"
    r":access-point/fsap-[a-f0-9]{17}$"
    r"|^arn:aws[-a-z]*:s3files:[0-9a-z-:]+:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}"
)
MOUNT_PATH_LENGTH: Final = range(160 + 1)
MOUNT_PATH_PATTERN: Final = r"/mnt/[a-zA-Z0-9-_.]+"
#: Tags of a resource (recorded), and characters of their keys and values (API).
TAGS: Final = 50
TAG_KEY_LENGTH: Final = range(1, 128 + 1)
TAG_VALUE_LENGTH: Final = range(256 + 1)

# An image's overrides; API.

#: Strings of EntryPoint, and of Command.
IMAGE_STRINGS: Final = range(1_500 + 1)
WORKING_DIRECTORY_LENGTH: Final = range(1_000 + 1)

# Logs and traces; API. Log levels need the format JSON (recorded).

LOG_FORMATS: Final = ("JSON", "Text")
APPLICATION_LOG_LEVELS: Final = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
SYSTEM_LOG_LEVELS: Final = ("DEBUG", "INFO", "WARN")
LOG_GROUP_LENGTH: Final = range(1, 512 + 1)
LOG_GROUP_PATTERN: Final = r"[\.\-_/#A-Za-z0-9]+"
TRACING_MODES: Final = ("Active", "PassThrough")

# Kinds of functions; API, but for the runtimes.

#: Seconds of a durable execution, and days that its history is kept.
DURABLE_TIMEOUT: Final = range(1, 31_622_400 + 1)
DURABLE_RETENTION: Final = range(1, 90 + 1)
#: https://docs.aws.amazon.com/lambda/latest/dg/durable-supported-runtimes.html; images beside.
DURABLE_RUNTIMES: Final = frozenset({
    "nodejs22.x", "nodejs24.x", "python3.13", "python3.14", "java17", "java21", "java25", "dotnet8", "dotnet10",
})  # fmt: skip
#: Invocations that one environment of Managed Instances may serve at once, and its GiB for each CPU.
MANAGED_CONCURRENCY: Final = range(1, 1_600 + 1)
MANAGED_MEMORY_PER_CPU: Final = range(2, 8 + 1)
#: The oldest of each language on Managed Instances, with provided.al2023 beside;
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-managed-instances-runtimes.html
MANAGED_RUNTIMES_SINCE: Final = {"java": (21,), "python": (3, 13), "nodejs": (22,), "dotnet": (8,)}


def fits(pattern: str, text: str) -> bool:
    """Tell whether the whole text is of one of the API's patterns. They are Java's, whose classes are ASCII."""
    return re.fullmatch(pattern, text, re.ASCII) is not None
