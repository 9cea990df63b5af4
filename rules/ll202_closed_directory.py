"""A directory that the function's user may not enter.

What lies in it cannot be reached without the read and execute bits for others. Lambda mends directories in a zip by setting
them to 0755, which is why this is a warning: older pages do not know of it, and local runs and other tools do not do it.
AWS says nothing where it mends.

Fix: ``chmod -R o+rX .`` before zipping; in a Dockerfile ``COPY --chmod=755``, and no code below /root.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Kind, Package, Phase, Role, Severity, Surely, rule

OPEN = 0o005
ENTER = 0o001


@rule("LL202", "closed-directory", Severity.ERROR, Phase.INIT)
def closed_directory(code: Package, package: Package, role: Role, surely: Surely) -> Iterator[Hit]:
    read = [entry.path for entry in surely.read] if role is Role.IMAGE else []
    above = {path[:at] for path in read for at, sign in enumerate(path) if sign == "/"}  # of an image's system too: /root
    ours = code.entries if not above else [*code.entries, *(entry for entry in package.entries if entry.path in above)]
    entries = {entry.path: entry for entry in ours if entry.kind is Kind.DIR and entry.mode is not None}
    places = [entry for entry in entries.values() if (entry.mode or 0) & OPEN != OPEN]
    barred = [entry for entry in places if not (entry.mode or 0) & ENTER]
    sure = [entry for entry in barred if any(path.startswith(f"{entry.path}/") for path in read)]
    if places:
        shown = sure + [entry for entry in places if entry not in sure]
        message = f"mode {shown[0].mode:04o} keeps others from entering the directory"
        yield Hit(shown, message, severity=None if sure else Severity.WARNING)
