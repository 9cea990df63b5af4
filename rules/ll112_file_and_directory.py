"""A name is a file and a directory at once.

Nothing can be both, so one of the two is not unpacked, whichever comes second. With layers AWS says ``Lambda layer
conversion failed. For advice on resolving this issue, see the Troubleshoot deployment issues in Lambda page in the
Lambda User Guide.``

Fix: rename or remove one of the two in the folder that is zipped.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Entry, Hit, Kind, Package, Phase, Severity, rule


@rule("LL112", "file-and-directory", Severity.ERROR, Phase.UPLOAD)
def file_and_directory(package: Package) -> Iterator[Hit]:
    files = {entry.path: entry for entry in package.entries if entry.kind is not Kind.DIR}
    clashes: dict[str, Entry] = {}
    seen: set[str] = set()
    for entry in package.entries:
        if entry.kind is Kind.DIR and entry.path in files:
            clashes.setdefault(entry.path, entry)
        folder = entry.path.rpartition("/")[0]
        while folder and folder not in seen:
            seen.add(folder)
            if folder in files:
                clashes.setdefault(folder, entry)
            folder = folder.rpartition("/")[0]
    for path, inner in clashes.items():
        yield Hit(files[path], f"it is a {files[path].kind.value}, and {inner.path} needs it to be a directory")
