"""A symbolic link that leads nowhere on Lambda.

Links in a zip are kept and followed. One whose target is not in the package, or is a place on the machine that built
it (the store of pnpm, a home directory), is a file that is not there: ``Cannot find module 'uuid'``, ``No module named
'requests'`` or ``no such file or directory``. Links to /tmp, /mnt and the runtime's own folders may be right and are
left alone. What the handler surely loads and cannot find is an error of other rules, which name the link. Commands of npm
packages (``node_modules/.bin``) that were pruned after the install are a note.

Fix: install without links (``pnpm deploy``, ``node-linker=hoisted``, ``pip install --target``), or zip what they lead to
(plain ``zip -r`` follows them, ``zip --symlinks`` keeps them).

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Entry, Filesystem, Hit, Kind, Package, Phase, Scope, Severity, rule
from lambdalint.filesystem import Missing

#: What lies in the root of Lambda's own file system; /home does not.
SYSTEM = ("bin", "dev", "etc", "lib", "lib64", "mnt", "opt", "proc", "run", "sbin", "sys", "tmp", "usr")


def of_the_system(path: str) -> bool:
    parts = path.split("/")
    return parts[1] in SYSTEM or path.startswith(("/var/lang/", "/var/runtime/"))


@rule("LL203", "broken-link", Severity.WARNING, Phase.INIT)
def broken_link(code: Package, filesystem: Filesystem, scope: Scope) -> Iterator[Hit]:
    broken: dict[str, list[Entry]] = {}
    commands: list[Entry] = []
    for entry in code.entries:
        if entry.kind is not Kind.LINK:
            continue
        target = entry.target
        found = filesystem.find(f"{scope.root}/{entry.path}")
        if not isinstance(found, Missing):
            continue
        if target is None:
            why = "the link's target cannot be read"
        elif target.startswith("/") and scope.root and not target.startswith(("/var/task/", "/opt/")):
            if of_the_system(target):
                continue
            why = f"the link leads to {target}, a place on the machine that made it"
        elif found.outside:
            continue
        elif "node_modules/.bin/" in entry.path:
            commands.append(entry)
            continue
        else:
            why = f"the link leads to {target}, which is not there"
        broken.setdefault(why, []).append(entry)
    # An image's root is the scope's.
    fix = None if scope.root else "COPY what they lead to from its stage too, or make them anew in the last one"
    for why, entries in broken.items():
        yield Hit(entries, why, fix=fix)
    if commands:
        yield Hit(commands, "the command's package is not there", severity=Severity.NOTE)
