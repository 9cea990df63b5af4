"""The builders are held to the standard library and to pyelftools, so that a case shows what it says."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lambdalint.model import Form
from tests.build import Recipe
from tests.content import BadRecipe
from tests.elfwriter import Elf

TREE: dict[str, Any] = {
    "files": [
        {"path": "app.py", "mode": "0600", "text": "x = 1\n"},
        {"path": "lib", "kind": "directory", "mode": "0700"},
        {"path": "lib/big", "hex": "7f", "zeros": 3_000_000},
        {"path": "lib/link", "target": "../app.py"},
        {"path": "lib/ünï.txt", "repeat": {"text": "ab", "times": 3}},
    ]
}


def test_zip_is_what_zipfile_reads() -> None:
    with zipfile.ZipFile(io.BytesIO(Recipe(TREE, "").zip())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["app.py", "lib/", "lib/big", "lib/link", "lib/ünï.txt"]
        modes = [oct(info.external_attr >> 16) for info in archive.infolist()]
        assert modes == ["0o100600", "0o40700", "0o100644", "0o120777", "0o100644"]
        assert archive.read("lib/big") == b"\x7f" + bytes(3_000_000)
        assert archive.read("lib/ünï.txt") == b"ababab"


def test_directory_is_the_same_tree(tmp_path: Path) -> None:
    Recipe(TREE, "").make(Form.DIRECTORY, str(tmp_path / "package"))
    root = tmp_path / "package"
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*")) == [
        "app.py", "lib", "lib/big", "lib/link", "lib/ünï.txt",
    ]  # fmt: skip
    assert stat.S_IMODE((root / "app.py").stat().st_mode) == 0o600
    assert stat.S_IMODE((root / "lib").stat().st_mode) == 0o700
    assert stat.S_IMODE(root.stat().st_mode) == 0o755
    assert (root / "lib/link").readlink() == Path("../app.py")
    assert (root / "lib/big").stat().st_size == 3_000_001


@pytest.mark.parametrize(
    ("table", "held"),
    [
        ({"files": [{"path": "a"}, {"path": "b/c"}]}, True),
        ({"files": [{"path": "fifo", "kind": "fifo"}]}, True),
        ({"files": [{"path": "a"}, {"path": "a"}]}, False),
        ({"files": [{"path": "a"}, {"path": "A"}]}, False),
        ({"files": [{"path": "a"}, {"path": "a/b"}]}, False),
        ({"files": [{"path": "../a"}]}, False),
        ({"files": [{"path": "/a"}]}, False),
        ({"files": [{"path": "a", "mode": "none"}]}, False),
        ({"files": [{"path": "a", "mode": "0000"}]}, False),
        ({"files": [{"path": "a", "header": {"crc": 1}}]}, False),
        ({"files": [{"path": "a", "kind": "device"}]}, False),
        ({"files": [{"path": "a"}], "archive": {"comment": "x"}}, False),
        ({"raw": "PK"}, False),
    ],
)
def test_forms_are_all_that_can_hold_it(table: dict[str, Any], *, held: bool) -> None:
    assert (Form.DIRECTORY in Recipe(table, "").forms) is held


@pytest.mark.parametrize(
    "table",
    [
        {"file": []},
        {"files": [{"path": "a", "txt": "x"}]},
        {"files": [{"path": "a", "raw": "61"}]},
        {"files": [{"text": "x"}]},
        {"files": [{"path": "a", "text": "x", "hex": "00"}]},
        {"files": [{"path": "a", "kind": "door"}]},
        {"files": [{"path": "a", "header": {"crcs": 1}}]},
        {"files": [{"path": "a", "header": {"local": {"crcs": 1}}}]},
        {"files": [{"path": "a"}], "raw": "x"},
        {"files": [{"path": "../a"}], "forms": ["directory"]},
        {"files": [], "archive": {"truncated": 3}},
        {"files": [], "forms": ["unknown"]},
    ],
)
def test_recipe_that_nobody_understands_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(BadRecipe):
        Recipe(table, "here")


def test_headers_can_lie() -> None:
    lying = {
        "path": "app.py", "text": "x",
        "header": {"crc": 7, "size": 99, "system": 0, "local": {"name": "evil.py", "method": 8}},
    }  # fmt: skip
    made = Recipe({"files": [lying]}, "").zip()
    (info,) = zipfile.ZipFile(io.BytesIO(made)).infolist()
    assert (info.CRC, info.file_size, info.create_system, info.filename) == (7, 99, 0, "app.py")
    assert made[30:37] == b"evil.py"
    assert made[8:10] == b"\x08\0"


def test_method_that_we_cannot_write_is_a_lie_about_stored_bytes() -> None:
    made = Recipe({"files": [{"path": "a", "text": "x", "header": {"method": 93}}]}, "").zip()
    assert zipfile.ZipFile(io.BytesIO(made)).infolist()[0].compress_type == 93
    assert made[8:10] == bytes([93, 0])


def test_archive_can_be_surrounded_and_cut() -> None:
    files = [{"path": "a", "text": "x"}]
    whole = Recipe({"files": files}, "").zip()
    around = Recipe({"files": files, "archive": {"prefix": "#!/bin/sh\n", "comment": "c", "zip64": True}}, "").zip()
    assert around.startswith(b"#!/bin/sh\nPK")
    assert zipfile.ZipFile(io.BytesIO(around)).read("a") == b"x"
    assert Recipe({"files": files, "archive": {"drop": 30}}, "").zip() == whole[:-30]
    assert Recipe({"files": files, "archive": {"keep": 30}}, "").zip() == whole[:30]
    patched = Recipe({"files": files, "archive": {"patches": [{"at": -22, "hex": "ffff"}]}}, "").zip()
    assert patched == whole[:-22] + b"\xff\xff" + whole[-20:]


def test_descriptor_follows_its_member() -> None:
    made = Recipe({"files": [{"path": "a", "text": "xyz", "header": {"descriptor": True}}]}, "").zip()
    assert zipfile.ZipFile(io.BytesIO(made)).read("a") == b"xyz"
    assert b"PK\7\x08" in made
    damaged = Recipe({"files": [{"path": "a", "text": "xyz", "header": {"method": 0, "damage": 1}}]}, "").zip()
    assert zipfile.ZipFile(io.BytesIO(damaged)).testzip() == "a"


def test_zip_in_a_zip() -> None:
    jar = {"path": "lib/a.jar", "inner": {"files": [{"path": "B.class", "hex": "cafebabe"}]}}
    made = Recipe({"files": [jar]}, "").zip()
    inner = zipfile.ZipFile(io.BytesIO(made)).read("lib/a.jar")
    assert zipfile.ZipFile(io.BytesIO(inner)).namelist() == ["B.class"]


SAYS_ALL: dict[str, Any] = {
    "interp": "/lib64/ld-linux-x86-64.so.2", "needed": ["libm.so.6"],
    "versions": {"libc.so.6": ["GLIBC_2.17", "GLIBC_2.34"], "libstdc++.so.6": ["GLIBCXX_3.4.29"]},
    "soname": "libx.so.1", "rpath": "/opt/lib", "runpath": "$ORIGIN/../x.libs", "exports": ["PyInit_x", "other"],
    "imports": ["PyModule_Create2"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("machine", "bits", "endian", "code"),
    [("x86_64", 64, "little", "EM_X86_64"), ("aarch64", 64, "little", "EM_AARCH64"), ("i386", 32, "little", "EM_386"),
     ("arm", 32, "little", "EM_ARM"), ("s390x", 64, "big", "EM_S390")],
)  # fmt: skip
def test_elf_is_what_pyelftools_reads(machine: str, bits: int, endian: str, code: str) -> None:
    elffile = pytest.importorskip("elftools.elf.elffile")
    elf = elffile.ELFFile(io.BytesIO(Elf(machine=machine, bits=bits, endian=endian, **SAYS_ALL).built()))
    assert elf["e_machine"] == code
    assert elf["e_type"] == "ET_DYN"
    (interp,) = (part for part in elf.iter_segments() if part["p_type"] == "PT_INTERP")
    assert interp.get_interp_name() == SAYS_ALL["interp"]
    (dynamic,) = (part for part in elf.iter_segments() if part["p_type"] == "PT_DYNAMIC")
    tags: dict[str, list[str]] = {}
    for tag in dynamic.iter_tags():
        for sort in ("needed", "soname", "rpath", "runpath"):
            if hasattr(tag, sort):
                tags.setdefault(sort, []).append(getattr(tag, sort))
    assert tags == {
        "needed": ["libm.so.6", "libc.so.6", "libstdc++.so.6"], "soname": ["libx.so.1"], "rpath": ["/opt/lib"],
        "runpath": ["$ORIGIN/../x.libs"],
    }  # fmt: skip
    needs = elf.get_section_by_name(".gnu.version_r").iter_versions()
    assert {need.name: [version.name for version in versions] for need, versions in needs} == SAYS_ALL["versions"]
    symbols = [(symbol.name, symbol["st_shndx"] == "SHN_UNDEF") for symbol in dynamic.iter_symbols()]
    assert symbols == [("", True), ("PyModule_Create2", True), ("PyInit_x", False), ("other", False)]


def test_readelf_has_nothing_to_complain_of(tmp_path: Path) -> None:
    path = tmp_path / "x.so"
    path.write_bytes(Elf(**SAYS_ALL).built())
    try:
        done = subprocess.run(["readelf", "-aW", str(path)], capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C"})
    except FileNotFoundError:
        pytest.skip("no readelf here")
    assert done.stderr == ""
    assert "GLIBC_2.34" in done.stdout
    path.write_bytes(Elf(type="exec", sections=False).built())
    done = subprocess.run(["readelf", "-SW", str(path)], capture_output=True, text=True, check=True)
    assert "no sections in this file" in done.stdout
