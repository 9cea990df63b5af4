"""The seam between the families and the rules, whatever the family."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from lambdalint.aws.runtimes import RUNTIMES, Runtime
from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.function import Environment, Handler
from lambdalint.handlers import Fault, Resolution, Sort, resolve
from lambdalint.model import Aws, Lacking, Phase, Severity
from tests.handlers.sight import Sight

ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"


def test_hits_of_a_sort_come_before_what_is_lacking() -> None:
    faults = [Fault(Sort.MODULE, "one"), Fault(Sort.MEMBER, "two"), Fault(Sort.MODULE, "three")]
    resolution = Resolution(faults=faults, unsure=[(Sort.MODULE, Lacking("a layer"))])
    assert [hit.message for hit in resolution.of(Sort.MEMBER)] == ["two"]
    found = resolution.of(Sort.MODULE)
    assert [next(found).message, next(found).message] == ["one", "three"]
    with pytest.raises(Lacking, match="a layer"):
        next(found)


def test_fault_is_a_hit_with_all_that_differs() -> None:
    aws = Aws("Runtime.X", "text")
    fault = Fault(Sort.FORM, "bad", aws=aws, fix="this", phase=Phase.INVOKE, severity=Severity.NOTE, line=3, setting="Handler")
    hit = fault.hit
    assert (hit.message, hit.aws, hit.fix, hit.phase) == ("bad", aws, "this", Phase.INVOKE)
    assert (hit.severity, hit.line, hit.setting, list(hit.places)) == (Severity.NOTE, 3, "Handler", [])


def test_whether_the_handler_leads(sight: Sight) -> None:
    node = sight.filesystem({"a": ""}).file("/var/task/a")
    assert node is not None
    assert Resolution([node]).leads is True
    assert Resolution().leads is None
    for sort in (Sort.MODULE, Sort.FORM, Sort.BOOTSTRAP):
        assert Resolution([node], [Fault(sort, "no")]).leads is False
    assert Resolution([node], [Fault(Sort.MEMBER, "no")]).leads is True


def test_family_that_is_not_known() -> None:
    with pytest.raises(Lacking, match="how the runtime custom finds its handler"):
        resolve(Filesystem([]), Handler("x"), RUNTIMES["custom"], Environment({}))


OURS = [runtime for runtime in RUNTIMES.values() if runtime.family in ("ruby", "provided", "go")]


@pytest.mark.parametrize("runtime", OURS, ids=lambda runtime: runtime.name)
@pytest.mark.parametrize(
    "handler",
    ["", ".", "..", "a", "a.", ".a", "a.b", "a.b.c", "a.b.c.d", "/", "//", "../../a.b", "a/../b.c", "a\0b.c", "ä.ö", "a.b" * 60, "::a::b"],
)
def test_any_handler_gets_a_verdict(sight: Sight, runtime: Runtime, handler: str) -> None:
    for tree in ({"a.rb": "def b(event:, context:) = 1"}, {"bootstrap": "#!/bin/sh\n"}, {"a/b/c": ""}):
        assert isinstance(sight.judge(sight.filesystem(tree), runtime.name, handler), Resolution)


@pytest.mark.parametrize("runtime", OURS, ids=lambda runtime: runtime.name)
def test_no_error_when_a_layer_may_hold_what_is_missing(sight: Sight, runtime: Runtime) -> None:
    resolution = sight.judge(sight.filesystem({"x": ""}, arns=[ARN]), runtime.name)
    if runtime.family == "go":  # its program is in the package and nowhere else
        assert resolution.faults
    else:
        assert not resolution.faults
        assert {lacking.what for _, lacking in resolution.unsure} == {f"the content of {ARN}"}


def test_only_the_one_family_is_loaded() -> None:
    code = (
        "import sys; from lambdalint.handlers import resolve; from lambdalint.filesystem import Filesystem;"
        "from lambdalint.function import Environment, Handler; from lambdalint.aws.runtimes import RUNTIMES;"
        "resolve(Filesystem([]), Handler('x'), RUNTIMES['provided.al2023'], Environment({}));"
        "names = ('tree_sitter', 'ast', 'json', 'zipfile', 'pathlib', 'dataclasses', 'lambdalint.handlers.ruby');"
        "print([name for name in names if name in sys.modules])"
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}  # its measuring loads more
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"


# What the runtime sees.


def paths(filesystem: Filesystem) -> list[str]:
    return [node.path for node in filesystem.walk("/") if node.is_file]


def test_later_layers_win(sight: Sight) -> None:
    filesystem = sight.filesystem({"a": "1"}, layers=[{"lib/x": "first", "y": ""}, {"lib/x": "second"}])
    assert paths(filesystem) == ["/opt/lib/x", "/opt/y", "/var/task/a"]
    node = filesystem.file("/opt/lib/x")
    assert node is not None
    assert filesystem.read(node, 10) == b"second"
    assert [(hidden.path, place.path) for place, _, hidden in filesystem.shadowed()] == [("lib/x", "/opt/lib/x")]


def test_links(sight: Sight) -> None:
    links = {"near": "dir/a", "up": "dir/../dir/a", "far": "/opt/x", "loop": "loop", "gone": "nothing", "folder": "dir"}
    filesystem = sight.filesystem({"dir/a": "here"}, links=links, layers=[{"x": "there"}])

    def leads(path: str) -> str | None:
        found = filesystem.find(path)
        return found.path if isinstance(found, Node) else None

    assert leads("/var/task/near") == leads("/var/task/up") == leads("/var/task/folder/a") == leads("near") == "/var/task/dir/a"
    assert leads("/var/task/far") == "/opt/x"
    assert leads("/var/task/loop") is None
    assert leads("/var/task/gone") is None
    assert leads("/../../var/task/dir/a") == "/var/task/dir/a"


def test_what_is_missing_and_what_is_not_known(sight: Sight) -> None:
    def outside(filesystem: Filesystem, path: str) -> bool:
        found = filesystem.find(path)
        assert isinstance(found, Missing)
        return found.outside

    known = sight.filesystem({"a": ""})
    assert not outside(known, f"{TASK}/b")
    assert not outside(known, f"{OPT}/b")
    assert outside(known, "/usr/bin/python")
    unread = sight.filesystem({"a": ""}, arns=[ARN])
    assert not outside(unread, f"{TASK}/b")
    assert outside(unread, f"{OPT}/b")
    with_layer = sight.filesystem({"a": ""}, layers=[{"x": ""}], arns=[ARN])
    with pytest.raises(Lacking, match="layer:deps:7"):
        with_layer.file(f"{OPT}/b")
    assert with_layer.file(f"{TASK}/b") is None
