"""What a file is that is no package: told by its bytes, with something to do about it."""

from __future__ import annotations

import base64
import gzip
import io
import random
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from lambdalint.model import Form, UnreadablePackage
from lambdalint.readers.flaws import NotAPackage
from lambdalint.readers.sniff import is_tar
from tests.zips import Desk, zipped

ZIP = zipped(("app.py", b"def handler(event, context):\n    return event\n"))


def tarred(format: int = tarfile.PAX_FORMAT, content: bytes = ZIP) -> bytes:  # noqa: A002 - tarfile's own word
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=format) as archive:
        info = tarfile.TarInfo("function.zip")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return whole.getvalue()


def old_tar() -> bytes:
    """A header of 1979: no magic, only the checksum."""
    block = bytearray(tarred(tarfile.USTAR_FORMAT)[:512])
    block[257:345] = bytes(88)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(1_024)


INSTEAD = {
    "an empty file": [b""],
    "base64 text of a zip": [
        base64.b64encode(ZIP),
        base64.encodebytes(ZIP),
        b"\n\n" + base64.b64encode(ZIP),
        b'"' + base64.b64encode(ZIP) + b'"',
        b"\xef\xbb\xbf" + base64.b64encode(ZIP),
        b"data:application/zip;base64," + base64.b64encode(ZIP),
        base64.b64encode(zipped()),
        base64.b64encode(ZIP).decode().encode("utf-16"),
    ],
    "hexadecimal text of a zip": [ZIP.hex().encode(), ZIP.hex().upper().encode()],
    "a tar archive": [tarred(), tarred(tarfile.GNU_FORMAT), tarred(tarfile.USTAR_FORMAT), old_tar()],
    "a gzipped tar archive": [gzip.compress(tarred())],
    "a gzip file": [gzip.compress(b"x = 1"), b"\x1f\x8b\xff\xff", gzip.compress(ZIP)],
    "a bzip2 file": [b"BZh91AY&SY"],
    "an xz file": [b"\xfd7zXZ\0\0\4"],
    "a zstd file": [b"\x28\xb5\x2f\xfd\x04"],
    "a 7z archive": [b"7z\xbc\xaf\x27\x1c\0\4"],
    "a rar archive": [b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0"],
    "an HTML page": [b"<!DOCTYPE html>\n<html></html>", b"\n<HTML><body>", b"<!-- hi --><html lang='en'>"],
    "an error that S3 answered with (NoSuchKey)": [
        b"<?xml version='1.0'?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
    ],
    "an XML document": [b"<?xml version='1.0'?>\n<project/>"],
    "a Git LFS pointer": [b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"],
    "a Terraform state file": [b'{\n  "version": 4,\n  "terraform_version": "1.9.0",\n  "serial": 3,\n  "lineage": "x"\n}'],
    "a CloudFormation template": [b'{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}'],
    "JSON text": [b'{"message": "Not Found"}', b"[]"],
    "YAML text": [b"Resources:\n  Function:\n    Type: AWS::Serverless::Function\n", b"---\n# hi\nservice: x\n"],
    "Python source": [b"def handler(event, context):\n    return event\n", b"import os\n\nx = 1\n", b"from a import b\n"],
    "JavaScript source": [b"exports.handler = async () => {};\n", b"'use strict'\n", b"import x from 'y';\nexport const handler = 1\n"],
    "a script": [b"#!/bin/sh\nexec java -jar x\n"],
    "a Linux program or library": [b"\x7fELF\2\1\1" + bytes(100)],
    "a macOS program or library": [b"\xcf\xfa\xed\xfe\x07\0\0\1", b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(40)],
    "a Java class file": [b"\xca\xfe\xba\xbe\0\0\0\x3d" + bytes(40)],
    "a Windows program or library": [b"MZ\x90\0" + bytes(100)],
    "a file that begins with nothing but zeros": [bytes(1), bytes(9_999)],
    "a file of blank space": [b" \n\n"],
    "a text file": [b"hello, world\n", "grüße\n".encode("latin-1")],
    "a file of an unknown format, which begins with the bytes 01 02 03": [b"\1\2\3"],
    "a zip that was read as text and written as UTF-8, which destroyed it": [
        zipped(("a.bin", random.Random(1).randbytes(9_000))).decode("utf-8", "replace").encode()
    ],
}
EXAMPLES = [(what, data) for what, examples in INSTEAD.items() for data in examples]


@pytest.mark.parametrize(("what", "data"), EXAMPLES, ids=[f"{what}-{number}" for number, (what, _) in enumerate(EXAMPLES)])
def test_what_it_is_instead(what: str, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadablePackage) as caught:
        Desk(tmp_path).open(data)
    (flaw,) = caught.value.archive.flaws
    assert isinstance(flaw, NotAPackage)
    assert flaw.what == what
    assert flaw.fix
    assert "\n" not in flaw.fix


def test_the_name_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    assert Desk(tmp_path / "archive").open(ZIP).form is Form.ZIP


@pytest.mark.parametrize("before", [b"#!/usr/bin/env python3\n", b"\x7fELF" + bytes(500), b"MZ" + bytes(500), b"<html>", b"{}\n"])
def test_a_zip_behind_something_else_is_a_zip(before: bytes, tmp_path: Path) -> None:
    assert [entry.path for entry in Desk(tmp_path).open(before + ZIP).entries] == ["app.py"]


def test_a_stored_zip_in_a_tar_or_gzip_is_none(tmp_path: Path) -> None:
    for data in (tarred()[: 512 + len(ZIP)], gzip.compress(ZIP, 0)):
        with pytest.raises(UnreadablePackage) as caught:
            Desk(tmp_path).open(data)
        assert any("gzip" in flaw.what or "tar" in flaw.what for flaw in caught.value.archive.of(NotAPackage))


def test_zeros_and_text_are_no_tar() -> None:
    assert not is_tar(bytes(512))
    assert not is_tar(b"a" * 512)
    assert not is_tar(b"ustar")


@pytest.mark.skipif(sys.platform == "win32", reason="zipapp's launcher is for Unix")
def test_an_executable_archive(tmp_path: Path) -> None:
    """As pex and shiv make them."""
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("__main__.py", "print(1)")
    data = b"#!/usr/bin/python3\n" + (tmp_path / "x").read_bytes()
    package = Desk(tmp_path).open(data)
    assert [type(flaw).__name__ for flaw in package.archive.flaws] == ["Surplus"]
