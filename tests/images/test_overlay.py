"""Layers over each other, as containerd lays them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.model import Kind, Package
from lambdalint.readers import flaws
from lambdalint.readers.layers import Layers
from tests import imagewriter as make
from tests.images.opened import entry, image, opened, sorts, tree


def merged(tmp_path: Path, *layers: bytes) -> Package:
    return opened(tmp_path / "image.tar", make.packed_files(make.saved([make.tar(layer) for layer in layers])))


def paths(package: Package) -> list[str]:
    return [one.path for one in package.entries]


def test_a_whiteout_takes_away_what_lies_below(tmp_path: Path) -> None:
    package = merged(tmp_path, make.folders("d/e") + make.file("d/e/f") + make.file("d/g"), make.file("d/.wh.e"))
    assert paths(package) == ["d", "d/g"]


def test_a_whiteout_leaves_what_its_own_layer_has(tmp_path: Path) -> None:
    package = merged(tmp_path, make.file("a", b"old"), make.file("a", b"new") + make.file(".wh.a"))
    assert package.read(entry(package, "a"), 9) == b"new"


def test_an_opaque_directory_hides_what_lay_in_it(tmp_path: Path) -> None:
    below = make.folders("d/e") + make.file("d/e/f")
    package = merged(tmp_path, below, make.file("d/new") + make.file("d/.wh..wh..opq"))
    assert paths(package) == ["d", "d/new"]


def test_what_aufs_leaves_is_nothing(tmp_path: Path) -> None:
    package = merged(tmp_path, make.file("wh..plnk"), make.directory(".wh..wh.plnk") + make.file(".wh..wh.aufs"))
    assert paths(package) == ["wh..plnk"]


@pytest.mark.parametrize("name", [".wh..", ".wh...", ".wh."])
def test_a_whiteout_of_no_name_is_told_and_takes_nothing(tmp_path: Path, name: str) -> None:
    package = merged(tmp_path, make.file("d/a"), make.file(f"d/{name}"))
    assert paths(package) == ["d/a"]
    assert sorts(package.archive.flaws) == [flaws.OddRecord]


def test_a_file_takes_the_place_of_a_directory_and_back(tmp_path: Path) -> None:
    package = merged(tmp_path, make.folders("a/b") + make.file("a/b/c"), make.file("a", b"x"))
    assert paths(package) == ["a"]
    package = merged(tmp_path, make.file("a", b"x"), make.directory("a") + make.file("a/b"))
    assert paths(package) == ["a", "a/b"]


def test_a_directory_over_a_directory_keeps_what_it_holds(tmp_path: Path) -> None:
    package = merged(tmp_path, make.directory("a", 0o700) + make.file("a/b"), make.directory("a", 0o755))
    assert paths(package) == ["a", "a/b"]
    assert (entry(package, "a").mode, entry(package, "a").layer, entry(package, "a/b").layer) == (0o755, 1, 0)


def test_a_parent_that_is_a_link_is_followed(tmp_path: Path) -> None:
    package = merged(
        tmp_path, make.folders("usr/lib") + make.link("lib", "usr/lib"), make.file("lib/x.so", b"x") + make.file("usr/lib/.wh.no")
    )
    assert package.get("lib/x.so") is None
    assert entry(package, "usr/lib/x.so").layer == 1
    package = merged(tmp_path, make.folders("usr/lib") + make.link("lib", "/usr/lib") + make.file("usr/lib/x"), make.file("lib/.wh.x"))
    assert package.get("usr/lib/x") is None


def test_a_directory_takes_the_place_of_a_link(tmp_path: Path) -> None:
    package = merged(tmp_path, make.folders("usr/lib") + make.link("lib", "usr/lib"), make.directory("lib") + make.file("lib/x"))
    assert entry(package, "lib").kind is Kind.DIR
    assert package.get("lib/x") is not None


@pytest.mark.parametrize("target", ["loop", "nowhere", "../../../../etc"])
def test_links_that_lead_nowhere_end(tmp_path: Path, target: str) -> None:
    package = merged(tmp_path, make.link("loop", target), make.file("loop/x"))
    assert len(paths(package)) in (1, 2)
    assert not [path for path in paths(package) if ".." in path]


def test_a_hard_link_is_another_name_of_the_same_bytes(tmp_path: Path) -> None:
    package = merged(
        tmp_path, make.file("a", b"same", 0o755) + make.hard("b", "a"), make.hard("c", "/a") + make.link("s", "a") + make.hard("t", "s")
    )
    assert [package.read(entry(package, path), 9) for path in "abc"] == [b"same"] * 3
    assert (entry(package, "b").mode, entry(package, "b").layer, entry(package, "c").layer) == (0o755, 0, 1)
    assert (entry(package, "t").kind, entry(package, "t").target) == (Kind.LINK, "a")
    assert image(package).layers[0].hard_links == (("b", "a"),)


@pytest.mark.parametrize("target", ["b", "nowhere", "d", "../etc/passwd", "", "."])
def test_a_hard_link_to_nothing_is_no_entry(tmp_path: Path, target: str) -> None:
    package = merged(tmp_path, make.directory("d") + make.hard("b", target))
    assert paths(package) == ["d"]
    assert sorts(package.archive.flaws) == [flaws.LostHardLink]


def test_parents_that_nobody_has_an_entry_for_are_told(tmp_path: Path) -> None:
    package = merged(tmp_path, make.directory("have"), make.file("have/a") + make.file("lack/deep/b"))
    assert [layer.missing_parents for layer in image(package).layers] == [(), ("lack", "lack/deep")]
    assert paths(package) == ["have", "have/a", "lack/deep/b"]


def test_names_are_tidied_and_those_that_climb_are_left_apart(tmp_path: Path) -> None:
    package = merged(tmp_path, make.file("./a") + make.file("/b") + make.file("c//d") + make.file("../e") + make.directory("."))
    assert sorted(paths(package)) == ["../e", "a", "b", "c/d"]


def test_packed_layers_are_unpacked_twice_at_most(tmp_path: Path) -> None:
    code = b"x = 1\n"
    layer = make.tar(make.folders("var/task"), *(make.file(f"var/task/m{n}.py", code) for n in range(50)), *(
        make.file(f"usr/n{n}.txt", b"n" * n) for n in range(50)))  # fmt: skip
    blobs = make.Blobs()
    package = opened(tmp_path / "x.tar", make.packed_files(blobs.layout([blobs.image([layer])])))
    package.contents.verify()
    assert all(package.read(one, 99) == code for one in package.files() if one.path.endswith(".py"))
    assert package.contents.bytes_inflated == 50 * len(code)
    package.contents.fetch([one for one in package.files() if one.path.endswith(".txt")])
    assert len(tree(package)) == 102
    assert max(package.contents.inflations.values()) == 1
    source = package.contents._source
    assert isinstance(source, Layers)
    assert source.passes == 2
