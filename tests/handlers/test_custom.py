"""Bootstraps, extensions and wrappers: what the kernel starts, and what it does not."""

from __future__ import annotations

import pytest

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.function import Environment, Handler
from lambdalint.handlers import Resolution, Sort
from lambdalint.handlers.shebang import parse
from lambdalint.handlers.wrapper import KEY, programs, wrapper
from lambdalint.model import Severity
from tests.handlers.sight import Sight, Tree, aws, only, paths, texts, unsure

ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
SCRIPT = "#!/bin/sh\nexit 0\n"
LOADER = "#!/bin/bash\nexec lib/ld-linux-x86-64.so.2 bin/app\n"
ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:runtime:7"
ADAPTER = "arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerX86:24"


@pytest.mark.parametrize(
    ("tree", "links"),
    [
        ({"bootstrap": ELF}, {}),
        ({"bootstrap": SCRIPT}, {}),
        ({"bootstrap": "#! /usr/bin/env bash \necho\n"}, {}),
        ({"bootstrap": "#!/bin/bash -eu\necho\n"}, {}),
        ({"bootstrap": "#!/bin/sh"}, {}),
        ({"bootstrap": "#!/var/task/bin/tool run\n", "bin/tool": ELF}, {}),
        ({"bootstrap": "#!./tool\n", "tool": ELF}, {}),
        ({"main": ELF}, {"bootstrap": "main"}),
        ({"main": ELF}, {"bootstrap": "/var/task/main"}),
        # The layout of aws-lambda-cpp: a script that runs its own loader.
        ({"bootstrap": LOADER, "bin/app": ELF, "lib/ld-linux-x86-64.so.2": ELF}, {}),
        # Another system's programs are judged with the binaries.
        ({"bootstrap": b"MZ" + bytes(100)}, {}),
        ({"bootstrap": b"\xcf\xfa\xed\xfe" + bytes(100)}, {}),
    ],
)
@pytest.mark.parametrize("runtime", ["provided.al2", "provided.al2023"])
def test_starts(sight: Sight, tree: Tree, links: dict[str, str], runtime: str) -> None:
    resolution = sight.judge(sight.filesystem(tree, links=links), runtime, "anything at all")
    assert texts(resolution) == []
    assert resolution.leads


@pytest.mark.parametrize(
    ("tree", "message", "nearest", "fix"),
    [
        ({"fn/bootstrap": ELF, "fn/data": ""}, "found fn/bootstrap", ["fn/bootstrap"], "zip what is in fn/"),
        ({"fn/bootstrap": ELF, "data": ""}, "found fn/bootstrap", ["fn/bootstrap"], "put fn/bootstrap at the root"),
        ({"bootstrap/bootstrap": ELF}, "found bootstrap/bootstrap", ["bootstrap/bootstrap"], "zip what is in bootstrap/"),
        ({"bootstrap/": "", "bootstrap/main": ELF}, "bootstrap is a directory, which Lambda passes over", ["bootstrap"], ""),
        ({"Bootstrap": ELF}, "found Bootstrap", ["Bootstrap"], "mv Bootstrap bootstrap"),
        ({"bootstrap.sh": SCRIPT}, "found bootstrap.sh", ["bootstrap.sh"], "mv bootstrap.sh bootstrap"),
        ({"libx.so": ELF, "aaa": ELF, "main": ELF}, "found the program main", ["main"], "mv main bootstrap"),
        ({"app.py": "x = 1"}, "found app.py, and provided.al2023 runs no Python", ["app.py"], "choose the runtime of Python"),
        ({"README": "hello"}, "no file named bootstrap is at the root of the package", [], ""),
    ],
)
def test_no_bootstrap(sight: Sight, tree: Tree, message: str, nearest: list[str], fix: str) -> None:
    fault = only(sight.judge(sight.filesystem(tree), "provided.al2023"))
    assert fault.sort is Sort.BOOTSTRAP
    assert fault.hit.severity is None
    assert fault.hit.message.endswith(message)
    assert paths(fault) == nearest
    assert aws(fault) == ("Runtime.InvalidEntrypoint", "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]")
    assert (fault.hit.fix or "").startswith(fix)


def test_dangling_link(sight: Sight) -> None:
    filesystem = sight.filesystem({"main.txt": ""}, links={"bootstrap": "main"})
    fault = only(sight.judge(filesystem, "provided.al2"))
    assert fault.hit.message.endswith("bootstrap is a link to main, which is not there")


def test_link_that_leads_outside_is_not_judged(sight: Sight) -> None:
    resolution = sight.judge(sight.filesystem({"a": ""}, links={"bootstrap": "/usr/bin/tool"}), "provided.al2")
    assert (texts(resolution), unsure(resolution)[0]) == ([], (Sort.BOOTSTRAP, "what lies at /usr/bin/tool"))


def test_bootstrap_of_a_layer(sight: Sight) -> None:
    given = sight.filesystem({"index.php": ""}, layers=[{"bootstrap": "#!/opt/bin/php\n", "bin/php": ELF}])
    resolution = sight.judge(given, "provided.al2023")
    assert [node.path for node in resolution.loaded] == ["/opt/bootstrap", "/opt/bin/php"]
    assert not resolution.faults
    broken = sight.filesystem({"index.php": ""}, layers=[{"bootstrap": "#!/opt/bin/php\n"}])
    assert aws(only(sight.judge(broken, "provided.al2023")))[1] == "fork/exec /opt/bootstrap: no such file or directory"
    nested = sight.filesystem({"index.php": ""}, layers=[{"layer/bootstrap": "", "layer/php": ""}])
    fault = only(sight.judge(nested, "provided.al2023"))
    assert fault.hit.message.endswith("of the package, nor of a layer; found layer/bootstrap in a layer")
    assert fault.hit.fix == "zip what is in layer/ and not the folder: cd layer && zip -r ../layer.zip ."


def test_own_bootstrap_wins(sight: Sight) -> None:
    filesystem = sight.filesystem({"bootstrap": ELF}, layers=[{"bootstrap": "no program"}], arns=[ARN])
    assert not sight.judge(filesystem, "provided.al2023").faults


def test_unread_layer(sight: Sight) -> None:
    resolution = sight.judge(sight.filesystem({"index.php": ""}, arns=[ARN]), "provided.al2023")
    assert unsure(resolution) == [(Sort.BOOTSTRAP, f"the content of {ARN}"), (Sort.SHEBANG, f"the content of {ARN}")]
    assert not resolution.faults
    for line in ("#!/opt/bin/php\n", "#!/usr/bin/env php\n"):
        resolution = sight.judge(sight.filesystem({"bootstrap": line}, arns=[ARN]), "provided.al2023")
        assert unsure(resolution) == [(Sort.SHEBANG, f"the content of {ARN}")]


NOT_FOUND = ("Runtime.InvalidEntrypoint", "fork/exec /var/task/bootstrap: no such file or directory")
FORMAT = ("Runtime.InvalidEntrypoint", "fork/exec /var/task/bootstrap: exec format error")


def exits(status: int) -> tuple[str, str]:
    return "Runtime.ExitError", f"Runtime exited with error: exit status {status}"


@pytest.mark.parametrize(
    ("content", "sort", "said", "message"),
    [
        (b"#!/bin/sh\r\necho\r\n", Sort.SHEBANG, NOT_FOUND, "CR LF"),
        (b"#!/usr/bin/env bash\r\necho\r\n", Sort.SHEBANG, exits(127), "CR LF"),
        (b"#!/bin/bash -e\r\necho\r\n", Sort.SHEBANG, exits(1), "CR LF"),
        (b"#!/usr/bin/python3\n", Sort.SHEBANG, NOT_FOUND, "names /usr/bin/python3, which is not in the runtime"),
        (b"#!/usr/local/bin/node\n", Sort.SHEBANG, NOT_FOUND, "/usr/local/bin/node"),
        (b"#!/usr/bin/env python3\n", Sort.SHEBANG, exits(127), "asks env for python3"),
        (b"#!/usr/bin/env node --flag\n", Sort.SHEBANG, exits(127), "named 'node --flag'"),
        (b"#!/var/lang/bin/python3\n", Sort.SHEBANG, NOT_FOUND, "which this runtime does not have"),
        (b"#!/home/me/.pyenv/bin/python\n", Sort.SHEBANG, NOT_FOUND, "a place that Lambda does not have"),
        (b"#!/var/task/bin/tool\n", Sort.SHEBANG, NOT_FOUND, "in neither the package nor a layer"),
        (b"#!tool\n", Sort.SHEBANG, NOT_FOUND, "in neither the package nor a layer"),
        (b"#!/var/task/dir\n", Sort.SHEBANG, NOT_FOUND, "a directory"),
        (b"#!\n", Sort.SHEBANG, FORMAT, "names no program"),
        (b"#!" + b"a" * 400, Sort.SHEBANG, FORMAT, "names no program"),
        (b"echo hi\n", Sort.SHEBANG, FORMAT, "does not start with #!"),
        (b"\n#!/bin/sh\n", Sort.SHEBANG, FORMAT, "not at the very start"),
        (b"\xef\xbb\xbf#!/bin/sh\n", Sort.BOOTSTRAP, FORMAT, "byte order mark"),
        ("#!/bin/sh\n".encode("utf-16"), Sort.BOOTSTRAP, FORMAT, "UTF-16"),
        (b"PK\x03\x04" + bytes(40), Sort.BOOTSTRAP, FORMAT, "itself a zip"),
        (b"", Sort.BOOTSTRAP, FORMAT, "empty"),
    ],
)
def test_does_not_start(sight: Sight, content: bytes, sort: Sort, said: tuple[str, str], message: str) -> None:
    fault = only(sight.judge(sight.filesystem({"bootstrap": content, "dir/x": ""}), "provided.al2023"))
    assert (fault.sort, aws(fault), fault.hit.severity) == (sort, said, None)
    assert message in fault.hit.message
    assert paths(fault) == ["bootstrap"]


def test_silent_where_the_path_is_changed(sight: Sight) -> None:
    filesystem = sight.filesystem({"bootstrap": "#!/usr/bin/env python3\n"})
    assert not sight.judge(filesystem, "provided.al2023", variables={"PATH": "/var/task/bin:/usr/bin"}).faults
    in_layer = sight.filesystem({"bootstrap": "#!/usr/bin/env python3\n"}, layers=[{"bin/python3": ELF}])
    assert not sight.judge(in_layer, "provided.al2023").faults


def test_env_split(sight: Sight) -> None:
    filesystem = sight.filesystem({"bootstrap": "#!/usr/bin/env -S bash -e\n"})
    assert not sight.judge(filesystem, "provided.al2023").faults
    assert aws(only(sight.judge(filesystem, "provided.al2"))) == exits(125)


def test_system_not_known_is_silent(sight: Sight) -> None:
    assert not sight.judge(sight.filesystem({"bootstrap": "#!/usr/bin/python\n"}), "provided").faults


def test_lfs_pointer_is_left_to_its_rule(sight: Sight) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
    assert not sight.judge(sight.filesystem({"bootstrap": pointer}), "provided.al2023").faults


def test_option_with_cr_of_another_program_is_a_warning(sight: Sight) -> None:
    tree: Tree = {"bootstrap": "#!/var/task/tool -x\r\n", "tool": ELF}
    assert only(sight.judge(sight.filesystem(tree), "provided.al2023")).hit.severity is Severity.WARNING


def test_go(sight: Sight) -> None:
    assert not sight.judge(sight.filesystem({"main": ELF}), "go1.x", "main").faults
    fault = only(sight.judge(sight.filesystem({"dist/main": ELF}), "go1.x", "main"))
    assert aws(fault) == ("PathError", "fork/exec /var/task/main: no such file or directory")
    assert (fault.sort, fault.hit.setting, paths(fault)) == (Sort.MODULE, "Handler", ["dist/main"])
    assert aws(only(sight.judge(sight.filesystem({"main/x": ELF}), "go1.x", "main")))[1].endswith("permission denied")


PWSH: Tree = {"bootstrap": "#!/opt/powershell/pwsh -NoLogo\n", "powershell/pwsh": ELF}


@pytest.mark.parametrize(
    ("handler", "sort"),
    [
        ("script.ps1", None),
        ("script.ps1::run", None),
        ("Script.PS1::run", Sort.MODULE),
        ("src/script.ps1::run", Sort.MODULE),
        ("Module::Mine::run", None),
        ("module::Mine::run", None),
        ("script", Sort.FORM),
        ("script.ps1::a::b", Sort.FORM),
        ("Module::Mine", Sort.FORM),
    ],
)
def test_powershell(sight: Sight, handler: str, sort: Sort | None) -> None:
    filesystem = sight.filesystem({"script.ps1": ""}, layers=[PWSH])
    found = sight.judge(filesystem, "provided.al2023", handler)
    assert [fault.sort for fault in found.faults] == ([] if sort is None else [sort])
    assert not sight.judge(sight.filesystem({"script.ps1": "", "bootstrap": ELF}), "provided.al2023", handler).faults


def wrap(sight: Sight, tree: Tree, value: str, runtime: str = "python3.12", *arns: str) -> Resolution:
    return wrapper(sight.filesystem(tree, arns=arns), Environment({KEY: value}), RUNTIMES[runtime], Handler("run.sh"))


def test_wrapper_missing(sight: Sight) -> None:
    fault = only(wrap(sight, {"bin/wrap-secret": SCRIPT, "app.py": ""}, "/opt/wrap-secret"))
    assert aws(fault) == exits(127)
    assert fault.hit.setting == f"Environment.Variables.{KEY}"
    assert "/opt/wrap" not in fault.hit.message  # the value is the user's
    assert paths(fault) == ["bin/wrap-secret"]
    assert "a directory" in only(wrap(sight, {"bin/x": SCRIPT}, "/var/task/bin")).hit.message


@pytest.mark.parametrize(
    ("content", "runtime", "status"),
    [
        ("#!/bin/bash\r\n", "python3.12", 127),
        ("#!/bin/bash\r\n", "python3.11", 126),
        ("#!/usr/bin/python3\n", "python3.12", 127),
        ("#!/usr/bin/env ruby\n", "python3.12", 127),
    ],
)
def test_wrapper_does_not_start(sight: Sight, content: str, runtime: str, status: int) -> None:
    fault = only(wrap(sight, {"wrap": content}, "/var/task/wrap", runtime))
    assert (fault.sort, aws(fault), paths(fault)) == (Sort.SHEBANG, exits(status), ["wrap"])


@pytest.mark.parametrize("content", [SCRIPT, "echo no first line\n", "#!/usr/bin/env python3\n", "#!/usr/bin/env tool\n", ELF])
def test_wrapper_starts(sight: Sight, content: str | bytes) -> None:
    assert not wrap(sight, {"wrap": content}, "/var/task/wrap").faults
    assert not wrap(sight, {"wrap": content}, "wrap").faults


def test_wrapper_that_cannot_be_told(sight: Sight) -> None:
    assert unsure(wrap(sight, {"a": ""}, "/opt/wrap", "python3.12", ARN))[0] == (Sort.WRAPPER, f"the content of {ARN}")
    assert not wrap(sight, {"a": ""}, "/usr/bin/strace").faults
    assert not wrap(sight, {"a": ""}, "/opt/wrap", "provided.al2023").faults
    assert not wrap(sight, {"a": ""}, "").faults
    behind = wrap(sight, {"wrap": "#!/opt/bin/tool\n"}, "/var/task/wrap", "python3.12", ARN)
    assert unsure(behind) == [(Sort.SHEBANG, f"the content of {ARN}")]


def test_web_adapter(sight: Sight) -> None:
    fault = only(wrap(sight, {"run.sh": "#!/bin/bash\r\n"}, "/opt/bootstrap", "nodejs22.x", ADAPTER))
    assert paths(fault) == ["run.sh"]
    assert not wrap(sight, {"run.sh": "#!/bin/bash\r\n"}, "/opt/bootstrap", "nodejs22.x", ARN).faults


def test_programs(sight: Sight) -> None:
    layer: Tree = {"extensions/a": "#!/opt/bin/x\n", "extensions/sub/b": ELF, "bin/x": ELF, "bootstrap": SCRIPT}
    filesystem = sight.filesystem({"run.sh": SCRIPT, "bootstrap": ELF, "main": ELF}, layers=[layer])

    def run(runtime: str | None, handler: str = "run.sh") -> list[str]:
        row = None if runtime is None else RUNTIMES[runtime]
        nodes = programs(filesystem, Environment({KEY: "/opt/bootstrap"}), row, Handler(handler))
        return [node.path for node in nodes]

    extensions = ["/opt/extensions/a", "/opt/bin/x"]
    assert run("provided.al2023") == ["/var/task/bootstrap", *extensions]
    assert run(None) == ["/var/task/bootstrap", *extensions]
    assert run("nodejs22.x") == ["/opt/bootstrap", "/var/task/run.sh", *extensions]
    assert run("go1.x", "main") == ["/var/task/main", *extensions]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"#!/bin/sh\n", ("/bin/sh", "")),
        (b"#! /bin/sh  -e x \nrest", ("/bin/sh", "-e x")),
        (b"#!\t/bin/sh\0junk\n", ("/bin/sh", "")),
        (b"#!/bin/sh", ("/bin/sh", "")),
        (b"#!/a " + b"b" * 300, ("/a", "b" * 251)),
        (b"#!" + b"a" * 300, None),
        (b"#! \n", None),
        (b"# !/bin/sh\n", None),
    ],
)
def test_first_line(head: bytes, words: tuple[str, str] | None) -> None:
    found = parse(head)
    assert (None if found is None else (found.interpreter, found.argument)) == words
