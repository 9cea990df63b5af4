"""The image is built for another operating system or CPU than the function's.

Lambda does not compare them when the function is made; the first program that is started fails: ``fork/exec /lambda-entrypoint.sh: exec
format error`` (``Runtime.InvalidEntrypoint``). The usual cause is a build on a Mac with Apple's CPU, which makes arm64 images,
for a function that was left at the default, x86_64.

Fix: ``docker build --platform linux/amd64`` for x86_64, ``linux/arm64`` for arm64; or set the function's architecture.

Source: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.image_facts import CPUS

if TYPE_CHECKING:
    from lambdalint import Image, Startup


@rule("LL707", "wrong-platform", Severity.ERROR, Phase.INIT)
def wrong_platform(image: Image, function: Function, startup: Startup) -> Iterator[Hit]:
    platform = None if image.config is None else image.config.platform
    if platform is None:
        return
    cpu, wanted = platform.architecture, (function.architectures or (None,))[0]
    first = (startup.words or ("/lambda-entrypoint.sh",))[0]
    aws = errors.cannot_start(first.lstrip("/"), errors.OTHER_FORMAT, "")
    if platform.os not in (None, "", "linux"):
        yield Hit(None, f"the image is for {platform}; Lambda runs linux only", aws=aws)
    elif cpu and cpu not in CPUS:
        yield Hit(None, f"the image is for {cpu}; Lambda has amd64 (x86_64) and arm64", aws=aws)
    elif cpu and wanted in CPUS.values() and CPUS[cpu] != wanted:
        go = next(name for name, ours in CPUS.items() if ours == wanted)
        fix = f"docker build --platform linux/{go} .\nor set Architectures to {CPUS[cpu]}"
        yield Hit(None, f"the image is for {cpu}, the function is {wanted}", setting="Architectures", aws=aws, fix=fix)
