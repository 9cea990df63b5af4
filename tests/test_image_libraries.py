"""What an image's own libraries answer: files and links in, yes, no or not known out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lambdalint import Environment, Filesystem, Form, Function, Lacking
from lambdalint.binaries.image_libraries import ImageLibraries, libc_of
from lambdalint.binaries.linkage import Links
from lambdalint.facts import Facts
from lambdalint.readers.layers import Layers
from tests.build import Recipe
from tests.cases import TODAY, opened
from tests.elfwriter import Elf
from tests.imagewriter import file, tar

GLIBC = {"path": "lib64/ld-linux-x86-64.so.2", "elf": {}}
MUSL = {"path": "lib/ld-musl-x86_64.so.1", "elf": {}}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tree(*files: Mapping[str, Any]) -> Filesystem:
    Recipe({"image": {"config": {"Cmd": ["/run"]}}, "files": list(files)}, "").make(Form.OCI, "image")
    found = Facts(opened("image", Function()), today=TODAY, verify=True).get("filesystem")
    assert isinstance(found, Filesystem)
    return found


def libraries(*files: Mapping[str, Any], **environment: str) -> ImageLibraries:
    return ImageLibraries(tree(*files), Environment(environment))


def library(path: str, *provides: str) -> dict[str, Any]:
    return {"path": path, "elf": {"soname": path.rpartition("/")[2], "provides": list(provides)}}


@pytest.mark.parametrize(("files", "libc"), [([GLIBC], "glibc"), ([MUSL], "musl"), ([GLIBC, MUSL], None), ([library("lib/libc.so.6")], None)])
def test_c_library_is_told_by_its_loader(files: list[dict[str, Any]], libc: str | None) -> None:
    assert libc_of(tree(*files)) == libc


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n', "the image (Debian GNU/Linux 12 (bookworm))"),
        ("PRETTY_NAME='Wolfi'\n", "the image (Wolfi)"), ("PRETTY_NAME=\n", "the image"), (f'PRETTY_NAME="{"x" * 99}"', "the image"),
    ],
)  # fmt: skip
def test_distribution_names_itself(text: str, name: str) -> None:
    assert libraries({"path": "usr/lib/os-release", "text": text}, {"path": "etc/os-release", "target": "../usr/lib/os-release"}).name in (
        name, f"the image ({'x' * 60})",
    )  # fmt: skip


def test_a_library_is_there_wherever_it_lies() -> None:
    seen = libraries(
        GLIBC, library("srv/lib/libfar.so.1"), {"path": "lib/libgone.so.1", "target": "libgone.so.1.2"},
        {"path": "lib/libdir.so.1/x", "text": ""}, {"path": "lib/libefs.so.1", "target": "/mnt/libefs.so.1"},
    )  # fmt: skip
    answers = {name: seen.has(name) for name in ("libfar.so.1", "libgone.so.1", "libdir.so.1", "libnone.so.1", "libefs.so.1", "libc.so.6")}
    assert answers == {
        "libfar.so.1": True, "libgone.so.1": False, "libdir.so.1": False, "libnone.so.1": False, "libefs.so.1": None, "libc.so.6": False,
    }  # fmt: skip
    assert (seen.has("/srv/lib/libfar.so.1"), seen.has("/srv/libfar.so.1"), seen.has("own/libfar.so.1")) == (True, False, None)
    assert (seen.absent("libnone.so.1"), seen.absent("libefs.so.1"), seen.image_only("libnone.so.1")) == (True, False, False)


@pytest.mark.parametrize("variables", [{"LD_LIBRARY_PATH": "/opt/lib:/mnt/efs"}, {"LD_LIBRARY_PATH": "lib"}, {"LD_PRELOAD": "/x.so"}])
def test_what_may_come_at_run_time_is_not_known(variables: dict[str, str]) -> None:
    seen = libraries(library("lib/libc.so.6", "GLIBC_2.30"), **variables)
    assert (seen.has("libnone.so.1"), seen.offers("GLIBC_2.31", "libc.so.6")) == (None, None)


def test_musl_takes_itself_for_the_c_library() -> None:
    seen = libraries(MUSL)
    assert [seen.has(name) for name in ("libc.so.6", "libpthread.so.0", "libc.so", "libcrypt.so.1")] == [True, True, True, False]


def test_versions_of_all_copies_count() -> None:
    seen = libraries(
        library("lib64/libc.so.6", "GLIBC_2.2.5", "GLIBC_2.30", "GLIBC_ABI_DT_RELR"), library("opt/glibc/libc.so.6", "GLIBC_2.9", "GLIBC_2.36"),
        library("lib64/libm.so.6"), library("lib64/libz.so.1", "ZLIB_1.2.9"), {"path": "lib/libgcc_s.so.1", "text": "no ELF"},
        {"path": "usr/lib64/libc.so.6", "target": "gone"},
    )  # fmt: skip
    wanted = [
        ("GLIBC_2.17", "libc.so.6", True), ("GLIBC_2.30", "libc.so.6", True), ("GLIBC_2.36", "libc.so.6", True),
        ("GLIBC_2.35", "libc.so.6", False), ("GLIBC_ABI_DT_RELR", "libc.so.6", True), ("GLIBC_2.35", "libm.so.6", None),
        ("ZLIB_1.2.12", "libz.so.1", None), ("GCC_14.0.0", "libgcc_s.so.1", None), ("GLIBCXX_3.4.30", "libstdc++.so.6", None),
    ]  # fmt: skip
    assert [(version, name, seen.offers(version, name)) for version, name, _ in wanted] == wanted
    assert repr(seen.ceiling("GLIBC", "libc.so.6")) == "GLIBC_2.36"
    assert seen.ceiling("GLIBCXX", "libc.so.6") is None
    assert seen.ceiling("ZLIB", "libz.so.1") is None


def test_loader_is_followed_through_links() -> None:
    seen = libraries(
        {"path": "lib64", "target": "usr/lib64"}, {"path": "usr/lib64/ld-linux-x86-64.so.2", "text": "x"},
        {"path": "ld-dir/x", "text": ""}, {"path": "ld-efs", "target": "/mnt/ld"},
    )  # fmt: skip
    assert seen.has_interpreter("/lib64/ld-linux-x86-64.so.2")
    assert seen.has_interpreter("/ld-efs")  # not proved
    assert not seen.has_interpreter("/ld-dir")
    assert not seen.has_interpreter("/lib/ld-linux.so.2")


def test_search_path_hides_what_lies_behind() -> None:
    seen = libraries(library("lib64/libz.so.1"), library("var/task/lib/libz.so.1"), LD_LIBRARY_PATH="/lib64:/var/task/lib:/opt/lib")
    assert seen.hides("/var/task/lib", "libz.so.1")
    assert not seen.hides("/lib64", "libz.so.1")
    assert not seen.hides("/var/task", "libz.so.1")
    assert not seen.hides("/opt/lib", "libown.so.1")


def test_of_a_part_of_a_file_system_nothing_is_known() -> None:
    program = file("var/task/_x.abi3.so", Elf(needed=["libpq.so.5"], exports=["PyInit__x"]).built())
    for name, members in (("part", [program]), ("whole", [program, file("lib/ld-musl-x86_64.so.1", b"x")])):
        Path(name).write_bytes(tar(*members))
    with pytest.raises(Lacking, match="the system that the files are put into"):
        Facts(opened("part", Function()), today=TODAY, verify=True).get("links")
    assert Facts(opened("whole", Function()), today=TODAY, verify=True).get("links")


def test_c_library_is_learned_from_while_the_image_is_read() -> None:
    program = {"type": "dyn", "interp": "/lib64/ld-linux-x86-64.so.2", "versions": {"libc.so.6": ["GLIBC_2.38"]}}
    files = [GLIBC, library("usr/lib/x86_64-linux-gnu/libc.so.6", "GLIBC_2.36"), {"path": "run", "mode": "0755", "elf": program}]
    Recipe({"image": {"config": {"Cmd": ["/run"]}}, "files": files}, "").make(Form.OCI, "image")
    target = opened("image", Function())
    assert target.package is not None
    links = Facts(target, today=TODAY, verify=True).get("links")
    assert isinstance(links, Links)
    assert [found.version.name for native, elf in links.slots.natives.elves() for found in links.linker.too_new(native, elf)] == ["GLIBC_2.38"]
    source = target.package.contents._source
    assert isinstance(source, Layers)
    assert source.passes == 1


def test_what_mends_an_addon_of_an_image_is_not_pip() -> None:
    addon = {"machine": "x86_64", "exports": ["napi_register_module_v1"], "versions": {"libc.so.6": ["GLIBC_2.38"]}}
    files = [
        {"path": "lib64/ld-linux-x86-64.so.2", "text": "x"}, library("lib64/libc.so.6", "GLIBC_2.17", "GLIBC_2.36"),
        {"path": "var/task/node_modules/sharp/package.json", "text": '{"name": "sharp", "version": "0.33.0"}'},
        {"path": "var/task/node_modules/sharp/sharp.node", "elf": addon},
    ]  # fmt: skip
    Recipe({"image": {"config": {"Cmd": ["/run"]}}, "files": files}, "").make(Form.OCI, "image")
    links = Facts(opened("image", Function()), today=TODAY, verify=True).get("links")
    assert isinstance(links, Links)
    (hit,) = links.too_new()
    assert hit.message.startswith("sharp 0.33.0 needs GLIBC_2.38")
    assert hit.fix is not None
    assert "pip" not in hit.fix
