"""A variable replaces a search path of Lambda instead of extending it.

Lambda takes the value as it is: it adds nothing, and ``$PATH`` in it stays these five letters. What the default named,
layers under /opt first of all, is then not found: ``Runtime.ImportModuleError``, ``cannot open shared object
file: No such file or directory`` or ``exec: ...: not found``, depending on the variable.

Fix: write the default's parts into the value too; they are listed on the page below.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
"""

from collections.abc import Iterator

from lambdalint import Environment, Function, Hit, Phase, Runtime, Severity, rule
from lambdalint.aws.environment import default_path


@rule("LL611", "search-path-replaced", Severity.WARNING, Phase.INIT)
def search_path_replaced(environment: Environment, runtime: Runtime, function: Function) -> Iterator[Hit]:
    for key, value in environment.items():
        kept = {part.rstrip("/") for part in value.split(":")}
        lost = [part for part in default_path(key, runtime) or () if part.rstrip("/") not in kept]
        if key == "PYTHONPATH" and runtime.family == "python" and function.layers:
            lost += [part for part in ("/opt/python",) if part not in kept]
        if lost:
            yield Hit(
                None,
                f"{key} is replaced; {', '.join(lost)} of Lambda's default {'is' if len(lost) == 1 else 'are'} no longer searched",
                setting=f"Environment.Variables.{key}",
                fix=f"append {':'.join(lost)} to the value",
            )
