"""A program without the execute bit.

Lambda starts ``bootstrap``, every file directly in a layer's ``extensions/`` and the exec wrapper as programs, so others
need the execute bit: ``fork/exec /var/task/bootstrap: permission denied`` (``Runtime.InvalidEntrypoint``,
``PermissionDenied`` for an extension, exit status 126 for a wrapper). A zip made on Windows records no modes, which
means not executable. So do programs that a bootstrap script becomes: ``/var/task/app: Permission denied``. Other programs are
a warning, and scripts a note: your code may start them (``spawn EACCES``).

Fix: ``chmod 755`` on it before zipping; on Windows zip with ``build-lambda-zip``, WSL or Docker.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Contents, Entry, Extensions, Filesystem, Hit, Package, Phase, Scope, Severity, Surely, rule
from lambdalint.aws import errors
from lambdalint.binaries import begun, chmod, is_elf_program
from lambdalint.model import OTHERS_EXECUTE

#: Endings of scripts. Modules often begin with a #! line too, and are loaded rather than started.
SCRIPTS = ("", "bash", "sh", "zsh")


def executable(entry: Entry) -> bool:
    return entry.mode is not None and bool(entry.mode & OTHERS_EXECUTE)


def is_script(path: str) -> bool:
    return path.rpartition("/")[2].partition(".")[2] in SCRIPTS and "node_modules/" not in path


@rule("LL207", "not-executable", Severity.ERROR, Phase.INIT)
def not_executable(
    code: Package, contents: Contents, scope: Scope, surely: Surely, extensions: Extensions, filesystem: Filesystem
) -> Iterator[Hit]:
    programs, scripts = list[Entry](), list[Entry]()
    others = begun(filesystem, surely)
    never = {extension.entry for extension in extensions if not extension.is_program}  # the bit would not help them
    for entry in code.files():
        if executable(entry) or entry in never:
            continue
        if entry in surely.executed:
            mode = "the zip records no mode for it" if entry.mode is None else f"mode {entry.mode:04o}"
            message = f"{mode}, so others may not execute it, and Lambda starts it"
            fix = chmod([entry], image=not scope.root)
            wrapper = scope.root and surely.is_wrapper(entry)
            yield Hit(entry, message, aws=errors.exit_status(126) if wrapper else errors.not_executable(entry.path, scope.root), fix=fix)
        elif entry in others:
            by, aws = others[entry]
            yield Hit(entry, f"others may not execute it, and {by} starts it", aws=aws, fix=chmod([entry], image=not scope.root))
        elif entry.mode is not None and is_elf_program(entry, contents) and ".so" not in entry.path.rpartition("/")[2]:
            programs.append(entry)
        elif entry.mode is not None and is_script(entry.path) and contents.head(entry).startswith(b"#!/"):
            scripts.append(entry)
    said = "without the execute bit: it cannot be started as it is"
    if programs:
        yield Hit(programs, f"a program {said}", severity=Severity.WARNING, fix=chmod(programs, image=not scope.root))
    if scripts:
        yield Hit(scripts, f"a script {said}", severity=Severity.NOTE, fix=None if scope.root else chmod(scripts, image=True))
