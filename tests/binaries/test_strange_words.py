"""Files that say what nobody would: numbers that are none, chains without end. They are judged, or said not to be, at little cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.aws.libraries import numbers
from lambdalint.binaries import Probe, keep, linking, sources
from lambdalint.book import load
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.handlers import ruby_path
from lambdalint.model import Role
from lambdalint.readers import open_package
from lambdalint.report import Verdict
from lambdalint.target import Target
from tests.cases import TODAY
from tests.elfwriter import Elf

MODULE = "fast/_fast.cpython-312-x86_64-linux-gnu.so"
FOREIGN = Elf(machine="aarch64", exports=["PyInit__fast"]).built()
PYTHON = {
    "app.py": b"import fast\n\n\ndef handler(event, context):\n    return 1\n",
    "fast/__init__.py": b"from . import _fast\n",
    MODULE: FOREIGN,
}
NODE = {
    "app.js": b"const a = require('a')\nexports.handler = async () => a\n",
    "node_modules/a/package.json": b'{"name": "a", "main": "index.js"}',
    "node_modules/a/index.js": b"module.exports = require('./a.node')\n",
}


def judged(folder: Path, files: dict[str, bytes], runtime: str = "python3.12") -> Verdict:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    package = open_package(str(folder), probe=Probe(), keep=keep)
    function = Function(runtime=runtime, handler="app.handler", architectures=("x86_64",))
    report = lint([Target(package.archive, package, function, role=Role.FUNCTION)], load(), Judge(today=TODAY))
    (verdict,) = report.verdicts
    assert [crash.error for crash in verdict.crashes] == []
    return verdict


@pytest.mark.parametrize("number", ["²", "9" * 5000, "", "9" * 20 + ".1"])
def test_versions_that_are_no_numbers(tmp_path: Path, number: str) -> None:
    versions = {"libc.so.6": [f"GLIBC_2.{number}", f"GLIBC_{number}"], "libx.so": [f"X_{number}"]}
    library = Elf(soname="libx.so", provides=[f"X_{number}1"]).built()
    judged(tmp_path, PYTHON | {MODULE: Elf(exports=["PyInit__fast"], versions=versions).built(), "lib/libx.so": library})


@pytest.mark.parametrize("number", ["²", "9" * 5000, ""])
def test_versions_of_node_js_that_are_no_numbers(tmp_path: Path, number: str) -> None:
    addon = Elf(exports=[f"node_register_module_v{number}"]).built()
    judged(tmp_path, NODE | {"node_modules/a/a.node": addon}, "nodejs22.x")


@pytest.mark.parametrize("tag", ["py3" + "9" * 5000 + "-none-any", "cp3" + "9" * 5000 + "-abi3-linux_x86_64"])
def test_tags_of_wheels_that_are_no_versions(tmp_path: Path, tag: str) -> None:
    judged(tmp_path, PYTHON | {"fast-1.0.dist-info/WHEEL": f"Tag: {tag}\n".encode(), "fast-1.0.dist-info/RECORD": b"fast/__init__.py,,\n"})


@pytest.mark.parametrize("place", ["app.py", "fast/__init__.py"])
@pytest.mark.parametrize("depth", [300, 1200])
@pytest.mark.parametrize(
    "shape",
    ["if a: pass\n{elif a: pass\n}", "if {not }a: import x\n", "if a{.a}: import x\n", "import importlib.metadata\nx = a{.a}.version('p')\n",
     "import importlib.metadata\nx = (a{ + a}).version('p')\n"],
)  # fmt: skip
def test_sources_that_are_deeper_than_python_recurses(tmp_path: Path, place: str, depth: int, shape: str) -> None:
    before, _, rest = shape.partition("{")
    repeated, _, after = rest.partition("}")
    source = PYTHON[place] + (before + repeated * depth + after).encode()
    judged(tmp_path, PYTHON | {place: source})


def lacking(verdict: Verdict, rule: str) -> str:
    (skip,) = [skip for skip in verdict.skips if skip.rule.id == rule]
    return str(skip.lacking)


def test_what_is_more_than_is_followed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linking, "_ALL_FOLLOWED", 30)
    chain = {f"fast/lib{at}.so": Elf(soname=f"lib{at}.so", needed=[f"lib{at + 1}.so"]).built() for at in range(8)}
    starts = {
        f"fast/_f{at}.cpython-312-x86_64-linux-gnu.so": Elf(needed=["lib0.so"], exports=[f"PyInit__f{at}"]).built() for at in range(4)
    }
    verdict = judged(tmp_path, PYTHON | chain | starts)
    assert "more than is followed" in lacking(verdict, "LL408")


def test_search_paths_without_end_are_said(tmp_path: Path) -> None:
    """Libraries that each bring folders for all that comes after, so that every one of them would be looked for in all."""
    def rpath(at: int) -> str:
        return ":".join(["$ORIGIN", *(f"/{at}/{number}" for number in range(90))])

    chain = {
        f"fast/lib{at}.so": Elf(soname=f"lib{at}.so", needed=[f"lib{at + 1}.so"], rpath=rpath(at)).built() for at in range(5)
    }
    fast = Elf(needed=["lib0.so"], exports=["PyInit__fast"], rpath="$ORIGIN").built()
    verdict = judged(tmp_path, PYTHON | {MODULE: fast, "fast/lib5.so": Elf(soname="lib5.so").built()} | chain)
    assert lacking(verdict, "LL408").startswith("the search path of /var/task/fast/lib2.so")


def test_a_source_is_looked_at_once_for_all_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bytes] = []
    words = sources.words

    def counted(source: bytes) -> set[bytes]:
        looked.append(source)
        return words(source)

    monkeypatch.setattr(sources, "words", counted)
    foreign = {
        f"fast/_f{at}.cpython-312-x86_64-linux-gnu.so": Elf(machine="aarch64", exports=[f"PyInit__f{at}"]).built() for at in range(20)
    }
    judged(tmp_path, PYTHON | {"fast/__init__.py": b"from . import one\n", "fast/one.py": b"x = '_f1'\n"} | foreign)
    assert 0 < len(looked) <= 9


def test_a_library_is_named_by_its_whole_word(tmp_path: Path) -> None:
    """Of libraries that do not load, those that a source opens are told; the words of others only end or begin alike."""
    library = Elf(soname="x", needed=["libnone.so.1"]).built()
    names = ("libopened.so", "libopen.so", "opened.so", "libnamed.so.1")
    texts = {"fast/one.py": b"CDLL(os.path.join(here, 'libopened.so'))\nCDLL(f'{here}/libnamed')\n"}
    verdict = judged(tmp_path, PYTHON | {f"fast/{name}": library for name in names} | texts)
    told = {place.path for one in verdict.findings if one.rule.id == "LL408" for place in one.places}
    assert told == {"fast/libopened.so", "fast/libnamed.so.1"}


def test_a_distribution_that_makes_the_module_that_made_it(tmp_path: Path) -> None:
    inner = "_cffi_backend/_x.cpython-312-x86_64-linux-gnu.so"
    files = {
        inner: Elf(machine="aarch64", exports=["PyInit__x"]).built(), "fast-1.dist-info/RECORD": f"{inner},,\n".encode(),
        "fast-1.dist-info/METADATA": b"Name: fast\nVersion: 1\nRequires-Dist: cffi\n",
    }  # fmt: skip
    judged(tmp_path, PYTHON | files)


@pytest.mark.parametrize("text", [b"\n" * 65_536, b" " * 65_536, b"s.extensions =" + b"\n" * 65_000, b"s" * 65_536])
def test_a_specification_of_a_gem_is_read_in_one_go(text: bytes) -> None:
    """Half a minute each, if every line began a search for the next word."""
    assert ruby_path._EXTENSIONS.search(text) is None


def test_versions_in_order() -> None:
    assert numbers("2.17") < numbers("2.28") < numbers("2.100")
    assert numbers("2.²") == numbers("2.x") < numbers("2.0")
