"""The image's entrypoint leads to nothing that can be started.

Lambda executes the words of ENTRYPOINT and CMD as they are, CMD's alone when there is no ENTRYPOINT. When the first of them is not in the
image, is a directory or is no program, nothing starts: ``Couldn't find valid bootstrap(s): [...]``, ``fork/exec ...: no such file or
directory`` (``Runtime.InvalidEntrypoint``). A shell or a script that starts what is not there ends: ``exit status 127``
(``Runtime.ExitError``). A word without a slash is looked for on the PATH, and AWS's page on troubleshooting asks for an absolute path all
the same: a note, and an error on Managed Instances, which take no other.

Fix: install the program in the last stage of the Dockerfile, or name it as it is called there; for a handler alone, begin
FROM one of AWS's base images, or start a runtime interface client: ``ENTRYPOINT ["/usr/local/bin/python", "-m", "awslambdaric"]``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html
https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
https://github.com/aws/aws-cli/issues/5785
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Aws, Filesystem, Function, Hit, Phase, Resolution, Severity, rule
from lambdalint.aws import errors
from lambdalint.filesystem import Missing, Node
from lambdalint.handlers import Sort

if TYPE_CHECKING:
    from lambdalint import Startup

@rule("LL708", "broken-entrypoint", Severity.ERROR, Phase.INIT)
def broken_entrypoint(
    startup: Startup, followed: Startup, filesystem: Filesystem, entrypoint: Resolution, function: Function
) -> Iterator[Hit]:
    from lambdalint.startup import AWS_BOOTSTRAP
    from lambdalint.unstarted import absent, missing

    setting = startup.setting("EntryPoint") or (None if startup.entrypoint else startup.setting("Command"))
    none = errors.no_bootstrap(startup.words[:1])
    if not startup.words or not startup.words[0]:
        yield Hit(None, "neither ENTRYPOINT nor CMD names a program", setting=setting, aws=none)
        return
    first, found = startup.words[0], startup.find(filesystem)
    if isinstance(found, Missing):
        if not found.outside:
            yield missing(startup, filesystem, setting)
    elif found is not None and found.is_dir:
        aws = Aws(errors.INVALID_ENTRYPOINT, f"fork/exec {first}: {errors.NOT_EXECUTABLE}")
        yield Hit(found.path.lstrip("/"), f"the entrypoint {first} is a directory", setting=setting, aws=aws)
    elif not first.startswith("/") and (function.settings or {}).get("CapacityProviderConfig"):
        yield Hit(None, f"the entrypoint {first} is not absolute, as Managed Instances want it", setting=setting, aws=none)
    elif not first.startswith("/") and found is not None:
        message = f"the entrypoint {first} is not absolute, as AWS asks for; it leads to {(path := startup.place(filesystem))}"
        yield Hit(None, message, setting=setting, severity=Severity.NOTE, fix=f"begin ENTRYPOINT with {path}")
    last = None if followed.by is None else followed.find(filesystem)
    if isinstance(last, Missing) and not last.outside:
        yield absent(followed, filesystem, setting)
    if followed.is_aws and isinstance(last or found, Node) and isinstance(filesystem.find(AWS_BOOTSTRAP), Missing):
        message = f"{followed.words[0]} starts {AWS_BOOTSTRAP}, which is not in the image"
        yield Hit(None, message, setting=setting, aws=errors.cannot_start(AWS_BOOTSTRAP[1:], errors.NOT_FOUND, ""))
    yield from entrypoint.of(Sort.BOOTSTRAP)
