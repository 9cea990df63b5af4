"""Sources of every kind, judged for every Python by the one that runs the tests; what the real ones said was recorded."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdalint.handlers.python_lexer import Lost, literals, masked
from lambdalint.handlers.python_syntax import READ, parse

RECORD = json.loads((Path(__file__).parents[2] / "fixtures/python/syntax.json").read_text(encoding="utf-8"))
CASES: dict[str, dict[str, object]] = RECORD["cases"]
MINORS = range(10, 16)
RUNNING = sys.version_info[1]


def real(name: str, minor: int) -> str | None:
    said = CASES[name]["said"]
    assert isinstance(said, list)
    found: list[str | None] = [text for since, text in said if since <= minor]
    return found[-1]


def ours(source: object, minor: int) -> str | None:
    fault = parse(str(source).encode("latin-1"), "/var/task/app.py", minor).fault
    return None if fault is None else fault.text


@pytest.mark.parametrize("name", CASES)
def test_never_called_wrong_when_it_is_right(name: str) -> None:
    for minor in MINORS:
        said = real(name, minor)
        if said is None or said.startswith("MemoryError"):
            assert ours(CASES[name]["source"], minor) in (None, "too many nested parentheses (app.py, line 1)")


@pytest.mark.skipif(RUNNING not in MINORS, reason="what this Python says was not recorded")
@pytest.mark.parametrize("name", CASES)
def test_the_running_pythons_own_words(name: str) -> None:
    said = real(name, RUNNING)
    assert ours(CASES[name]["source"], RUNNING) == (None if said is None else said.partition(": ")[2])


@pytest.mark.parametrize("minor", MINORS)
def test_most_faults_are_found_in_the_right_words(minor: int) -> None:
    wrong = [name for name in CASES if real(name, minor) is not None]
    found = {name: text for name in wrong if (text := ours(CASES[name]["source"], minor)) is not None}
    same = [name for name, text in found.items() if text == str(real(name, minor)).partition(": ")[2]]
    assert len(found) >= 0.95 * len(wrong), set(wrong) - set(found)
    # The words are those of the Python that runs the tests; one that is three releases newer explains more than the old one did.
    share = 0.9 if minor + 3 > RUNNING else 0.85
    assert len(same) >= share * len(found), set(found) - set(same)


def test_the_cause_of_newer_syntax_is_named() -> None:
    for source, minor, since in (
        (b"match x:\n    case 1: pass", 9, 10),
        (b"try:\n    pass\nexcept* A:\n    pass", 10, 11),
        (b"type X = int", 11, 12),
        (b"class A[T]: pass", 10, 12),
        (b"x = a[*b]", 10, 11),
        (b"def f(*a: *T): pass", 10, 11),
        (b"@a[0]\ndef f(): pass", 8, 9),
    ):
        fault = parse(source, "app.py", minor).fault
        assert fault is not None
        assert fault.newer is not None
        assert fault.newer.since == since


def test_older_words_for_older_pythons() -> None:
    for source, said in (
        (b"def f()\n    pass", "invalid syntax (app.py, line 1)"),
        (b"x = 'abc", "EOL while scanning string literal (app.py, line 1)"),
        (b"if x:\npass", "expected an indented block (app.py, line 2)"),
        (b"x = '''", "EOF while scanning triple-quoted string literal (app.py, line 1)"),
        (b"def f(a, a): pass", "duplicate argument 'a' in function definition (app.py, line 1)"),
    ):
        fault = parse(source, "app.py", 9).fault
        assert fault is not None
        assert fault.text == said
    nul = parse(b"x\0", "app.py", 10).fault
    assert nul is not None
    assert nul.type == "ValueError"


def test_what_is_not_judged() -> None:
    assert parse(b"x = 1\n" * READ, "app.py", 12).tree is None
    assert parse(b"x = " + b"-" * 100_000 + b"1", "app.py", 12).fault is None
    assert parse(b"x = 1", "a\0b.py", 12).fault is None
    newer = parse(b"def f(:", "app.py", 99)
    assert (newer.fault is None) == (RUNNING < 99)


def test_newer_sources_keep_their_names() -> None:
    tree = parse(b'type X = int\ndef f[T](a):\n    return f"{a["b"]}"\n', "app.py", 12).tree
    assert tree is not None
    assert len(tree.body) == 2


@given(st.text("fFrRbtu'\"{}\\#!:\n a=[]()", max_size=40))
def test_the_lexer_ends(text: str) -> None:
    try:
        found = list(literals(text))
    except Lost:
        return
    assert all(one.start < one.end for one in found)
    assert all(one.end <= after.start for one, after in pairwise(found))
    assert len(masked(text)) == len(text)
    assert masked(text).count("\n") == text.count("\n")


@given(st.binary(max_size=200), st.integers(8, 16))
def test_any_bytes_are_judged(data: bytes, minor: int) -> None:
    parsed = parse(data, "/var/task/app.py", minor)
    assert parsed.tree is None or parsed.fault is None
