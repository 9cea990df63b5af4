"""A Git-LFS pointer where the file itself should be.

Git keeps large files elsewhere and leaves three lines of text in their place until ``git lfs pull`` fetches them. A
build machine without it packs the pointer: the loader says ``invalid ELF header`` or ``file too short``, Java
``Class not found``. It is an error for native code and archives of code, else a warning.

Fix: ``git lfs install && git lfs pull`` before building; in GitHub Actions ``actions/checkout`` with ``lfs: true``.

Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

import re
from collections.abc import Iterator

from lambdalint import Contents, Hit, Package, Phase, Severity, rule

POINTER = b"version https://git-lfs.github.com/spec/"
CODE = r"\.(so(\.\d+)*|node|jar|dll|class|pyd|wasm)$|(^|/)bootstrap$"


@rule("LL206", "git-lfs-pointer", Severity.ERROR, Phase.INIT)
def git_lfs_pointer(code: Package, contents: Contents) -> Iterator[Hit]:
    places = [entry for entry in code.files() if len(POINTER) < entry.size < 1024 and contents.head(entry).startswith(POINTER)]
    binaries = [entry for entry in places if re.search(CODE, entry.path)]
    data = [entry for entry in places if entry not in binaries]
    if binaries:
        yield Hit(binaries, "this is a Git-LFS pointer of a few lines, not the binary it stands for")
    if data:
        yield Hit(data, "this is a Git-LFS pointer of a few lines, not the file it stands for", severity=Severity.WARNING)
