"""Rules of a user's own: found in a folder, held to their hundred, and what is wrong with them said in one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.book import BadSettings, demand, load, matches

GOOD = '''"""A page.

Fix: nothing.
"""
from lambdalint import Hit, Package, Phase, Severity, rule


@rule("{id}", "{name}", Severity.NOTE, Phase.INIT)
def check(package: Package):
    yield Hit(None, "x")
'''


def refused(folder: Path) -> str:
    with pytest.raises(BadSettings) as caught:
        load([str(folder)])
    return str(caught.value).replace(str(folder), "DIR")


def test_own_rules_join_the_book(tmp_path: Path) -> None:
    (tmp_path / "ll950_of_mine.py").write_text(GOOD.format(id="LL950", name="of-mine"))
    (tmp_path / "notes.py").write_text("raise SystemError")
    book = load([str(tmp_path)])
    assert book[-1].id == "LL950"
    assert book[-1].fix == "nothing."
    assert book[-1].page.startswith("A page.")
    assert repr(book[-1]) == "Rule(LL950 of-mine)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = 1", "DIR/ll950_x.py: holds no rule; a rule is a function under @rule(...)"),
        ("1 / 0", "DIR/ll950_x.py: ZeroDivisionError: division by zero"),
        ("def", "DIR/ll950_x.py: SyntaxError: invalid syntax"),
        (GOOD.format(id="LL201", name="x"), "DIR/ll950_x.py: LL201 is not free; users' own rules are LL901 to LL999"),
        (GOOD.format(id="LL95", name="x"), "LL95 x: a rule is named LLnnn and a-kebab-name"),
        (GOOD.format(id="LL950", name="Not_Kebab"), "LL950 Not_Kebab: a rule is named LLnnn and a-kebab-name"),
    ],
)
def test_what_is_no_rule_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "ll950_x.py").write_text(text)
    said = refused(tmp_path)
    assert told in said
    assert "\n" not in said


def test_folder_without_rules_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == "--rules DIR: no file there is named like ll901_what_is_wrong.py"
    assert refused(tmp_path / "nowhere") == "--rules DIR: No such file or directory"


def test_one_id_is_one_rule(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / f"ll950_{name}.py").write_text(GOOD.format(id="LL950", name=name))
    assert refused(tmp_path) == "LL950 is the ID of two rules, first and second"


def test_selectors() -> None:
    @rule("LL950", "of-mine", Severity.NOTE, Phase.INIT)
    def mine() -> Iterator[Hit]:
        yield from ()

    assert all(matches(mine, selector) for selector in ("ALL", "LL", "LL9", "LL95", "LL950", "of-mine"))
    assert not any(matches(mine, selector) for selector in ("", "LL951", "LL1", "mine", "all", "of"))


def test_unknown_selector_names_the_nearest() -> None:
    book = load()
    demand(book, "LL2")
    for wrong, near in (("unreadable-fil", "unreadable-file"), ("ll201", "LL201")):
        with pytest.raises(BadSettings, match=f"no rule is named {wrong}; did you mean {near}"):
            demand(book, wrong)
    with pytest.raises(BadSettings, match=r"^no rule is named zzzzzzzzz$"):
        demand(book, "zzzzzzzzz")
