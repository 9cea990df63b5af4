"""Files that describe a function: the API's JSON in its three shapes, and docker's env files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.book import BadSettings
from lambdalint.function import Function
from lambdalint.function_config import read_config, read_env_file, variable
from lambdalint.settings import Level
from lambdalint.told import describe
from tests.face import ROOT, Face

#: As `aws lambda get-function-configuration` prints it, shortened.
CONFIGURATION: dict[str, Any] = {
    "FunctionName": "orders",
    "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders",
    "Runtime": "python3.12",
    "Role": "arn:aws:iam::123456789012:role/orders",
    "Handler": "app.handler",
    "CodeSize": 1234,
    "Timeout": 30,
    "MemorySize": 256,
    "Environment": {"Variables": {"STAGE": "prod", "SECRET": "hunter2"}},
    "TracingConfig": {"Mode": "PassThrough"},
    "Layers": [{"Arn": "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7", "CodeSize": 99}],
    "PackageType": "Zip",
    "Architectures": ["arm64"],
    "EphemeralStorage": {"Size": 1024},
    "SnapStart": {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"},
}


def describe_file(directory: Path, content: object) -> Function:
    path = directory / "function.json"
    path.write_text(json.dumps(content))
    return describe([Level({"function-config": str(path)}, "--")])


def wrong(directory: Path, content: object) -> str:
    with pytest.raises(BadSettings) as caught:
        describe_file(directory, content)
    return str(caught.value).removeprefix(f"{directory}/function.json: ")


# Shapes


def test_get_function_configuration(tmp_path: Path) -> None:
    function = describe_file(tmp_path, CONFIGURATION)
    assert function.runtime == "python3.12"
    assert function.handler == "app.handler"
    assert function.architectures == ("arm64",)
    assert function.environment is not None
    assert dict(function.environment.items()) == {"STAGE": "prod", "SECRET": "hunter2"}
    assert function.layers == ("arn:aws:lambda:eu-west-1:123456789012:layer:deps:7",)
    assert (function.memory_size, function.timeout, function.ephemeral_storage) == (256, 30, 1024)
    assert function.snap_start == "PublishedVersions"
    assert function.package_type == "Zip"
    assert function.region == "eu-west-1"
    assert function.settings == CONFIGURATION, "for rules on what has no field"


def test_get_function(tmp_path: Path) -> None:
    whole = {"Configuration": CONFIGURATION, "Code": {"RepositoryType": "S3"}, "Tags": {}}
    assert describe_file(tmp_path, whole).handler == "app.handler"


def test_skeleton(tmp_path: Path) -> None:
    skeleton = {
        "FunctionName": "", "Runtime": "nodejs22.x", "Handler": "index.handler", "Layers": ["", "arn:aws:lambda:eu-west-1:1:layer:x:1"],
        "Code": {"ZipFile": None, "S3Bucket": ""}, "Environment": {"Variables": {"KeyName": ""}}, "SnapStart": {"ApplyOn": "None"},
        "ImageConfig": {"EntryPoint": ["/lambda-entrypoint.sh"], "Command": ["app.handler"], "WorkingDirectory": ""},
    }  # fmt: skip
    function = describe_file(tmp_path, skeleton)
    assert function.layers == ("arn:aws:lambda:eu-west-1:1:layer:x:1",)
    assert function.image_config == skeleton["ImageConfig"]
    assert function.region is None
    assert function.snap_start == "None"


def test_image_configuration(tmp_path: Path) -> None:
    config = {"FunctionName": "x", "PackageType": "Image", "ImageConfigResponse": {"ImageConfig": {"Command": ["a.b"]}}}
    function = describe_file(tmp_path, config)
    assert function.image_config == {"Command": ["a.b"]}
    assert function.package_type == "Image"
    error = {"Error": {"ErrorCode": "AccessDeniedException"}}
    function = describe_file(tmp_path, {"FunctionName": "x", "ImageConfigResponse": error, "Environment": error})
    assert (function.image_config, function.environment) == (None, None)


def test_null_is_not_told(tmp_path: Path) -> None:
    function = describe_file(tmp_path, dict.fromkeys(CONFIGURATION))
    assert {name for name in Function.__slots__ if getattr(function, name) is not None} == {"settings"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_of_windows_shells(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "function.json"
    path.write_bytes(json.dumps(CONFIGURATION).encode(encoding))
    assert read_config(str(path))["handler"] == "app.handler"


# Mistakes


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ([], "must hold an object, as `aws lambda get-function-configuration` prints it, not a list"),
        ("x", "must hold an object, as `aws lambda get-function-configuration` prints it, not a string"),
        ({"name": "my-package"}, "holds no setting of a function; it must be as `aws lambda get-function-configuration` prints it"),
        ({"Functions": []}, "holds a list of functions; `aws lambda get-function-configuration` prints one"),
        ({"Runtime": 3.12}, "Runtime must be a string, not a number"),
        ({"Timeout": "3"}, "Timeout must be a whole number, not a string"),
        ({"Timeout": True}, "Timeout must be a whole number, not true or false"),
        ({"Architectures": "arm64"}, "Architectures must be a list, not a string"),
        ({"Architectures": ["arm64", 1]}, "Architectures[1] must be a string, not a number"),
        ({"Environment": ["A=hunter2"]}, "Environment must be an object, not a list"),
        ({"Environment": {"Variables": "A=hunter2"}}, "Environment.Variables must be an object, not a string"),
        ({"Environment": {"Variables": {"A": 1}}}, "Environment.Variables.A must be a string, not a number"),
        ({"Environment": {"Variables": {"A": None}}}, "Environment.Variables.A must be a string, not null"),
        ({"Layers": {"Arn": "x"}}, "Layers must be a list, not an object"),
        ({"Layers": [{"Name": "x"}]}, "Layers[0] must be a string, not null"),
        ({"Role": "x", "EphemeralStorage": 512}, "EphemeralStorage must be an object, not a number"),
        ({"Role": "x", "SnapStart": {"ApplyOn": []}}, "SnapStart.ApplyOn must be a string, not a list"),
        ({"ImageConfig": {"Command": "app.handler"}}, "ImageConfig.Command must be a list, not a string"),
        ({"ImageConfig": {"EntryPoint": [1]}}, "ImageConfig.EntryPoint[0] must be a string, not a number"),
        ({"ImageConfig": {"WorkingDirectory": {}}}, "ImageConfig.WorkingDirectory must be a string, not an object"),
    ],
)
def test_wrong_type_is_one_line(tmp_path: Path, content: object, line: str) -> None:
    assert wrong(tmp_path, content) == line


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"{", "not JSON: "),
        (b"\xff\xff", "not JSON: "),
        (b'{"Runtime": "\xe9"}', "not JSON: "),
        (b"[" * 200_000, "not JSON: nested too deeply"),
        (b'{"Timeout": ' + b"1" * 5000 + b"}", "not JSON: "),
        (b" " * (5 << 20), "--function-config"),
    ],
)
def test_what_is_no_json(tmp_path: Path, data: bytes, line: str) -> None:
    path = tmp_path / "function.json"
    path.write_bytes(data)
    with pytest.raises(BadSettings) as caught:
        read_config(str(path))
    told = str(caught.value)
    assert told.removeprefix(f"{path}: ").startswith(line)
    assert "\n" not in told


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from([*CONFIGURATION, "Variables", "ApplyOn", "Arn", "Size", "ImageConfig", "Configuration", "Command"]), inner)))
def test_any_json_tells_or_is_refused(tmp_path_factory: pytest.TempPathFactory, content: object) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(content))
    with suppress(BadSettings):
        function = describe([Level({"function-config": str(path)}, "--")])
        assert function.runtime is None or isinstance(function.runtime, str)


# Merging


def test_options_win_and_variables_merge_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "function.json"
    path.write_text(json.dumps(CONFIGURATION))
    (tmp_path / "vars").write_text("STAGE=test\nMORE=1\n")
    low = Level({"function-config": str(path), "env-file": (str(tmp_path / "vars"),)}, "lambdalint.toml", str(tmp_path))
    high = Level({"runtime": "python3.13", "env": {"MORE": "2"}, "layer": ("deps.zip",)}, "--")
    function = describe([low, high])
    assert (function.runtime, function.handler) == ("python3.13", "app.handler")
    assert function.environment is not None
    assert dict(function.environment.items()) == {"STAGE": "test", "SECRET": "hunter2", "MORE": "2"}
    assert function.layers == ("deps.zip",), "a list is one thing"


def test_flag_reaches_the_report(face: Face) -> None:
    (face.directory / "function.json").write_text(json.dumps(CONFIGURATION))
    package = face.zip("fn.zip", "app.py")
    (told,) = face.report(package, "--function-config", "function.json", "--timeout", "60")["packages"]
    assert told["function"] == {
        "Runtime": "python3.12", "Handler": "app.handler", "Architectures": ["arm64"], "MemorySize": 256, "Timeout": 60,
        "Layers": ["arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"],
    }  # fmt: skip
    (finding,) = told["findings"]
    assert finding["message"] == "told app.handler and eu-west-1"


def test_configuration_may_come_from_a_pipe(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    (face.directory / "function.json").write_text(json.dumps(CONFIGURATION))
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    if shutil.which("bash") is None:
        pytest.skip("no bash")
    for source, stdin in (("<(cat function.json)", ""), ("-", "< function.json")):
        command = f"{sys.executable} -m lambdalint {package} {package} --isolated --function-config {source} {stdin}"
        done = subprocess.run(["bash", "-c", command], cwd=face.directory, capture_output=True, env=env, text=True, check=False)
        assert done.stdout.count("fn.zip   python3.12, arm64, app.handler") == 2


def test_standard_input_is_one_thing(face: Face) -> None:
    assert face.refused("-", "--function-config", "-") == "standard input can be read only once: - is given twice"
    assert face.refused(face.zip("fn.zip", "x"), "--env-file", "-", "--function-config", "-").startswith("standard input can")


# Env files


def test_env_file_is_read_as_docker_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWN", "from here")
    monkeypatch.delenv("NOT_SET", raising=False)
    path = tmp_path / "vars"
    path.write_bytes(b"\xef\xbb\xbfA=1\r\n# B=2\n\n   C= 3 \nD=\"quoted\" # not a comment\nE=\nF=a=b\nOWN\nNOT_SET\n\tG=\xc3\xa9")
    assert read_env_file(str(path)) == {
        "A": "1", "C": " 3 ", "D": '"quoted" # not a comment', "E": "", "F": "a=b", "OWN": "from here", "G": "\u00e9",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A=1\n=hunter2\n", "line 2: no name stands before the ="),
        ("A B=hunter2\n", "line 1: a variable's name holds no blanks"),
        ("A =hunter2\n", "line 1: a variable's name holds no blanks"),
    ],
)
def test_env_file_mistakes_do_not_show_values(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "vars"
    path.write_text(text)
    with pytest.raises(BadSettings) as caught:
        read_env_file(str(path))
    assert str(caught.value) == f"{path}: {line}"


def test_env_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "vars"
    path.write_bytes(b"A=\xff\n")
    with pytest.raises(BadSettings, match="not UTF-8"):
        read_env_file(str(path))


@given(st.text(st.characters(exclude_characters="= \t\r\n\x0b\x0c", categories=("L", "N")), min_size=1), st.text())
def test_variable_keeps_its_value(key: str, value: str) -> None:
    assert variable(f"{key}={value}", "--env") == {key: value}
