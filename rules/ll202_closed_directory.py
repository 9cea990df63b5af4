"""A directory that the function's user may not enter.

What lies in it cannot be reached without the read and execute bits for others. Lambda mends directories in a zip by setting
them to 0755, which is why this is a warning: older pages do not know of it, and local runs and other tools do not do it.
AWS says nothing where it mends.

Fix: ``chmod -R o+rX .`` before zipping.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Kind, Package, Phase, Severity, rule

OPEN = 0o005


@rule("LL202", "closed-directory", Severity.WARNING, Phase.INIT)
def closed_directory(package: Package) -> Iterator[Hit]:
    places = [
        entry
        for entry in package.entries
        if entry.kind is Kind.DIR and entry.mode is not None and entry.mode & OPEN != OPEN
    ]
    if places:
        yield Hit(places, f"mode {places[0].mode:04o} keeps others from entering the directory")
