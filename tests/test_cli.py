"""The command line: what it takes, what it refuses, and its exit codes."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
import pytest

from lambdalint import cli
from lambdalint.options import OPTIONS
from tests.face import CRASHING, ROOT, Face, rules_of, spawn

#: What a small lint must not import: what is slow, and what only other packages need.
SLOW = (
    "json", "tomllib", "zipfile", "tarfile", "pathspec", "difflib", "dataclasses", "logging", "pathlib", "importlib.metadata", "argparse",
    "lief", "elftools", "dnfile", "tree_sitter", "yaml", "packaging", "rich", "tempfile", "traceback", "subprocess",
)  # fmt: skip


# Exit codes


@pytest.mark.parametrize(
    ("names", "fail_on", "code"),
    [
        (["app.py"], "note", 0),
        (["bad.py"], "error", 1),
        (["bad.py"], "never", 0),
        (["poor.py"], "error", 0),
        (["poor.py"], "warning", 1),
        (["odd.py"], "warning", 0),
        (["odd.py"], "note", 1),
        (["odd.py", "poor.py", "bad.py"], "error", 1),
    ],
)
def test_exit_code_follows_the_severity(face: Face, names: list[str], fail_on: str, code: int) -> None:
    assert face.own(face.zip("fn.zip", *names), "--fail-on", fail_on)[0] == code


def test_error_is_what_fails_by_default(face: Face) -> None:
    assert face.own(face.zip("poor.zip", "poor.py"))[0] == 0
    assert face.own(face.zip("bad.zip", "bad.py"))[0] == 1


def test_crash_wins_over_findings_and_over_never(face: Face, tmp_path: Path) -> None:
    rules = rules_of(tmp_path / "crashing", ("ll909_crashing_rule.py", CRASHING))
    package = face.zip("fn.zip", "bad.py")
    for more in ((), ("--fail-on", "never")):
        code, out, err = face.run("--rules", rules, "--select", "LL9", "--env", "SECRET=hunter2", package, *more)
        assert code == 3
        assert "CRASHED  LL909 crashing-rule" in out
        assert "ValueError in ll909_crashing_rule.py, line 6" in out
        assert "LL901 marked-file" in out, "the other rules still run"
        assert "1 CRASHED" in out
        assert "hunter2" not in out + err


def test_traceback_of_a_crash_is_for_who_asks(face: Face, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = rules_of(tmp_path / "crashing", ("ll909_crashing_rule.py", CRASHING))
    monkeypatch.setenv("LAMBDALINT_DEBUG", "1")
    assert "ValueError: None" in face.run("--rules", rules, "--select", "LL909", face.zip("fn.zip", "app.py"))[2]


def test_what_is_no_package_is_a_finding(face: Face) -> None:
    (face.directory / "empty.zip").touch()
    (face.directory / "page.zip").write_text("<html></html>")
    (face.directory / "folder").mkdir()
    for name in ("empty.zip", "page.zip", "folder"):
        code, out, err = face.run(name)
        assert (code, err) == (1, "")
        assert "error    LL1" in out


# What is refused, before any work


def test_missing_file(face: Face) -> None:
    assert face.refused(face.zip("good.zip", "bad.py"), "nope.zip") == "nope.zip does not exist"


def test_special_file(face: Face) -> None:
    os.mkfifo(face.directory / "fifo.zip")
    assert face.refused("fifo.zip") == "fifo.zip is a named pipe"


def test_missing_layer(face: Face) -> None:
    assert face.refused(face.zip("fn.zip", "app.py"), "--layer", "layer.zip") == "layer.zip does not exist"


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "Missing argument 'PACKAGE...'. Try lambdalint --help."),
        (["--handlr", "x", "fn.zip"], None),
        (["fn.zip", "--memory-size", "much"], None),
        (["fn.zip", "--fail-on", "fatal"], None),
        (["fn.zip", "--select", "LLxyz"], "--select: no rule is named LLxyz"),
        (["fn.zip", "--ignore", "unreadable-fil"], "--ignore: no rule is named unreadable-fil; did you mean unreadable-file?"),
        (["fn.zip", "--severity", "LL201"], "--severity: LL201 must be as LL203=warning, with error, warning or note"),
        (["fn.zip", "--severity", "LL201=fatal"], "--severity: LL201=fatal must be as LL203=warning, with error, warning or note"),
        (["fn.zip", "--severity", "LLxyz=note"], "--severity: no rule is named LLxyz"),
        (["fn.zip", "--as-of", "soon"], "--as-of: soon is not a date such as 2026-11-21"),
        (["fn.zip", "--require", "memory"], "--require: memory is none of runtime, handler, architecture, upload, region"),
        (["fn.zip", "--output", "json"], "--output: json must be FORMAT=FILE, with text, json or github"),
        (["fn.zip", "--output", "pdf=x"], "--output: pdf=x must be FORMAT=FILE, with text, json or github"),
        (["fn.zip", "-o", "nowhere/report"], "nowhere/report: there is no directory nowhere"),
        (["fn.zip", "-o", "."], ".: is a directory"),
        (["fn.zip", "-o", "fn.zip"], "fn.zip: is a package; the report would overwrite it"),
        (["fn.zip", "--rules", "nowhere"], "--rules nowhere: No such file or directory"),
        (["fn.zip", "--rules", "."], "--rules .: no file there is named like ll901_what_is_wrong.py"),
        (["fn.zip", "--config", "nowhere.toml"], "nowhere.toml: No such file or directory"),
        (["fn.zip", "--config", "x.toml", "--isolated"], "--config and --isolated exclude each other"),
        (["fn.zip", "--env", "=secret"], "--env: no name stands before the ="),
        (["fn.zip", "--env", "A B=secret"], "--env: a variable's name holds no blanks"),
        (["fn.zip", "--env-file", "nowhere"], "--env-file nowhere: No such file or directory"),
        (["fn.zip", "--select", "LL201", "--ignore", "LL2"], None),
        (["-", "-"], "standard input can be read only once: - is given twice"),
        (["fn.zip", "--select", "LL201", "--ignore", "LL201"], "what is selected and what is ignored leave no rule to check"),
        (["explain", "LL2"], None),
        (["explain", "unreadable-fil"], "no rule is named unreadable-fil; did you mean unreadable-file?"),
    ],
)
def test_wrong_words_are_one_line(face: Face, args: list[str], line: str | None) -> None:
    face.zip("fn.zip", "app.py")
    if args == ["fn.zip", "--select", "LL201", "--ignore", "LL2"]:
        assert face.run(*args)[0] == 0, "the closer selector wins"
        return
    refused = face.refused(*args)
    assert line is None or refused == line


def test_wrong_flag_has_a_hint(face: Face) -> None:
    refused = face.refused("--handlr", "x", "fn.zip")
    assert "--handlr" in refused
    assert "--handler" in refused


def test_control_bytes_of_words_are_not_repeated(face: Face) -> None:
    assert "\x1b" not in face.refused("\x1b]0;owned\x07.zip")
    assert "\x1b" not in face.refused("--\x1b]0;owned\x07")


# Words


def test_check_may_be_left_out(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    assert face.own(package) == face.run("check", "--rules", face.rules, "--select", "LL9", package)


def test_package_named_like_a_command(face: Face) -> None:
    face.zip("rules", "app.py")
    assert face.run("check", "rules")[1].startswith("rules   function")
    assert face.run("rules")[1].startswith("LL101")


def test_options_may_stand_anywhere(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    out = face.own("--runtime", "python3.13", package, "--handler", "app.handler")[1]
    assert out.startswith("fn.zip   python3.13, app.handler   1 file")


def test_several_packages_make_one_report_and_may_repeat(face: Face) -> None:
    one, two = face.zip("one.zip", "bad.py"), face.zip("two.zip", "app.py")
    report = face.report(one, two, one)
    assert [package["package"] for package in report["packages"]] == ["one.zip", "two.zip", "one.zip"]
    assert report["packages"][0] == report["packages"][2]
    assert report["summary"]["errors"] == 2


def test_directory_is_a_package(face: Face) -> None:
    (face.directory / "build").mkdir()
    (face.directory / "build" / "bad.py").write_text("")
    (package,) = face.report("build")["packages"]
    assert (package["form"], package["size"]) == ("directory", None)
    assert package["findings"][0]["path"] == "bad.py"


def test_standard_input(face: Face) -> None:
    face.zip("fn.zip", "bad.py")
    done = spawn("--rules", face.rules, "--select", "LL9", "-", cwd=face.directory, stdin=(face.directory / "fn.zip").read_bytes())
    assert done.returncode == 1
    assert done.stdout.startswith(b"<stdin>   function   1 file")


def test_layers_are_linted_and_shared(face: Face) -> None:
    layer = face.zip("deps.zip", "python/bad.py")
    one, two = face.zip("one.zip", "app.py"), face.zip("two.zip", "app.py")
    arn = "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"
    report = face.report(one, two, "--layer", layer, "--layer", arn)
    for package in report["packages"]:
        (finding,) = package["findings"]
        assert (finding["package"], finding["path"]) == ("deps.zip", "python/bad.py")
        assert package["function"]["Layers"] == [layer, arn]


def test_severity_can_be_raised_and_lowered(face: Face) -> None:
    package = face.zip("fn.zip", "poor.py", "bad.py")
    lowered = face.report(package, "--severity", "LL901=note")["packages"][0]["findings"]
    assert [finding["severity"] for finding in lowered] == ["note", "note"]
    named = face.report(package, "--severity", "LL9=note,marked-file=error")["packages"][0]["findings"]
    assert [finding["severity"] for finding in named] == ["error", "error"]


def test_require_makes_a_lack_a_usage_error(face: Face) -> None:
    one, two = face.zip("one.zip", "app.py"), face.zip("two.zip", "app.py")
    assert face.refused(one, two, "--require", "runtime,handler", "--runtime", "python3.13") == (
        "one.zip: --require handler, but the handler is not known: give --handler"
    )
    assert face.refused(one, "--require", "runtime") == "one.zip: --require runtime, but the runtime is not known: give --runtime"
    assert face.own(one, two, "--require", "runtime,handler", "--runtime", "python9.9", "--handler", "app.handler")[0] == 0
    layer = face.zip("layer.zip", "python/app.py")
    assert face.own(layer, "--require", "handler")[0] == 0, "a layer has no handler"


def test_as_of_sets_the_day(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    args = (package, "--runtime", "python3.9", "--select", "LL60", "--output-format", "json", "--as-of")
    before, after = (json.loads(face.run(*args, day)[1])["packages"][0]["findings"] for day in ("2024-01-01", "2099-01-01"))
    assert before == []
    assert [finding["severity"] for finding in after] == ["error"]


def test_no_verify_is_told(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    assert "not verified" in face.run(package, "--no-verify")[1]
    assert "not verified" not in face.run(package)[1]


def test_values_of_variables_never_show(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    (face.directory / "env").write_text("SECRET_TWO=hunter3\n")
    for form in ("text", "json", "github"):
        told = face.run(package, "--runtime", "python3.13", "--env", "PATH=hunter2", "--env-file", "env", "--output-format", form, "-v")[1]
        assert "PATH" in told
        assert "hunter" not in told


def test_bare_variable_is_the_process_s_own(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/elsewhere")
    package = face.zip("fn.zip", "app.py")
    assert "LL611" in face.run(package, "--runtime", "python3.13", "--env", "LD_LIBRARY_PATH")[1]
    assert "LL611" not in face.run(package, "--runtime", "python3.13", "--env", "NOT_THERE")[1]


# Output


def test_report_goes_to_a_file(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    code, out, err = face.own(package, "-o", "report.txt", "--output", "json=report.json", "--output", "github=-")
    assert code == 1
    assert out.startswith("::error file=fn.zip")
    assert not err
    assert b"\r" not in (face.directory / "report.txt").read_bytes()
    assert (face.directory / "report.txt").read_text().startswith("fn.zip   function")
    assert json.loads((face.directory / "report.json").read_text())["summary"]["errors"] == 1


def test_report_overwrites_nothing_that_is_read(face: Face) -> None:
    package, layer = face.zip("fn.zip", "app.py"), face.zip("layer.zip", "python/x.py")
    os.link(face.directory / layer, face.directory / "same")
    assert face.refused(package, "--layer", layer, "-o", "./fn.zip") == "./fn.zip: is a package; the report would overwrite it"
    assert face.refused(package, "--layer", layer, "--output", "json=same") == "same: is a package; the report would overwrite it"
    (face.directory / "old").write_text("x" * 10_000)
    assert face.own(package, "-o", "old")[0] == 0
    assert "x" * 10 not in (face.directory / "old").read_text()


def test_unwritable_report_is_refused_before_any_work(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    (face.directory / "report").touch(mode=0o444)
    if os.access(face.directory / "report", os.W_OK):
        pytest.skip("root may write everything")
    assert face.refused(package, "-o", "report") == "report: may not be written"


@pytest.mark.parametrize(
    ("choice", "variables", "colored"),
    [
        ("auto", {}, False),
        ("always", {}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": ""}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", {"LAMBDALINT_COLOR": "always"}, True),
    ],
)
def test_color(face: Face, monkeypatch: pytest.MonkeyPatch, choice: str, variables: dict[str, str], colored: bool) -> None:
    package = face.zip("fn.zip", "bad.py")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    flags = [] if "LAMBDALINT_COLOR" in variables else ["--color", choice]
    out = face.own(package, *flags)[1]
    assert ("\x1b[" in out) is colored
    assert "\x1b]8" not in out, "links are for terminals"
    plain = face.own(package, "--color", "never")[1]
    assert re.sub(r"\x1b\[[\d;]*m", "", out) == plain, "the same words"


def test_quiet_and_verbose(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py", "bad2.py")
    usual, quiet, verbose = (face.own(package, *flags)[1] for flags in ((), ("-q",), ("-v",)))
    assert quiet.startswith("error    LL901 marked-file   bad.py, bad2.py\n")
    assert quiet.strip() in usual
    assert "checked" not in quiet
    assert "- bad2.py" in verbose
    assert "skipped  LL902 wants-facts   wants the handler (--handler)" in verbose
    assert "n/a      LL903 idle" in verbose
    assert face.own(package, "-q", "-v")[1] == usual
    assert face.own(face.zip("good.zip", "app.py"), "-q")[1] == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_encoding_of_standard_output(face: Face, encoding: str) -> None:
    package = face.zip("fn.zip", "bad-\u00e9\u65e5.py")
    for form in ("text", "json", "github"):
        args = ("--rules", face.rules, "--select", "LL901", "--output-format", form, package)
        done = spawn(*args, cwd=face.directory, env={"PYTHONIOENCODING": encoding})
        assert done.returncode == 1
        assert not done.stderr
        assert b"bad-" in done.stdout.decode(encoding).encode()


def test_closed_pipe_is_quiet(face: Face) -> None:
    names = [f"bad/{number:05}.py" for number in range(3000)]
    package = face.zip("fn.zip", *names)
    command = [sys.executable, "-m", "lambdalint", "--rules", face.rules, "--select", "LL901", "-v", "--output-format", "json", package]
    reading, writing = os.pipe()
    os.close(reading)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=face.directory, stdout=writing, stderr=subprocess.PIPE, env=env, timeout=60, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def shell(face: Face, words: str) -> subprocess.CompletedProcess[bytes]:
    command, env = f"{sys.executable} -m lambdalint {words}", {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, shell=True, cwd=face.directory, capture_output=True, env=env, check=False)


def test_no_standard_output_at_all(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    done = shell(face, f"--rules {face.rules} --select LL901 {package} >&-")
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a full device")
def test_full_disk_is_our_failure(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    done = shell(face, f"{package} > /dev/full")
    assert done.returncode == 3
    assert done.stderr.decode() == f"lambdalint: cannot write: {os.strerror(errno.ENOSPC)}\n"


# What goes wrong at the top


def raising(error: BaseException) -> object:
    def instead(*_: object) -> NoReturn:
        raise error

    return instead


def test_interrupt_is_quiet(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambdalint.check.lint", raising(KeyboardInterrupt()))
    assert face.run(face.zip("fn.zip", "app.py")) == (130, "", "")


def test_failure_of_ours_is_one_line(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lambdalint.check.lint", raising(LookupError("hunter2")))
    package = face.zip("fn.zip", "app.py")
    code, out, err = face.run(package)
    assert (code, out) == (3, "")
    assert re.fullmatch(r"lambdalint: 0\.\S+ failed, LookupError in test_cli\.py, line \d+; please report .*\n", err)
    assert "hunter2" not in err
    monkeypatch.setenv("LAMBDALINT_DEBUG", "1")
    assert "Traceback" in face.run(package)[2]


def test_main_ends_the_process_with_the_code(face: Face) -> None:
    package = face.zip("fn.zip", "bad.py")
    assert spawn("--rules", face.rules, "--select", "LL9", package, cwd=face.directory).returncode == 1
    assert spawn("nope.zip", cwd=face.directory).returncode == 2
    assert spawn("--version", cwd=face.directory).stdout.startswith(b"lambdalint 0.")


# The other commands


def test_help_shows_options_and_commands(face: Face) -> None:
    code, out, _ = face.run("--help")
    assert code == 0
    for one in OPTIONS:
        assert f"--{one.name}" in out
    for word in ("explain", "rules", "why", "check", "The function:", "The rules:", "The report:", "Settings:", "--version"):
        assert word in out
    assert face.run("-h")[1] == out
    assert "--handler" in face.run("check", "--help")[1]
    assert "RULE" in face.run("explain", "--help")[1]


def test_no_option_is_given_twice() -> None:
    for command in cli._face().commands.values():
        names = [name for param in command.params for name in param.opts]
        assert len(names) == len(set(names))


def test_explain(face: Face) -> None:
    for named in ("LL901", "ll901", "marked-file"):
        code, out, _ = face.run("explain", named, "--rules", face.rules)
        assert code == 0
        assert out.startswith("LL901 marked-file   error at init\n\nA file that is marked as bad.\n")
        assert out.endswith("Source: https://docs.aws.amazon.com/lambda/latest/dg/welcome.html\n")


def test_rules(face: Face) -> None:
    code, out, _ = face.run("rules", "--rules", face.rules)
    assert code == 0
    assert re.search(r"^LL901  marked-file +error    init +A file that is marked as bad\.$", out, re.MULTILINE)
    listed = json.loads(face.run("rules", "--rules", face.rules, "--output-format", "json")[1])["rules"]
    assert [rule["rule"] for rule in listed] == sorted(rule["rule"] for rule in listed)
    assert listed[-3]["name"] == "marked-file"
    assert listed[-3]["facts"] == ["package"]


@pytest.mark.parametrize(
    "text",
    [
        "[ERROR] Marked.Error: the file 'lambda_function.py' is marked as bad, 12 times",
        'the file "x" is marked as bad',
        "Marked.Error",
    ],
)
def test_why_finds_the_rule(face: Face, text: str) -> None:
    code, out, _ = face.run("why", text, "--rules", face.rules)
    assert code == 0
    assert out.startswith("error    LL901 marked-file\n         A file that is marked as bad.\n         fix  take the mark away.\n")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("An error occurred (InvalidParameterValueException): Unzipped size must be smaller than 262144000 bytes", "LL501"),
        ("Could not unzip uploaded file. Please check your file, then try to upload again.", "LL101"),
        ("[Errno 13] Permission denied: '/var/task/lambda_function.py'", "LL201"),
        ("Reserved keys used in this request: AWS_REGION", "LL608"),
    ],
)
def test_why_knows_what_aws_says(face: Face, text: str, rule: str) -> None:
    code, out, _ = face.run("why", text)
    assert code == 0
    assert rule in out


def test_why_does_not_guess(face: Face) -> None:
    assert face.run("why", "the quick brown fox jumps over it") == (1, "no rule is known to lead to that text\n", "")


def test_completion(face: Face) -> None:
    def complete(*words: str) -> str:
        env = {"_LAMBDALINT_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
        return spawn(cwd=face.directory, env=env).stdout.decode()

    assert "plain,explain" in complete("lambdalint", "ex")
    assert "plain,--runtime" in complete("lambdalint", "--run")
    assert "plain,--handler" in complete("lambdalint", "--runtime", "x", "--han")
    assert "plain,json" in complete("lambdalint", "fn.zip", "--output-format", "js")


# Cost


def test_small_lint_imports_little(face: Face) -> None:
    package = face.zip("fn.zip", "app.py")
    (face.directory / "pyproject.toml").write_text('[project]\nname = "lambdalint-user"\ndependencies = ["lambdalint"]\n')
    code = "import sys, click; old = {*sys.modules}; from lambdalint.cli import main; main(sys.argv[1:]); print(*({*sys.modules} - old))"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, "--runtime", "python3.13", "--handler", "app.handler", package],
        cwd=face.directory, capture_output=True, env=env, text=True, check=True,
    )  # fmt: skip
    imported = done.stdout.splitlines()[-1].split()
    assert "lambdalint.engine" in imported
    assert not [name for name in imported if name in SLOW or name.partition(".")[0] in SLOW]


def test_click_does_not_take_our_streams(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that cannot be written is no verdict: click would make it exit code 1."""
    assert click.Command.main is not None
    package = face.zip("fn.zip", "app.py")

    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(os, "dup2", lambda *_: None)
    monkeypatch.setattr(sys, "stdout", Gone())
    assert cli.main([package]) == 141
