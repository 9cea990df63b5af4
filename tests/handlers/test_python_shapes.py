"""Shapes of Python source that real handlers have: each binds the handler, or does not, or nobody can tell."""

from __future__ import annotations

import ast

import pytest

from lambdalint.handlers import Resolution, Sort
from lambdalint.handlers import python_grammar as grammar
from lambdalint.handlers.python_lexer import is_endless, masked
from lambdalint.handlers.python_syntax import parse
from tests.handlers.sight import Sight, Tree, aws, only, texts, unsure

HANDLER = "def handler(event, context):\n    return 1\n"
ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"


def judge(sight: Sight, tree: Tree, runtime: str = "python3.12") -> Resolution:
    return sight.judge(sight.filesystem(tree), runtime)


# What a condition comes to: under one that is true a misfit is surely the handler, under one that is false there is none.

TRUE, FALSE, OPEN = "misfit", "missing", "untold"


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("True", TRUE), ("0", FALSE), ("not False", TRUE), ("not 'x'", FALSE), ("not flag()", OPEN),
        ("TYPE_CHECKING", FALSE), ("typing.TYPE_CHECKING", FALSE), ("not t.TYPE_CHECKING", TRUE), ("DEBUG", OPEN),
        ("True and 1", TRUE), ("flag() and False", FALSE), ("flag() or True", TRUE), ("flag() or False", OPEN), ("'' or 0", FALSE),
        ("sys.platform == 'linux'", TRUE), ("sys.platform == 'win32'", FALSE), ("sys.platform != 'darwin'", TRUE),
        ("os.name == 'nt'", FALSE), ("platform.system() == 'Linux'", TRUE), ("platform.system() == name()", OPEN),
        ("sys.platform.startswith('linux')", TRUE), ("sys.platform.startswith('win')", FALSE),
        ("sys.platform.startswith(prefix)", OPEN), ("sys.platform in ('linux', 'darwin')", OPEN),
        ("sys.version_info >= (3, 9)", TRUE), ("sys.version_info < (3,)", FALSE), ("sys.version_info > (3, 12)", TRUE),
        ("sys.version_info >= (3, 12, 4)", OPEN), ("sys.version_info >= (3, 11, 4)", TRUE), ("sys.version_info == 3", OPEN),
        ("sys.version_info >= (3, 'x')", OPEN), ("sys.version_info[:2] >= ('3', '9')", OPEN),
        ("sys.version_info[0] == 2", FALSE), ("sys.version_info[0] >= 3", TRUE), ("sys.version_info[1] < 12", FALSE),
        ("sys.version_info.minor == 12", TRUE), ("sys.version_info.major > 3", FALSE), ("sys.version_info[:2] == (3, 12)", TRUE),
        ("sys.version_info[2] > 1", OPEN), ("versions[0] == 2", OPEN), ("a + b == 2", OPEN), ("a < b < c", OPEN),
        ("__name__ == '__main__'", FALSE), ("__name__ != '__main__'", TRUE), ("__name__ == 'app'", OPEN),
        ("__name__ < '__main__'", OPEN), ("__name__.startswith('x')", OPEN),
    ],
)  # fmt: skip
def test_conditions(sight: Sight, condition: str, verdict: str) -> None:
    source = f"import os, platform, sys, typing\nimport typing as t\nif {condition}:\n    def handler(event): pass\n"
    resolution = judge(sight, {"app.py": source})
    told = {Sort.SIGNATURE: TRUE, Sort.MEMBER: FALSE}
    assert [told[fault.sort] for fault in resolution.faults] == ([] if verdict is OPEN else [verdict])


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("while False:\n    def handler(event): pass", FALSE),
        ("while 0:\n    pass\nelse:\n    def handler(event): pass", TRUE),
        ("while wait():\n    def handler(event): pass", OPEN),
        ("for x in y:\n    def handler(event): pass", OPEN),
        ("for x in y: pass\nelse:\n    def handler(event): pass", OPEN),
        ("if False:\n    pass\nelse:\n    def handler(event): pass", TRUE),
        ("with a() as (b, c):\n    def handler(event): pass", TRUE),
        ("with a():\n    def handler(event): pass", TRUE),
        ("try:\n    a()\nexcept KeyError as handler: pass", OPEN),
        ("try:\n    a()\nfinally:\n    def handler(event): pass", TRUE),
        ("try:\n    a()\nexcept* OSError:\n    def handler(event): pass", OPEN),
        ("match a:\n    case 1:\n        def handler(event): pass", OPEN),
        ("match a:\n    case [1, *handler]: pass", OPEN),
        ("match a:\n    case {'b': 1, **handler}: pass", OPEN),
        ("def handler(event): pass\ndel handler", FALSE),
        ("def handler(event, context): pass\nif a(): del handler", OPEN),
        ("handler: object", FALSE), ("handler: object = lambda event: 1", TRUE),
        ("a = b = lambda event: 1\nhandler = b", TRUE),
        ("handler = 1\nhandler += a()", OPEN),
        ("a.b.handler = print", FALSE), ("a[0], handler = print", OPEN),
        ("class A:\n    def handler(event): pass", FALSE), ("class A:\n    from json import loads as handler", FALSE),
    ],
)  # fmt: skip
def test_statements(sight: Sight, source: str, verdict: str) -> None:
    resolution = judge(sight, {"app.py": source})
    told = {Sort.SIGNATURE: TRUE, Sort.MEMBER: FALSE}
    assert [told[fault.sort] for fault in resolution.faults] == ([] if verdict is OPEN else [verdict])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import json as handler", "'module' object is not callable"),
        ("handler = 'x'", "'str' object is not callable"),
        ("class handler:\n    '''Doc.'''\n    a = 1\n    b: int = 2\n    def run(self): pass", "handler() takes no arguments"),
        ("class handler:\n    def __init__(self, event): pass", "handler.__init__() takes 2 positional arguments but 3 were given"),
        ("class handler:\n    def __init__(self, e, c): pass",
         "Unable to marshal response: Object of type handler is not JSON serializable"),
        ("class handler:\n    __call__ = print", None),
        ("class handler:\n    a.b = print", None),
        ("class handler:\n    __doc__: str = ''", None),
        ("class handler:\n    if a(): b = 1", None),
        ("class handler:\n    @staticmethod\n    def __init__(event, context): pass", None),
        ("class handler(Base): pass", None),
        ("@wrap\nclass handler: pass", None),
    ],
)  # fmt: skip
def test_what_is_called(sight: Sight, source: str, said: str | None) -> None:
    resolution = judge(sight, {"app.py": source})
    assert [aws(fault)[1] for fault in resolution.faults] == ([] if said is None else [said])


@pytest.mark.parametrize(
    ("listed", "handler"),
    [
        ("__all__ = ['handler']", True), ("__all__ = ('other',)", False), ("__all__ = ['handler'] + more", True),
        ("__all__ = [1]", True), ("__all__: list = ['other']", True), ("__all__ = []\n__all__ += ['handler']", True), ("", True),
    ],
)  # fmt: skip
def test_what_a_star_brings(sight: Sight, listed: str, handler: bool) -> None:
    tree = {"app.py": "from core import *", "core.py": f"{HANDLER}def other(): pass\n{listed}\n"}
    found = texts(judge(sight, tree))
    assert [sort for sort, _ in found] == ([] if handler else [Sort.MEMBER])


def test_a_star_brings_no_private_name(sight: Sight) -> None:
    filesystem = sight.filesystem({"app.py": "from core import *", "core.py": "_handler = print"})
    resolution = sight.judge(filesystem, "python3.12", "app._handler")
    assert only(resolution).sort is Sort.MEMBER


# Where modules come from.


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({"a.pth": "lib\n"}, True), ({"a.pth": "# lib\n\n"}, False), ({"a.pth": "/var/task/lib"}, True), ({".a.pth": "lib"}, False),
        ({"a.pth": "elsewhere\nlib"}, True), ({"a.pth": "import a; a.run()"}, True), ({"a.pth": "# " + "x" * (64 << 10)}, True),
        ({"a-nspkg.pth": "import sys, types, os; x = 1"}, False), ({"distutils-precedence.pth": "import _distutils_hack"}, False),
    ],
)  # fmt: skip
def test_pth_files(sight: Sight, links: Tree, found: bool) -> None:
    tree: Tree = {"app.py": f"import dep\n{HANDLER}", "lib/dep.py": "", **links}
    assert [sort for sort, _ in texts(judge(sight, tree))] == ([] if found else [Sort.IMPORT])


def test_a_directory_of_a_pth_makes_a_namespace(sight: Sight) -> None:
    tree = {"app.py": f"from dep import one, two, three\n{HANDLER}", "a/dep/one.py": "", "b/dep/two.py": "", "x.pth": "a\nb\n"}
    fault = only(judge(sight, tree))
    assert aws(fault) == (
        "Runtime.ImportModuleError",
        "Unable to import module 'app': cannot import name 'three' from 'dep' (unknown location)",
    )


def test_a_zip_on_the_path_is_not_judged(sight: Sight) -> None:
    filesystem = sight.filesystem({"app.py": f"import dep\n{HANDLER}", "deps.zip": b"PK\x05\x06" + bytes(18)})
    resolution = sight.judge(filesystem, "python3.12", variables={"PYTHONPATH": "/var/task/deps.zip"})
    assert texts(resolution) == []


def test_a_zip_in_a_pth_is_not_judged(sight: Sight) -> None:
    tree: Tree = {"app.py": f"import dep\n{HANDLER}", "deps.zip": b"PK\x05\x06" + bytes(18), "a.pth": "deps.zip\nlib", "lib/dep.py": "1 +"}
    assert texts(judge(sight, tree)) == []


@pytest.mark.parametrize(
    ("name", "runtime", "found"),
    [
        ("distutils", "python3.11", True), ("distutils", "python3.12", False), ("pip", "python3.12", True),
        ("setuptools", "python3.12", False), ("_nothing_of_the_kind", "python3.12", False), ("_nothing_of_the_kind", "python3.14", True),
    ],
)  # fmt: skip
def test_what_may_be_there_unpromised(sight: Sight, name: str, runtime: str, found: bool) -> None:
    resolution = judge(sight, {"app.py": f"import {name}\n{HANDLER}"}, runtime)
    assert [sort for sort, _ in texts(resolution)] == ([] if found else [Sort.IMPORT])


def test_setuptools_brings_distutils(sight: Sight) -> None:
    tree = {"app.py": f"import distutils\n{HANDLER}", "setuptools/__init__.py": ""}
    assert texts(judge(sight, tree)) == []


def test_an_unknown_layer_may_hold_the_rest_of_a_namespace(sight: Sight) -> None:
    layer = {"python/space/one.py": ""}
    filesystem = sight.filesystem({"app.py": f"import space.one, space.two\n{HANDLER}"}, layers=[layer], arns=[ARN])
    resolution = sight.judge(filesystem, "python3.12")
    assert texts(resolution) == []
    assert (Sort.IMPORT, f"the content of {ARN}") in unsure(resolution)


# Imports.


@pytest.mark.parametrize(
    ("app", "said"),
    [
        ("from . import x", "attempted relative import with no known parent package"),
        ("from .. import x", "attempted relative import with no known parent package"),
        ("import core.x", "No module named 'core.x'; 'core' is not a package"),
        ("import pack.x", "No module named 'pack.x'"),
        ("import deep", "attempted relative import beyond top-level package"),
        ("from core import nothing", "cannot import name 'nothing' from 'core' (/var/task/core.py)"),
        ("from pack import nothing", "cannot import name 'nothing' from 'pack' (/var/task/pack/__init__.py)"),
        ("from pack import sub", "cannot import name 'gone' from 'pack' (/var/task/pack/__init__.py)"),
        ("from json import *\nimport core.x", "No module named 'core.x'; 'core' is not a package"),
        ("from typing import override2 as x", None), ("from pack import __version__", None), ("from core import __doc__", None),
        ("__package__ = 'pack'\nfrom . import nothing", None), ("from lacks import x", "No module named 'lacks'"),
        ("try:\n    import lacks\nexcept (KeyError, ImportError):\n    pass", None),
        ("try:\n    import lacks\nexcept (KeyError, ValueError):\n    pass", "No module named 'lacks'"),
        ("try:\n    import lacks\nexcept:\n    pass", None), ("with suppress(ImportError):\n    import lacks", None),
        ("if flag():\n    import lacks", None), ("class A:\n    import lacks", "No module named 'lacks'"),
        ("def f():\n    import lacks", None), ("import sys\nsys.path.append('x')\nimport lacks", None),
        ("import lacks\nimport sys\nsys.path.append('x')", "No module named 'lacks'"),
        ("from space import *\nfrom space import one", None),
        ("from space import two", "cannot import name 'two' from 'space' (unknown location)"),
        ("from makes import *\nimport json", None), ("from tainter import x", None),
    ],
)  # fmt: skip
def test_imports(sight: Sight, app: str, said: str | None) -> None:
    tree = {
        "app.py": f"{app}\n{HANDLER}", "core.py": "", "pack/__init__.py": "", "pack/sub.py": "from . import gone", "space/one.py": "",
        "deep/__init__.py": "from ... import x", "makes.py": "from lots import *", "lots.py": "globals().update(a=1)",
        "tainter.py": "import tainter2 as t\nt.x = 1\nfrom tainter2 import x", "tainter2.py": "",
    }  # fmt: skip
    resolution = judge(sight, tree)
    whole = None if said is None else f"Unable to import module 'app': {said}"
    assert [aws(fault)[1] for fault in resolution.faults if fault.hit.severity is None] == ([] if whole is None else [whole])


# Grammar: what one version reads and another does not.


def test_newer_f_strings_are_named_with_the_older_words() -> None:
    tree = ast.parse("pass")  # which tells nothing of strings
    for text, line, said in (
        ('x = 1\ny = f"{a["b"]}"', 2, "f-string: expecting '}'"),
        ("f'{a.join(\"\\n\")}'", 1, "f-string expression part cannot include a backslash"),
        ("f'''{a # b\n}'''", 1, "f-string expression part cannot include '#'"),
        ('f"{a:{b["c"]}}"', 1, "f-string: expecting '}'"),
        ('f"{a!r }"', 1, "f-string: expecting '}'"),
    ):
        found = grammar.newer(tree, text, 11)
        assert found is not None
        assert (found.since, found.line, found.said) == (12, line, said)
        assert grammar.newer(tree, text, 12) is None
    for text in ("f'{a}' f'{{' f'\\N{DASH}\\{a}'", "f'{a", "rf'\\{a}\\d'", "t'{a}'", "f'{a:>{b}}' f'{(1, [2])!r}'"):
        assert grammar.newer(tree, text, 11) is None


@pytest.mark.parametrize(
    ("source", "since"),
    [
        ("try: a()\nexcept A, B: pass", 14), ("try: a()\nexcept (A, B): pass", None), ("try: a()\nexcept f(A, B): pass", None),
        ("'except A, B:'", None), ("except 'A, B:", None),
    ],
)  # fmt: skip
def test_excepts_without_parentheses(source: str, since: int | None) -> None:
    found = grammar.newer(ast.parse("pass"), source, 13)
    assert (found and found.since) == since
    assert grammar.newer(ast.parse("pass"), source, 14) is None


@pytest.mark.parametrize(
    "source",
    ["@a\n@b.c(1)\ndef f(*more: int, **rest): pass", "x[1, 2]", "x[1:2, ...]", "class A(B, metaclass=C): pass", "[*a, *b]"],
)
def test_what_every_python_reads(source: str) -> None:
    for minor in range(8, 16):
        assert parse(source.encode(), "app.py", minor).fault is None


def rewritten(text: str, running: int, minor: int) -> str | None:
    found = grammar.older(text, running, minor)
    return None if found is None else found.text


@pytest.mark.parametrize(
    ("text", "running", "minor", "said"),
    [
        ("def f[T](a): pass", 11, 12, "def f(a): pass"), ("def f[T = int](a): pass", 12, 13, "def f(a): pass"),
        ("def f[T](a): pass", 13, 14, "def f[T](a): pass"), ("type A = int; type B[T] = T", 11, 12, "A = int; B = T"),
        ("class A[\n    T\n]: pass", 11, 12, None), ("def f[T", 11, 12, None), ("x = 'abc", 11, 12, None),
        ("type A = int", 12, 13, "type A = int"), ("class A[T: f'{b['c']}']: pass", 11, 12, None),
        ("except A, B:", 13, 14, "except ( A, B):"), ("except A, B as c:", 13, 14, "except A, B as c:"),
        ("except (A,\n  B):", 13, 14, None),
        ("t'{a}'\nx", 13, 14, "''''''\nx"), ("lazy import a", 14, 15, "import a"), ("[*a for a in b]", 14, 15, None),
    ],
)  # fmt: skip
def test_newer_source_in_older_words(text: str, running: int, minor: int, said: str | None) -> None:
    assert rewritten(text, running, minor) == said


@pytest.mark.parametrize(
    ("message", "running", "minor", "said"),
    [
        ("duplicate argument 'a'", 14, 15, "duplicate parameter 'a'"), ("duplicate parameter 'a'", 15, 14, "duplicate argument 'a'"),
        ("expected '('", 11, 10, "invalid syntax"), ("expected '('", 11, 12, "expected '('"),
        ("f-string: invalid syntax", 11, 12, "invalid syntax"), ("f-string: expecting '}'", 11, 12, "f-string: expecting '}'"),
        ("invalid syntax. Perhaps you forgot a comma?", 11, 9, "invalid syntax"), ("unmatched ')'", 11, 9, "unmatched ')'"),
        ("parameter without a default follows parameter with a default", 12, 11, "non-default argument follows default argument"),
    ],
)  # fmt: skip
def test_the_words_of_other_versions(message: str, running: int, minor: int, said: str) -> None:
    assert grammar.worded(message, running, minor) == said


@pytest.mark.parametrize(
    ("text", "endless"),
    [
        ("'a'", False), ("'a", True), ("'a\n'", True), ("'''a\n'''", False), ("f'{a", True), ("f'{a)}'", True), ("f'{(a}'", True),
        ("f'{a[1]:{b}}'", False), ("f'{a:\n}'", True), ("f'\\N{DASH", True), ("f'\\N{DASH}'", False), ("rf'\\N{a}'", False),
        ("f'" + "{f'" * 20, False), ("f'\\", True), ("# 'a", False),
    ],
)  # fmt: skip
def test_strings_without_end(text: str, endless: bool) -> None:
    assert is_endless(text) is endless


def test_masked_keeps_what_is_code() -> None:
    assert masked("a = 'b' # c\nd = f'{e}'") == "a = ___    \nd = ______"
