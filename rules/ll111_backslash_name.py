r"""Folders are parted by backslashes.

On Linux a backslash is a letter like any other: ``src\app.py`` becomes one file with that name in the top folder, and
there is no folder ``src``. Zips made by .NET Framework's ZipFile before 4.6.1, by some PowerShell versions and by
``aws cloudformation package`` on Windows are like that. AWS only says that the module is not there:
``Unable to import module 'src.app': No module named 'src'``

Fix: zip with a tool that writes ``/``: ``tar -a -cf function.zip *`` (Windows 10 has it), 7-Zip, ``sam deploy`` or ``build-lambda-zip``.

Source: https://learn.microsoft.com/en-us/dotnet/framework/migration-guide/mitigation-ziparchiveentry-fullname-path-separator
"""

from collections.abc import Iterator

from lambdalint import Form, Hit, Package, Phase, Severity, rule


@rule("LL111", "backslash-name", Severity.ERROR, Phase.INIT)
def backslash_name(code: Package) -> Iterator[Hit]:
    places = [entry for entry in code.entries if "\\" in entry.path]
    if not places:
        return
    #: Only when every folder is written so, did a tool on Windows do it; a single such name may be a file's own.
    whole = code.form is Form.ZIP and not any("/" in entry.path for entry in code.entries)
    flat = places[0].path
    yield Hit(
        places,
        f"on Linux this is one file named {flat} in the top folder, not a file in the folder {flat.partition(chr(92))[0]}",
        severity=None if whole else Severity.WARNING,
    )
