"""A file that the function's user may not read.

Lambda runs the code as a user that owns nothing in the package and is in no group of it, so every file needs the read
bit for others. Python then says ``[Errno 13] Permission denied: '/var/task/app.py'`` or only that there is no such
module, Node.js ``EACCES: permission denied, open '/var/task/index.js'``, Ruby ``cannot load such file -- function``.
Python's own ``ZipFile.writestr`` gives every file the mode 0600. It is an error for what is surely read.

Fix: ``chmod -R o+rX .`` before zipping; in Python set ``info.external_attr = 0o644 << 16`` on each ZipInfo; for an image
``COPY --chmod=755``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Entry, Form, Hit, Package, Phase, Scope, Severity, Surely, rule
from lambdalint.aws import errors
from lambdalint.model import OTHERS_READ

WRITESTR = "set external_attr = 0o644 << 16 on each ZipInfo: ZipFile.writestr(name, ...) of Python writes mode 0600"
CHMOD = "chmod -R o+rX . before zipping"
RUN = "chmod -R o+rX . before the build, or COPY --chmod=755 in the Dockerfile"


def shut(entry: Entry) -> bool:
    return entry.mode is not None and not entry.mode & OTHERS_READ


@rule("LL201", "unreadable-file", Severity.ERROR, Phase.INIT)
def unreadable_file(code: Package, scope: Scope, surely: Surely) -> Iterator[Hit]:
    places = [entry for entry in code.files() if shut(entry)]
    if not places:
        return
    sure = [entry for entry in places if entry in surely.read]
    everything = all(shut(entry) for entry in code.files())
    places = sure + [entry for entry in places if entry not in surely.read]
    modes = sorted({entry.mode for entry in places if entry.mode is not None})
    told = " and ".join(f"{mode:04o}" for mode in modes[:3])
    writestr = code.form is Form.ZIP and modes == [0o600] and everything
    yield Hit(
        places,
        f"mode{'s' if len(modes) > 1 else ''} {told} keep{'s' if len(modes) == 1 else ''} others from reading "
        + ("it" if len(places) == 1 else "them"),
        severity=None if sure or everything else Severity.WARNING,
        aws=errors.unreadable(places[0].path, scope.root, surely.loaded[0].name if surely.loaded else None),
        fix=f"{WRITESTR}\nor {CHMOD}" if writestr else CHMOD if scope.root else RUN,
    )
