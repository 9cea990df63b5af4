"""A file in extensions/ is no program.

Lambda starts every file that lies directly in /opt/extensions, whatever its name: a README, a configuration, a .gitkeep. When
one does not start, the function does not either: ``Extension.LaunchError``, with ``fork/exec /opt/extensions/README.md:
permission denied`` or ``exec format error``. Files in folders below are left alone.

Fix: move it into a folder of its own, such as ``extensions/agent.d/``, or out of ``extensions/``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-extensions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.filesystem import OPT
from lambdalint.model import OTHERS_EXECUTE

if TYPE_CHECKING:
    from lambdalint import Extensions


@rule("LL807", "extension-not-a-program", Severity.ERROR, Phase.INIT)
def extension_not_a_program(extensions: Extensions) -> Iterator[Hit]:
    for entry in extensions.broken:
        aws = errors.cannot_start(f"extensions/{entry.name}", errors.NOT_FOUND, OPT)
        message = f"it is a link to {entry.target}, which is not there; Lambda starts every file in extensions/"
        yield Hit(entry, message, aws=aws, fix="pack the program in the link's place (zip -r follows links), or leave the link out")
    for extension in extensions:
        if extension.is_program:
            continue
        entry = extension.entry
        why = extension.resolution.faults[0].hit.message.removeprefix("the file ").removeprefix("it ")
        bit = entry.mode is not None and entry.mode & OTHERS_EXECUTE
        cause = errors.OTHER_FORMAT if bit else errors.NOT_EXECUTABLE
        yield Hit(
            entry,
            f"it {why}; Lambda starts every file in extensions/",
            aws=errors.cannot_start(f"extensions/{entry.name}", cause, OPT),
        )
