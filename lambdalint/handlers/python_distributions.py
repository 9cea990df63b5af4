"""Distributions that a Python function leans on: metadata that was left out, and an SDK that is only half packaged.

What ``importlib.metadata`` is asked for is read from its documentation,
https://docs.python.org/3/library/importlib.metadata.html; all of it is a warning, since what a library does with the answer
is its own affair.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.aws import python_modules as known
from lambdalint.distributions import normalized
from lambdalint.filesystem import Missing, Node
from lambdalint.handlers import Fault, Sort
from lambdalint.handlers.python_layout import shown
from lambdalint.handlers.python_search import Sort as Made
from lambdalint.handlers.python_search import Spec, Unknowable
from lambdalint.model import Entry, Lacking, Severity

if TYPE_CHECKING:
    from lambdalint.handlers.python_imports import Imports, Module

#: Bytes of an installed module that is looked into.
_BYTES: Final = 128 << 10
#: Functions that raise PackageNotFoundError where a distribution's metadata is not there.
_ASKING: Final = frozenset({"distribution", "files", "metadata", "requires", "version"})
#: A distribution's folder or file of metadata: the name, the version, and of an egg the Python that it is for.
_METADATA: Final = re.compile(r"(.+?)(?:-[^-]+(?:-py[\d.]+)?)?\.(?:dist|egg)-info$")
#: The Python from which on the runtime's botocore is made for urllib3 2; before it asks for one below 1.27
#: (setup.cfg of botocore 1.31.63 and later).
_TAKES_URLLIB3_2: Final = 10
#: Where an image holds what a managed runtime brings.
_RUNTIMES: Final = ("/var/runtime/", "/var/lang/")
_SDK: Final = ("boto3", "botocore")


def metadata(imports: Imports, loaded: list[Module], module: str) -> Iterator[Fault]:
    """Judge what is asked of the metadata of distributions while modules load; ``module`` as the handler names it."""
    search = imports.search
    if search.scripted or search.filesystem.unread:
        return
    installed: _Installed | None = None
    for one in loaded:
        for name, line in _asked(imports, one):
            installed = installed or _Installed(imports)
            if normalized(name) in installed.distributions or name in known.RUNTIME or name in known.PERHAPS:
                continue
            assert one.spec.node is not None
            package = installed.packages.get(normalized(name))
            there = "" if package is None else f", though {shown(package, search.filesystem)} is there"
            message = (
                f"{shown(one.spec.node, search.filesystem)} asks for the metadata of {name}, "
                f"and no {name.replace('-', '_')}-*.dist-info is in the package{there}"
            )
            said = f"No package metadata was found for {name}"
            aws = errors.raised(module, "ImportError", said)
            fix = f"keep the *.dist-info directories when the package is slimmed, or pip install --target . {name} again"
            places = _entries(one.spec.node, package)
            yield Fault(Sort.METADATA, message, places=places, aws=aws, fix=fix, line=line, severity=Severity.WARNING)


def _asked(imports: Imports, module: Module) -> Iterator[tuple[str, int]]:
    """Yield what a module asks for as it loads, with the lines."""
    node = module.spec.node
    if module.spec.sort is not Made.SOURCE or node is None:
        return
    data, tree = module.data, module.tree
    if tree is None:
        try:
            data = imports.search.filesystem.read(node, _BYTES + 1)
        except Lacking:
            return
    if b"metadata" not in data or len(data) > _BYTES:
        return
    if tree is None:
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
    given = _given(tree)
    for statement in tree.body:
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr)):
            yield from _calls(statement, given)


def _given(tree: ast.Module) -> dict[str, str]:
    """Return what the module's top level calls importlib.metadata and its functions."""
    given: dict[str, str] = {}
    for statement in tree.body:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if alias.name == "importlib.metadata":
                    given[alias.asname or alias.name] = "module"
        elif isinstance(statement, ast.ImportFrom) and not statement.level:
            for alias in statement.names:
                if statement.module == "importlib" and alias.name == "metadata":
                    given[alias.asname or alias.name] = "module"
                elif statement.module == "importlib.metadata" and alias.name in _ASKING:
                    given[alias.asname or alias.name] = "function"
    return given


def _calls(statement: ast.stmt, given: dict[str, str]) -> Iterator[tuple[str, int]]:
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Lambda, ast.IfExp, ast.BoolOp)):
            continue  # what is in it may never run
        waiting += ast.iter_child_nodes(node)
        if not isinstance(node, ast.Call) or len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
            continue
        called, name = node.func, node.args[0].value
        if isinstance(called, ast.Attribute) and called.attr in _ASKING:
            is_asking = given.get(_dotted(called.value)) == "module"
        else:
            is_asking = isinstance(called, ast.Name) and given.get(called.id) == "function"
        if is_asking and isinstance(name, str) and name:
            yield name, node.lineno


def _dotted(node: ast.expr) -> str:
    """Return a module as it is named in the source; empty when it is anything but names and dots."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


class _Installed:
    """What lies directly in the places where modules are looked for, by normalised names."""

    def __init__(self, imports: Imports) -> None:
        #: Those whose metadata is there.
        self.distributions: Final[set[str]] = set()
        #: The first folder or module of each name.
        self.packages: Final[dict[str, Node]] = {}
        for node in _on_the_path(imports):
            found = _METADATA.match(node.name)
            if found is not None:
                self.distributions.add(normalized(found[1]))
            self.packages.setdefault(normalized(node.name.removesuffix(".py")), node)


def _on_the_path(imports: Imports) -> Iterator[Node]:
    """Yield what lies directly in the places where modules are looked for."""
    for place in [*imports.search.first, *imports.search.last]:
        found = imports.search.filesystem.find(place)
        if not isinstance(found, Missing):
            yield from (found.children or {}).values()


def _entries(*nodes: Node | None) -> list[Entry]:
    places: list[Entry] = []
    for node in nodes:
        inner = None if node is None else node.child("__init__.py") if node.is_dir else node
        if inner is not None and inner.entry is not None and inner.entry not in places:
            places.append(inner.entry)
    return places


def sdk(imports: Imports, module: str) -> Iterator[Fault]:
    """Judge an SDK of which a part comes from the package and a part from the runtime."""
    if not any(name in imports.modules for name in _SDK):
        return
    places = {name: _spec(imports, name) for name in (*_SDK, "urllib3")}
    boto3, botocore, urllib3 = places.values()
    if _is_own(urllib3) and _is_given(botocore) and imports.minor <= _TAKES_URLLIB3_2:
        yield from _urllib3(imports, urllib3, module)
    if "boto3" not in imports.modules:
        return
    for own, other in ((boto3, botocore), (botocore, boto3)):
        if own is not None and other is not None and _is_own(own) and _is_given(other):
            message = f"{own.name} comes from the package, {other.name} from the runtime, and each is made for one version of the other"
            fix = f"pip install --target . boto3, which brings both, or leave out {own.name}"
            yield Fault(Sort.SDK, message, places=_entries(own.node), fix=fix, severity=Severity.WARNING)


def _urllib3(imports: Imports, urllib3: Spec | None, module: str) -> Iterator[Fault]:
    for node in _on_the_path(imports):
        found = re.match(r"urllib3-(\d+)\.[^-]*\.dist-info$", node.name)
        if found is None or int(found[1]) < 2 or urllib3 is None:
            continue
        said = "cannot import name 'DEFAULT_CIPHERS' from 'urllib3.util.ssl_' (/var/task/urllib3/util/ssl_.py)"
        message = (
            f"{node.name.removesuffix('.dist-info')} comes from the package, botocore from the runtime, and on Python 3.{imports.minor} "
            "botocore asks for urllib3 below 1.27; older runtimes fail on it"
        )
        aws = errors.raised(module, "ImportError", said)
        fix = "pip install --target . 'urllib3<2'\npip install --target . boto3, so that all of it is packaged"
        places = _entries(urllib3.node, node.child("METADATA"))
        yield Fault(Sort.SDK, message, places=places, aws=aws, fix=fix, severity=Severity.WARNING)
        return


def _spec(imports: Imports, name: str) -> Spec | None:
    try:
        return imports.search.top(name)
    except Unknowable:
        return None


def _is_own(spec: Spec | None) -> bool:
    return spec is not None and spec.sort is Made.SOURCE and spec.node is not None and not spec.path.startswith(_RUNTIMES)


def _is_given(spec: Spec | None) -> bool:
    return spec is not None and (spec.sort is Made.GIVEN or spec.path.startswith(_RUNTIMES))
