"""Run the top level of one module in the mind: its statements in order, and the names that are bound in the end."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final

from lambdalint.handlers.python_bring import Importer
from lambdalint.handlers.python_names import OWN_FLAG, Binding, captures, loose, targets, truth

#: Exceptions whose handlers let an ImportError through.
_UNRELATED: Final = frozenset({
    "ArithmeticError", "AssertionError", "AttributeError", "EOFError", "FileNotFoundError", "IOError", "IndexError",
    "KeyError", "LookupError", "NameError", "NotImplementedError", "OSError", "OverflowError", "PermissionError",
    "RuntimeError", "StopIteration", "TimeoutError", "TypeError", "UnicodeDecodeError", "UnicodeError", "ValueError",
    "ZeroDivisionError",
})  # fmt: skip


class Body(Importer):
    """One module while it runs, statement by statement."""

    def run(self, tree: ast.Module) -> None:
        """Bind the module's names, and note its problems."""
        module = self.module
        module.is_open, inner = loose(tree, self.data)
        for name in inner:
            module.names[name] = Binding(sure=False)
        self.block(tree.body)
        for name in inner:
            module.names[name] = Binding(sure=False)
        if self.pathwork is not None:
            self.imports.tainted = True

    def block(self, body: Iterable[ast.stmt], *, sure: bool = True, bare: bool = True) -> None:
        before = self.sure, self.bare
        self.sure, self.bare = self.sure and sure, self.bare and bare
        for statement in body:
            if self.pathwork is not None and self.pathwork < statement.lineno:
                self.imports.tainted = True
            step = _STEPS.get(type(statement))
            if step is not None:
                getattr(self, step)(statement)
        self.sure, self.bare = before

    # Statements that bind.

    def define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bind(node.name, node)

    def classify(self, node: ast.ClassDef) -> None:
        for inner in node.body:
            if isinstance(inner, (ast.Import, ast.ImportFrom)):
                names = dict(self.module.names)
                self.block([inner])
                self.module.names.clear()
                self.module.names.update(names)
        self.bind(node.name, node)

    def assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._set(target.id, node.value)
            else:
                for name in targets(target):
                    self.bind(name)

    def annotate(self, node: ast.AnnAssign) -> None:
        if node.value is not None and isinstance(node.target, ast.Name):
            self._set(node.target.id, node.value)

    def augment(self, node: ast.AugAssign) -> None:
        for name in targets(node.target):
            self.bind(name)

    def _set(self, name: str, value: ast.expr) -> None:
        if isinstance(value, ast.Name):
            self.share(name, self.module.names.get(value.id))
        else:
            self.bind(name, value)

    def alias(self, node: ast.stmt) -> None:
        self.bind(node.name.id)  # type: ignore[attr-defined]  # ast.TypeAlias, from Python 3.12 on

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for name in targets(target):
                if self.sure:
                    self.module.names.pop(name, None)

    # Statements that hold statements.

    def choose(self, node: ast.If) -> None:
        known_truth = None if re.search(OWN_FLAG, self.data) else truth(node.test, self.imports.minor)
        if known_truth is not False:
            self.block(node.body, sure=known_truth is True)
        if known_truth is not True:
            self.block(node.orelse, sure=known_truth is False)

    def repeat(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        if isinstance(node, ast.While):
            if truth(node.test, self.imports.minor) is False:
                self.block(node.orelse)
                return
        else:
            for name in targets(node.target):
                self.maybe(name)
        self.block(node.body, sure=False)
        self.block(node.orelse, sure=False)

    def manage(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            for name in targets(item.optional_vars) if item.optional_vars is not None else ():
                self.bind(name)
        self.block(node.body, bare=False)

    def attempt(self, node: ast.Try) -> None:
        caught = any(_catches(handler) for handler in node.handlers)
        self.block(node.body, bare=not caught, sure=not node.handlers or not caught)
        for handler in node.handlers:
            if handler.name:
                self.maybe(handler.name)
            self.block(handler.body, sure=False)
        self.block(node.orelse, sure=not node.handlers)
        self.block(node.finalbody)

    def match(self, node: ast.Match) -> None:
        for case in node.cases:
            for name in captures(case.pattern):
                self.maybe(name)
            self.block(case.body, sure=False)


def _catches(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler may catch an ImportError."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return not all(isinstance(kind, ast.Name) and kind.id in _UNRELATED for kind in kinds)


#: The method for each statement.
_STEPS: Final[dict[type[ast.stmt], str]] = {
    ast.FunctionDef: "define", ast.AsyncFunctionDef: "define", ast.ClassDef: "classify",
    ast.Assign: "assign", ast.AnnAssign: "annotate", ast.AugAssign: "augment", ast.Delete: "delete",
    ast.If: "choose", ast.For: "repeat", ast.AsyncFor: "repeat", ast.While: "repeat",
    ast.With: "manage", ast.AsyncWith: "manage", ast.Try: "attempt", ast.TryStar: "attempt",
    ast.Match: "match", ast.Import: "bring", ast.ImportFrom: "pick",
    **({ast.TypeAlias: "alias"} if hasattr(ast, "TypeAlias") else {}),
}  # fmt: skip
