"""Node.js handlers, judged by AWS's own runtime clients and by lambdalint: whenever lambdalint says error, the client fails."""

import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdalint.model import Severity
from tests.handlers.sight import Sight, Tree, aws
from tests.handlers.test_node import ALL, BAD, GOOD

pytestmark = [pytest.mark.real, pytest.mark.skipif(not shutil.which("npm"), reason="there is no npm")]

#: The runtime clients, each with where its own start begins, which is cut off, and what loads a handler instead of it.
CLIENTS = {
    "3.3.0": ("dist/index.mjs", "// index.mjs", "const told = require_Errors().toRapidResponse; require_UserFunction()"),
    "4.0.2": ("index.mjs", "ignition();\n", "const told = formatError; UserFunctionLoader"),
}
END = """.load(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER)
.then((found) => typeof errorOnDeprecatedCallback === "undefined" || errorOnDeprecatedCallback(found.metadata))
.then(() => say({}), (error) => say(told(error)));
function say(it) { process.stdout.write("\\n@@" + JSON.stringify(it)); process.exit(0); }
"""

#: Pieces of CommonJS files that export, hide or replace a handler.
PIECES = (
    "exports.handler = {};", "module.exports.handler = {};", "module.exports = { handler: {} };", "exports = { handler: {} };",
    "exports = module.exports = { main: {} };", "module.exports = {};", "Object.defineProperty(exports, 'handler', { value: {} });",
    "Object.defineProperty(exports, 'handler', { get() { return {}; } });", "Object.assign(exports, { handler: {} });",
    "if (process.env.NOPE) exports.handler = {};", "try { exports.handler = {} } catch { exports.main = 1 }",
    "(function () { exports.handler = {} })();", "(function (exports) { exports.handler = {} })({});",
    "(function (e) { e.handler = {} })(exports);",
    "function later() { exports.handler = {} }", "const out = module.exports = { main: {} }; out.handler = {};", "this.handler = {};",
    "delete exports.handler;", "module.exports = { ...{ handler: {} } };", "for (const k of ['handler']) exports[k] = {};",
    "// exports.handler = {}", "exports.handler ||= {};", "[exports.handler] = [{}];", "0 && (module.exports = { handler });",
    "eval('exports.handler = () => 1');", "module['exports'].handler = {};", "Reflect.set(exports, 'handler', {});",
    "Object.setPrototypeOf(exports, { handler: {} });", "exports.main = exports.handler = {};", "module.exports.default = {};",
)  # fmt: skip
VALUES = ("() => 1", "function (a, b, c) {}", "void 0", "null", "'x'", "class {}", "known", "{}", "(a, b = 1, c) => 1", "require('./lib')")


class Oracle:
    """AWS's clients under the Node.js of each version."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for version in CLIENTS:
            self._client(version)

    def _client(self, version: str) -> None:
        place = self._npm(f"ric-{version}", f"aws-lambda-ric@{version}", "--ignore-scripts") / "node_modules/aws-lambda-ric"
        file, start, load = CLIENTS[version]
        text = (place / file).read_text()
        (self.folder / f"{version[0]}.mjs").write_text(text[: text.rindex(start)] + load + END)

    def _npm(self, name: str, *arguments: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        (folder / "package.json").write_text("{}")
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", *arguments], cwd=folder, capture_output=True, check=False)
        if done.returncode:
            pytest.skip("npm cannot install here")
        return folder

    def node(self, version: str) -> Path:
        folder = self.folder / f"node-{version}"
        if not folder.exists():
            self._npm(folder.name, f"node@{version}")
        return folder / "node_modules/node/bin/node"

    def ask(self, tree: Tree, version: str, handler: str, folder: Path) -> tuple[str | None, str] | None:
        """Return the code and the first line of what fails; None: nothing does."""
        task, runtime = folder / "task", folder / "runtime"
        for name, content in tree.items():
            path = task / name
            (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
            if not name.endswith("/"):
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        task.mkdir(exist_ok=True)
        runtime.mkdir()
        shutil.copy(self.folder / ("4.mjs" if int(version) >= 24 else "3.mjs"), runtime / "index.mjs")
        flags = ["--no-experimental-require-module"] * (int(version) >= 20) + ["--no-experimental-detect-module"] * (int(version) >= 22)
        done = subprocess.run(
            [str(self.node(version)), *flags, str(runtime / "index.mjs")],
            cwd=task,
            env={
                "LAMBDA_TASK_ROOT": str(task),
                "_HANDLER": handler.replace("/var/task", str(task)),
                "NODE_PATH": str(task),
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        answer = json.loads(done.stdout.rpartition("@@")[2] or '{"errorType": "Runtime.ExitError", "errorMessage": ""}')
        if not answer:
            return None
        message = answer["errorMessage"].replace(str(task), "/var/task").replace(str(runtime), "/var/runtime")
        return answer["errorType"], message.partition("\n")[0]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Oracle:
    return Oracle(tmp_path_factory.mktemp("oracle"))


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize("name", GOOD)
def test_it_runs_indeed(oracle: Oracle, tmp_path: Path, name: str, version: str) -> None:
    tree, handler = GOOD[name]
    assert oracle.ask(tree, version, handler, tmp_path) is None


@pytest.mark.parametrize(("name", "version"), [(name, version) for name, row in BAD.items() for version in row[2]])
def test_it_fails_indeed(oracle: Oracle, tmp_path: Path, name: str, version: str) -> None:
    tree, handler, _, _, code, text = BAD[name]
    assert oracle.ask(tree, version, handler, tmp_path) == (code, text.replace("/var/task/index.handler", handler))


def programs() -> Iterator[Tree]:
    dice = random.Random(1)  # the same programs each time
    for _ in range(150):
        pieces = [dice.choice(PIECES).replace("{}", dice.choice(VALUES)) for _ in range(dice.randrange(1, 4))]
        lib = dice.choice(PIECES).replace("{}", "() => 1")
        yield {"index.js": "\n".join(["const known = () => 1;", *pieces]), "lib.js": lib}


@pytest.mark.parametrize("version", ["20", "24"])
@pytest.mark.parametrize("tree", list(programs()))
def test_an_error_is_one(oracle: Oracle, sight: Sight, tmp_path: Path, tree: Tree, version: str) -> None:
    found = sight.judge(sight.filesystem(tree), f"nodejs{version}.x", "index.handler")
    if any(fault.hit.severity in (None, Severity.ERROR) for fault in found.faults):
        assert oracle.ask(tree, version, "index.handler", tmp_path) is not None, [aws(fault) for fault in found.faults]
