"""Java handlers, judged by a real JVM and by lambdalint: whenever lambdalint says error, the JVM fails with that text."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.model import Severity
from tests.handlers.sight import Sight
from tests.handlers.test_java import CLASSES, ROOT, jar

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (shutil.which("javac") and shutil.which("java")), reason="there is no JDK"),
]

TREES: Mapping[str, Mapping[str, bytes]] = {
    "whole": CLASSES,
    "in a jar": {"lib/app.jar": jar(CLASSES)},
    "without base": {name: content for name, content in CLASSES.items() if not name.startswith("base/")},
    "base in a jar": {
        **{name: content for name, content in CLASSES.items() if not name.startswith("base/")},
        "lib/base.jar": jar({name: content for name, content in CLASSES.items() if name.startswith("base/")}),
    },
}


def handlers() -> list[str]:
    source = "".join(path.read_text() for path in (ROOT / "fixtures/binaries/java/src/example").iterdir())
    methods = sorted({*re.findall(r"\b(\w+)\(", source), "toString", "wait", "run", "valueOf", "nope"})
    names = sorted(name.removesuffix(".class").replace("/", ".") for name in CLASSES)
    return [f"{name}::{method}" for name in [*names, "example.Nope"] for method in methods]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("oracle")
    core = (ROOT / "fixtures/binaries/java/src/com").rglob("*.java")
    sources = [str(Path(__file__).with_name("EventHandlerLoader.java")), *map(str, core)]
    subprocess.run(["javac", "-nowarn", "-d", str(folder), *sources], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("tree", TREES)
def test_the_jvm_agrees(sight: Sight, tmp_path: Path, oracle: Path, tree: str) -> None:
    for name, content in TREES[tree].items():
        (tmp_path / "task" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "task" / name).write_bytes(content)
    client = "com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader"
    answers = subprocess.run(
        ["java", "-XX:TieredStopAtLevel=1", "-cp", str(oracle), client],
        input="".join(f"{tmp_path}/task\t{handler}\n" for handler in handlers()),
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    filesystem = sight.filesystem(TREES[tree])
    for handler, answer in zip(handlers(), answers, strict=True):
        resolution = sight.judge(filesystem, "java17", handler)
        errors = [fault.hit.aws for fault in resolution.faults if fault.hit.severity in (None, Severity.ERROR)]
        said = [f"{aws.code or 'null'}\t{aws.message}" for aws in errors if aws is not None]
        if said or not handler.startswith(("example.Classes$MyThread", "base.Gone$Problem")):  # whose parents the JDK has
            assert (handler, said or ["OK"]) == (handler, [answer])
