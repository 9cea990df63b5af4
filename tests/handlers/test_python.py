"""Python handlers: where each leads, and what the runtime says of those that lead nowhere."""

from __future__ import annotations

import pytest

from lambdalint.handlers import Resolution, Sort
from lambdalint.model import Lacking, Phase, Severity
from tests.handlers.sight import Sight, Tree, aws, only, paths, texts, unsure

HANDLER = "def handler(event, context):\n    return 1\n"
ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"


def errors(resolution: Resolution) -> list[str]:
    return [fault.hit.message for fault in resolution.faults if fault.hit.severity is None]


@pytest.mark.parametrize(
    ("tree", "handler"),
    [
        ({"app.py": HANDLER}, "app.handler"),
        ({"src/app.py": HANDLER}, "src/app.handler"),
        ({"src/app.py": HANDLER}, "src.app.handler"),
        ({"a/b/c.py": HANDLER}, "a/b.c.handler"),
        ({"src/__init__.py": "", "src/app.py": "from .util import x\n" + HANDLER, "src/util.py": "x = 1"}, "src.app.handler"),
        ({"app/__init__.py": "from .core import handler", "app/core.py": HANDLER}, "app.handler"),
        ({"app.py": "", "app/__init__.py": HANDLER}, "app.handler"),
        ({"app.py": HANDLER, "app/data.py": ""}, "app.handler"),
        ({"my-app.py": HANDLER}, "my-app.handler"),
        ({"lambda.py": HANDLER}, "lambda.handler"),
        ({"äpp.py": HANDLER}, "äpp.handler"),
        ({"wave.py": HANDLER}, "wave.handler"),
        ({"xml/__init__.py": "", "xml/app.py": HANDLER}, "xml.app.handler"),
        ({"app.cpython-312-x86_64-linux-gnu.so": b"\x7fELF" + bytes(60)}, "app.handler"),
        ({"app.abi3.so": b"\x7fELF" + bytes(60)}, "app.handler"),
        ({"app.pyc": (3531).to_bytes(2, "little") + b"\r\n" + bytes(12)}, "app.handler"),
    ],
)  # fmt: skip
def test_leads(sight: Sight, tree: Tree, handler: str) -> None:
    resolution = sight.judge(sight.filesystem(tree), "python3.12", handler)
    assert errors(resolution) == []
    assert resolution.loaded


@pytest.mark.parametrize(
    ("source", "member"),
    [
        ("handler = lambda event, context: 1", "handler"),
        ("a, (handler, *b) = x()", "handler"),
        ("print(handler := f())", "handler"),
        ("for handler in fs: pass", "handler"),
        ("with f() as handler: pass", "handler"),
        ("match x:\n    case {'a': handler}: pass", "handler"),
        ("try:\n    from a import handler\nexcept ImportError:\n    handler = None", "handler"),
        ("import os\nif os.environ.get('A'):\n    def handler(event, context): pass", "handler"),
        ("import sys\nif sys.version_info >= (3, 9):\n    def handler(event, context): pass", "handler"),
        ("def make():\n    global handler\n    handler = 1\nmake()", "handler"),
        ("globals()['handler'] = print", "handler"),
        ("exec('def handler(e, c): pass')", "handler"),
        ("def __getattr__(name): return print", "handler"),
        ("import sys\nsys.modules[__name__].handler = print", "handler"),
        ("import app\nsetattr(app, 'handler', print)", "handler"),
        ("import reg\nreg.install(__name__)", "handler"),
        ("from json import *", "anything"),
        ("x = 1", "__doc__"),
        ("@wrap\ndef handler(event): pass", "handler"),
        ("@wrap\nasync def handler(event, context): pass", "handler"),
        ("def handler(event, context, *more, key=1, **rest): pass", "handler"),
        ("def handler(*args): pass", "handler"),
        ("def handler(event, /, context, third=None): pass", "handler"),
        ("def handler(e): pass\nhandler = wrap(handler)", "handler"),
        ("class handler(dict):\n    def __init__(self, e, c): pass", "handler"),
        ("class handler(metaclass=M): pass", "handler"),
        ("def handler(a, b, c): pass\nhandler.__defaults__ = (1,)", "handler"),
        ("class handler: pass\nhandler.__new__ = print", "handler"),
        ("TYPE_CHECKING = True\nif TYPE_CHECKING:\n    def handler(e, c): pass", "handler"),
        ("class A:\n    def __call__(self, e, c): pass\nhandler = A()", "handler"),
        ("def handler(e, c):\n    def inner():\n        yield 1\n    return list(inner())", "handler"),
    ],
)
def test_may_be_bound(sight: Sight, source: str, member: str) -> None:
    tree = {"app.py": source, "reg.py": "import sys\ndef install(n):\n    setattr(sys.modules[n], 'handler', print)"}
    assert errors(sight.judge(sight.filesystem(tree), "python3.12", f"app.{member}")) == []


IMPORT_MODULE, NOT_FOUND = "Runtime.ImportModuleError", "Runtime.HandlerNotFound"


@pytest.mark.parametrize(
    ("tree", "handler", "sort", "message", "code", "said", "fix"),
    [
        ({"app.py": HANDLER}, "app", Sort.FORM, "no dot", "Runtime.MalformedHandlerName",
         "Bad handler 'app': not enough values to unpack (expected 2, got 1)", ""),
        ({"app.py": HANDLER}, "app:handler", Sort.FORM, "no dot", "Runtime.MalformedHandlerName",
         "Bad handler 'app:handler': not enough values to unpack (expected 2, got 1)", "set the handler to app.handler"),
        ({"app.py": HANDLER}, "./app.handler", Sort.FORM, "relative import", "TypeError",
         "the 'package' argument is required to perform a relative import for '..app'", "set the handler to app.handler"),
        ({"app.py": HANDLER}, "/app.handler", Sort.FORM, "relative import", "TypeError",
         "the 'package' argument is required to perform a relative import for '.app'", "set the handler to app.handler"),
        ({"app.py": HANDLER}, ".handler", Sort.FORM, "before the dot", "ValueError", "Empty module name", "app.handler"),
        ({"time.py": HANDLER}, "time.handler", Sort.FORM, "built into Python", "Runtime.BuiltInModuleConflict",
         "Cannot use built-in module time as a handler module", ""),
        ({"app.py": HANDLER}, "app.py.handler", Sort.FORM, "with its suffix", IMPORT_MODULE,
         "Unable to import module 'app.py': No module named 'app.py'; 'app' is not a package", "set the handler to app.handler"),
        ({"app.py": "class H:\n    def run(self): pass"}, "app.H.run", Sort.FORM, "inside H", IMPORT_MODULE,
         "Unable to import module 'app.H': No module named 'app.H'; 'app' is not a package", "add run = H.run to app.py"),
        ({"app.py": HANDLER}, "app..handler", Sort.FORM, "side by side", IMPORT_MODULE,
         "Unable to import module 'app.': No module named 'app.'; 'app' is not a package", "set the handler to app.handler"),
        ({"src/app.py": HANDLER}, "src//app.handler", Sort.FORM, "side by side", IMPORT_MODULE,
         "Unable to import module 'src//app': No module named 'src.'", "set the handler to src/app.handler"),
        ({"fn/app.py": HANDLER}, "app.handler", Sort.MODULE, "lies in the folder fn/", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", "zip the content of fn/"),
        ({"fn/app.py": f"from fn.x import y\n{HANDLER}", "fn/x.py": "y = 1"}, "app.handler", Sort.MODULE, "lies in the folder fn/",
         IMPORT_MODULE, "Unable to import module 'app': No module named 'app'", "set the handler to fn/app.handler"),
        ({"src/app.py": HANDLER, "x.txt": ""}, "app.handler", Sort.MODULE, "found src/app.py, which defines handler",
         IMPORT_MODULE, "Unable to import module 'app': No module named 'app'", "set the handler to src/app.handler"),
        ({"App.py": HANDLER}, "app.handler", Sort.MODULE, "upper and lower case", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", "set the handler to App.handler"),
        ({"src\\app.py": HANDLER}, "src/app.handler", Sort.MODULE, "backslashes", IMPORT_MODULE,
         "Unable to import module 'src/app': No module named 'src'", "slashes"),
        ({"v1.0/app.py": HANDLER}, "v1.0/app.handler", Sort.MODULE, "no folder with a dot", IMPORT_MODULE,
         "Unable to import module 'v1.0/app': No module named 'v1'", "rename v1.0/"),
        ({"my.func.py": HANDLER}, "my.func.handler", Sort.MODULE, "no module's file may have one", IMPORT_MODULE,
         "Unable to import module 'my.func': No module named 'my'", ""),
        ({"main.py": HANDLER}, "app.handler", Sort.MODULE, "main.py defines handler", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", "set the handler to main.handler"),
        ({"app.ts": ""}, "app.handler", Sort.MODULE, "no files of that kind", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", ""),
        ({"app.cpython-312-darwin.so": ""}, "app.handler", Sort.MODULE, "another system", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", ""),
        ({"__pycache__/app.cpython-312.pyc": ""}, "app.handler", Sort.MODULE, "beside its source", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", ""),
        ({"x.txt": ""}, "app.handler", Sort.MODULE, "app.py is not in the package, nor is any Python code", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", ""),
        ({"x.py": ""}, "app.handler", Sort.MODULE, "app.py is not in the package", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", "name a module that is in it"),
        ({"fn.zip": ""}, "app.handler", Sort.MODULE, "fn.zip is a zip inside it", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", "deploy fn.zip itself"),
        ({"fn/app.py": HANDLER, "__MACOSX/fn/._app.py": ""}, "app.handler", Sort.MODULE, "lies in the folder fn/", IMPORT_MODULE,
         "Unable to import module 'app': No module named 'app'", "zip the content of fn/"),
        ({"app.cpython-312-x86_64-linux-gnu.so": "x"}, "app.handler", Sort.MODULE, "no shared library", IMPORT_MODULE,
         "Unable to import module 'app': /var/task/app.cpython-312-x86_64-linux-gnu.so: file too short", ""),
        ({"app.abi3.so": bytes(64)}, "app.handler", Sort.MODULE, "no shared library", IMPORT_MODULE,
         "Unable to import module 'app': /var/task/app.abi3.so: invalid ELF header", ""),
        ({"app.pyc": (3413).to_bytes(2, "little") + b"\r\n" + bytes(12)}, "app.handler", Sort.VERSION, "another Python",
         IMPORT_MODULE, r"Unable to import module 'app': bad magic number in 'app': b'U\r\r\n'", ""),
        ({"json.py": HANDLER}, "json.handler", Sort.SHADOW, "json.py is never loaded", NOT_FOUND,
         "Handler 'handler' missing on module 'json'", "rename json.py"),
        ({"xml/app.py": HANDLER}, "xml/app.handler", Sort.SHADOW, "xml/ has no __init__.py", IMPORT_MODULE,
         "Unable to import module 'xml/app': No module named 'xml.app'", "rename xml/"),
        ({"time/app.py": HANDLER}, "time/app.handler", Sort.SHADOW, "time/ is never loaded", IMPORT_MODULE,
         "Unable to import module 'time/app': No module named 'time.app'; 'time' is not a package", ""),
        ({"email/utils.py": HANDLER}, "email.utils.handler", Sort.SHADOW, "email/ has no __init__.py", NOT_FOUND,
         "Handler 'handler' missing on module 'email.utils'", ""),
        ({"app.py": ""}, "random.handler", Sort.MODULE, "the standard library's own", NOT_FOUND,
         "Handler 'handler' missing on module 'random'", ""),
        ({"app.py": "def lambda_handler(e, c): pass\ndef other(): pass"}, "app.handler", Sort.MEMBER,
         "it has lambda_handler, other", NOT_FOUND, "Handler 'handler' missing on module 'app'",
         "set the handler to app.lambda_handler"),
        ({"app.py": HANDLER}, "app.py", Sort.MEMBER, "names the file app.py", NOT_FOUND,
         "Handler 'py' missing on module 'app'", "set the handler to app.handler"),
        ({"app.py": HANDLER}, "app.", Sort.MEMBER, "names no function", NOT_FOUND, "Handler '' missing on module 'app'", ""),
        ({"app.py": "handler: object"}, "app.handler", Sort.MEMBER, "only annotates", NOT_FOUND,
         "Handler 'handler' missing on module 'app'", ""),
        ({"app.py": "def make():\n    def handler(): pass"}, "app.handler", Sort.MEMBER, "only inside the function make",
         NOT_FOUND, "Handler 'handler' missing on module 'app'", ""),
        ({"app.py": "if __name__ == '__main__':\n    def handler(): pass"}, "app.handler", Sort.MEMBER,
         "a condition that does not hold", NOT_FOUND, "Handler 'handler' missing on module 'app'", ""),
        ({"app.py": HANDLER + "del handler"}, "app.handler", Sort.MEMBER, "deletes handler", NOT_FOUND,
         "Handler 'handler' missing on module 'app'", ""),
        ({"app.py": "from lib import *", "lib.py": "__all__ = ['x']\nx = 1\n" + HANDLER}, "app.handler", Sort.MEMBER,
         "does not bind handler", NOT_FOUND, "Handler 'handler' missing on module 'app'", ""),
        ({"pkg/handler.py": ""}, "pkg.handler", Sort.MEMBER, "a folder without __init__.py", NOT_FOUND,
         "Handler 'handler' missing on module 'pkg'", ""),
        ({"pkg/__init__.py": "", "pkg/handler.py": ""}, "pkg.handler", Sort.MEMBER, "a module that nothing imports", NOT_FOUND,
         "Handler 'handler' missing on module 'pkg'", ""),
    ],
)  # fmt: skip
def test_leads_nowhere(
    sight: Sight, tree: Tree, handler: str, sort: Sort, message: str, code: str, said: str, fix: str
) -> None:
    fault = only(sight.judge(sight.filesystem(tree), "python3.12", handler))
    assert (fault.sort, fault.hit.severity, fault.hit.setting) == (sort, None, None if sort is Sort.VERSION else "Handler")
    assert message in fault.hit.message
    assert aws(fault) == (code, said)
    assert fix in (fault.hit.fix or "")


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("handler = {}", "TypeError", "'dict' object is not callable"),
        ("handler = None", "TypeError", "'NoneType' object is not callable"),
        ("import json as handler", "TypeError", "'module' object is not callable"),
        ("def main(e): pass\nhandler = main", "TypeError", "main() takes 1 positional argument but 2 were given"),
        ("handler = lambda: 1", "TypeError", "<lambda>() takes 0 positional arguments but 2 were given"),
        ("def handler(e=1): pass", "TypeError", "handler() takes from 0 to 1 positional arguments but 2 were given"),
        ("def handler(self, e, c): pass", "TypeError", "handler() missing 1 required positional argument: 'c'"),
        ("def handler(a, b, c, d): pass", "TypeError", "handler() missing 2 required positional arguments: 'c' and 'd'"),
        ("def handler(a, b, c, d, e): pass", "TypeError",
         "handler() missing 3 required positional arguments: 'c', 'd', and 'e'"),
        ("def handler(a, b, *, c): pass", "TypeError", "handler() missing 1 required keyword-only argument: 'c'"),
        ("def handler(*, a): pass", "TypeError", "handler() takes 0 positional arguments but 2 were given"),
        ("async def handler(e, c): pass", "Runtime.MarshalError",
         "Unable to marshal response: Object of type coroutine is not JSON serializable"),
        ("def handler(e, c):\n    yield 1", "Runtime.MarshalError",
         "Unable to marshal response: Object of type generator is not JSON serializable"),
        ("async def handler(e, c):\n    yield 1", "Runtime.MarshalError",
         "Unable to marshal response: Object of type async_generator is not JSON serializable"),
        ("class handler: pass", "TypeError", "handler() takes no arguments"),
        ("class handler:\n    def __init__(self): pass", "TypeError",
         "handler.__init__() takes 1 positional argument but 3 were given"),
        ("class handler:\n    def __init__(self, e, c): pass", "Runtime.MarshalError",
         "Unable to marshal response: Object of type handler is not JSON serializable"),
    ],
)  # fmt: skip
def test_cannot_be_called(sight: Sight, source: str, code: str, said: str) -> None:
    fault = only(sight.judge(sight.filesystem({"app.py": source}), "python3.12"))
    assert (fault.sort, fault.hit.severity, fault.hit.phase) == (Sort.SIGNATURE, None, Phase.INVOKE)
    assert aws(fault) == (code, said)


def test_a_signature_is_shown_where_it_is(sight: Sight) -> None:
    tree = {"app.py": "from core.main import handler", "core/main.py": "\n\ndef handler(event): pass"}
    fault = only(sight.judge(sight.filesystem(tree), "python3.12"))
    assert (paths(fault), fault.hit.line) == (["core/main.py"], 3)


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import yaml\nexcept ImportError:\n    pass",
        "try:\n    import yaml\nexcept (KeyError, ImportError):\n    pass",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import yaml",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import yaml",
        "import sys\nif sys.version_info < (3, 9):\n    import yaml",
        "import sys\nif sys.platform == 'win32':\n    import winreg",
        "import os\nif os.environ.get('A'):\n    import yaml",
        "def later():\n    import yaml",
        "import sys\nsys.path.insert(0, 'vendor')\nimport yaml",
        "import setup_path\nimport yaml",
        "import boto3, botocore.config, dateutil.parser, six.moves.urllib",
        "import os.path, xml.etree.ElementTree, concurrent.futures",
        "from collections.abc import Mapping",
        "import google.cloud.storage",
        "import pymysql\npymysql.install_as_MySQLdb()\nimport MySQLdb",
        "import dep.packages.urllib3",
        "import importlib\nimportlib.import_module('yaml')",
    ],
)
def test_imports_that_may_be_met(sight: Sight, source: str) -> None:
    tree = {
        "app.py": f"{source}\n{HANDLER}", "setup_path.py": "import sys\nsys.path.append('/mnt/efs')",
        "google/cloud/storage/__init__.py": "", "pymysql/__init__.py": "", "dep/__init__.py": "", "dep/packages.py": "",
        "dep-1.dist-info/RECORD": "dep/__init__.py,,\n",
    }  # fmt: skip
    assert texts(sight.judge(sight.filesystem(tree), "python3.12")) == []


@pytest.mark.parametrize(
    ("tree", "runtime", "message", "said", "places"),
    [
        ({"app.py": "import yaml", "requirements.txt": "boto3\nPyYAML>=6"}, "python3.12", "requirements.txt lists it",
         "No module named 'yaml'", ["app.py"]),
        ({"app.py": "import requests", "requests-2.32.dist-info/METADATA": ""}, "python3.12", "but not the module itself",
         "No module named 'requests'", ["requests-2.32.dist-info", "app.py"]),
        ({"app.py": "import requests", ".venv/lib/python3.12/site-packages/requests/__init__.py": ""}, "python3.12",
         ".venv/lib/python3.12/site-packages/ is not searched", "No module named 'requests'",
         [".venv/lib/python3.12/site-packages/requests", "app.py"]),
        ({"app.py": "import mydep", "python/mydep.py": ""}, "python3.12", "python/ is not searched",
         "No module named 'mydep'", ["python/mydep.py", "app.py"]),
        ({"app.py": "import MyDep", "mydep/__init__.py": ""}, "python3.12", "upper and lower case differ",
         "No module named 'MyDep'", ["mydep", "app.py"]),
        ({"app.py": "import distutils.core"}, "python3.12", "Python 3.12 removed", "No module named 'distutils'", ["app.py"]),
        ({"app.py": "import cgi"}, "python3.13", "Python 3.13 removed", "No module named 'cgi'", ["app.py"]),
        ({"app.py": "import tomllib"}, "python3.10", "from Python 3.11 on only", "No module named 'tomllib'", ["app.py"]),
        ({"app.py": "import urllib2"}, "python3.12", "as Python 2 called it", "No module named 'urllib2'", ["app.py"]),
        ({"app.py": "import winreg"}, "python3.12", "on Windows or macOS only", "No module named 'winreg'", ["app.py"]),
        ({"app.py": "import xml.etree.cElementTree"}, "python3.9", "no longer has",
         "No module named 'xml.etree.cElementTree'", ["app.py"]),
        ({"app.py": "import _fast", "_fast.cpython-39-x86_64-linux-gnu.so": ""}, "python3.12", "another system or Python",
         "No module named '_fast'", ["_fast.cpython-39-x86_64-linux-gnu.so", "app.py"]),
        ({"app.py": "import util.more", "util.py": ""}, "python3.12", "util is no package",
         "No module named 'util.more'; 'util' is not a package", ["app.py"]),
        ({"app.py": "from util.more import x", "util/__init__.py": ""}, "python3.12", "the package util has no more",
         "No module named 'util.more'", ["app.py"]),
        ({"app.py": "from util import x", "util.py": "y = 1"}, "python3.12", "which does not define it",
         "cannot import name 'x' from 'util' (/var/task/util.py)", ["app.py"]),
        ({"app.py": "from util import x", "util/data.py": ""}, "python3.12", "which does not define it",
         "cannot import name 'x' from 'util' (unknown location)", ["app.py"]),
        ({"app.py": "from collections import Mapping"}, "python3.10", "does not have it in Python 3.10",
         "cannot import name 'Mapping' from 'collections' (/var/lang/lib/python3.10/collections/__init__.py)", ["app.py"]),
        ({"app.py": "from itertools import batched"}, "python3.11", "from Python 3.12 on only",
         "cannot import name 'batched' from 'itertools' (unknown location)", ["app.py"]),
        ({"app.py": "from .util import x", "util.py": "x = 1"}, "python3.12", "no package stands above",
         "attempted relative import with no known parent package", ["app.py"]),
        ({"app.py": "import lib.a", "lib/a.py": "from ..util import x"}, "python3.12", "out of its top-level package",
         "attempted relative import beyond top-level package", ["lib/a.py"]),
        ({"app.py": "import a", "a.py": "import b", "b.py": "import yaml"}, "python3.12", "b.py imports yaml",
         "No module named 'yaml'", ["b.py"]),
        ({"app.py": "import a, yaml", "a.py": "import yaml"}, "python3.12", "a.py imports yaml", "No module named 'yaml'",
         ["a.py", "app.py"]),
    ],
)  # fmt: skip
def test_imports_that_lead_nowhere(
    sight: Sight, tree: dict[str, str], runtime: str, message: str, said: str, places: list[str]
) -> None:
    tree = {**tree, "app.py": f"{tree['app.py']}\n{HANDLER}"}
    fault = only(sight.judge(sight.filesystem(tree), runtime))
    assert (fault.sort, fault.hit.severity) == (Sort.IMPORT, None)
    assert message in fault.hit.message
    assert aws(fault) == (IMPORT_MODULE, f"Unable to import module 'app': {said}")
    assert paths(fault) == places


def test_a_twin_in_the_same_folder(sight: Sight) -> None:
    tree = {"src/app.py": f"import helper\n{HANDLER}", "src/helper.py": "", "other/helper.py": ""}
    fault = only(sight.judge(sight.filesystem(tree), "python3.12", "src/app.handler"))
    assert "the folder of the importing file is not searched" in fault.hit.message
    assert fault.hit.fix == "from src import helper\nor set the variable PYTHONPATH to /var/task/src"
    told = sight.judge(sight.filesystem(tree), "python3.12", "src/app.handler", {"PYTHONPATH": "/var/task/src"})
    assert texts(told) == []
    assert [node.path for node in told.loaded] == ["/var/task/src/app.py", "/var/task/src/helper.py"]


def test_layers(sight: Sight) -> None:
    tree = {"app.py": f"import dep\n{HANDLER}"}
    for place in ("python/dep.py", "python/lib/python3.12/site-packages/dep/__init__.py"):
        assert texts(sight.judge(sight.filesystem(tree, layers=[{place: ""}]), "python3.12")) == []
    fault = only(sight.judge(sight.filesystem(tree, layers=[{"dep/__init__.py": ""}]), "python3.12"))
    assert "in a layer, of which only python/" in fault.hit.message
    assert paths(fault) == ["dep/__init__.py", "app.py"]
    layers = [{"python/lib/python3.11/site-packages/dep.py": ""}]
    assert "in a layer" in only(sight.judge(sight.filesystem(tree, layers=layers), "python3.12")).hit.message
    ignored = sight.judge(sight.filesystem(tree, layers=[{"python/dep.py": ""}]), "python3.12", variables={"PYTHONPATH": "/x"})
    assert texts(ignored) == []  # /x is not known either
    bare = {"PYTHONPATH": "/var/runtime"}
    assert only(sight.judge(sight.filesystem(tree, layers=[{"python/dep.py": ""}]), "python3.12", variables=bare))


def test_a_layer_of_unknown_content(sight: Sight) -> None:
    lacking = f"the content of {ARN}"
    tree = {"app.py": f"import dep\n{HANDLER}"}
    resolution = sight.judge(sight.filesystem(tree, arns=[ARN]), "python3.12")
    assert (texts(resolution), unsure(resolution)) == ([], [(Sort.IMPORT, lacking)])
    resolution = sight.judge(sight.filesystem(tree, arns=[ARN]), "python3.12", "nope.handler")
    assert texts(resolution) == []
    assert (Sort.MODULE, lacking) in unsure(resolution)
    assert only(sight.judge(sight.filesystem({"app.py": HANDLER}, arns=[ARN]), "python3.12", "app.x")).sort is Sort.MEMBER
    guarded = {"app.py": f"try:\n    import dep\nexcept ImportError:\n    pass\n{HANDLER}"}
    assert unsure(sight.judge(sight.filesystem(guarded, arns=[ARN]), "python3.12")) == []


def test_path_files(sight: Sight) -> None:
    tree = {"app.py": f"import dep\n{HANDLER}", "vendor/dep.py": ""}
    assert only(sight.judge(sight.filesystem(tree), "python3.12"))
    assert texts(sight.judge(sight.filesystem({**tree, "x.pth": "# here\n\nvendor\n"}), "python3.12")) == []
    assert only(sight.judge(sight.filesystem({**tree, ".x.pth": "vendor\n"}), "python3.12"))
    code = {**tree, "x.pth": "import sys; sys.path.append('vendor')\n"}
    assert texts(sight.judge(sight.filesystem(code), "python3.12")) == []
    setuptools = {**tree, "distutils-precedence.pth": "import os; __import__('_distutils_hack')\n"}
    assert only(sight.judge(sight.filesystem(setuptools), "python3.12"))


def test_setuptools_brings_distutils(sight: Sight) -> None:
    tree = {"app.py": f"import distutils\n{HANDLER}", "setuptools/__init__.py": ""}
    assert texts(sight.judge(sight.filesystem(tree), "python3.12")) == []


def test_what_starts_in_the_handlers_stead(sight: Sight) -> None:
    filesystem = sight.filesystem({"run.sh": "#!/bin/sh\n"})
    assert {sort for sort, _ in unsure(sight.judge(filesystem, "python3.12", "run.sh"))} >= {Sort.FORM, Sort.MODULE}
    told = sight.judge(filesystem, "python3.12", "app.handler", {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/run.sh"})
    assert (Sort.MODULE, "what AWS_LAMBDA_EXEC_WRAPPER starts") in unsure(told)
    assert not any(fault.sort is Sort.MODULE for fault in told.faults)


def test_old_pythons_are_not_judged(sight: Sight) -> None:
    filesystem = sight.filesystem({"app.py": "print 1"})
    for runtime in ("python2.7", "python3.7"):
        with pytest.raises(Lacking, match=f"how {runtime} imports modules"):
            sight.judge(filesystem, runtime)


def test_a_broken_link(sight: Sight) -> None:
    fault = only(sight.judge(sight.filesystem({"x.txt": ""}, links={"app.py": "src/app.py"}), "python3.12"))
    assert "it is a link that leads to no file" in fault.hit.message
    told = sight.judge(sight.filesystem({"src/app.py": HANDLER}, links={"app.py": "src/app.py"}), "python3.12")
    assert texts(told) == []


def test_warnings(sight: Sight) -> None:
    lazy = "def handler(event, context):\n    import yaml\n    return 1\n"
    fault = only(sight.judge(sight.filesystem({"app.py": lazy}), "python3.12"))
    assert (fault.hit.severity, fault.hit.phase) == (Severity.WARNING, Phase.INVOKE)
    assert aws(fault) == ("ModuleNotFoundError", "No module named 'yaml'")
    guarded = lazy.replace("    import yaml\n", "    if event:\n        return 0\n    import yaml\n")
    assert texts(sight.judge(sight.filesystem({"app.py": guarded}), "python3.12")) == []
    circular = {"app.py": f"import b\n{HANDLER}", "b.py": "from app import handler"}
    fault = only(sight.judge(sight.filesystem(circular), "python3.12"))
    assert (fault.hit.severity, fault.hit.message) == (
        Severity.WARNING,
        "b.py imports handler from app, which is not done importing at that point: they import each other",
    )
    fault = only(sight.judge(sight.filesystem({"boto3/app.py": HANDLER}), "python3.12", "boto3/app.handler"))
    assert (fault.sort, fault.hit.severity) == (Sort.SHADOW, Severity.WARNING)


def test_shadows(sight: Sight) -> None:
    tree = {"app.py": HANDLER, "random.py": "", "types.py": "class T: pass", "email/__init__.py": "", "xml/notes.txt": ""}
    resolution = sight.judge(sight.filesystem(tree), "python3.12")
    assert errors(resolution) == []
    assert [message for _, message in texts(resolution)] == [
        "email hides the standard library's email from everything that imports it",
        "random.py hides the standard library's random from everything that imports it",
        "types.py is never loaded: the runtime has the standard library's types in memory already",
    ]
    tree["app.py"] = f"from types import T\n{HANDLER}"
    fault = sight.judge(sight.filesystem(tree), "python3.12").faults[0]
    assert (fault.sort, fault.hit.severity, paths(fault)) == (Sort.SHADOW, None, ["types.py"])


def test_installed_distributions(sight: Sight) -> None:
    tree = {
        "app.py": f"import dep\n{HANDLER}",
        "dep/__init__.py": '"""\nimport nothing\n"""\nfrom . import api\nfrom dep.more import (\n    x,\n)\n',
        "dep/api.py": "import os, idna\ntry:\n    import nothing\nexcept ImportError:\n    pass\n",
        "dep/more.py": "x = 1\n",
        "dep-1.0.dist-info/RECORD": "dep/__init__.py,,\ndep/api.py,,\n",
    }
    fault = only(sight.judge(sight.filesystem(tree), "python3.12"))
    assert (fault.sort, fault.hit.severity, paths(fault)) == (Sort.IMPORT, None, ["dep/api.py"])
    tree["idna.py"] = ""
    assert texts(sight.judge(sight.filesystem(tree), "python3.12")) == []


def test_what_the_handler_names_is_ones_own(sight: Sight) -> None:
    tree = {"fn/__init__.py": "", "fn/app.py": f"import yaml\n{HANDLER}", "fn-1.0.dist-info/RECORD": "fn/app.py,,\n"}
    assert only(sight.judge(sight.filesystem(tree), "python3.12", "fn.app.handler")).hit.severity is None


def test_unreadable_sources_are_loaded_and_left_to_another_rule(sight: Sight) -> None:
    huge = "x = 1\n" * 100_000
    resolution = sight.judge(sight.filesystem({"app.py": huge}), "python3.12", "app.nothing")
    assert texts(resolution) == []
    assert [node.path for node in resolution.loaded] == ["/var/task/app.py"]


def test_a_compiled_twin_that_is_never_checked(sight: Sight) -> None:
    head = (3531).to_bytes(2, "little") + b"\r\n"
    for flags, count in ((1, 0), (0, 1), (3, 1)):
        pyc = head + flags.to_bytes(4, "little") + bytes(8)
        tree: dict[str, str | bytes] = {"app.py": "x = 1", "__pycache__/app.cpython-312.pyc": pyc}
        assert len(sight.judge(sight.filesystem(tree), "python3.12").faults) == count


def test_bounds(sight: Sight) -> None:
    chain = {f"m{at}.py": f"import m{at + 1}\n" for at in range(300)}
    tree = {**chain, "app.py": f"import m0\n{HANDLER}"}
    assert texts(sight.judge(sight.filesystem(tree), "python3.12")) == []
    deep = "if x:\n    pass\n" + "elif x:\n    pass\n" * 3000
    assert texts(sight.judge(sight.filesystem({"app.py": deep}), "python3.12", "app.handler")) == []
