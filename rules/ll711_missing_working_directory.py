"""The working directory is not in the image, or is not absolute.

Lambda starts the image's program in WORKDIR, and makes no directory for it: ``Runtime.InvalidWorkingDir``, with ``the working directory
doesn't exist: /app``. docker makes it when it starts a container, so that local runs do not show it.

Fix: ``WORKDIR /app`` in the Dockerfile makes it; an override of the function must name a directory of the image.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
https://github.com/aws/aws-lambda-runtime-interface-emulator
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Aws, Filesystem, Hit, Phase, Severity, rule
from lambdalint.filesystem import Missing

if TYPE_CHECKING:
    from lambdalint import Startup


@rule("LL711", "missing-working-directory", Severity.ERROR, Phase.INIT)
def missing_working_directory(startup: Startup, filesystem: Filesystem) -> Iterator[Hit]:
    path, setting = startup.working_directory, startup.setting("WorkingDirectory")
    if not path:
        return
    if not path.startswith("/"):
        said = f"the working directory '{path}' is invalid, it needs to be an absolute path"
        message = f"the working directory {path} is not absolute"
        yield Hit(None, message, setting=setting, aws=Aws("Runtime.InvalidWorkingDir", said))
        return
    found = filesystem.find(path)
    aws = Aws("Runtime.InvalidWorkingDir", f"the working directory doesn't exist: {path}")
    if isinstance(found, Missing):
        if not found.outside and path not in ("/tmp", "/var/task"):  # noqa: S108 - Lambda mounts it
            yield Hit(None, f"the working directory {path} is not in the image", setting=setting, aws=aws)
    elif not found.is_dir:
        yield Hit(found.path.lstrip("/"), f"the working directory {path} is a file", setting=setting, aws=aws)
