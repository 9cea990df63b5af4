"""Writes what is known already: the catalogue in rules/README.md, and in README.md the groups of rules and the example.

``python -m tools.catalogue`` writes both, ``--check`` only tells whether they are as they should be.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Final

from lambdalint.book import Rule, load

ROOT: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CATALOGUE: Final = os.path.join(ROOT, "rules", "README.md")
FRONT: Final = os.path.join(ROOT, "README.md")
MARKS: Final = ("<!-- rules: made by tools/catalogue.py -->", "<!-- end of rules -->")
EXAMPLE: Final = ("<!-- example: made by tools/catalogue.py -->", "<!-- end of example -->")
#: What the example shows: the golden report of the package that README.md judges.
SHOWN: Final = os.path.join(ROOT, "fixtures", "packages", "first-deploy", "golden.text")

#: What each hundred is about.
GROUPS: Final = {
    "1": ("The archive", "not a zip, truncated, damaged, encrypted, readers that would disagree"),
    "2": ("Files", "modes, links, special files, names"),
    "3": ("The handler and its code", "does the handler string lead to code that loads"),
    "4": ("Native binaries", "CPU, operating system, C library, missing libraries"),
    "5": ("Sizes", "every limit in bytes, and how near it is"),
    "6": ("Settings", "runtimes and their dates, environment variables, values that AWS refuses"),
    "7": ("Container images", "what only an image can have wrong"),
    "8": ("Layers and extensions", "what only a layer can have wrong"),
}

HEAD: Final = """\
# The rules

Made by `python -m tools.catalogue` from the rules' own files; do not edit. Each ID leads to the file, whose docstring
is the rule's page: what happens, in AWS's own words, what to do, and the source. `lambdalint explain LL201` shows the
same. An error is what AWS refuses or what surely fails at the first invocation; a warning fails in some environments or
by some path; a note is worth knowing. The severity here is the highest that the rule has.
"""
TABLE: Final = """
## {digit}xx {title}

| ID | name | severity | AWS says it at | what |
|---|---|---|---|---|
{rows}"""


def catalogue(rules: Sequence[Rule]) -> str:
    """Return the text of rules/README.md."""
    parts = [HEAD]
    for digit, (title, _) in GROUPS.items():
        members = [rule for rule in rules if rule.id[2] == digit]
        if members:
            parts.append(TABLE.format(digit=digit, title=title, rows="".join(row(rule) for rule in members)))
    return "".join(parts)


def row(rule: Rule) -> str:
    """Return a rule's line; its anchor is what the reporters link to."""
    anchor, file = rule.id.lower(), rule.module.rpartition(".")[2]
    what = rule.page.partition("\n")[0].replace("|", "\\|")
    link = f'<a id="{anchor}"></a>[{rule.id}]({file}.py)'
    return f"| {link} | {rule.name} | {rule.severity.label} | {rule.phase.value} | {what} |\n"


def groups(rules: Sequence[Rule]) -> str:
    """Return the table of README.md."""
    lines = ["| rules | about | how many |", "|---|---|---|"]
    for digit, (title, about) in GROUPS.items():
        count = sum(rule.id[2] == digit for rule in rules)
        if count:
            anchor = f"{digit}xx-{title.lower().replace(' ', '-')}"
            lines.append(f"| [LL{digit}xx](rules/README.md#{anchor}) | **{title}**: {about} | {count} |")
    return "\n".join(lines)


def front(text: str, rules: Sequence[Rule]) -> str:
    """Return README.md with its table and its example renewed."""
    with open(SHOWN, encoding="utf-8") as file:
        example = f"```text\n{file.read()}```"
    return between(EXAMPLE, example, between(MARKS, groups(rules), text))


def between(marks: tuple[str, str], new: str, text: str) -> str:
    """Return the text with something new between two marks, which stay."""
    made, count = re.subn("(.*?)".join(map(re.escape, marks)), lambda _: f"{marks[0]}\n{new}\n{marks[1]}", text, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"README.md: wanted once: {marks[0]} ... {marks[1]}")
    return made


def wanted() -> dict[str, str]:
    """Return the text that each generated file should have."""
    rules = load()
    with open(FRONT, encoding="utf-8") as file:
        return {CATALOGUE: catalogue(rules), FRONT: front(file.read(), rules)}


def main(arguments: Sequence[str]) -> int:
    """Write the files, or check them and return 1 when one is stale."""
    stale = []
    for path, text in wanted().items():
        if os.path.exists(path):
            with open(path, encoding="utf-8", newline="") as file:
                if file.read() == text:
                    continue
        stale.append(os.path.relpath(path, ROOT))
        if "--check" not in arguments:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
    word = "stale, run python -m tools.catalogue" if "--check" in arguments else "written"
    for name in stale:
        print(f"{name}: {word}")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
