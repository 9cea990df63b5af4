"""Python handlers, judged by awslambdaric and by lambdalint: whenever lambdalint says error, the client fails.

Needs a Python with awslambdaric: the one that runs the tests, or the one that LAMBDALINT_RIC_PYTHON names.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.function import Environment, Handler
from lambdalint.handlers import Fault, resolve
from tests.handlers.sight import Sight

PYTHON = os.environ.get("LAMBDALINT_RIC_PYTHON") or (importlib.util.find_spec("awslambdaric") and sys.executable)
pytestmark = [pytest.mark.real, pytest.mark.skipif(not PYTHON, reason="awslambdaric is not installed")]

Verdict = list[str] | None
Oracle = Callable[[dict[str, str], str], tuple[Verdict, list[Fault]]]

PARTS = ["app", "pkg", "lib", "helper", "queue", "wave", "json", "time"]
MEMBERS = ["handler", "main", "x"]
WHOLE = [
    "def {m}(event, context):\n    return 1", "def {m}(event, context):\n    return 1", "def {m}(event):\n    return 1",
    "async def {m}(event, context):\n    return 1", "def {m}(event, context):\n    yield 1", "{m} = lambda e, c: 1",
    "{m} = {n}", "{m} = {{}}", "{m} = None", "{m}: int", "del {m}", "{m}, {n} = 1, 2", "class {m}:\n    pass",
    "class {m}:\n    def __init__(self, a, b):\n        pass", "def {m}(a, b=1, *, c=2):\n    return 1",
    "def {m}(*, a):\n    return 1", "@staticmethod\ndef {m}(event, context):\n    return 1", "globals()['{m}'] = 1",
    "def outer():\n    global {m}\n    {m} = 1\nouter()", "print({m} := 3)", "__all__ = ['{m}', '{n}']",
    "match 1:\n    case {m}:\n        pass", "for {m} in [print]:\n    pass", "with open(__file__) as {m}:\n    pass",
    "import {d}", "import {d}", "import {d} as {m}", "from {d} import {m}", "from {d} import {m}", "from {d} import *",
    "from {d} import {p}", "from . import {p}", "from .{p} import {m}", "from ..{p} import {m}", "import {d}\n{d}.{m} = 1",
    "def {m}(event, context):\n    import {d}\n    return 1", "return 1", "x = (", "def f(a, a): pass",
    "import sys\nsys.path.insert(0, '{p}')", "def __getattr__(name):\n    return print", "raise ImportError('no')",
]  # fmt: skip
AROUND = [
    "{}", "{}", "{}", "try:\n{}\nexcept ImportError:\n    pass", "try:\n{}\nexcept KeyError:\n    pass",
    "try:\n    pass\nfinally:\n{}", "if True:\n{}", "if __name__ == '__main__':\n{}", "if len('a') == 1:\n{}",
    "for _ in [1]:\n{}", "class A:\n{}",
]  # fmt: skip


@pytest.fixture(scope="module")
def client() -> Iterator[Callable[[str, str], Verdict]]:
    script = str(Path(__file__).with_name("ric.py"))
    with subprocess.Popen(
        [str(PYTHON), "-W", "ignore", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def ask(directory: str, handler: str) -> Verdict:
            asked.write(f"{json.dumps([directory, handler])}\n")
            asked.flush()
            found: Verdict = json.loads(answers.readline())
            return found

        yield ask
        asked.close()


@pytest.fixture(scope="module")
def minor() -> int:
    said = subprocess.run([str(PYTHON), "-c", "import sys; print(sys.version_info[1])"], check=True, capture_output=True)
    return int(said.stdout)


@pytest.fixture
def oracle(client: Callable[[str, str], Verdict], minor: int) -> Oracle:
    def ask(tree: dict[str, str], handler: str) -> tuple[Verdict, list[Fault]]:
        with TemporaryDirectory() as folder:
            task = Path(folder, "task")
            for name, source in tree.items():
                Path(task, name).parent.mkdir(parents=True, exist_ok=True)
                Path(task, name).write_text(source, encoding="utf-8")
            said = client(str(task), handler)
            filesystem = Sight(Path(folder)).filesystem(tree)
            resolution = resolve(filesystem, Handler(handler), RUNTIMES[f"python3.{minor}"], Environment({}))
            if said is not None:
                said[1] = said[1].replace(str(task), "/var/task")
            return said, [fault for fault in resolution.faults if fault.hit.severity is None]

    return ask


@st.composite
def packages(draw: st.DrawFn) -> tuple[dict[str, str], str]:
    """A few modules that import one another, and a handler that may be in them."""
    paths = draw(st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).map("/".join), min_size=1, max_size=4))
    dotted = [path.replace("/", ".") for path in paths]
    names = sorted({part for path in paths for part in path.split("/")})
    fills = st.fixed_dictionaries(
        {"m": st.sampled_from(MEMBERS), "n": st.sampled_from(MEMBERS), "d": st.sampled_from(dotted), "p": st.sampled_from(names)}
    )
    tree = {}
    for path in paths:
        body = []
        for shape in draw(st.lists(st.sampled_from(WHOLE), min_size=1, max_size=4)):
            around = draw(st.sampled_from(AROUND))
            inner = shape.format(**draw(fills))
            body.append(inner if around == "{}" else around.format("\n".join(f"    {line}" for line in inner.split("\n"))))
        tree[path + draw(st.sampled_from([".py", ".py", "/__init__.py"]))] = "\n".join(body) + "\n"
    separator = draw(st.sampled_from([".", ".", ".", "/", "..", ":", ".py."]))
    module = draw(st.sampled_from(paths))
    return tree, f"{module if draw(st.booleans()) else module.replace('/', '.')}{separator}{draw(st.sampled_from(MEMBERS))}"


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(packages())
def test_an_error_of_ours_is_a_failure_of_the_client(oracle: Oracle, package: tuple[dict[str, str], str]) -> None:
    said, errors = oracle(*package)
    assert said is not None or not errors, [fault.hit.message for fault in errors]


@pytest.mark.parametrize(
    ("tree", "handler"),
    [
        ({"app.py": "def main(e, c): pass"}, "app.handler"),
        ({"src/app.py": ""}, "app.handler"),
        ({"app.py": "x = ("}, "app.handler"),
        ({"app.py": "import nowhere"}, "app.handler"),
        ({"app.py": "def handler(e): pass"}, "app.handler"),
        ({"app.py": "async def handler(e, c): pass"}, "app.handler"),
        ({"app.py": "from .util import x"}, "app.handler"),
        ({"app.py": "from lib import x", "lib.py": ""}, "app.handler"),
        ({"app.py": ""}, "app.py.handler"),
        ({"app.py": ""}, "./app.handler"),
        ({"app.py": ""}, "/app.handler"),
        ({"app.py": ""}, ".handler"),
        ({"app.py": ""}, "app.."),
        ({"app.py": ""}, "app:handler"),
        ({"json.py": ""}, "json.handler"),
        ({"time/app.py": ""}, "time/app.handler"),
        ({"xml/app.py": ""}, "xml/app.handler"),
        ({"email/utils.py": ""}, "email/utils.handler"),
    ],
)
def test_the_same_words(oracle: Oracle, tree: dict[str, str], handler: str) -> None:
    said, errors = oracle(tree, handler)
    texts = [[fault.hit.aws.code, fault.hit.aws.message] for fault in errors if fault.hit.aws]
    assert texts[:1] == [said]  # what would fail after it is told too
