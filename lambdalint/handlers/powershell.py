"""The handler of AWS's PowerShell runtime, a layer for ``provided*``: ``x.ps1``, ``x.ps1::function``, ``Module::name::function``.

From ``Get-Handler.ps1`` and ``bootstrap`` of https://github.com/awslabs/aws-lambda-powershell-runtime (read 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import TASK, Filesystem, Missing, Node
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.shebang import LINE, parse
from lambdalint.model import Aws, Lacking

if TYPE_CHECKING:
    from lambdalint.function import Handler

_PWSH: Final = "/opt/powershell/pwsh"


def judge_handler(filesystem: Filesystem, handler: Handler, bootstrap: Node) -> Resolution:
    """Judge the handler if ``bootstrap`` is that runtime's own, and say nothing of it otherwise."""
    if not _is_powershell(filesystem, bootstrap):
        return Resolution()
    parts = handler.text.split("::")
    # -like and -eq do not tell capitals from small letters.
    is_script = parts[0].lower().endswith(".ps1") and len(parts) <= 2
    if not is_script:
        if parts[0].lower() == "module" and len(parts) == 3:
            return Resolution()
        message = f"the PowerShell runtime cannot read the handler {handler.text}"
        fix = "write it as script.ps1, script.ps1::function or Module::name::function"
        aws = Aws(None, f"Invalid Lambda Handler: {handler.text}")
        return Resolution(faults=[Fault(Sort.FORM, message, setting="Handler", aws=aws, fix=fix)])
    return _script(filesystem, parts[0])


def _script(filesystem: Filesystem, name: str) -> Resolution:
    found = filesystem.find(name if name.startswith("/") else f"{TASK}/{name}")
    if isinstance(found, Node):
        return Resolution([found] if found.is_file else ())
    if found.outside:
        return Resolution(unsure=[(Sort.MODULE, Lacking(f"what lies at {found.reached.path.rstrip('/')}/{found.rest}"))])
    near = [node for node in filesystem.walk(TASK) if node.name.lower() == name.rpartition("/")[2].lower() and node.is_file]
    message = f"the handler names the script {name}, which is not in the package"
    places = [node.entry for node in near[:1] if node.entry is not None]
    if places:
        message += f"; found {places[0].path}"
    return Resolution(faults=[Fault(Sort.MODULE, message, places=places, setting="Handler")])


def _is_powershell(filesystem: Filesystem, bootstrap: Node) -> bool:
    if bootstrap.package is None or bootstrap.entry is None or isinstance(filesystem.find(_PWSH), Missing):
        return False
    if not bootstrap.package.contents.head(bootstrap.entry).startswith(b"#!"):
        return False
    shebang = parse(filesystem.read(bootstrap, LINE))
    return shebang is not None and shebang.interpreter == _PWSH
