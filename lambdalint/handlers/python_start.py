"""What a source that parses does as it starts, and its Python cannot: ``X | Y`` of types, names of the standard library."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final

from lambdalint.aws import python_api as api
from lambdalint.handlers.python_grammar import Newer
from lambdalint.handlers.python_names import truth
from lambdalint.handlers.python_syntax import Fault

#: The version that gave types their ``|`` (PEP 604), and the one that evaluates no annotation before it is asked for (PEP 649).
_UNIONS: Final = 10
_DEFERRED: Final = 14
#: Classes that are built in; those that take a type in brackets do so from 3.9 on (PEP 585).
_GENERIC: Final = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})
_TYPES: Final = _GENERIC | {"bool", "bytearray", "bytes", "complex", "float", "int", "object", "range", "str"}
_SINCE_BRACKETS: Final = 9
#: Expressions of which a part may not be evaluated, or only later.
_LATER: Final = (
    ast.Lambda, ast.IfExp, ast.BoolOp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Await, ast.Compare, ast.JoinedStr,
)  # fmt: skip


def trip(tree: ast.Module, minor: int) -> Fault | None:
    """Return the TypeError of the first expression that surely runs as the module starts, and that this Python cannot evaluate."""
    start = _Start(tree, minor)
    for expression in start.expressions(tree.body):
        found = start.fault(expression)
        if found is not None:
            return found
    return None


def unknown_name(tree: ast.Module, minor: int) -> Fault | None:
    """Return the ImportError of the first name that the standard library of this Python has not, and another has."""
    for node in _Start(tree, minor).statements(tree.body):
        if not isinstance(node, ast.ImportFrom) or node.level or node.module is None:
            continue
        for alias in node.names:
            if api.gone_from(node.module, alias.name, minor):
                since = api.since(node.module, alias.name)
                place = api.home(node.module, minor)
                text = f"cannot import name {alias.name!r} from {node.module!r} ({place})"
                newer = None if since is None or since <= minor else Newer(since, f"{node.module}.{alias.name}", node.lineno)
                return Fault(text, node.lineno, type="ImportError", newer=newer)
    return None


class _Start:
    """The statements of one module that surely run as it is imported, and that nothing around them catches."""

    def __init__(self, tree: ast.Module, minor: int) -> None:
        self._minor: Final = minor
        #: What the source binds itself is not what is built in.
        self._bound: Final = frozenset(_bound(tree))
        self._annotates: Final = minor < _DEFERRED and not any(
            isinstance(node, ast.ImportFrom) and node.module == "__future__" and any(one.name == "annotations" for one in node.names)
            for node in tree.body
        )

    def statements(self, body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
        """Yield them in order, those of classes too; what stands in a ``try`` or a loop is left out."""
        for node in body:
            yield node
            if isinstance(node, ast.ClassDef):
                yield from self.statements(node.body)
            elif isinstance(node, ast.If):
                holds = truth(node.test, self._minor)
                if holds is not None:
                    yield from self.statements(node.body if holds else node.orelse)

    def expressions(self, body: Iterable[ast.stmt]) -> Iterator[ast.expr]:
        for node in self.statements(body):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield from node.decorator_list
                yield from (one for one in (*node.args.defaults, *node.args.kw_defaults) if one is not None)
                yield from self._annotations(node)
            elif isinstance(node, ast.ClassDef):
                yield from (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords))
            elif isinstance(node, ast.AnnAssign):
                yield from [] if node.value is None else [node.value]
                yield from [node.annotation] if self._annotates else []
            elif isinstance(node, (ast.Assign, ast.Expr)):
                yield node.value

    def _annotations(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
        if not self._annotates:
            return
        given = node.args
        every = (*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg)
        yield from (one.annotation for one in every if one is not None and one.annotation is not None)
        if node.returns is not None:
            yield node.returns

    def fault(self, expression: ast.AST) -> Fault | None:
        """Return what the evaluation of an expression raises, its innermost part first."""
        if isinstance(expression, _LATER):
            return None
        for child in ast.iter_child_nodes(expression):
            inner = self.fault(child) if isinstance(child, (ast.expr, ast.keyword)) else None
            if inner is not None:
                return inner
        if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.BitOr):
            return self._union(expression)
        if isinstance(expression, ast.Subscript) and self._minor < _SINCE_BRACKETS and self._is_built_in(expression.value, _GENERIC):
            newer = Newer(_SINCE_BRACKETS, "a type in brackets behind list, dict and the like", expression.lineno)
            return Fault("'type' object is not subscriptable", expression.lineno, type="TypeError", newer=newer)
        return None

    def _union(self, node: ast.BinOp) -> Fault | None:
        left, right = self._kind(node.left), self._kind(node.right)
        if left is None or right is None:
            return None
        texts = "str" in (left, right)
        if not texts and self._minor >= _UNIONS:
            return None
        newer = None if texts else Newer(_UNIONS, "a union of types with |", node.lineno)
        text = f"unsupported operand type(s) for |: {left!r} and {right!r}"
        return Fault(text, node.lineno, type="TypeError", newer=newer)

    def _kind(self, node: ast.expr) -> str | None:
        """Return the type of what an expression comes to, as a TypeError names it. None: not known."""
        if isinstance(node, ast.Constant):
            return "NoneType" if node.value is None else "str" if isinstance(node.value, str) else None
        if self._is_built_in(node, _TYPES):
            return "type"
        if isinstance(node, ast.Subscript) and self._is_built_in(node.value, _GENERIC):
            return "types.GenericAlias"
        return None

    def _is_built_in(self, node: ast.expr, names: frozenset[str]) -> bool:
        return isinstance(node, ast.Name) and node.id in names and not self._bound & {node.id, "*"}


def _bound(tree: ast.Module) -> Iterator[str]:
    """Yield every name that a source binds, wherever it does; ``*``: it may be any."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
