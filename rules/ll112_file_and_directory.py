"""A name is a file and a directory at once.

Nothing can be both, so one of the two is not unpacked, whichever comes second. With layers AWS says ``Lambda layer
conversion failed. For advice on resolving this issue, see the Troubleshoot deployment issues in Lambda page in the
Lambda User Guide.``

Fix: rename or remove one of the two in the folder that is zipped.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from bisect import bisect_left
from collections.abc import Iterator

from lambdalint import Hit, Kind, Package, Phase, Severity, rule


@rule("LL112", "file-and-directory", Severity.ERROR, Phase.UPLOAD)
def file_and_directory(code: Package) -> Iterator[Hit]:
    folders = {entry.path: entry for entry in code.entries if entry.kind is Kind.DIR}
    files = {entry.path: entry for entry in code.entries if entry.kind is not Kind.DIR}
    paths = [entry.path for entry in code.entries]  # in order, so that what lies in a folder stands together
    for path, entry in files.items():
        first = bisect_left(paths, f"{path}/")
        below = code.entries[first] if first < len(paths) and paths[first].startswith(f"{path}/") else None
        inner = folders.get(path) or below
        if inner is not None:
            yield Hit(entry, f"it is a {entry.kind.value}, and {inner.path} needs it to be a directory")
