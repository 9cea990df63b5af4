"""What the running function sees: links as the kernel follows them, layers over each other, and what cannot be known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lambdalint import Form, Function, Lacking, Package
from lambdalint.filesystem import IMPLIED, OPT, TASK, Filesystem, Missing, Node
from tests.build import Recipe
from tests.cases import opened

Make = Callable[[Sequence[dict[str, Any]]], Package]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Make packages of small trees; the n-th is named n."""
    monkeypatch.chdir(tmp_path)
    made: list[Package] = []

    def package(files: Sequence[dict[str, Any]]) -> Package:
        Recipe({"files": list(files)}, "").make(Form.ZIP, str(len(made)))
        found = opened(str(len(made)), Function()).package
        assert found is not None
        made.append(found)
        return found

    return package


def code(make: Make, *files: dict[str, Any], unread: Sequence[str] = ()) -> Filesystem:
    return Filesystem([(TASK, make(files))], unread)


def found(filesystem: Filesystem, path: str, *, follow: bool = True) -> str:
    node = filesystem.find(path, follow=follow)
    assert isinstance(node, Node), f"{node.reached.path} and then {node.rest}"
    return node.path


def missing(filesystem: Filesystem, path: str) -> tuple[str, str, bool]:
    node = filesystem.find(path)
    assert isinstance(node, Missing)
    return node.reached.path, node.rest, node.outside


def test_paths_are_walked_from_the_code(make: Make) -> None:
    tree = code(make, {"path": "app.py"}, {"path": "lib/deep/x.py"})
    assert found(tree, "app.py") == "/var/task/app.py"
    assert found(tree, "./lib//deep/../deep/x.py") == "/var/task/lib/deep/x.py"
    assert found(tree, "/var/task/lib") == "/var/task/lib"
    assert found(tree, "/../../var") == "/var"
    assert tree.find("lib").is_dir  # type: ignore[union-attr]
    assert not tree.find("lib").is_file  # type: ignore[union-attr]


def test_nothing_is_below_a_file(make: Make) -> None:
    tree = code(make, {"path": "app.py"}, {"path": "up", "target": "app.py/../b.py"}, {"path": "b.py"})
    for path in ("app.py/..", "app.py/../b.py", "app.py/.", "up"):
        missing = tree.find(path)
        assert isinstance(missing, Missing), path
        assert (missing.reached.path, missing.outside) == ("/var/task/app.py", False)


def test_links_are_followed_as_the_kernel_does(make: Make) -> None:
    tree = code(
        make, {"path": "real/x.py"}, {"path": "lib", "target": "real"}, {"path": "up/link", "target": "../real/x.py"},
        {"path": "far", "target": "/var/task/real"}, {"path": "loop", "target": "loop"}, {"path": "end", "target": "nowhere"},
    )  # fmt: skip
    assert found(tree, "lib/x.py") == "/var/task/real/x.py"
    assert found(tree, "up/link") == "/var/task/real/x.py"
    assert found(tree, "up/link", follow=False) == "/var/task/up/link"
    assert found(tree, "far/x.py") == "/var/task/real/x.py"
    assert missing(tree, "loop") == ("/var/task", "loop", False)
    assert missing(tree, "end") == ("/var/task", "nowhere", False)


@pytest.mark.parametrize(("steps", "there"), [(40, True), (41, False)])
def test_as_many_links_as_linux_follows(make: Make, steps: int, *, there: bool) -> None:
    tree = code(make, {"path": "l{n}", "target": "l{next}", "times": steps}, {"path": f"l{steps}"})
    assert isinstance(tree.find("l0"), Node) is there


def test_missing_says_how_far_it_led_and_whether_that_proves_anything(make: Make) -> None:
    tree = code(make, {"path": "lib/x.py"})
    assert missing(tree, "lib/y/z.py") == ("/var/task/lib", "y/z.py", False)
    assert missing(tree, "/tmp/cache") == ("/", "tmp/cache", True)
    assert missing(tree, "/opt/lib/x.so") == ("/", "opt/lib/x.so", False)
    unread = code(make, {"path": "app.py"}, unread=["arn:aws:lambda:eu-west-1:1:layer:x:1"])
    assert missing(unread, "/opt/lib/x.so") == ("/", "opt/lib/x.so", True)


def test_file_lacks_what_an_unread_layer_may_hold(make: Make) -> None:
    tree = Filesystem([(TASK, make([{"path": "app.py"}])), (OPT, make([{"path": "lib/x.so"}]))], ["arn:x"])
    with pytest.raises(Lacking, match="the content of arn:x"):
        tree.file("/opt/lib/y.so")
    assert tree.file("nothing.py") is None
    assert tree.file("/opt/lib") is None
    assert tree.file("/opt/lib/x.so") is not None


def test_bytes_are_read_through_the_tree(make: Make) -> None:
    tree = code(make, {"path": "lib/x.py", "text": "x = 1"})
    node = tree.file("lib/x.py")
    assert node is not None
    assert tree.read(node, 3) == b"x ="
    folder = tree.find("lib")
    assert isinstance(folder, Node)
    with pytest.raises(Lacking, match="the content of /var/task/lib"):
        tree.read(folder, 1)


def test_later_layers_hide_earlier_ones(make: Make) -> None:
    first = make([{"path": "lib", "kind": "directory"}, {"path": "lib/x"}, {"path": "lib/only"}])
    second = make([{"path": "lib", "kind": "directory"}, {"path": "lib/x"}])
    tree = Filesystem([(OPT, first), (OPT, second)])
    node = tree.file("/opt/lib/x")
    assert node is not None
    assert node.package is second
    assert tree.file("/opt/lib/only") is not None
    assert [(node.path, package, entry.path) for node, package, entry in tree.shadowed()] == [("/opt/lib/x", first, "lib/x")]


def test_walk_is_in_order_and_follows_nothing(make: Make) -> None:
    tree = code(make, {"path": "b"}, {"path": "a/z"}, {"path": "a/y"}, {"path": "link", "target": "a"})
    assert [node.path for node in tree.walk(TASK)] == [
        "/var/task", "/var/task/a", "/var/task/a/y", "/var/task/a/z", "/var/task/b", "/var/task/link",
    ]  # fmt: skip
    assert not list(tree.walk("nowhere"))


def test_names_that_no_file_can_have_are_left_out(make: Make) -> None:
    tree = code(make, {"path": "../up"}, {"raw": {"repeat": {"text": "d/", "times": 3000}}}, {"path": "./"}, {"path": "app.py"})
    assert [node.path for node in tree.walk(TASK)] == ["/var/task", "/var/task/app.py"]


def test_directories_that_are_only_implied_are_bounded(make: Make) -> None:
    deep = {"raw": {"join": ["{n}/", {"repeat": {"text": "d/", "times": 2000}}, "f"]}, "times": IMPLIED // 2000 + 1}
    with pytest.raises(Lacking, match="the names imply more than 300,000 directories"):
        code(make, deep)


def test_file_in_an_unread_layer_is_lacking_even_when_there_is_no_opt() -> None:
    """Only layers known by their ARN: no node stands for /opt, and still nothing is proved."""
    seen = Filesystem([], ["arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"])
    with pytest.raises(Lacking, match="the content of arn:"):
        seen.file("/opt/python/app.py")
    assert Filesystem([]).file("/opt/python/app.py") is None
