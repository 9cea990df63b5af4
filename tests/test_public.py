"""The public face: every name is there, says what it is, and nothing else is."""

from __future__ import annotations

import importlib
import inspect
import os

import pytest

import lambdalint
from lambdalint import _HOMES
from lambdalint.escape import visible, visible_lines
from tests.cases import ROOT


def test_names_are_those_of_their_homes() -> None:
    assert sorted(lambdalint.__all__) == sorted(_HOMES)
    assert dir(lambdalint) == sorted(lambdalint.__all__)
    for name, home in _HOMES.items():
        assert getattr(lambdalint, name) is getattr(importlib.import_module(f"lambdalint.{home}"), name)


def test_each_says_what_it_is() -> None:
    for name in lambdalint.__all__:
        assert inspect.getdoc(getattr(lambdalint, name)), name


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        lambdalint.nonsense  # noqa: B018
    assert os.path.exists(os.path.join(ROOT, "lambdalint", "py.typed"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain/üñí.py", "plain/üñí.py"),
        ("a\nb\r\t\0", "a\\x0ab\\x0d\\x09\\x00"),
        ("\x1b[31m\x9b", "\\x1b[31m\\x9b"),
        ("a\u202eb\u2066\ufeff", "a\\u202eb\\u2066\\ufeff"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("half\udce9\ud800", "half\\udce9\\ud800"),
    ],
)
def test_nothing_that_speaks_to_a_terminal_is_shown_as_it_is(text: str, shown: str) -> None:
    assert visible(text).replace("\\x3a", ":") == shown


def test_lines_of_our_own_stay_lines() -> None:
    assert visible_lines("one\ntwo\r\x1b") == ["one", "two\\x0d\\x1b"]
