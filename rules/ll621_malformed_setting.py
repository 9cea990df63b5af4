"""A setting does not have the form that the API asks for.

Roles and keys are given as ARNs, subnets and security groups by their IDs, and a file system by an access point's ARN and a
path right below ``/mnt``. The API compares them with patterns before it looks anything up: ``1 validation error detected: Value
'arn:aws:iam::123:role/x' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: ...``.
Log levels go with the format JSON only.

Fix: copy the ARN or ID from the console or from ``aws iam get-role``; mount below ``/mnt/``, as in ``/mnt/data``.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits

#: Where a setting lies, with its pattern, the lengths it may have, and how many there may be of it.
FORMS = (
    ("Role", limits.ROLE_PATTERN, None, None),
    ("KMSKeyArn", limits.KMS_KEY_PATTERN, None, None),
    ("Description", None, limits.DESCRIPTION_LENGTH, None),
    ("VpcConfig.SubnetIds", limits.SUBNET_PATTERN, None, limits.SUBNETS),
    ("VpcConfig.SecurityGroupIds", limits.SECURITY_GROUP_PATTERN, None, limits.SECURITY_GROUPS),
    ("FileSystemConfigs.Arn", limits.FILE_SYSTEM_ARN_PATTERN, limits.FILE_SYSTEM_ARN_LENGTH, limits.FILE_SYSTEMS),
    ("FileSystemConfigs.LocalMountPath", limits.MOUNT_PATH_PATTERN, limits.MOUNT_PATH_LENGTH, limits.FILE_SYSTEMS),
    ("LoggingConfig.LogGroup", limits.LOG_GROUP_PATTERN, limits.LOG_GROUP_LENGTH, None),
)


def values(settings: object, path: str) -> list[str]:
    """Return the texts at a path; a list on the way gives one of each. Empty ones are a skeleton's."""
    for name in path.split("."):
        items = settings if isinstance(settings, Sequence) else [settings]
        found = [item.get(name) for item in items if isinstance(item, Mapping)]
        settings = [one for item in found for one in (item if isinstance(item, list) else [item])]
    return [one for one in settings if isinstance(one, str) and one] if isinstance(settings, list) else []


@rule("LL621", "malformed-setting", Severity.ERROR, Phase.CONFIGURE)
def malformed_setting(function: Function) -> Iterator[Hit]:
    for path, pattern, length, count in FORMS:
        texts, name = values(function.settings, path), path.rpartition(".")[2]
        setting = path.partition(".")[0] if path.startswith("FileSystemConfigs") else path
        place = f"{name[0].lower()}{name[1:]}"
        if count is not None and len(texts) not in count:
            yield Hit(None, f"{len(texts)} of {path}, and Lambda takes at most {count[-1]}", setting=setting)
        for text in texts:
            if pattern is not None and re.fullmatch(pattern, text) is None:
                aws = errors.constraint(text, place, f"Member must satisfy regular expression pattern: {pattern}")
                yield Hit(None, f"{path} is not of the form that the API asks for: {text}", setting=setting, aws=aws)
            elif length is not None and len(text) not in length:
                aws = errors.constraint(text, place, f"Member must have length less than or equal to {length[-1]}")
                yield Hit(None, f"{path} has {len(text)} characters; the API takes {length[-1]}", setting=setting, aws=aws)
    levels = ("ApplicationLogLevel", "SystemLogLevel") if "Text" in values(function.settings, "LoggingConfig.LogFormat") else ()
    for name in (name for name in levels if values(function.settings, f"LoggingConfig.{name}")):
        message, fix = f"{name} is set, and the format of the log is Text, which has no levels", f"set LogFormat to JSON, or remove {name}"
        yield Hit(None, message, setting=f"LoggingConfig.{name}", aws=errors.LOG_LEVEL_OF_TEXT, fix=fix)
