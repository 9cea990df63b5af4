"""AWS's facts: laws that the tables keep, and what is worked out from them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.aws import environment, errors, limits
from lambdalint.aws.runtimes import AS_OF, GLIBC, RUNTIMES, Runtime, looks_future, nearest
from lambdalint.function import Environment
from lambdalint.model import Aws

ROOT = Path(__file__).parent.parent
CORPUS = Path(os.environ.get("LAMBDALINT_CORPUS", ROOT.parent / "shared"))

#: AWS's own table blocks new functions of these before it says that they are deprecated.
BLOCKED_BEFORE_DEPRECATED = {"nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "dotnetcore2.0"}

everyone = pytest.mark.parametrize("runtime", RUNTIMES.values(), ids=str)


# Runtimes.


@everyone
def test_a_row_is_filed_under_its_name(runtime: Runtime) -> None:
    assert RUNTIMES[runtime.name] is runtime
    assert runtime.name.startswith(runtime.family)
    assert runtime.family in {"python", "nodejs", "java", "dotnet", "ruby", "go", "provided", "custom"}


@everyone
def test_a_successor_is_a_runtime_that_has_none_itself(runtime: Runtime) -> None:
    if runtime.successor is not None:
        assert RUNTIMES[runtime.successor].successor is None
        assert RUNTIMES[runtime.successor].in_api
        assert runtime.is_deprecated(AS_OF) <= (not RUNTIMES[runtime.successor].is_deprecated(AS_OF))


@everyone
def test_dates_are_dates_in_order(runtime: Runtime) -> None:
    dates = [day for day in (runtime.deprecated, runtime.create_block, runtime.update_block) if day is not None]
    assert [date.fromisoformat(day).isoformat() for day in dates] == dates
    if runtime.name in BLOCKED_BEFORE_DEPRECATED:
        assert dates != sorted(dates)
        assert dates[1:] == sorted(dates[1:])
    else:
        assert dates == sorted(dates)


@everyone
def test_a_date_that_is_missing_has_its_reason(runtime: Runtime) -> None:
    if runtime.in_api and not runtime.is_preview and runtime.family != "custom":
        assert runtime.deprecated
        assert runtime.create_block
        assert runtime.update_block
    else:
        assert runtime.create_block is None
        assert runtime.update_block is None


@everyone
def test_numbers_are_those_of_the_name(runtime: Runtime) -> None:
    assert ".".join(map(str, runtime.number)) == runtime.version
    assert runtime.version in runtime.name or runtime.name == "nodejs"


@everyone
def test_system_and_cpus_go_together(runtime: Runtime) -> None:
    if runtime.os is None:
        assert runtime.name == "custom"
        assert runtime.architectures is None
        assert runtime.glibc is None
    else:
        assert runtime.glibc == GLIBC[runtime.os]
        assert runtime.architectures
        assert set(runtime.architectures) <= set(limits.ARCHITECTURES)
        assert "arm64" not in runtime.architectures or runtime.os != "AL1"


@everyone
def test_snap_start_is_of_java_11_python_3_12_and_dotnet_8(runtime: Runtime) -> None:
    since = {"java": (11,), "python": (3, 12), "dotnet": (8,)}.get(runtime.family)
    if runtime.is_preview or runtime.family == "custom":
        assert runtime.snap_start is None
    elif runtime.name.startswith("dotnetcore"):
        assert runtime.snap_start is False
    else:
        assert runtime.snap_start is (since is not None and runtime.number >= since)


def test_dates_tell_what_aws_refuses() -> None:
    runtime = RUNTIMES["nodejs20.x"]
    told = [
        (runtime.is_deprecated(day), runtime.refuses_creation(day), runtime.refuses_update(day))
        for day in ("2026-04-29", "2026-04-30", "2027-01-31", "2027-02-01", "2027-03-02", "2027-03-03")
    ]
    assert told == [
        (False, False, False),
        (True, False, False),
        (True, False, False),
        (True, True, False),
        (True, True, False),
        (True, True, True),
    ]
    preview = RUNTIMES["nodejs26.x"]
    assert preview.is_preview
    assert not preview.is_deprecated("9999-12-31")
    assert not preview.refuses_creation("9999-12-31")
    assert not preview.refuses_update("9999-12-31")


def test_the_sdk_that_a_runtime_carries() -> None:
    carried = {name: RUNTIMES[name].sdk for name in ("nodejs16.x", "nodejs18.x", "python3.14", "ruby4.0", "java25")}
    assert carried == {
        "nodejs16.x": "aws-sdk",
        "nodejs18.x": "@aws-sdk",
        "python3.14": "boto3",
        "ruby4.0": "aws-sdk",
        "java25": None,
    }


def test_the_table_holds_every_fact_collected() -> None:
    path = CORPUS / "facts" / "lambda_facts.json"
    if not path.exists():
        pytest.skip("the collection of facts is not at hand")
    collected = json.loads(path.read_text(encoding="utf-8"))["runtimes"]
    assert set(collected) == set(RUNTIMES)
    for name, facts in collected.items():
        runtime = RUNTIMES[name]
        for field in ("family", "deprecated", "create_block", "update_block", "successor"):
            assert getattr(runtime, field) == facts[field], (name, field)
        assert runtime.in_api is facts["in_api_enum"]
        if runtime.architectures is not None:
            assert (runtime.os, runtime.glibc) == (facts["os"], facts["glibc"])
            assert list(runtime.architectures) == facts["architectures"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("python312", "python3.12"),
        ("Python3.12", "python3.12"),
        ("PYTHON3.9", "python3.9"),
        ("python-3.12", "python3.12"),
        ("py3.12", "python3.12"),
        ("python3.12.1", "python3.12"),
        ("pyhton3.12", "python3.12"),
        ("python31.2", "python3.12"),
        ("python3.12\n", "python3.12"),
        ("python3", "python3.14"),
        ("python2", "python2.7"),
        ("nodejs20", "nodejs20.x"),
        ("node20.x", "nodejs20.x"),
        ("Node.js 20", "nodejs20.x"),
        ("nodejs20.11", "nodejs20.x"),
        ("nodejs-20.x", "nodejs20.x"),
        ("nodejs8", "nodejs8.10"),
        ("nodejs4", "nodejs4.3"),
        ("node", "nodejs24.x"),
        ("dotnet8.0", "dotnet8"),
        (".NET8", "dotnet8"),
        ("dotnetcore8", "dotnet8"),
        ("dotnet3.1", "dotnetcore3.1"),
        ("java8-al2", "java8.al2"),
        ("java8.al2032", "java8.al2023"),
        ("java21.al2023", "java21"),
        ("corretto17", "java17"),
        ("ruby3.3.x", "ruby3.3"),
        ("ruby33", "ruby3.3"),
        ("ruby4", "ruby4.0"),
        ("go", "provided.al2023"),
        ("go1.21", "provided.al2023"),
        ("rust", "provided.al2023"),
        ("provided.al2022", "provided.al2023"),
        ("provided-al2", "provided.al2"),
        # No runtime fits, and the wrong one would be worse than none.
        ("dotnet9", None),
        ("dotnet5", None),
        ("nodejs13.x", None),
        ("java18", None),
        ("php8.1", None),
        ("3.12", None),
        ("", None),
        ("python" * 20, None),
        ("python" + "9" * 5000, None),
    ],
)
def test_the_nearest_name(written: str, meant: str | None) -> None:
    assert nearest(written) == meant


@everyone
def test_a_right_name_is_nearest_to_itself(runtime: Runtime) -> None:
    assert nearest(runtime.name) == (runtime.name if runtime.in_api else None)
    assert not looks_future(runtime.name)


@given(st.text())
def test_any_text_has_a_nearest_name_or_none(text: str) -> None:
    assert nearest(text) in {None, *RUNTIMES}
    assert not (looks_future(text) and text in RUNTIMES)


@pytest.mark.parametrize(
    "name",
    [
        "nodejs28.x", "python3.16", "python3.20", "python4.0", "java29", "dotnet11", "ruby4.1", "ruby5.0",
        "provided.al2027", "java21.al2027", "python3.14.al2027", "nodejs28.x.al2027",
    ],
)  # fmt: skip
def test_a_newer_runtime_may_exist(name: str) -> None:
    assert looks_future(name)


@pytest.mark.parametrize(
    "name",
    [
        "nodejs13.x", "nodejs25.x", "nodejs28", "python3.99", "nodejs280.x", "python3.1", "python312", "python31.2", "java24",
        "java8.al2022", "java21.al2023", "dotnet8.0", "dotnet9", "ruby3.5", "go2.x", "provided.al2022", "provided.al3",
        "custom2", "Python3.16", "python3.16 ", "python3." + "9" * 5000, "",
    ],
)  # fmt: skip
def test_these_are_no_newer_runtimes(name: str) -> None:
    assert not looks_future(name)


# Limits.

PATTERNS = {name: value for name, value in vars(limits).items() if name.endswith("_PATTERN")}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_compiles_and_refuses_a_line_feed(name: str) -> None:
    re.compile(PATTERNS[name])
    assert not limits.fits(PATTERNS[name], "x\n")


def test_patterns_fit_the_whole_text_in_ascii() -> None:
    assert limits.fits(limits.HANDLER_PATTERN, "app.handler")
    assert limits.fits(limits.HANDLER_PATTERN, "grüße.handler")
    assert not limits.fits(limits.HANDLER_PATTERN, "app.handler ")
    assert not limits.fits(limits.HANDLER_PATTERN, "")
    layer = "arn:aws:lambda:eu-west-1:123456789012:layer:deps"
    assert limits.fits(limits.LAYER_ARN_PATTERN, f"{layer}:7")
    assert limits.fits(limits.LAYER_ARN_PATTERN, "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:layer:deps:7")
    assert not limits.fits(limits.LAYER_ARN_PATTERN, layer)
    assert not limits.fits(limits.LAYER_ARN_PATTERN, f"{layer}:\u0667")
    access_point = "arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-0123456789abcdef0"
    assert limits.fits(limits.FILE_SYSTEM_ARN_PATTERN, access_point)
    assert not limits.fits(limits.FILE_SYSTEM_ARN_PATTERN, f"{access_point}0")


def test_sizes_are_those_in_the_texts_of_aws() -> None:
    assert limits.ZIP_DIRECT == 52_428_800
    assert limits.UNZIPPED == limits.UNZIPPED_WITH_LAYERS == 262_144_000
    assert limits.IMAGE_UNCOMPRESSED == 10_737_418_240
    # A zip at its limit still fits the request that carries it, with 256 KiB to spare.
    assert limits.REQUEST_CREATE_FUNCTION == -(-limits.ZIP_DIRECT * 4 // 3) + 262_144
    assert (limits.MEMORY[0], limits.MEMORY[-1]) == (128, 10_240)
    assert limits.DEFAULT_TIMEOUT in limits.TIMEOUT
    assert limits.DEFAULT_ARCHITECTURE in limits.ARCHITECTURES


def test_kinds_of_functions_name_runtimes_that_exist() -> None:
    assert set(RUNTIMES) >= limits.DURABLE_RUNTIMES
    assert {runtime.family for runtime in RUNTIMES.values()} >= limits.MANAGED_RUNTIMES_SINCE.keys()


# The environment.


def test_no_key_is_both_reserved_and_free() -> None:
    assert not environment.RESERVED & environment.OVERRIDABLE
    assert environment.RESERVED > environment.RESERVED_BY_PAGE
    assert environment.OVERRIDABLE > environment.SEARCH_PATHS
    assert {key for key in environment.RESERVED if not environment.is_valid_key(key)} == {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }


@pytest.mark.parametrize("key", ["AB", "a1", "A_", "PATH", "aws_region"])
def test_a_key_that_the_api_takes(key: str) -> None:
    assert environment.is_valid_key(key)


@pytest.mark.parametrize("key", ["", "A", "1A", "_A", "A-B", "A B", "A.B", "AB\n", "ÄÄ", "A\u0663"])
def test_a_key_that_the_api_refuses(key: str) -> None:
    assert not environment.is_valid_key(key)


@pytest.mark.parametrize(
    ("key", "runtime", "first", "last"),
    [
        ("PATH", "python3.12", "/var/lang/bin", "/opt/bin"),
        ("LD_LIBRARY_PATH", "provided.al2023", "/var/lang/lib", "/opt/lib"),
        ("PYTHONPATH", "python3.12", "/var/runtime", "/var/runtime"),
        ("NODE_PATH", "nodejs22.x", "/opt/nodejs/node22/node_modules", "/var/task"),
        ("GEM_PATH", "ruby3.4", "/var/task/vendor/bundle/ruby/3.4.0", "/opt/ruby/gems/3.4.0"),
    ],
)
def test_what_a_search_path_holds(key: str, runtime: str, first: str, last: str) -> None:
    path = environment.default_path(key, RUNTIMES[runtime])
    assert path is not None
    assert (path[0], path[-1]) == (first, last)


@pytest.mark.parametrize(
    ("key", "runtime"),
    [("NODE_PATH", "python3.12"), ("PYTHONPATH", "nodejs22.x"), ("RUBYLIB", "ruby3.4"), ("HOME", "ruby3.4")],
)
def test_what_is_no_search_path_of_the_runtime_or_not_told(key: str, runtime: str) -> None:
    assert environment.default_path(key, RUNTIMES[runtime]) is None


@given(st.dictionaries(st.text(), st.text()))
def test_variables_measure_as_compact_json(variables: dict[str, str]) -> None:
    compact = json.dumps(variables, ensure_ascii=False, separators=(",", ":"))
    assert environment.measured(variables) == len(compact.encode())
    assert environment.measured(Environment(variables)) == len(compact.encode())


@given(st.dictionaries(st.text(st.sampled_from('a"\\\b\f\n\r\t\0\x1f\x7fé€😀\u2028'), max_size=9), st.just("/")))
def test_escapes_measure_as_compact_json(variables: dict[str, str]) -> None:
    compact = json.dumps(variables, ensure_ascii=False, separators=(",", ":"))
    assert environment.measured(variables) == len(compact.encode())


def test_variables_measure_as_aws_has_measured_them() -> None:
    assert environment.measured({}) == 2
    assert environment.measured({"BUCKET": "my-bucket", "KEY": "file.txt"}) == 39
    assert environment.measured({"LONE": "\udc80"}) == len('{"LONE":"???"}')
    # The refusal that the source of ``measured`` cites: a public key of RSA 2048 is a PEM of nine lines and 451 bytes.
    lines = ["-----BEGIN PUBLIC KEY-----", *["M" * 64] * 6, "M" * 8, "-----END PUBLIC KEY-----"]
    variables = {"SIGNING_PUBLIC_KEY": "".join(f"{line}\n" for line in lines)}
    assert len(variables["SIGNING_PUBLIC_KEY"]) == 451
    variables |= {f"VARIABLE_{number}": "x" * 10 for number in range(9)}
    told = sum(len(key) + len(value) for key, value in variables.items())
    variables["IDENTITY_JWT_ROUTE_KEYS"] = "x" * (869 + 3600 - told - len("IDENTITY_JWT_ROUTE_KEYS"))
    assert environment.measured(variables) == 4545


# What AWS says.


def test_texts_never_hold_a_value_of_a_variable() -> None:
    said = errors.environment_too_large(Environment({"TOKEN": "s3cret" * 1000}))
    assert said.message.endswith("exceeded the 4KB limit. Measured size: 6012 bytes")
    assert "s3cret" not in said.message


def test_texts_carry_the_values_of_this_package() -> None:
    assert errors.reserved_keys(["AWS_REGION", "AWS_ACCESS_KEY_ID"]).message.endswith(
        "Reserved keys used in this request: AWS_REGION, AWS_ACCESS_KEY_ID"
    )
    assert errors.request_too_large(70_167_211, "CreateFunction").message == (
        "Request must be smaller than 70167211 bytes for the CreateFunction operation"
    )
    assert errors.total_too_large(263_669_938).message.endswith("The actual size is 263669938 bytes.")
    assert errors.UNZIPPED_TOO_LARGE.message == "Unzipped size must be smaller than 262144000 bytes"


def test_a_number_out_of_range_is_too_low_or_too_high() -> None:
    low, high = errors.out_of_range(0, "timeout", limits.TIMEOUT), errors.out_of_range(901, "timeout", limits.TIMEOUT)
    assert low.message.endswith("constraint: Member must have value greater than or equal to 1")
    assert high.message.endswith("constraint: Member must have value less than or equal to 900")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (errors.not_executable("bootstrap"), "fork/exec /var/task/bootstrap: permission denied"),
        (errors.not_executable("bootstrap", "/opt"), "fork/exec /opt/bootstrap: permission denied"),
        (errors.not_executable("var/task/bootstrap", ""), "fork/exec /var/task/bootstrap: permission denied"),
        (errors.cannot_start("bootstrap", errors.OTHER_FORMAT), "fork/exec /var/task/bootstrap: exec format error"),
        (errors.no_bootstrap(), "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]"),
        (errors.no_bootstrap(["uvicorn"]), "Couldn't find valid bootstrap(s): [uvicorn]"),
    ],
)
def test_what_is_said_of_a_program(said: Aws, message: str) -> None:
    assert (said.code, said.message) == ("Runtime.InvalidEntrypoint", message)


@pytest.mark.parametrize(
    ("path", "root"), [("extensions/x", "/var/task"), ("extensions/x", "/opt"), ("opt/extensions/x", "")]
)
def test_an_extension_lies_in_a_layer_or_an_image(path: str, root: str) -> None:
    said = errors.not_executable(path, root)
    assert (said.code, said.message) == ("Extension.LaunchError", "fork/exec /opt/extensions/x: permission denied")


@pytest.mark.parametrize(
    ("said", "code", "message"),
    [
        (errors.unreadable("app.py"), "PermissionError", "[Errno 13] Permission denied: '/var/task/app.py'"),
        (errors.unreadable("lib/x.py", "/opt"), "PermissionError", "[Errno 13] Permission denied: '/opt/lib/x.py'"),
        (errors.unreadable("index.mjs"), "Error", "EACCES: permission denied, open '/var/task/index.mjs'"),
        (errors.unreadable("lib/app.rb"), "Init<LoadError>", "cannot load such file -- lib/app"),
    ],
)
def test_what_is_said_of_a_file_that_may_not_be_read(said: Aws, code: str, message: str) -> None:
    assert (said.code, said.message) == (code, message)


def test_nothing_is_said_of_a_file_whose_reader_is_not_known() -> None:
    assert errors.unreadable("data/model.bin") is None
    assert errors.unreadable("bootstrap") is None


def recorded() -> list[tuple[str, str]]:
    """Return the error codes and texts that AWS has answered to LocalStack's tests."""
    lines = (ROOT / "fixtures" / "aws" / "recorded.txt").read_text(encoding="utf-8").splitlines()
    return [(parts[0], " | ".join(parts[1:-1])) for parts in (line.split(" | ") for line in lines)]


@pytest.mark.parametrize(
    "said",
    [
        errors.COULD_NOT_UNZIP,
        errors.ZIP_TOO_LARGE,
        errors.UNZIPPED_TOO_LARGE,
        errors.TOO_MANY_LAYERS,
        errors.request_too_large(limits.REQUEST_CREATE_FUNCTION, "CreateFunction"),
        errors.runtime_unsupported("go1.x"),
        errors.unknown_architecture("[X86_64]"),
        errors.constraint("[x86_64, arm64]", "architectures", "Member must have length less than or equal to 1"),
        errors.constraint("r1", "role", f"Member must satisfy regular expression pattern: {limits.ROLE_PATTERN}"),
        errors.layer_elsewhere("<region>"),
    ],
    ids=lambda said: said.message[:40],
)
def test_a_text_is_what_aws_has_answered(said: Aws) -> None:
    assert (said.code, said.message) in recorded()


def test_the_text_of_an_unknown_runtime_is_what_aws_has_answered_but_for_the_list() -> None:
    said = errors.runtime_not_in_enum("PYTHON3.9")
    pattern = re.escape(said.message).replace(re.escape("[...]"), r"\[.+\]")
    assert any(code == said.code and re.fullmatch(pattern, message) for code, message in recorded())


# All of it.


def test_the_tables_load_fast_and_alone() -> None:
    heavy = {"json", "difflib", "dataclasses", "pathlib", "logging", "zipfile", "datetime"}
    script = (
        "import sys; before = set(sys.modules)\n"
        "from lambdalint.aws import errors, environment, limits, runtimes\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not heavy & set(done.stdout.split())
