"""Tells by its first bytes what a file is that is no package, and what a tired person should do about it."""

from __future__ import annotations

import re
import zlib
from typing import Final

from lambdalint.readers.flaws import NotAPackage

#: Bytes that are looked at.
HEAD: Final = 4_096

_REPACK: Final = "Lambda takes zip only: unpack it, and zip what was inside (cd DIRECTORY && zip -r ../function.zip .)"
_COMPILED: Final = "put it into a zip, under the name that the runtime looks for"
_SOURCE: Final = "put it into a zip together with what it needs: zip function.zip FILE"
_DOWNLOAD: Final = "the download or copy step saved this instead of the package: run it again, and check its exit status and URL"
_REBUILD: Final = "the step that should have written it wrote something else: build the package again"

_TAR_BLOCK: Final = 512
_TAR_MAGIC: Final = slice(257, 262)
_TAR_SUM: Final = slice(148, 156)

#: By the first bytes: noun phrase and fix.
_MAGICS: Final = (
    (b"BZh", "a bzip2 file", _REPACK),
    (b"\xfd7zXZ\0", "an xz file", _REPACK),
    (b"\x28\xb5\x2f\xfd", "a zstd file", _REPACK),
    (b"\x04\x22\x4d\x18", "an lz4 file", _REPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _REPACK),
    (b"Rar!\x1a\x07", "a rar archive", _REPACK),
    (b"MSCF", "a cabinet archive", _REPACK),
    (b"!<arch>\n", "an ar archive (a Debian package or a static library)", _REPACK),
    (b"\xed\xab\xee\xdb", "an RPM package", _REPACK),
    (b"\x7fELF", "a Linux program or library", f"{_COMPILED}: bootstrap for provided.al2023"),
    (b"\xfe\xed\xfa\xce", "a macOS program or library", "build it for Linux, and put it into a zip"),
    (b"\xfe\xed\xfa\xcf", "a macOS program or library", "build it for Linux, and put it into a zip"),
    (b"\xce\xfa\xed\xfe", "a macOS program or library", "build it for Linux, and put it into a zip"),
    (b"\xcf\xfa\xed\xfe", "a macOS program or library", "build it for Linux, and put it into a zip"),
    (b"MZ", "a Windows program or library", _COMPILED),
    (b"\0asm", "a WebAssembly module", _SOURCE),
    (b"%PDF-", "a PDF document", _DOWNLOAD),
    (b"\x89PNG", "a PNG image", _DOWNLOAD),
    (b"\xff\xd8\xff", "a JPEG image", _DOWNLOAD),
    (b"SQLite format 3\0", "an SQLite database", _REBUILD),
    (b"\xd0\xcf\x11\xe0", "an old Office document or a Windows installer", _DOWNLOAD),
)

_SPACE: Final = b" \t\r\n\"'`"
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PYTHON: Final = re.compile(r"^(from [\w.]+ import |import [\w.]+|def \w+\(|class \w+[(:]|async def )", re.MULTILINE)
_SCRIPT: Final = re.compile(
    r"^(import .*['\"];?$|export |const |let |var |function |async function |module\.exports|exports\.|'use strict'|\"use strict\")",
    re.MULTILINE,
)
_YAML: Final = re.compile(r"\A(#[^\n]*\n|\s*\n|---[^\n]*\n)*[A-Za-z_][\w .-]*:(\s|$)")
_ERROR: Final = re.compile(r"<Error>.*?<Code>(\w{1,64})</Code>", re.DOTALL)


def is_tar(head: bytes) -> bool:
    """Whether the first block is a tar header: by its magic, or by its checksum, which older ones have only."""
    block = head[:_TAR_BLOCK]
    if len(block) < _TAR_BLOCK or not block.strip(b"\0"):
        return False
    if block[_TAR_MAGIC] == b"ustar":
        return True
    digits = block[_TAR_SUM].strip(b" \0")
    if not digits or digits.strip(b"01234567"):
        return False
    return sum(block) - sum(block[_TAR_SUM]) + 8 * ord(" ") == int(digits, 8)


def is_other_archive(head: bytes) -> bool:
    """Whether it is an archive of another sort, which may well hold a zip but is not the launcher of one."""
    others = tuple(magic for magic, _, fix in _MAGICS if fix == _REPACK)
    return head.startswith((b"\x1f\x8b", *others)) or is_tar(head)


def what_instead(head: bytes, size: int) -> NotAPackage:
    """Return what a file is that is no zip, by its first bytes."""
    if size == 0:
        return NotAPackage("an empty file", "the step that should have written it wrote nothing: build the package again")
    if is_tar(head):
        return NotAPackage("a tar archive", _REPACK)
    if head.startswith(b"\x1f\x8b"):
        inner = "a gzipped tar archive" if is_tar(_gunzipped(head)) else "a gzip file"
        return NotAPackage(inner, _REPACK)
    if head.startswith(b"\xca\xfe\xba\xbe"):
        return _class_or_fat(head)
    for magic, what, fix in _MAGICS:
        if head.startswith(magic):
            return NotAPackage(what, fix)
    if not head.strip(b"\0"):
        return NotAPackage("a file that begins with nothing but zeros", _REBUILD)
    text = _text(head)
    if text is None:
        return NotAPackage(f"a file of an unknown format, which begins with the bytes {head[:8].hex(' ')}", _REBUILD)
    return _text_instead(text)


def zip_read_as_text(head: bytes) -> NotAPackage | None:
    """Return what became of a zip that a program read as text and wrote as UTF-8: its bytes above 127 are U+FFFD or two bytes."""
    high = re.sub(rb"[\0-\x7f]", b"", head)
    if high.count(b"\xef\xbf\xbd") * 3 > len(high) // 2 > 8:
        return NotAPackage(
            "a zip that was read as text and written as UTF-8, which destroyed it",
            "read and write it as bytes (in Node.js without 'utf8', in Python with 'rb' and 'wb'), and build the package again",
        )
    return None


def _class_or_fat(head: bytes) -> NotAPackage:
    # Both formats begin alike. What follows is a count of architectures, or a version: 45 is that of Java 1.1.
    if int.from_bytes(head[4:8], "big") < 45:
        return NotAPackage("a macOS program or library", "build it for Linux, and put it into a zip")
    return NotAPackage("a Java class file", "put it into a jar or a zip, in the folder of its package")


def _gunzipped(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, _TAR_BLOCK)
    except zlib.error:
        return b""


def _text(head: bytes) -> str | None:
    """Return the bytes as text. None: they are none."""
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "replace")
    if re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]", head):
        return None
    return head.decode("utf-8", "replace")


def _text_instead(text: str) -> NotAPackage:
    start = text.lstrip(" \t\r\n\"'`")
    if start.startswith(("UEsDB", "UEsFB", "data:application/zip", "data:application/octet-stream;base64,UEs")):
        return NotAPackage("base64 text of a zip", "decode it: base64 -d FILE > function.zip")
    if start.startswith(("VUVzRE", "VUVzRk")):
        return NotAPackage("base64 text of base64 text of a zip", "decode it twice: base64 -d FILE | base64 -d > function.zip")
    if re.match("504b(0304|0506)", start, re.IGNORECASE):
        return NotAPackage("hexadecimal text of a zip", "decode it: xxd -r -p FILE > function.zip")
    if start.startswith("version https://git-lfs.github.com/spec/"):
        return NotAPackage("a Git LFS pointer", "fetch the file that it stands for: git lfs pull")
    if start.startswith("<"):
        return _markup(start)
    if start.startswith(("{", "[")):
        return _json(start)
    if start.startswith("#!"):
        return NotAPackage("a script", f"{_COMPILED}: bootstrap for provided.al2023")
    if _SCRIPT.search(text):
        return NotAPackage("JavaScript source", _SOURCE)
    if _PYTHON.search(text):
        return NotAPackage("Python source", _SOURCE)
    if not start:
        return NotAPackage("a file of blank space", _REBUILD)
    if _YAML.match(text):
        return NotAPackage("YAML text", _REBUILD)
    return NotAPackage("a text file", _REBUILD)


def _markup(start: str) -> NotAPackage:
    lower = start.lower()
    if lower.startswith(("<!doctype html", "<html")) or "<html" in lower[:1_000]:
        return NotAPackage("an HTML page", _DOWNLOAD)
    if error := _ERROR.search(start):
        return NotAPackage(f"an error that S3 answered with ({error[1]})", _DOWNLOAD)
    return NotAPackage("an XML document", _DOWNLOAD)


def _json(start: str) -> NotAPackage:
    if '"terraform_version"' in start and ('"lineage"' in start or '"serial"' in start):
        return NotAPackage("a Terraform state file", "pass the zip that the state speaks of")
    if "AWSTemplateFormatVersion" in start or '"Resources"' in start:
        return NotAPackage("a CloudFormation template", "pass the zip that the template deploys")
    return NotAPackage("JSON text", _DOWNLOAD)
