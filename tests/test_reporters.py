"""The formats: what each says, that all say the same, and that no name out of a package gets through to a terminal or a log."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.book import Rule
from lambdalint.engine import lint
from lambdalint.escape import visible, visible_lines
from lambdalint.function import Function
from lambdalint.model import Archive, Aws, Form, Lacking, Phase, Place, Role, Severity
from lambdalint.options import FORMATS
from lambdalint.report import Crash, Finding, Report, Skip, Verdict
from lambdalint.reporters import reporter
from lambdalint.reporters.style import Style, style_for
from lambdalint.target import Target
from tests.face import ROOT, Face

SCHEMA: dict[str, Any] = json.loads((ROOT / "lambdalint" / "schema" / "report-1.json").read_text())
#: What workflow runners obey: at the start of a line, blanks aside, and anywhere in it.
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)


def nothing(package: object) -> Any:
    yield from ()


@functools.cache
def made_rule(number: int = 901, severity: Severity = Severity.ERROR) -> Rule:
    return Rule(f"LL{number}", f"rule-{number}", severity, Phase.INIT, nothing)


def made_finding(
    message: str = "a fact",
    *,
    severity: Severity = Severity.ERROR,
    paths: Sequence[str | None] = ("app.py",),
    package: str = "fn.zip",
    line: int | None = None,
    setting: str | None = None,
    aws: Aws | None = None,
    fix: str | None = None,
) -> Finding:
    places = [Place(package, path, line) for path in paths]
    return Finding(made_rule(severity=severity), severity, Phase.INIT, places, message, setting, aws, fix)


def made_verdict(
    *findings: Finding,
    path: str = "fn.zip",
    role: Role = Role.FUNCTION,
    size: int | None = 46,
    function: dict[str, object] | None = None,
    skips: Sequence[Skip] = (),
    crashes: Sequence[Crash] = (),
) -> Verdict:
    checked, idle = frozenset({made_rule()}), frozenset({made_rule(908)})
    form = Form.UNKNOWN if size is None else Form.ZIP
    return Verdict(path, form, role, 100, size, None if size is None else 1, function or {}, findings, skips, crashes, checked, idle)


def rendered(form: str, *verdicts: Verdict, style: Style | None = None) -> str:
    return reporter(form).render(Report(verdicts), style or Style())


def text(*verdicts: Verdict, **style: Any) -> list[str]:
    return rendered("text", *verdicts, style=Style(**style)).split("\n")


# Text


def test_a_whole_finding() -> None:
    finding = made_finding(
        "mode 0600 keeps others from reading it",
        paths=["app.py", *(f"lib/{number}.py" for number in range(37))],
        aws=Aws("PermissionError", "[Errno 13] Permission denied: '/var/task/app.py'"),
        fix="chmod -R o+rX .\nor zip on Linux",
    )
    function: dict[str, object] = {"Runtime": "python3.12", "Handler": "app.handler", "Architectures": ["x86_64"]}
    assert rendered("text", made_verdict(finding, function=function, size=12_900_000)) == (
        "fn.zip   python3.12, x86_64, app.handler   1 file, 12.3 MB unzipped (4 % of the limit)\n"
        "\n"
        "error    LL901 rule-901   app.py, lib/0.py, and 36 more\n"
        "         mode 0600 keeps others from reading it\n"
        "    AWS  at init: PermissionError: [Errno 13] Permission denied: '/var/task/app.py'\n"
        "    fix  chmod -R o+rX .\n"
        "         or zip on Linux\n"
        "\n"
        "1 error in 1 package. 1 rule checked, 1 not applicable\n"
    )


@pytest.mark.parametrize(
    ("paths", "where"),
    [
        ([None], ""),
        (["app.py"], "   app.py"),
        (["a.py", "b.py"], "   a.py, b.py"),
        (["a.py", "b.py", "c.py"], "   a.py, b.py, c.py"),
        (["a.py", "b.py", "c.py", "d.py", *"efghijklmnopqrstuvwxyz"], "   a.py, b.py, and 24 more"),
        (["a" * 70, "b"], f"   {'a' * 70}, and 1 more"),
        (["a" * 70], f"   {'a' * 70}"),
        ([f"{number}" for number in range(2500)], "   0, 1, and 2,498 more"),
    ],
)
def test_long_lists_are_counted(paths: list[str | None], where: str) -> None:
    assert text(made_verdict(made_finding(paths=paths)))[2] == f"error    LL901 rule-901{where}"


def test_where_a_finding_is() -> None:
    def where(finding: Finding) -> str:
        return text(made_verdict(finding))[2].removeprefix("error    LL901 rule-901").lstrip()

    assert where(made_finding(paths=[None], setting="Runtime")) == "Runtime"
    assert where(made_finding(setting="Handler")) == "app.py (Handler)"
    assert where(made_finding(line=12)) == "app.py:12"
    assert where(made_finding(package="deps.zip")) == "deps.zip: app.py"
    assert where(made_finding(package="deps.zip", paths=[None])) == "deps.zip"


def test_aws_without_a_code_and_on_several_lines() -> None:
    lines = text(made_verdict(made_finding(aws=Aws(None, "first\nsecond"))))
    assert lines[4:6] == ["    AWS  at init: first", "         second"]


@pytest.mark.parametrize(
    ("verdict", "header"),
    [
        (made_verdict(), "fn.zip   function   1 file, 46 bytes unzipped (under 1 % of the limit)"),
        (made_verdict(role=Role.LAYER), "fn.zip   layer   1 file, 46 bytes unzipped (under 1 % of the limit)"),
        (made_verdict(function={"Handler": "a.b"}), "fn.zip   a.b   1 file, 46 bytes unzipped (under 1 % of the limit)"),
        (made_verdict(size=None), "fn.zip   function   could not be opened"),
        (made_verdict(size=262_143_999), "fn.zip   function   1 file, 250.0 MB unzipped (99 % of the limit)"),
        (made_verdict(size=262_144_000), "fn.zip   function   1 file, 250.0 MB unzipped (100 % of the limit)"),
        (made_verdict(role=Role.IMAGE, size=1 << 31), "fn.zip   image   1 file, 2.0 GB unzipped"),
    ],
)
def test_header(verdict: Verdict, header: str) -> None:
    assert text(verdict)[0] == header


def test_all_is_well_on_one_line_each() -> None:
    assert rendered("text", made_verdict(path="a.zip"), made_verdict(path="b.zip")) == (
        "a.zip   function   1 file, 46 bytes unzipped (under 1 % of the limit)\n"
        "b.zip   function   1 file, 46 bytes unzipped (under 1 % of the limit)\n"
        "\n"
        "nothing found in 2 packages. 1 rule checked, 1 not applicable\n"
    )


def test_only_packages_with_findings_stand_apart() -> None:
    found = made_verdict(made_finding(package="b.zip"), path="b.zip")
    lines = text(made_verdict(path="a.zip"), found, made_verdict(path="c.zip"), made_verdict(path="d.zip"))
    firsts = [line.partition(" ")[0] or line.strip() for line in lines]
    assert firsts == ["a.zip", "", "b.zip", "", "error", "a fact", "", "c.zip", "d.zip", "", "1", ""]


def test_quiet_report_of_several_packages_names_them() -> None:
    verdicts = [made_verdict(made_finding(package=path), path=path) for path in ("a.zip", "b.zip")]
    assert text(*verdicts, verbosity=-1) == [
        "error    LL901 rule-901   a.zip: app.py", "         a fact", "", "error    LL901 rule-901   b.zip: app.py", "         a fact", "",
    ]  # fmt: skip
    whole = made_verdict(made_finding(paths=[None]))
    assert text(whole, whole, verbosity=-1)[0] == "error    LL901 rule-901   fn.zip"


def test_summary_names_what_is_lacking() -> None:
    skips = [
        *(Skip(made_rule(number), Lacking("the Region", "--region")) for number in (902, 903, 904)),
        Skip(made_rule(905), Lacking("the content of arn:aws:lambda:eu-west-1:1:layer:deps:7")),
    ]
    verdict = made_verdict(made_finding(), made_finding(severity=Severity.NOTE), skips=skips)
    assert text(verdict)[-2] == (
        "1 error and 1 note in 1 package. 1 rule checked, 1 not applicable, "
        "4 skipped: 3 want --region, 1 wants the content of arn:aws:lambda:eu-west-1:1:layer:deps:7"
    )
    assert "skipped  LL902 rule-902   wants the Region (--region)" in text(verdict, verbosity=1)
    assert text(verdict, verdict, verbosity=1).count("fn.zip:") == 2, "whose skips they are"


def test_crash_is_loud_in_every_format() -> None:
    crash = Crash(made_rule(909), ValueError("hunter2"))
    shown = {form: rendered(form, made_verdict(crashes=[crash])) for form in FORMATS}
    assert "CRASHED  LL909 rule-909\n         ValueError\n" in shown["text"]
    assert "1 crashed rule in 1 package" in shown["text"]
    assert shown["github"].startswith("::error file=fn.zip,title=LL909 rule-909 crashed::lambdalint failed: ValueError\n")
    assert json.loads(shown["json"])["packages"][0]["crashed"] == [{"rule": "LL909", "name": "rule-909", "error": "ValueError"}]
    assert "hunter2" not in "".join(shown.values())


def test_verbose_shows_every_place() -> None:
    lines = text(made_verdict(made_finding(paths=[f"{number}.py" for number in range(250)])), verbosity=1)
    assert [line for line in lines if line.startswith("         - ")][-2:] == ["         - 99.py", "         - and 150 more"]


def test_colour_and_links_change_no_word() -> None:
    findings = made_finding(fix="x", aws=Aws("E", "m")), made_finding(severity=Severity.NOTE)
    verdict = made_verdict(*findings, crashes=[Crash(made_rule(909), OSError())])
    plain = rendered("text", verdict)
    colored = rendered("text", verdict, style=Style(color=True, links=True))
    assert colored != plain
    assert re.sub(r"\x1b\[[\d;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", colored) == plain


def test_link_leads_to_the_source(face: Face) -> None:
    rules = {rule.id: rule for rule in __import__("lambdalint.book").book.load([face.rules])}
    finding = Finding(rules["LL901"], Severity.ERROR, Phase.INIT, [Place("fn.zip", "a")], "m", None, None, None)
    shown = rendered("text", made_verdict(finding), style=Style(links=True))
    assert "\x1b]8;;https://docs.aws.amazon.com/lambda/latest/dg/welcome.html\x1b\\LL901 marked-file\x1b]8;;\x1b\\" in shown


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "variables", "expected"),
    [
        ("auto", {"TERM": "xterm"}, (True, True)),
        ("auto", {"TERM": "dumb"}, (False, False)),
        ("auto", {"NO_COLOR": "1"}, (False, False)),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, (True, False)),
        ("never", {"FORCE_COLOR": "1"}, (False, False)),
        ("always", {"NO_COLOR": "1"}, (True, True)),
    ],
)
def test_style_of_a_terminal(choice: str, variables: dict[str, str], expected: tuple[bool, bool]) -> None:
    style = style_for(Terminal(), choice, 0, variables)  # type: ignore[arg-type]
    assert (style.color, style.links) == expected


# JSON


def test_json_has_the_form_that_was_promised() -> None:
    finding = made_finding("m", paths=["a", "b"], line=3, setting="Handler", aws=Aws(None, "t"), fix="f")
    skip = [Skip(made_rule(902), Lacking("the handler", "--handler")), Skip(made_rule(902), Lacking("the content of x"))]
    document = json.loads(rendered("json", made_verdict(finding, skips=skip, function={"Runtime": "python3.12"})))
    del document["lambdalint"]
    assert document == {
        "schema": 1,
        "packages": [
            {
                "package": "fn.zip", "kind": "function", "form": "zip", "size": 100, "unzipped_size": 46,
                "function": {"Runtime": "python3.12"},
                "findings": [
                    {
                        "rule": "LL901", "name": "rule-901", "severity": "error", "phase": "init",
                        "package": "fn.zip", "path": "a", "setting": "Handler", "line": 3,
                        "places": [{"path": "a", "line": 3}, {"path": "b", "line": 3}], "count": 2,
                        "message": "m", "aws": {"code": None, "message": "t"}, "fix": "f", "url": None,
                    }
                ],
                "skipped": [{"rule": "LL902", "name": "rule-902", "lacking": ["handler", "the content of x"]}],
                "crashed": [],
            }
        ],
        "summary": {"errors": 1, "warnings": 0, "notes": 0, "rules_checked": 1, "rules_skipped": 1, "rules_not_applicable": 1},
    }  # fmt: skip


def test_json_keeps_to_its_schema(face: Face) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    layer = face.zip("layer.zip", "python/bad.py")
    (face.directory / "no.zip").touch()
    (face.directory / "folder").mkdir()
    packages = ["no.zip", "folder", face.zip("fn.zip", "bad.py", "poor.py", "odd.py")]
    many = face.zip("many.zip", *(f"bad{number}" for number in range(150)))
    out = face.run("--rules", face.rules, *packages, many, "--layer", layer, "--output-format", "json")[1]
    report = json.loads(out)
    jsonschema.validate(report, SCHEMA)
    finding = report["packages"][3]["findings"][0]
    assert (len(finding["places"]), finding["count"]) == (100, 150)
    for package in report["packages"]:
        assert package["findings"]


@pytest.mark.parametrize("key", ["rule", "severity", "places", "count", "aws", "fix"])
def test_schema_notices_what_is_missing(key: str) -> None:
    report = json.loads(rendered("json", made_verdict(made_finding())))
    del report["packages"][0]["findings"][0][key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report, SCHEMA)


# GitHub


def commands(shown: str) -> list[tuple[str, dict[str, str], str]]:
    """Parse workflow commands as GitHub's runner does."""
    found = []
    for line in shown.splitlines():
        if match := re.match(r"::(\w+) ([^:]*)::(.*)$", line):
            properties = dict(pair.split("=", 1) for pair in match.group(2).split(","))
            unescaped = {
                name: value.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
                for name, value in properties.items()
            }
            message = match.group(3).replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
            found.append((match.group(1), unescaped, message))
    return found


def test_github_annotates_the_package() -> None:
    verdict = made_verdict(
        made_finding("100 % sure", aws=Aws("E", "one\ntwo"), fix="f", package="a,b:c%.zip", setting="Handler"),
        made_finding(severity=Severity.WARNING, paths=[None]),
        made_finding(severity=Severity.NOTE),
        path="a,b:c%.zip",
    )
    shown = rendered("github", verdict)
    assert shown.splitlines()[0] == (
        "::error file=a%2Cb%3Ac%25.zip,title=LL901 rule-901::"
        "app.py, Handler: 100 %25 sure%0AAWS at init: E: one%0Atwo%0Afix: f"
    )
    assert [(command, told["file"], message.split("\n")[0]) for command, told, message in commands(shown)] == [
        ("error", "a,b:c%.zip", "app.py, Handler: 100 % sure"),
        ("warning", "fn.zip", "a fact"),
        ("notice", "fn.zip", "app.py: a fact"),
    ]
    assert shown.splitlines()[-1] == "lambdalint: 1 error, 1 warning and 1 note in 1 package. 1 rule checked, 1 not applicable"


@pytest.mark.parametrize(("number", "shown", "more"), [(9, 9, None), (10, 10, None), (11, 10, "+1 more"), (34, 10, "+24 more")])
def test_github_shows_ten_of_each_severity_in_a_run(number: int, shown: int, more: str | None) -> None:
    findings = [made_finding(f"fact {n}", severity=severity) for severity in Severity for n in range(number)]
    half = len(findings) // 2
    found = commands(rendered("github", made_verdict(*findings[:half]), made_verdict(*findings[half:])))
    for command in ("error", "warning", "notice"):
        messages = [message for name, _, message in found if name == command]
        assert len(messages) == shown
        assert not any("more" in message for message in messages[:9])
        assert more is None or messages[9].endswith(f"\n{more}")


def test_github_quiet_has_annotations_only() -> None:
    assert rendered("github", made_verdict(), style=Style(verbosity=-1)) == ""


# No name gets through

HOSTILE = st.text(
    st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Lu", "Po", "Nd"))
    | st.sampled_from(["\n", "\r", "\x1b", "\x9b", "\u202e", "\u2028", "\u3164", "\ufe0f", "\ud800", "\udcff", ":", "#", "[", "%", ","]),
    max_size=20,
) | st.sampled_from([
    "::error::x", "\n::error file=x::y", "  ::stop-commands::t", "##[error]x", "##vso[task.setvariable]x", "\r\n##[group]", "%0A::error::",
    "\x1b]8;;http://x\x1b\\y", "a::b::c", "###[x", "####[error]", ":::error::", "\u200b::error::x", "x\n \t::debug::",
])  # fmt: skip
FINDINGS = st.builds(
    made_finding,
    HOSTILE,
    severity=st.sampled_from(Severity),
    paths=st.lists(st.none() | HOSTILE, min_size=1, max_size=5),
    package=HOSTILE,
    line=st.none() | st.integers(1, 9),
    setting=st.none() | HOSTILE,
    aws=st.none() | st.builds(Aws, st.none() | HOSTILE, HOSTILE),
    fix=st.none() | HOSTILE,
)
VERDICTS = st.builds(
    lambda findings, path, handler, lacking: made_verdict(
        *findings, path=path, function={"Handler": handler}, skips=[Skip(made_rule(902), Lacking(lacking))]
    ),
    st.lists(FINDINGS, max_size=3), HOSTILE, HOSTILE, HOSTILE,
)  # fmt: skip


def assert_harmless(shown: str) -> None:
    assert all(char.isprintable() for char in shown if char != "\n")
    assert not re.search("[\u115f\u3164\ufe0f]", shown), "printable, and yet nobody sees it"
    shown.encode()


@given(VERDICTS, st.sampled_from([-1, 0, 1]))
def test_no_name_gets_through_as_text(verdict: Verdict, verbosity: int) -> None:
    shown = rendered("text", verdict, verdict, style=Style(verbosity=verbosity))
    assert_harmless(shown)
    assert not COMMAND.search(shown)


@given(VERDICTS)
def test_no_name_gets_through_to_github(verdict: Verdict) -> None:
    shown = rendered("github", verdict)
    assert_harmless(shown)
    lines = shown.split("\n")
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in lines[:-2])
    assert len(commands(shown)) == len(verdict.findings)
    assert not re.search(r"##\w*\[", shown)
    assert lines[-2].startswith("lambdalint: ")


def paired(name: str) -> str:
    """Return what JSON can say of a name: two surrogates in a row that make a letter are that letter. No reader of ours yields them."""
    return name.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(VERDICTS)
def test_json_carries_the_true_names(verdict: Verdict) -> None:
    shown = rendered("json", verdict)
    assert shown.isascii()
    assert_harmless(shown)
    assert not COMMAND.search(shown)
    (package,) = json.loads(shown)["packages"]
    assert package["package"] == paired(verdict.path)
    paths = [finding.place.path for finding in verdict.findings]
    assert [finding["path"] for finding in package["findings"]] == [path and paired(path) for path in paths]
    assert [finding["message"] for finding in package["findings"]] == [paired(finding.message) for finding in verdict.findings]


@given(VERDICTS)
def test_formats_tell_the_same_findings(verdict: Verdict) -> None:
    told = [
        (finding["severity"], finding["rule"], finding["count"])
        for finding in json.loads(rendered("json", verdict))["packages"][0]["findings"]
    ]
    lines = text(verdict, verbosity=-1)
    heads = [number for number, line in enumerate(lines) if re.match(r"(error|warning|note) +LL\d{3} ", line)]
    assert len(heads) == len(told)
    annotated = commands(rendered("github", verdict))
    assert len(annotated) == len(told)
    for number, (severity, rule, count), finding in zip(heads, told, verdict.findings, strict=True):
        assert lines[number].split()[:2] == [severity, rule]
        assert count == finding.count
        path, message = finding.place.path, visible(finding.message)
        assert path is None or visible(path or ".") in lines[number]
        assert lines[number + 1] == f"         {message}"
        assert any(message in annotation for _, _, annotation in annotated)


@given(st.text(st.characters(categories=("L", "N", "P", "S"), exclude_characters=":#")))
def test_what_is_harmless_stays(name: str) -> None:
    if not any(visible(char) != char for char in name):
        assert visible(name) == name


@pytest.mark.parametrize(
    "name", ["Assembly::Namespace.Type::Method", "source.Lambda::Handler.process", "app::handler", "#comment", "a # [b]", "日本.py"]
)
def test_names_of_good_people_stay(name: str) -> None:
    assert visible(name) == name


@given(HOSTILE)
def test_visible_lines_part_at_line_feeds_only(name: str) -> None:
    lines = visible_lines(name)
    assert len(lines) == name.count("\n") + 1
    for line in lines:
        assert_harmless(line)


# From bytes to every format


def test_real_package_with_hostile_names(face: Face) -> None:
    names = ["bad\x1b[31m.py", "bad\n::error::x", "bad\u202egnp.py", "::error file=bad::x"]
    package = face.zip("fn.zip", *names)
    for form in FORMATS:
        shown = face.own(package, "--output-format", form, "-v")[1]
        assert_harmless(shown)
        assert not re.search(r"^\s*::error (?!file=fn\.zip)|##\w*\[", shown, re.MULTILINE)
    (finding,) = face.report(package)["packages"][0]["findings"]
    assert sorted(place["path"] for place in finding["places"]) == sorted(names)


def test_unopened_package_is_in_every_format() -> None:
    target = Target(Archive("x.zip", Form.UNKNOWN, 0), None, Function())
    report = lint([target], [made_rule()])
    for form in FORMATS:
        assert "x.zip" in reporter(form).render(report, Style()) or form == "github"
