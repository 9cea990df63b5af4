"""The drift command, on a stored sample of the packages that it reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "fixtures" / "aws" / "sample.json"

Change = Callable[[dict[str, Any]], object]


def run(*arguments: str | Path) -> tuple[int, list[str]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, str(ROOT / "tools" / "drift.py"), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.splitlines()


def test_agreement_is_said_and_exits_zero() -> None:
    assert run("--sample", SAMPLE) == (0, ["no differences from botocore 1.44.5 and cfn-lint 1.58.0"])


CHANGES: list[tuple[Change, str]] = [
    (lambda s: s["shapes"]["Runtime"]["enum"].append("nodejs28.x"), "Runtime: nodejs28.x is in the API, not here"),
    (lambda s: s["shapes"]["Runtime"]["enum"].remove("nodejs"), "Runtime: nodejs is here, not in the API"),
    (lambda s: s["shapes"]["Architecture"]["enum"].append("riscv64"), "Architecture: riscv64 is in the API, not here"),
    (lambda s: s["shapes"]["Handler"].update(max=256), "Handler: 0 to 128 here, 0 to 256 in the API"),
    (lambda s: s["shapes"]["Timeout"].pop("max"), "Timeout: 1 to 5400 here, 1 to None in the API"),
    (lambda s: s["shapes"].pop("MemorySize"), "MemorySize: no longer in the API"),
    (
        lambda s: s["shapes"]["SubnetId"].update(pattern="subnet-.*"),
        "SubnetId: the pattern is subnet-[0-9a-z]* here, subnet-.* in the API",
    ),
    (
        lambda s: s["lifecycle"]["python3.12"].update({"create-block": "2029-01-01"}),
        "python3.12: create-block is 2028-11-30 here, 2029-01-01 in cfn-lint",
    ),
    (
        lambda s: s["lifecycle"]["nodejs20.x"].update(successor="nodejs26.x"),
        "nodejs20.x: successor is nodejs24.x here, nodejs26.x in cfn-lint",
    ),
    (lambda s: s["lifecycle"].pop("go1.x"), "go1.x: here, not in cfn-lint"),
    (lambda s: s["lifecycle"].update({"php8": {}}), "php8: in cfn-lint, not here"),
    (lambda s: s["reserved"].append("AWS_NEW"), "AWS_NEW: reserved in cfn-lint, not here"),
    (lambda s: s["reserved"].remove("AWS_REGION"), "AWS_REGION: reserved here, not in cfn-lint"),
    (
        lambda s: s["reserved"].append("AWS_LAMBDA_METADATA_API"),
        "AWS_LAMBDA_METADATA_API: reserved in cfn-lint now, so RESERVED_BY_PAGE need not name it",
    ),
]


def changed(folder: Path, change: Change) -> Path:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    change(sample)
    path = folder / "sample.json"
    path.write_text(json.dumps(sample), encoding="utf-8")
    return path


@pytest.mark.parametrize(("change", "line"), CHANGES, ids=[line.partition(":")[0] for _, line in CHANGES])
def test_a_change_is_seen(change: Change, line: str, tmp_path: Path) -> None:
    status, lines = run("--sample", changed(tmp_path, change))
    assert lines == [line, "1 difference from botocore 1.44.5 and cfn-lint 1.58.0"]
    assert status == 1


def test_every_difference_is_told(tmp_path: Path) -> None:
    def now_known(sample: dict[str, Any]) -> None:
        sample["lifecycle"]["java17.al2023"] = sample["lifecycle"]["java21"]

    status, lines = run("--sample", changed(tmp_path, now_known))
    assert status == 1
    assert lines == [
        "java17.al2023: in cfn-lint now, so NOT_IN_LIFECYCLE need not name it (dates from endoflife.date)",
        "java17.al2023: successor is None here, java25 in cfn-lint",
        "2 differences from botocore 1.44.5 and cfn-lint 1.58.0",
    ]


def test_a_sample_is_saved_as_it_was_read(tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    run("--sample", SAMPLE, "--save", saved)
    assert saved.read_bytes() == SAMPLE.read_bytes()
