"""A variable replaces a search path of Lambda instead of extending it.

Lambda takes the value as it is: it adds nothing, and ``$PATH`` in it stays these five letters. What the default named,
layers under /opt first of all, is then not found: ``Runtime.ImportModuleError``, ``cannot open shared object
file: No such file or directory`` or ``exec: ...: not found``, depending on the variable. In an image on AWS's base ENV, in which docker
puts in what ``$PATH`` stands for, is judged with the function's variables over it, by the folders that the image has.

Fix: write the default's parts into the value too; they are listed on the page below.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

from collections.abc import Iterator

from lambdalint import Environment, Filesystem, Function, Hit, Phase, Runtime, Severity, rule
from lambdalint.aws.environment import default_path
from lambdalint.filesystem import OPT, Missing, Node

#: Those that AWS's base images set themselves.
OF_IMAGES = ("PATH", "LD_LIBRARY_PATH")
#: Searched by the dynamic linker in any case.
ALWAYS = ("/lib64", "/usr/lib64")


def is_needed(key: str, part: str, filesystem: Filesystem) -> bool:
    """Tell whether an image has something to be found in a folder that is no longer searched."""
    found = filesystem.find(part)
    names = list(found.children or ()) if isinstance(found, Node) and part not in ALWAYS else []
    return bool(names) if key == "PATH" else any(".so" in name for name in names)


def is_empty(part: str, filesystem: Filesystem, function: Function) -> bool:
    """Tell whether the layers have nothing in a folder; what layers there are may not be told."""
    return bool(function.layers) and isinstance(found := filesystem.find(part), Missing) and not found.outside


@rule("LL611", "search-path-replaced", Severity.WARNING, Phase.INIT)
def search_path_replaced(variables: Environment, runtime: Runtime, function: Function, filesystem: Filesystem) -> Iterator[Hit]:
    for key, value in variables.items():
        if filesystem.is_whole and key not in OF_IMAGES:
            continue
        kept = {part.rstrip("/") for part in value.split(":")}
        lost = [part for part in default_path(key, runtime) or () if part.rstrip("/") not in kept]
        if filesystem.is_whole:
            lost = [part for part in lost if is_needed(key, part, filesystem)]
        else:
            if key == "PYTHONPATH" and runtime.family == "python" and function.layers and "/opt/python" not in kept:
                lost.append("/opt/python")
            lost = [part for part in lost if not (part.startswith(OPT) and is_empty(part, filesystem, function))]
        if lost:
            yield Hit(
                None,
                f"{key} is replaced; {', '.join(lost)} of Lambda's default {'is' if len(lost) == 1 else 'are'} no longer searched",
                setting=f"Environment.Variables.{key}" if key in (function.environment or ()) else None,
                fix=f"append {':'.join(lost)} to the value",
            )
