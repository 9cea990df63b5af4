"""A file with the setuid or setgid bit.

The bit would run a program with its owner's rights. Lambda has one unprivileged user and keeps no owners, so the bit does
nothing there; that it is set means that system files came into the package. AWS says nothing.

Fix: ``chmod -R a-s .`` before zipping, and look at why a system program is in the package.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Package, Phase, Severity, rule

SET_ID = 0o6000


@rule("LL205", "setuid-file", Severity.WARNING, Phase.INIT)
def setuid_file(code: Package) -> Iterator[Hit]:
    places = [entry for entry in code.files() if entry.mode is not None and entry.mode & SET_ID]
    if places:
        yield Hit(places, f"mode {places[0].mode:04o} has the setuid or setgid bit, which does nothing on Lambda")
