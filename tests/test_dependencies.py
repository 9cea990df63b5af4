"""What the program imports is what its metadata says that it needs: a fresh install has nothing else."""

from __future__ import annotations

import ast
import glob
import os
import re
import sys
import tomllib

from tests.cases import ROOT

#: Import names of distributions that have others.
NAMES = {"pyelftools": "elftools", "backports.zstd": "backports", "tree-sitter": "tree_sitter"}


def imported() -> set[str]:
    found: set[str] = set()
    for folder in ("lambdalint", "rules"):
        for path in glob.glob(os.path.join(ROOT, folder, "**", "*.py"), recursive=True):
            with open(path, encoding="utf-8") as file:
                tree = ast.parse(file.read(), path)
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    found.add((node.module or "").partition(".")[0])
    # compression is the standard library's from 3.14 on (PEP 784).
    return found - set(sys.stdlib_module_names) - {"lambdalint", "compression"}


def test_all_that_is_imported_is_needed_and_no_more() -> None:
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        needed = tomllib.load(file)["project"]["dependencies"]
    names = [re.split(r"[>=<; ]", one)[0] for one in needed]
    assert imported() == {NAMES.get(name, name.replace("-", "_")) for name in names}
