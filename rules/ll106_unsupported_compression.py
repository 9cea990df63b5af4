"""A member is packed in a way that few programs read.

Zip archives for Lambda hold stored or deflated members. Newer methods (Deflate64 from Windows' own "compressed
folder" above 2 GB, bzip2, LZMA, Zstandard, PPMd from 7-Zip) are in no document of AWS and most unzip programs refuse
them: ``InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then try to upload again.``

Fix: zip again with deflate, for example ``zip -r function.zip .`` or ``7z a -tzip -mm=Deflate function.zip .``

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Archive, Entry, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws

NAMES = {
    1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce", 6: "Implode", 9: "Deflate64", 12: "bzip2",
    14: "LZMA", 20: "Zstandard", 93: "Zstandard", 94: "MP3", 95: "XZ", 96: "JPEG", 97: "WavPack", 98: "PPMd", 99: "AES",
}  # fmt: skip


@rule("LL106", "unsupported-compression", Severity.ERROR, Phase.UPLOAD)
def unsupported_compression(archive: Archive) -> Iterator[Hit]:
    places: dict[int, list[Entry]] = {}
    for flaw in archive.of(flaws.UnsupportedMethod):
        assert flaw.entry is not None
        places.setdefault(flaw.method, []).append(flaw.entry)
    for method, entries in places.items():
        name = f"{NAMES[method]} (method {method})" if method in NAMES else f"unknown method {method}"
        yield Hit(entries, f"packed with {name}; only stored and deflated are safe", aws=errors.COULD_NOT_UNZIP)
