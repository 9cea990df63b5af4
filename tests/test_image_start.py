"""What an image starts, and whose image it is: files and settings in, words and names out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lambdalint import Filesystem, Form, Function, Lacking, Startup
from lambdalint.facts import Facts
from lambdalint.filesystem import Missing, Node
from lambdalint.image_runtime import runtime_of
from lambdalint.startup import places, programs
from tests.build import Recipe
from tests.cases import TODAY, opened


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def seen(config: Mapping[str, Any], *files: Mapping[str, Any], over: Function | None = None) -> tuple[Startup, Filesystem]:
    Recipe({"image": {"config": config}, "files": list(files)}, "").make(Form.OCI, "image")
    facts = Facts(opened("image", over or Function()), today=TODAY, verify=True)
    found, filesystem = facts.get("startup"), facts.get("filesystem")
    assert isinstance(found, Startup)
    assert isinstance(filesystem, Filesystem)
    return found, filesystem


def file(path: str, text: str = "x") -> dict[str, str]:
    return {"path": path, "text": text, "mode": "0755"}


@pytest.mark.parametrize(
    ("config", "leads"),
    [
        ({"Cmd": ["run"], "Env": ["PATH=/srv:/srv/bin"]}, "/srv/bin/run"),  # a folder of that name is passed by, as the shell does
        ({"Cmd": ["/srv/run"]}, "/srv/run"),
        ({"Cmd": ["run"], "Env": ["PATH=bin"], "WorkingDir": "/srv"}, "/srv/bin/run"),
        ({"Cmd": ["bin/run"], "WorkingDir": "/srv/"}, "/srv/bin/run"),
        ({"Cmd": ["tool"], "Env": ["PATH="]}, "/usr/bin/tool"),
        ({"Cmd": ["tool"]}, "/usr/bin/tool"),
        ({"Cmd": ["other"]}, None), ({"Cmd": [""]}, None), ({}, None),
    ],
)  # fmt: skip
def test_the_first_word(config: Mapping[str, Any], leads: str | None) -> None:
    found, filesystem = seen(config, file("srv/run/data"), file("srv/bin/run"), file("usr/bin/tool"))
    node = found.find(filesystem)
    assert (node.path if isinstance(node, Node) else None) == leads
    assert isinstance(node, Missing) is (config.get("Cmd") == ["other"])
    runs = [one.path for one in programs(found, filesystem)]
    assert runs == ([leads] if leads and leads != "/srv/run" else [])


@pytest.mark.parametrize(
    ("files", "runs"),
    [
        (["lambda-entrypoint.sh", "var/runtime/bootstrap"], ["/lambda-entrypoint.sh", "/var/runtime/bootstrap"]),
        (["lambda-entrypoint.sh"], ["/lambda-entrypoint.sh"]),
        (["var/runtime/bootstrap"], []),
    ],
)
def test_the_script_of_aws_starts_the_bootstrap(files: list[str], runs: list[str]) -> None:
    config = {"Entrypoint": ["/lambda-entrypoint.sh"], "Cmd": ["app.handler"]}
    assert [one.path for one in programs(*seen(config, *map(file, files)))] == runs


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ([file("var/lang/bin/python3.13"), file("var/lang/bin/python3")], "python3.13"),
        ([file("var/lang/bin/node"), file("var/lang/include/node/node_version.h", "#define NODE_MAJOR_VERSION 22\n")], "nodejs22.x"),
        ([file("var/lang/bin/node")], None),
        ([file("var/lang/lib/ruby/3.4.0/set.rb"), file("var/lang/lib/ruby/site_ruby/x.rb")], "ruby3.4"),
        ([file("var/lang/lib/ruby/gems/x.rb")], None),
        ([file("var/lang/release", 'JAVA_VERSION="21.0.4"\n')], "java21"),
        ([file("var/lang/release", 'JAVA_VERSION="1.8.0_412"\n')], "java8.al2"),
        ([file("var/lang/release", "no java\n")], None),
        ([file("var/lang/bin/shared/Microsoft.NETCore.App/8.0.10/System.dll")], "dotnet8"),
        ([file("var/lang/bin/shared/Microsoft.NETCore.App/preview/System.dll")], None),
        ([file("etc/os-release", 'NAME="Amazon Linux"\nVERSION_ID="2023"\n')], "provided.al2023"),
        ([file("etc/os-release", "VERSION_ID=2\n")], "provided.al2"),
        ([file("etc/os-release", 'VERSION_ID="12"\n')], None),
        ([file("etc/os-release", "VERSION_ID=2\n"), file("var/lang/bin/own")], None),
        ([file("srv/app")], None),
    ],
)  # fmt: skip
def test_whose_runtime_it_is(files: list[dict[str, str]], name: str | None) -> None:
    _, filesystem = seen({"Cmd": ["/run"]}, *files)
    if name is not None:
        assert runtime_of(filesystem) == name
    else:
        with pytest.raises(Lacking, match="runtimes"):
            runtime_of(filesystem)


def test_overrides_of_the_wrong_kind_count_for_nothing() -> None:
    over = Function(image_config={"EntryPoint": "x", "Command": ["a", 1], "WorkingDirectory": 5})
    found, _ = seen({"Cmd": ["/run"], "WorkingDir": "/srv"}, file("run"), over=over)
    assert (found.entrypoint, found.command, found.working_directory, found.base) == ((), ("a",), "", "/")


def test_an_image_whose_start_is_not_known_has_its_code_where_lambda_puts_it() -> None:
    assert places(None) == ["/var/task", "/opt"]
