"""A device, a fifo or a socket.

These are doors to a running machine, not files; an archive of them comes from zipping a whole file system. Programs that
unpack without root rights leave them out or stop. AWS says nothing, or ``InvalidParameterValueException: Could not unzip
uploaded file. Please check your file, then try to upload again.``

Fix: leave it out: ``zip -r function.zip . -x PATH``, and zip only the folder with the code.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Kind, Package, Phase, Severity, rule


@rule("LL204", "special-file", Severity.WARNING, Phase.UPLOAD)
def special_file(code: Package) -> Iterator[Hit]:
    places = [entry for entry in code.entries if entry.kind is Kind.OTHER]
    if places:
        yield Hit(places, "it is a device, a fifo or a socket, which no package can hold")
