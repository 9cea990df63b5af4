"""Settings: flags over variables over files, and one clear line for every mistake in a file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lambdalint.options import OPTIONS, Option, Sort
from tests.face import ROOT, Face


def write(face: Face, text: str, name: str = "lambdalint.toml") -> None:
    path = face.directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def function(face: Face, *args: str) -> dict[str, Any]:
    """Return what a run knew of the function."""
    told: dict[str, Any] = face.report(*args)["packages"][0]["function"]
    return told


# Which file


def test_nearest_file_wins_alone(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    package = face.zip("a/b/fn.zip", "app.py")
    write(face, 'runtime = "python3.11"\nhandler = "far.handler"\n')
    write(face, 'runtime = "python3.12"\n', "a/lambdalint.toml")
    monkeypatch.chdir(face.directory / "a" / "b")
    assert function(face, "fn.zip") == {"Runtime": "python3.12"}
    assert package == "a/b/fn.zip"


def test_own_file_wins_over_pyproject_beside_it(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    write(face, '[tool.lambdalint]\nruntime = "python3.11"\n', "pyproject.toml")
    assert function(face, package) == {"Runtime": "python3.11"}
    write(face, 'runtime = "python3.12"\n')
    assert function(face, package) == {"Runtime": "python3.12"}


def test_pyproject_without_our_table_is_passed_over(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    face.zip("a/fn.zip", "app.py")
    write(face, 'runtime = "python3.11"\n')
    write(face, '[project]\nname = "x"\ndependencies = ["lambdalint"]\n[tool]\nruff = {}\n', "a/pyproject.toml")
    monkeypatch.chdir(face.directory / "a")
    assert function(face, "fn.zip") == {"Runtime": "python3.11"}


@pytest.mark.parametrize(
    "text",
    [
        '[tool.lambdalint]\nhandler = "x.y"\n',
        '[ tool . "lambdalint" ]\nhandler = "x.y"\n',
        '[tool]\nlambdalint = {handler = "x.y"}\n',
        '[tool]\nlambdalint.handler = "x.y"\n',
        'tool.lambdalint.handler = "x.y"\n',
        '"tool" = {lambdalint = {handler = "x.y"}}\n',
        '[[tool.lambdalint.function]]\npackage = "*.zip"\nhandler = "x.y"\n',
    ],
)
def test_every_spelling_of_the_table_is_seen(face: Face, text: str) -> None:
    write(face, text, "pyproject.toml")
    assert function(face, face.zip("fn.zip", "app.py")) == {"Handler": "x.y"}


def test_parser_is_not_loaded_without_settings(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    code = "import sys; from lambdalint.cli import main; main(sys.argv[1:]); print('tomllib' in sys.modules)"
    unmeasured = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}  # it loads tomllib too
    env = {**unmeasured, "PYTHONPATH": str(ROOT)}
    for text, loaded in (('[project]\nname = "lambdalint"\n', "False"), ("[tool.lambdalint]\n", "True")):
        write(face, text, "pyproject.toml")
        command = [sys.executable, "-c", code, package]
        done = subprocess.run(command, cwd=face.directory, capture_output=True, env=env, text=True, check=True)
        assert done.stdout.splitlines()[-1] == loaded


def test_named_file_replaces_the_nearest(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    write(face, 'runtime = "python3.11"\n')
    write(face, 'handler = "other.handler"\n', "conf/other.toml")
    assert function(face, package, "--config", "conf/other.toml") == {"Handler": "other.handler"}
    write(face, '[project]\nname = "x"\n', "conf/pyproject.toml")
    assert face.refused(package, "--config", "conf/pyproject.toml") == "conf/pyproject.toml: has no table [tool.lambdalint]"


def test_isolated_heeds_nothing(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    package = face.zip("fn.zip", "app.py")
    write(face, 'runtime = "python3.11"\nwrong = 1\n')
    monkeypatch.setenv("LAMBDALINT_HANDLER", "x.y")
    assert function(face, package, "--isolated") == {}
    monkeypatch.setenv("LAMBDALINT_ISOLATED", "1")
    assert function(face, package) == {}


def test_removed_working_directory(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    package = face.directory / face.zip("fn.zip", "app.py")
    gone = face.directory / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert function(face, str(package)) == {}


# What wins


def test_flags_win_over_variables_over_files(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    package = face.zip("fn.zip", "app.py")
    write(face, 'runtime = "python3.10"\nhandler = "file.handler"\ntimeout = 1\nfail-on = "never"\n')
    monkeypatch.setenv("LAMBDALINT_RUNTIME", "python3.11")
    monkeypatch.setenv("LAMBDALINT_TIMEOUT", "2")
    told = function(face, package, "--runtime", "python3.12")
    assert told == {"Runtime": "python3.12", "Handler": "file.handler", "Timeout": 2}
    bad = face.zip("bad.zip", "bad.py")
    assert face.own(bad)[0] == 0
    monkeypatch.setenv("LAMBDALINT_FAIL_ON", "warning")
    assert face.own(bad)[0] == 1
    assert face.own(bad, "--fail-on", "never")[0] == 0


def test_select_starts_anew_and_ignore_adds(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    package = face.zip("fn.zip", "app.py")

    def checked(*args: str) -> int:
        out = face.run("--rules", face.rules, package, "--memory-size", "128", *args)[1]
        return int(out.rstrip().rpartition("\n")[2].partition(". ")[2].split()[0].replace("no", "0"))

    everything = checked()
    write(face, 'ignore = ["LL901"]\n')
    assert checked() == everything - 1
    assert checked("--ignore", "idle") == everything - 2
    assert checked("--extend-select", "LL901") == everything
    assert checked("--select", "LL901") == 1
    assert checked("--select", "LL9", "--ignore", "LL902") == 2
    assert checked("--select", "LL9,LL101") == 3, "and LL902 is skipped"
    write(face, 'select = ["LL901"]\n')
    assert checked() == 1
    assert checked("--extend-select", "LL903") == 2
    monkeypatch.setenv("LAMBDALINT_SELECT", "LL903,\nLL101")
    assert checked() == 2
    write(face, 'select = "LL9"\nignore = ["LL90"]\nextend-select = ["LL903"]\n')
    monkeypatch.delenv("LAMBDALINT_SELECT")
    assert checked() == 1, "the closer selector wins"


def test_severity_table(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    write(face, '[severity]\nLL9 = "note"\nmarked-file = "warning"\n')
    assert face.report(package)["packages"][0]["findings"][0]["severity"] == "warning"
    assert face.report(package, "--severity", "LL901=note")["packages"][0]["findings"][0]["severity"] == "note"


def test_users_own_rules_may_be_named_without_being_given(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    write(face, 'ignore = ["LL901"]\n[severity]\nLL902 = "note"\n[per-path-ignores]\n"*" = ["LL90"]\n')
    assert face.run(package)[0] == 0


# Tables of functions


def test_tables_are_merged_in_order(face: Face) -> None:
    write(
        face,
        """
        timeout = 3
        [[function]]
        package = "./dist/*.zip"
        runtime = "python3.12"
        architecture = "arm64"
        memory_size = 128
        environment = {A = "1", B = "2"}
        [[function]]
        package = "api.zip"
        handler = "api.handler"
        memory-size = 256
        env = {B = "3"}
        [[function]]
        package = "other/"
        handler = "other.handler"
        """,
    )
    told = function(face, face.zip("dist/api.zip", "app.py"))
    assert told == {
        "Runtime": "python3.12", "Handler": "api.handler", "Architectures": ["arm64"], "MemorySize": 256, "Timeout": 3,
    }  # fmt: skip
    assert function(face, face.zip("api.zip", "app.py")) == {"Handler": "api.handler", "MemorySize": 256, "Timeout": 3}
    (face.directory / "other").mkdir()
    assert function(face, "other")["Handler"] == "other.handler"


def test_paths_are_relative_to_the_file(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    face.zip("deps.zip", "python/bad.py")
    face.zip("dist/fn.zip", "app.py")
    write(
        face,
        """
        env-file = "vars"
        layers = ["deps.zip", "arn:aws:lambda:eu-west-1:1:layer:x:1"]
        [[function]]
        package = "dist/fn.zip"
        handler = "a.b"
        """,
    )
    write(face, "A=1\n", "vars")
    monkeypatch.chdir(face.directory / "dist")
    (package,) = face.report("fn.zip")["packages"]
    assert package["function"]["Handler"] == "a.b"
    assert package["function"]["Layers"] == ["../deps.zip", "arn:aws:lambda:eu-west-1:1:layer:x:1"]
    assert package["findings"][0]["package"] == "../deps.zip"


def test_glob_may_lead_upwards(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    face.zip("build/fn.zip", "app.py")
    write(face, "[[function]]\npackage = '../build/*.zip'\nhandler = 'a.b'\n", "conf/lambdalint.toml")
    monkeypatch.chdir(face.directory / "conf")
    assert function(face, "../build/fn.zip") == {"Handler": "a.b"}


def test_flags_win_over_tables(face: Face) -> None:
    write(face, "[[function]]\npackage = '*.zip'\nhandler = 'a.b'\nruntime = 'python3.13'\n")
    assert function(face, face.zip("fn.zip", "app.py"), "--handler", "c.d") == {"Handler": "c.d", "Runtime": "python3.13"}


# Per-path ignores


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("tests/**", ["bad.py", "lib/tests/bad.py"]),
        ("tests/", ["bad.py"]),
        ("*.py", []),
        ("/bad.py", ["lib/tests/bad.py", "tests/bad.py"]),
        ("lib", ["bad.py", "tests/bad.py"]),
        ("nothing", ["bad.py", "lib/tests/bad.py", "tests/bad.py"]),
    ],
)
def test_per_path_ignores(face: Face, glob: str, left: list[str]) -> None:
    package = face.zip("fn.zip", "bad.py", "lib/tests/bad.py", "tests/bad.py")
    write(face, f'[tool.lambdalint.per-path-ignores]\n"{glob}" = ["LL9"]\n', "pyproject.toml")
    findings = face.report(package)["packages"][0]["findings"]
    assert [place["path"] for finding in findings for place in finding["places"]] == left
    write(face, f'[tool.lambdalint.per-path-ignores]\n"{glob}" = ["idle"]\n', "pyproject.toml")
    assert face.report(package)["packages"][0]["findings"][0]["count"] == 3


# Mistakes


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("runtime = \n", None),
        ('runtme = "x"\n', "runtme is not a setting; did you mean runtime?"),
        ('Runtime = "x"\n', "Runtime is not a setting; did you mean runtime?"),
        ('xyzzy = "x"\n', "xyzzy is not a setting"),
        ("runtime = 3.12\n", "runtime must be a string, not a number"),
        ("memory-size = '128'\n", "memory-size must be a whole number, not a string"),
        ("memory-size = true\n", "memory-size must be a whole number, not true or false"),
        ("no-verify = 'yes'\n", "no-verify must be true or false, not a string"),
        ("fail-on = 'errors'\n", "fail-on must be error, warning, note or never, not 'errors'; did you mean error?"),
        ("output_format = 'yaml'\n", "output-format must be text, json or github, not 'yaml'"),
        ("require = ['memory']\n", "require must be runtime, handler, architecture, upload or region, not 'memory'"),
        ("select = 5\n", "select must be a list of strings, not a number"),
        ("select = ['LL2', 5]\n", "select[2] must be a string, not a number"),
        ("select = ['LLxyz']\n", None),
        ("layers = ['a.zip']\nlayer = ['b.zip']\n", "layers says the same as layer; keep one"),
        ("memory_size = 1\nmemory-size = 1\n", "this has a key twice, with - and with _"),
        ("severity = 'error'\n", "severity must be a table, not a string"),
        ("[severity]\nLL201 = 'err'\n", "severity.LL201 must be error, warning or note, not 'err'; did you mean error?"),
        ("[severity]\nLL201 = 1\n", "severity.LL201 must be a string, not a number"),
        ("env = ['A=1']\n", "env must be a table, not a list"),
        ("environment = {A = 1}\n", "environment.A must be a string, not a number"),
        ("as-of = 2026-11\n", None),
        ("as-of = 12:00:00\n", "as-of: 12:00:00 is not a date such as 2026-11-21"),
        ("rules = ['x']\n", "rules can only be said on the command line"),
        ("output = ['json=x']\n", "output can only be said on the command line"),
        ("output-file = 'x'\n", "output-file can only be said on the command line"),
        ("isolated = true\n", "isolated can only be said on the command line"),
        ("[tool.lambdalint]\n", "tool is not for this file: here the keys stand at the top, without [tool.lambdalint]"),
        ("[function]\npackage = 'x'\n", "function must be an array of tables: write [[function]], not [function]"),
        ("function = [1]\n", "function[1] must be a table, not a number"),
        ("[[function]]\nruntime = 'x'\n", 'function[1] lacks package = "GLOB"'),
        ("[[function]]\npackage = 1\n", "function[1].package must be a string, not a number"),
        ("[[function]]\npackage = 'x'\nhandlr = 'x'\n", "function[1].handlr is not a setting; did you mean handler?"),
        ("[[function]]\npackage = 'x'\nselect = ['LL2']\n", "function[1].select cannot be said here"),
        ("per-path-ignores = ['x']\n", "per-path-ignores must be a table, not a list"),
        ("[per-path-ignores]\n'x' = 1\n", 'per-path-ignores."x" must be a list of strings, not a number'),
        ("[per-path-ignores]\n'x' = 'LLxyz'\n", None),
    ],
)
def test_mistakes_are_one_line(face: Face, text: str, line: str | None) -> None:
    package = face.zip("fn.zip", "app.py")
    write(face, text)
    refused = face.refused(package)
    assert line is None or refused == f"lambdalint.toml: {line}"


def test_mistake_in_pyproject_names_the_whole_key(face: Face) -> None:
    write(face, "[tool.lambdalint]\nruntme = 'x'\n", "pyproject.toml")
    assert face.refused(face.zip("fn.zip", "app.py")) == "pyproject.toml: tool.lambdalint.runtme is not a setting; did you mean runtime?"


def test_file_that_is_no_text(face: Face) -> None:
    (face.directory / "lambdalint.toml").write_bytes(b"runtime = '\xff'\n")
    assert face.refused(face.zip("fn.zip", "app.py")) == "lambdalint.toml: not UTF-8"


def test_deep_file(face: Face) -> None:
    write(face, "select = " + "[" * 100_000)
    assert face.refused(face.zip("fn.zip", "app.py")).startswith("lambdalint.toml: not TOML: ")


# Every option, everywhere


def value_of(option: Option) -> str:
    return {
        Sort.NUMBER: "512", Sort.SWITCH: "true", Sort.CHOICE: option.choices[-1] if option.choices else "", Sort.DATE: "2026-01-01",
        Sort.WORDS: "runtime" if option.name == "require" else "LL101", Sort.PAIRS: "LL101=note",
    }.get(option.sort, "folder" if option.metavar == "DIR" else "text")  # fmt: skip


@pytest.mark.parametrize("option", [one for one in OPTIONS if one.filed], ids=lambda option: option.name)
def test_every_option_is_a_key_and_most_are_variables(face: Face, option: Option, monkeypatch: pytest.MonkeyPatch) -> None:
    value = value_of(option)
    for name in ("text", "text.json"):
        (face.directory / name).write_text('{"Runtime": "python3.13"}' if option.name == "function-config" else "A=1\n")
    literal = {Sort.NUMBER: value, Sort.SWITCH: value, Sort.PAIRS: '{LL101 = "note"}'}.get(option.sort, f'"{value}"')
    write(face, f"{option.name} = {literal}\n")
    package = face.zip("fn.zip", "app.py")
    args = (package, "--runtime", "python3.13") if option.name == "require" else (package,)
    assert (face.directory / "text").exists()
    from_file = face.own(*args) if option.name not in ("layer", "select") else face.run(*args)
    if option.name == "layer":
        (face.directory / "text").unlink()
        face.zip("text", "python/x.py")
        from_file = face.own(*args)
    assert from_file[0] in (0, 1)
    (face.directory / "lambdalint.toml").unlink()
    if option.variable is not None:
        monkeypatch.setenv(option.variable, value)
        again = face.own(*args) if option.name != "select" else face.run(*args)
        assert again == from_file


def test_only_these_have_no_variable() -> None:
    assert {one.name for one in OPTIONS if one.variable is None} == {"env", "rules"}


def test_empty_variable_says_nothing(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in OPTIONS:
        if one.variable:
            monkeypatch.setenv(one.variable, "")
    assert function(face, face.zip("fn.zip", "app.py")) == {}


def test_mistake_in_a_variable(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    package = face.zip("fn.zip", "app.py")
    monkeypatch.setenv("LAMBDALINT_FAIL_ON", "errors")
    assert "'errors' is not one of" in face.refused(package)
    monkeypatch.delenv("LAMBDALINT_FAIL_ON")
    monkeypatch.setenv("LAMBDALINT_IGNORE", "LLxyz")
    assert face.refused(package).startswith("LAMBDALINT_IGNORE: no rule is named LLxyz")
    monkeypatch.setenv("LAMBDALINT_IGNORE", "")
    monkeypatch.setenv("LAMBDALINT_SEVERITY", "LL101")
    assert face.refused(package).startswith("LAMBDALINT_SEVERITY: LL101 must be as")


def test_settings_of_the_checkout_are_ours(face: Face) -> None:
    """This project's own pyproject.toml has no settings that would change the runs of others in its tree."""
    assert "tool.lambdalint" not in Path(ROOT, "pyproject.toml").read_text()
