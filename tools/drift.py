"""Say where AWS's facts in ``lambdalint/aws`` differ from the newest botocore and cfn-lint that are installed.

    pip install -e . --group drift && python tools/drift.py

Every difference is a line; the exit code is 1 when there is one. Where we know more than the two, from AWS's own pages,
it is listed below with the reason, and reported once the reason is gone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Final

from lambdalint.aws import environment, limits, runtimes

#: Runtimes that cfn-lint has no dates of, and why we have the row nevertheless.
NOT_IN_LIFECYCLE: Final = {
    "nodejs26.x": "a preview",
    "python3.15": "a preview",
    "java8.al2023": "dates from endoflife.date",
    "java11.al2023": "dates from endoflife.date",
    "java17.al2023": "dates from endoflife.date",
    "dotnet7": "a base image only",
    "dotnet5.0": "a base image only",
    "custom": "customer-managed, without dates",
}

#: Our name of each date, and cfn-lint's.
DATES: Final = {
    "deprecated": "deprecated",
    "create_block": "create-block",
    "update_block": "update-block",
    "successor": "successor",
}

#: Shapes of the API's model with a least and a most, which our ranges hold.
RANGES: Final = {
    "ArchitecturesList": limits.ARCHITECTURES_LENGTH,
    "CompatibleArchitectures": limits.COMPATIBLE_ARCHITECTURES,
    "CompatibleRuntimes": limits.COMPATIBLE_RUNTIMES,
    "Description": limits.DESCRIPTION_LENGTH,
    "EphemeralStorageSize": limits.EPHEMERAL_STORAGE_ACCELERATED,
    "ExecutionEnvironmentMemoryGiBPerVCpu": limits.MANAGED_MEMORY_PER_CPU,
    "ExecutionTimeout": limits.DURABLE_TIMEOUT,
    "FileSystemArn": limits.FILE_SYSTEM_ARN_LENGTH,
    "FileSystemConfigList": limits.FILE_SYSTEMS,
    "FunctionName": limits.FUNCTION_ARN_LENGTH,
    "Handler": limits.HANDLER_LENGTH,
    "LayerVersionArn": limits.LAYER_ARN_LENGTH,
    "LicenseInfo": limits.LICENSE_LENGTH,
    "LocalMountPath": limits.MOUNT_PATH_LENGTH,
    "LogGroup": limits.LOG_GROUP_LENGTH,
    "MemorySize": limits.MEMORY_MANAGED_INSTANCES,
    "PerExecutionEnvironmentMaxConcurrency": limits.MANAGED_CONCURRENCY,
    "RetentionPeriodInDays": limits.DURABLE_RETENTION,
    "S3Bucket": limits.S3_BUCKET_LENGTH,
    "S3Key": limits.S3_KEY_LENGTH,
    "SecurityGroupIds": limits.SECURITY_GROUPS,
    "StringList": limits.IMAGE_STRINGS,
    "SubnetIds": limits.SUBNETS,
    "TagKey": limits.TAG_KEY_LENGTH,
    "TagValue": limits.TAG_VALUE_LENGTH,
    "Timeout": limits.TIMEOUT_MANAGED_INSTANCES,
    "WorkingDirectory": limits.WORKING_DIRECTORY_LENGTH,
}

PATTERNS: Final = {
    "EnvironmentVariableName": limits.ENVIRONMENT_KEY_PATTERN,
    "FileSystemArn": limits.FILE_SYSTEM_ARN_PATTERN,
    "FunctionName": limits.FUNCTION_NAME_PATTERN,
    "Handler": limits.HANDLER_PATTERN,
    "KMSKeyArn": limits.KMS_KEY_PATTERN,
    "LayerVersionArn": limits.LAYER_ARN_PATTERN,
    "LocalMountPath": limits.MOUNT_PATH_PATTERN,
    "LogGroup": limits.LOG_GROUP_PATTERN,
    "RoleArn": limits.ROLE_PATTERN,
    "S3Bucket": limits.S3_BUCKET_PATTERN,
    "SecurityGroupId": limits.SECURITY_GROUP_PATTERN,
    "SubnetId": limits.SUBNET_PATTERN,
}

ENUMS: Final = {
    "ApplicationLogLevel": limits.APPLICATION_LOG_LEVELS,
    "Architecture": limits.ARCHITECTURES,
    "LogFormat": limits.LOG_FORMATS,
    "PackageType": limits.PACKAGE_TYPES,
    "S3ObjectStorageMode": limits.S3_OBJECT_STORAGE_MODES,
    "SnapStartApplyOn": limits.SNAP_START,
    "SystemLogLevel": limits.SYSTEM_LOG_LEVELS,
    "TracingMode": limits.TRACING_MODES,
}

#: What of a shape is compared.
KEPT: Final = ("min", "max", "pattern", "enum")

#: The ``versions`` of both packages, ``shapes`` of the API, the ``lifecycle`` of runtimes, and ``reserved`` keys.
Sample = Mapping[str, Any]


def installed() -> Sample:
    """Return the facts of the installed packages, no more of them than is compared."""
    models = [path for path in (resources.files("botocore") / "data" / "lambda").iterdir() if path.is_dir()]
    newest = max(models, key=lambda path: path.name)
    shapes = json.loads(gzip.decompress((newest / "service-2.json.gz").read_bytes()))["shapes"]
    wanted = sorted({"Runtime", *RANGES, *PATTERNS, *ENUMS} & set(shapes))
    data = resources.files("cfnlint") / "data"
    keys = json.loads((data / "schemas/extensions/aws_lambda_function/environment_variable_keys.json").read_text())
    return {
        "versions": {name: metadata.version(name) for name in ("botocore", "cfn-lint")},
        "shapes": {name: {key: shapes[name][key] for key in KEPT if key in shapes[name]} for name in wanted},
        "lifecycle": json.loads((data / "AdditionalSpecs/LmbdRuntimeLifecycle.json").read_text()),
        "reserved": keys["propertyNames"]["not"]["enum"],
    }


def drift(sample: Sample) -> Iterator[str]:
    """Yield each difference, as a line."""
    shapes = sample["shapes"]
    ours = (name for name, row in runtimes.RUNTIMES.items() if row.in_api)
    yield from _names("Runtime", ours, _enum(shapes, "Runtime"))
    yield from _lifecycle(sample["lifecycle"])
    for shape, offered in RANGES.items():
        yield from _range(shape, offered, shapes.get(shape))
    for shape, pattern in PATTERNS.items():
        theirs = shapes.get(shape, {}).get("pattern")
        if theirs != pattern:
            yield f"{shape}: the pattern is {pattern} here, {theirs} in the API"
    for shape, values in ENUMS.items():
        yield from _names(shape, values, _enum(shapes, shape))
    yield from _reserved(set(sample["reserved"]))


def _enum(shapes: Mapping[str, Any], shape: str) -> list[str]:
    values: list[str] = shapes.get(shape, {}).get("enum", [])
    return values


def _names(what: str, ours: Iterable[str], theirs: Iterable[str]) -> Iterator[str]:
    here, there = set(ours), set(theirs)
    yield from (f"{what}: {name} is in the API, not here" for name in sorted(there - here))
    yield from (f"{what}: {name} is here, not in the API" for name in sorted(here - there))


def _range(shape: str, ours: range, theirs: Mapping[str, int] | None) -> Iterator[str]:
    if theirs is None:
        yield f"{shape}: no longer in the API"
        return
    least, most = theirs.get("min", 0), theirs.get("max")
    if (ours[0], ours[-1]) != (least, most):
        yield f"{shape}: {ours[0]} to {ours[-1]} here, {least} to {most} in the API"


def _lifecycle(theirs: Mapping[str, Mapping[str, str | None]]) -> Iterator[str]:
    for name in sorted(theirs.keys() | runtimes.RUNTIMES.keys()):
        row, dates = runtimes.RUNTIMES.get(name), theirs.get(name)
        if row is None:
            yield f"{name}: in cfn-lint, not here"
        elif dates is None:
            if name not in NOT_IN_LIFECYCLE:
                yield f"{name}: here, not in cfn-lint"
        else:
            if name in NOT_IN_LIFECYCLE:
                yield f"{name}: in cfn-lint now, so NOT_IN_LIFECYCLE need not name it ({NOT_IN_LIFECYCLE[name]})"
            for ours, key in DATES.items():
                if getattr(row, ours) != dates.get(key):
                    yield f"{name}: {key} is {getattr(row, ours)} here, {dates.get(key)} in cfn-lint"


def _reserved(theirs: set[str]) -> Iterator[str]:
    yield from (f"{key}: reserved in cfn-lint, not here" for key in sorted(theirs - environment.RESERVED))
    ours = environment.RESERVED - environment.RESERVED_BY_PAGE
    yield from (f"{key}: reserved here, not in cfn-lint" for key in sorted(ours - theirs))
    known = sorted(theirs & environment.RESERVED_BY_PAGE)
    yield from (f"{key}: reserved in cfn-lint now, so RESERVED_BY_PAGE need not name it" for key in known)


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare AWS's facts here with the newest botocore and cfn-lint.")
    parser.add_argument("--sample", type=Path, help="compare with this file instead of the installed packages")
    parser.add_argument("--save", type=Path, help="write what was compared to this file, for --sample")
    options = parser.parse_args()
    sample = json.loads(options.sample.read_text(encoding="utf-8")) if options.sample else installed()
    if options.save:
        options.save.write_text(json.dumps(sample, indent=1, sort_keys=True) + "\n", encoding="utf-8", newline="\n")
    lines = list(drift(sample))
    for line in lines:
        print(line)
    against = " and ".join(f"{name} {version}" for name, version in sample["versions"].items())
    print(f"{len(lines) or 'no'} difference{'' if len(lines) == 1 else 's'} from {against}")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
