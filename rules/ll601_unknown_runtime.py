"""The runtime identifier is none that Lambda has.

Identifiers are exact, case included, and a few versions of .NET exist as container base images only. AWS answers with
the whole list: ``InvalidParameterValueException: Value python312 at 'runtime' failed to satisfy constraint: Member must
satisfy enum value set: [...] or be a valid ARN``. An identifier that looks newer than this program's table is a note.

Fix: use an identifier of the list, for example ``python3.14``, ``nodejs24.x``, ``java25``, ``provided.al2023``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.aws.runtimes import AS_OF, RUNTIMES, looks_future, nearest


@rule("LL601", "unknown-runtime", Severity.ERROR, Phase.CONFIGURE)
def unknown_runtime(runtime_name: str) -> Iterator[Hit]:
    row = RUNTIMES.get(runtime_name)
    if row is not None and row.in_api:
        return
    if row is not None:
        yield Hit(
            None,
            f"{runtime_name} exists as a container base image only, not as a managed runtime",
            setting="Runtime",
            aws=errors.runtime_not_in_enum(runtime_name),
            fix=f"use {row.successor}, or deploy a container image",
        )
    elif looks_future(runtime_name):
        message = f"{runtime_name} is not in this program's table of {AS_OF}; what depends on it is not judged"
        yield Hit(None, message, setting="Runtime", severity=Severity.NOTE, fix="update lambdalint")
    else:
        near = nearest(runtime_name)
        yield Hit(
            None,
            f"{runtime_name} is no runtime of Lambda" + (f"; did you mean {near}?" if near else ""),
            setting="Runtime",
            aws=errors.runtime_not_in_enum(runtime_name),
            fix=f"set Runtime to {near}" if near else None,
        )
