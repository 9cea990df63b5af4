"""Whether what a name stands for can be called as the runtime calls it: ``handler(event, context)``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from lambdalint.model import Aws

#: What the runtime passes.
_GIVEN: Final = 2
_KINDS: Final[dict[type[ast.expr], str]] = {
    ast.Dict: "dict", ast.DictComp: "dict", ast.List: "list", ast.ListComp: "list", ast.Tuple: "tuple", ast.Set: "set",
    ast.SetComp: "set", ast.GeneratorExp: "generator", ast.JoinedStr: "str",
}  # fmt: skip

_A: Final = {"coroutine": "a coroutine", "generator": "a generator", "async_generator": "an async generator"}


class Misfit:
    """Why the handler fails at its first call."""

    __slots__ = ("aws", "fix", "line", "message")

    def __init__(self, message: str, aws: Aws, line: int | None, fix: str) -> None:
        self.message: Final = message
        self.aws: Final = aws
        self.line: Final = line
        self.fix: Final = fix


def misfit(name: str, value: object) -> Misfit | None:
    """Say why a value cannot be the handler; None: it can, or that cannot be told."""
    if isinstance(value, ast.Lambda):
        return _arity(name, "<lambda>()", value.args, value.lineno)
    if isinstance(value, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None if value.decorator_list else _function(name, value)
    if isinstance(value, ast.ClassDef):
        return None if value.decorator_list else _class(name, value)
    if isinstance(value, ast.expr):
        kind = type(value.value).__name__ if isinstance(value, ast.Constant) else _KINDS.get(type(value))
        return None if kind is None else not_callable(name, kind, value.lineno)
    return None


def not_callable(name: str, kind: str, line: int | None) -> Misfit:
    """Say that the handler is a plain value, or a module."""
    return Misfit(
        f"{name} is of type {kind}, which cannot be called",
        Aws("TypeError", f"'{kind}' object is not callable"),
        line,
        f"make {name} a function: def {name}(event, context)",
    )


def _function(name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Misfit | None:
    wrong = _arity(name, f"{node.name}()", node.args, node.lineno)
    if wrong is not None:
        return wrong
    yields = _yields(node.body)
    is_async = isinstance(node, ast.AsyncFunctionDef)
    if not (is_async or yields):
        return None
    kind = ("async_generator" if yields else "coroutine") if is_async else "generator"
    what = "an async function" if is_async else "a generator function"
    fix = (
        f"keep an ordinary function as the handler and call the other from it: "
        f"def {name}(event, context): return asyncio.run(main(event, context))"
        if kind == "coroutine"
        else f"return one value from {name} rather than yielding"
    )
    aws = Aws("Runtime.MarshalError", f"Unable to marshal response: Object of type {kind} is not JSON serializable")
    return Misfit(f"{node.name} is {what}: calling it gives {_A[kind]}, which the runtime cannot send back", aws, node.lineno, fix)


def _yields(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a function's own body yields."""
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            stack += ast.iter_child_nodes(node)
    return False


def _class(name: str, node: ast.ClassDef) -> Misfit | None:
    """Judge a class of its own making: an instance of it is no answer that could be sent back."""
    plain = all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
    made = {inner.name: inner for inner in node.body if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef))}
    if not plain or node.keywords or "__new__" in made or _is_varied(node.body):
        return None
    init = made.get("__init__")
    if init is None:
        aws = Aws("TypeError", f"{node.name}() takes no arguments")
    elif init.decorator_list or isinstance(init, ast.AsyncFunctionDef):
        return None
    else:
        wrong = _arity(name, f"{node.name}.__init__()", init.args, init.lineno, given=_GIVEN + 1)
        text = f"Unable to marshal response: Object of type {node.name} is not JSON serializable"
        aws = wrong.aws if wrong is not None else Aws("Runtime.MarshalError", text)
    message = f"{node.name} is a class: calling it makes an object, which is no answer that the runtime can send back"
    return Misfit(message, aws, node.lineno, f"name a function, such as def {name}_(event, context)")


def _is_varied(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a class body holds more than definitions, plain values and its docstring."""
    plain = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Expr, ast.Pass)
    for inner in body:
        if isinstance(inner, (ast.Assign, ast.AnnAssign)):
            found = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            if any(not isinstance(one, ast.Name) or one.id.startswith("__") for one in found):
                return True
        elif not isinstance(inner, plain):
            return True
    return False


def _arity(name: str, called: str, args: ast.arguments, line: int, given: int = _GIVEN) -> Misfit | None:
    said = _refusal(called, args, given)
    if said is None:
        return None
    takes = ", ".join(_written(args)) or "nothing"
    return Misfit(
        f"{called} takes {takes}; the runtime calls it with two arguments, the event and the context",
        Aws("TypeError", said),
        line,
        f"def {name}(event, context)",
    )


def _written(args: ast.arguments) -> Iterator[str]:
    yield from (one.arg for one in (*args.posonlyargs, *args.args))
    if args.kwonlyargs:
        yield "*" if args.vararg is None else f"*{args.vararg.arg}"
        yield from (one.arg for one in args.kwonlyargs)


def _refusal(called: str, args: ast.arguments, given: int) -> str | None:
    """Say what CPython raises when a function is called with so many positional arguments."""
    positional = [one.arg for one in (*args.posonlyargs, *args.args)]
    required = len(positional) - len(args.defaults)
    if given > len(positional) and args.vararg is None:
        if args.defaults:
            count = f"from {required} to {len(positional)} positional arguments"
        else:
            count = f"{len(positional)} positional argument{'' if len(positional) == 1 else 's'}"
        return f"{called} takes {count} but {given} were given"
    missing = positional[given:required]
    if missing:
        return f"{called} missing {_counted(missing, 'positional')}"
    lacking = [
        one.arg for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None
    ]
    return f"{called} missing {_counted(lacking, 'keyword-only')}" if lacking else None


def _counted(names: list[str], kind: str) -> str:
    quoted = [repr(name) for name in names]
    if len(quoted) == 1:
        listed = quoted[0]
    elif len(quoted) == 2:
        listed = " and ".join(quoted)
    else:
        listed = f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
    return f"{len(names)} required {kind} argument{'' if len(names) == 1 else 's'}: {listed}"
