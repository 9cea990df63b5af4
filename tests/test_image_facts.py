"""What is known of an image's function: told by its config, by what lies in it, and by the function's overrides."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lambdalint import Filesystem, Form, Function, Lacking, NotApplicable, Runtime, Scope, Startup
from lambdalint.facts import Facts
from lambdalint.filesystem import Missing, Node
from lambdalint.startup import places
from tests.build import Recipe
from tests.cases import TODAY, opened

PROGRAM = {"path": "run", "mode": "0755", "elf": {"type": "exec"}}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def facts(image: Mapping[str, Any], function: Function | None = None, *files: Mapping[str, Any]) -> Facts:
    Recipe({"image": image, "files": list(files) or [PROGRAM]}, "").make(Form.OCI, "image")
    return Facts(opened("image", function or Function()), today=TODAY, verify=True)


def startup(config: Mapping[str, Any], function: Function | None = None) -> Startup:
    found = facts({"config": config}, function).get("startup")
    assert isinstance(found, Startup)
    return found


@pytest.mark.parametrize("runtime", ["python3.13", "nodejs24.x", "ruby3.4", "java25", "dotnet10", "provided.al2023", "provided.al2"])
def test_runtime_is_told_by_what_lies_in_the_base_image(runtime: str) -> None:
    row = facts({"base": runtime}).get("runtime")
    assert isinstance(row, Runtime)
    assert (row.name, row.create_block, row.update_block) == (runtime, None, None)


def test_java_8_names_itself_otherwise() -> None:
    release = {"path": "var/lang/release", "text": 'JAVA_VERSION="1.8.0_412"\n'}
    row = facts({"base": "provided.al2"}, None, release).get("runtime")
    assert isinstance(row, Runtime)
    assert row.name == "java8.al2"


def test_runtime_is_not_told_of_another_entrypoint() -> None:
    with pytest.raises(NotApplicable):
        facts({"config": {"Entrypoint": ["/run"]}}).get("runtime")


def test_runtime_that_is_none_of_ours() -> None:
    with pytest.raises(Lacking, match=r"python3\.99"):
        facts({"base": "python3.99"}).get("runtime")


def test_handler_is_the_one_argument_of_the_base_image() -> None:
    assert str(facts({"base": "python3.13", "config": {"Cmd": ["app.handler"]}}).get("handler")) == "app.handler"


@pytest.mark.parametrize("command", [[], ["app.handler", "x"]])
def test_no_one_argument_is_no_handler(command: list[str]) -> None:
    with pytest.raises(NotApplicable):
        facts({"base": "python3.13", "config": {"Cmd": command}}).get("handler")


def test_handler_elsewhere_is_not_known() -> None:
    with pytest.raises(Lacking, match="/app"):
        facts({"base": "python3.13", "config": {"Cmd": ["app.handler"], "WorkingDir": "/app"}}).get("handler")


def test_own_architecture_wins_over_what_was_told() -> None:
    known = facts({"architecture": "arm64", "config": {"Cmd": ["/run"]}}, Function(architectures=["x86_64"]))
    assert known.get("architecture") == "arm64"


def test_overrides_win_and_empty_ones_do_not() -> None:
    over = Function(
        image_config={"EntryPoint": [], "Command": ["b"], "WorkingDirectory": "/w"}, environment={"A": "2", "C": "3"}
    )
    found = startup({"Entrypoint": ["/run"], "Cmd": ["a"], "WorkingDir": "/v", "Env": ["A=1", "B=x=y", "odd"]}, over)
    assert (found.words, found.base) == (("/run", "b"), "/w")
    assert dict(found.environment.items()) == {"A": "2", "B": "x=y", "C": "3", "odd": ""}
    assert found.setting("Command") == "ImageConfig.Command"
    assert found.setting("EntryPoint") is None


@pytest.mark.parametrize(
    ("words", "behind"),
    [
        (["/usr/bin/tini", "--", "python3", "-m", "awslambdaric"], ("python3", "-m", "awslambdaric", "app.handler")),
        (["tini", "-s", "-g", "--", "python3"], ("python3", "app.handler")),
        (["/usr/bin/dumb-init", "python3"], ("python3", "app.handler")),
        (["tini", "-p", "SIGTERM", "python3"], ("tini", "-p", "SIGTERM", "python3", "app.handler")),
        (["python3"], ("python3", "app.handler")),
        (["tini", "-h"], ("tini", "-h", "app.handler")),
    ],
)
def test_program_behind_an_init(words: list[str], behind: tuple[str, ...]) -> None:
    found = startup({"Entrypoint": words, "Cmd": ["app.handler"]})
    assert found.behind_init().words == behind


@pytest.mark.parametrize(
    ("config", "leads"),
    [
        ({"Cmd": ["/run"]}, "/run"),
        ({"Cmd": ["run"], "Env": ["PATH=/nowhere:/"]}, "/run"),
        ({"Cmd": ["./run"], "WorkingDir": "/"}, "/run"),
        ({"Cmd": ["run"]}, None),
        ({"Cmd": ["/nowhere"]}, None),
    ],
)
def test_first_word_is_found_as_the_kernel_would(config: Mapping[str, Any], leads: str | None) -> None:
    known = facts({"config": config})
    filesystem, found = known.get("filesystem"), known.get("startup")
    assert isinstance(filesystem, Filesystem)
    assert isinstance(found, Startup)
    node = found.find(filesystem)
    assert (node.path if isinstance(node, Node) else None) == leads


def test_image_is_all_there_is() -> None:
    filesystem = facts({"config": {"Cmd": ["/run"]}}).get("filesystem")
    assert isinstance(filesystem, Filesystem)
    for path, outside in (("/usr/lib/x", False), ("/var/runtime/x", False), ("/tmp/x", True), ("/proc/1", True)):
        found = filesystem.find(path)
        assert isinstance(found, Missing)
        assert found.outside is outside


@pytest.mark.parametrize(
    ("config", "own"),
    [
        ({"Cmd": ["/usr/bin/node", "/srv/index.js"], "WorkingDir": "/usr/src/app"}, {"usr/src/app", "srv"}),
        ({"Cmd": ["/usr/local/bin/tool"], "WorkingDir": "/root"}, {"root"}),
        ({"Cmd": ["/run"], "WorkingDir": "/"}, set()),
        ({"Cmd": ["/bin/sh"], "WorkingDir": "/usr/local"}, set()),
    ],
)
def test_own_code_is_told_from_the_system(config: Mapping[str, Any], own: set[str]) -> None:
    found = {place.strip("/") for place in places(startup(config))}
    assert found == own | {"var/task", "opt"}


def test_scope_has_the_directories_that_lead_to_it() -> None:
    scope = Scope("", ["/root/app"])
    assert scope.covers("root")
    assert scope.covers("root/app/x")
    assert not scope.covers("rooted")
