"""A program without the execute bit.

Lambda starts ``bootstrap``, every file directly in a layer's ``extensions/`` and the exec wrapper as programs, so others
need the execute bit: ``fork/exec /var/task/bootstrap: permission denied`` (``Runtime.InvalidEntrypoint``,
``PermissionDenied`` for an extension, exit status 126 for a wrapper). A zip made on Windows records no modes, which
means not executable. Other programs and scripts are a note: your code may start them.

Fix: ``chmod 755`` on it before zipping; on Windows zip with ``build-lambda-zip``, WSL or Docker.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Contents, Entry, Extensions, Hit, Package, Phase, Scope, Severity, Surely, rule
from lambdalint.aws import errors
from lambdalint.binaries import is_elf_program
from lambdalint.model import OTHERS_EXECUTE

#: Modules often begin with a #! line too, and are loaded by an interpreter rather than started.
MODULES = (".py", ".pyx", ".js", ".mjs", ".cjs", ".rb", ".pl", ".ts")


def is_program(entry: Entry, contents: Contents) -> bool:
    head = contents.head(entry)
    return (head.startswith(b"#!/") and not entry.path.endswith(MODULES)) or is_elf_program(entry, contents)


def executable(entry: Entry) -> bool:
    return entry.mode is not None and bool(entry.mode & OTHERS_EXECUTE)


@rule("LL207", "not-executable", Severity.ERROR, Phase.INIT)
def not_executable(
    code: Package, contents: Contents, scope: Scope, surely: Surely, extensions: Extensions
) -> Iterator[Hit]:
    others: list[Entry] = []
    never = {extension.entry for extension in extensions if not extension.is_program}  # the bit would not help them
    for entry in code.files():
        if executable(entry) or entry in never:
            continue
        if entry in surely.executed:
            mode = "the zip records no mode for it" if entry.mode is None else f"mode {entry.mode:04o}"
            message = f"{mode}, so others may not execute it, and Lambda starts it"
            fix = f"chmod 755 {entry.path} before zipping" if scope.root else f"RUN chmod 755 /{entry.path} in the Dockerfile"
            yield Hit(entry, message, aws=errors.not_executable(entry.path, scope.root), fix=fix)
        elif entry.mode is not None and is_program(entry, contents):
            others.append(entry)
    if others:
        yield Hit(others, "a program without the execute bit: it cannot be started as it is", severity=Severity.NOTE)
