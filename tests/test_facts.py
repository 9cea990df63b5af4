"""What a rule may ask for: each fact is known, lacking with the option that tells it, or not applicable."""

from __future__ import annotations

import contextlib
import datetime
from pathlib import Path

import pytest

from lambdalint import Archive, Environment, Form, Function, Lacking, NotApplicable, Role
from lambdalint.facts import PER_PACKAGE, PROVIDERS, Facts
from lambdalint.target import Target
from tests.build import Recipe
from tests.cases import TODAY, opened

FULL = Function(
    runtime="python3.12", handler="app.handler", architectures=["arm64"], environment={"KEY": "secret"}, layers=[],
    memory_size=512, timeout=3, ephemeral_storage=1024, snap_start="None", upload="s3", region="eu-west-1",
    bucket_region="eu-west-2",
)  # fmt: skip


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Recipe({"files": [{"path": "app.py", "text": "def handler(event, context): pass\n"}]}, "").make(Form.ZIP, "package")


def facts(function: Function) -> Facts:
    return Facts(opened("package", function), today=TODAY, verify=True)


def test_nothing_is_lacking_of_a_function_that_was_told() -> None:
    known = facts(FULL)
    for name in PROVIDERS:
        with contextlib.suppress(NotApplicable):  # what only a layer or an image has
            known.get(name)
    assert known.get("architecture") == "arm64"
    assert str(known.get("handler")) == "app.handler"
    assert known.get("today") == datetime.date(2026, 11, 21)
    assert known.get("package") is known.get("package")


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("runtime_name", "--runtime"), ("runtime", "--runtime"), ("handler", "--handler"), ("architecture", "--architecture"),
        ("upload", "--upload"), ("region", "--region"),
    ],
)  # fmt: skip
def test_what_was_not_told_is_lacking_each_time(name: str, option: str) -> None:
    bare = facts(Function())
    for _ in range(2):
        with pytest.raises(Lacking) as caught:
            bare.get(name)
        assert caught.value.option == option


@pytest.mark.parametrize(
    "name",
    [
        "architectures", "environment", "layers", "memory_size", "timeout", "ephemeral_storage", "snap_start", "bucket_region",
    ],
)  # fmt: skip
def test_setting_with_a_default_of_its_own_is_not_applicable(name: str) -> None:
    with pytest.raises(NotApplicable):
        facts(Function()).get(name)


@pytest.mark.parametrize("architectures", [["sparc"], ["x86_64", "arm64"], []])
def test_architecture_that_aws_does_not_have_is_lacking(architectures: list[str]) -> None:
    with pytest.raises(Lacking, match="an architecture that AWS has"):
        facts(Function(architectures=architectures)).get("architecture")


def test_runtime_that_aws_does_not_have_is_lacking() -> None:
    unknown = facts(Function(runtime="python9"))
    assert unknown.get("runtime_name") == "python9"
    with pytest.raises(Lacking, match="what AWS says of the runtime python9"):
        unknown.get("runtime")


def test_layer_has_no_handler_and_lies_under_opt() -> None:
    layer = facts(Function(runtime="python3.12", handler="app.handler", role=Role.LAYER))
    for name in ("runtime_name", "handler"):
        with pytest.raises(NotApplicable):
            layer.get(name)
    assert layer.filesystem().file("/opt/app.py") is not None


def test_layer_is_judged_for_a_runtime_if_one_is_told() -> None:
    assert facts(Function(runtime="python3.12", role=Role.LAYER)).runtime().name == "python3.12"
    with pytest.raises(NotApplicable):
        facts(Function(role=Role.LAYER)).get("runtime")


@pytest.mark.parametrize("form", [Form.DOCKER, Form.OCI, Form.ROOTFS])
def test_image_names_its_own_handler(form: Form) -> None:
    target = opened("package", Function(runtime="python3.12"))
    image = Target(Archive("image", form, 1), target.package, target.function)
    assert image.role is Role.IMAGE
    known = Facts(image, today=TODAY, verify=True)
    for name in ("runtime", "handler", "image", "startup"):  # an archive that says nothing of what it holds
        with pytest.raises(Lacking):
            known.get(name)
    for name in ("runtime_name", "sizes"):
        with pytest.raises(NotApplicable):
            known.get(name)


def test_package_that_cannot_be_opened_is_lacking(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("<html>")
    unreadable = Facts(opened("page", FULL), today=TODAY, verify=True)
    assert unreadable.archive().flaws
    for name in ("package", "contents", "filesystem", "sizes", "surely"):
        with pytest.raises(Lacking, match="the content of page"):
            unreadable.get(name)


def test_layers_ask_the_function_for_what_is_not_their_own() -> None:
    whole = facts(FULL)
    layer = Facts(opened("package", Function(role=Role.LAYER)), today=TODAY, verify=True, function_facts=whole)
    assert layer.get("runtime") is whole.get("runtime")
    for name in PER_PACKAGE & {"archive", "package", "contents", "role"}:
        assert layer.get(name) is not whole.get(name)


def test_values_of_variables_stay_with_the_rules() -> None:
    assert "secret" not in str(FULL.api())
    environment = facts(FULL).get("environment")
    assert isinstance(environment, Environment)
    assert "secret" not in repr(environment)
    assert (list(environment), len(environment), "KEY" in environment, environment.get("NONE")) == (["KEY"], 1, True, None)


@pytest.mark.parametrize(
    ("paths", "told", "role"),
    [
        (["python/x.py"], {}, Role.LAYER),
        (["python/x.py", "lib/y.so"], {}, Role.LAYER),
        (["lib/y.jar"], {}, Role.FUNCTION),
        (["java/lib/y.jar", "lib/y.so"], {}, Role.LAYER),
        (["python/x.py"], {"handler": "app.handler"}, Role.FUNCTION),
        (["python/x.py", "app.py"], {}, Role.FUNCTION),
        (["lib"], {}, Role.FUNCTION),
        (["app.py"], {"role": Role.LAYER}, Role.LAYER),
    ],
)
def test_role_is_told_by_the_content_unless_said(paths: list[str], told: dict[str, object], role: Role) -> None:
    Recipe({"files": [{"path": path} for path in paths]}, "").make(Form.ZIP, "other")
    assert opened("other", Function(**told)).role is role  # type: ignore[arg-type]
