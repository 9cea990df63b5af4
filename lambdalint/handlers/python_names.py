"""What a Python module binds, and what a test at its top level comes to: the parts of running it that need no run."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lambdalint.handlers.python_imports import Module

#: What may change where modules are found, so that nothing imported after it is judged; and the words of which each such thing
#: has one, since most sources have none.
_PATHWORK: Final = (
    rb"\bsys\s*\.\s*(path|modules|meta_path|path_hooks|path_importer_cache)\b|\.path\.(insert|append|extend)\b"
    rb"|\bfrom\s+sys\s+import\b[^\n]*\b(path|modules|meta_path)\b|\baddsitedir\b|\b__path__\b|\bextend_path\b|\bzipimport\b|\bactivate_this\b"
    rb"|\b__import__\s*=|\bpip\b.{0,20}\binstall\b|\binstall_as_\w+|\bimport_hook\b|\bpyximport\b"
    rb"|\bload_(source|module)\b|\bmodule_from_spec\b|\bpkg_resources\s*\.\s*require\b"
)
_PATH_WORDS: Final = (
    b"path", b"modules", b"addsitedir", b"zipimport", b"activate_this", b"__import__", b"install", b"import_hook", b"pyximport", b"load_",
    b"module_from_spec", b"pkg_resources",
)  # fmt: skip
#: What may bind names that cannot be read off the source.
_DYNAMIC: Final = (
    rb"\b(exec|eval|globals|locals|vars|f_globals|_getframe|currentframe|__getattr__|__name__)\b|\bsys\s*\.\s*modules\b"
)
_DYNAMIC_WORDS: Final = (b"exec", b"eval", b"globals", b"locals", b"vars", b"frame", b"__getattr__", b"__name__", b"modules")
#: What gives a function or a class another signature after it was defined.
RESHAPING: Final = rb"\.\s*__(defaults|kwdefaults|code|new|init|call|class)__\s*=(?!=)|\bsetattr\b"
#: A flag of the module's own, under the name of typing's.
OWN_FLAG: Final = rb"\bTYPE_CHECKING\s*(:[^=\n]*)?=(?!=)"
#: What it takes to bind names in another module.
MEDDLING: Final = rb"\b(f_globals|f_back|_getframe|currentframe|setattr)\b|\bsys\s*\.\s*modules\b"
#: Calls that take ``__name__`` for a label only. A pattern that few sources need is compiled when it is.
_LABELLED: Final = (
    r"(?i)(get)?(_?logg?er|tracer|meter)|bind|Flask|Quart|Chalice|Blueprint|App|Celery|version|distribution|files|path|"
    r"resource_\w+|get_data|open_text|read_text|open_binary|read_binary|print|format|info|debug|warning|error"
)
_COMPARE: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
#: What a handler's module makes of a comparison of its name with ``"__main__"``.
_MAIN: Final[dict[type[ast.cmpop], bool]] = {ast.Eq: False, ast.NotEq: True}


def pathwork(data: bytes) -> re.Match[bytes] | None:
    """Return the first thing in a source that may change where modules are found."""
    return re.search(_PATHWORK, data) if any(word in data for word in _PATH_WORDS) else None


class Binding:
    """A name of a module and, where that is plain, what it stands for."""

    __slots__ = ("home", "sure", "value")

    def __init__(self, value: object = None, home: Module | None = None, *, sure: bool) -> None:
        #: A syntax tree or a module. None: cannot be told.
        self.value: Final = value
        #: The module whose source holds the tree; imports carry it to others.
        self.home: Final = home
        #: False: it may not be bound at all.
        self.sure: Final = sure


def targets(node: ast.AST) -> Iterator[str]:
    """Yield the names that an assignment's target binds."""
    stack = [node]
    while stack:
        one = stack.pop()
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, (ast.Tuple, ast.List)):
            stack += one.elts
        elif isinstance(one, ast.Starred):
            stack.append(one.value)


def captures(pattern: ast.AST) -> Iterator[str]:
    """Yield the names that a pattern of a match statement binds."""
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if isinstance(name, str):
            yield name


def loose(tree: ast.Module, data: bytes) -> tuple[bool, frozenset[str]]:
    """Tell whether a module may bind any name at all, and which names it binds from inside functions or expressions."""
    names: set[str] = set()
    if b":=" in data or b"global" in data:
        for node in ast.walk(tree):
            if isinstance(node, ast.Global):
                names.update(node.names)
            elif isinstance(node, ast.NamedExpr):
                names.update(targets(node.target))
    if not any(word in data for word in _DYNAMIC_WORDS) or not re.search(_DYNAMIC, data):
        return False, frozenset(names)
    return any(_is_dynamic(node) for node in _walk(tree)), frozenset(names)


def _walk(tree: ast.Module) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node, and whether it runs at the top level."""
    stack: list[tuple[ast.AST, bool]] = [(tree, True)]
    while stack:
        node, top = stack.pop()
        yield node, top
        inside = top and not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        stack += ((child, inside) for child in ast.iter_child_nodes(node))


def _is_dynamic(step: tuple[ast.AST, bool]) -> bool:
    node, top = step
    if isinstance(node, ast.Attribute):
        if node.attr == "modules":
            return isinstance(node.value, ast.Name) and node.value.id == "sys"
        return node.attr in ("_getframe", "currentframe", "f_globals")
    if isinstance(node, ast.Name):
        # Under another name they may be called from anywhere.
        return node.id in ("exec", "eval", "globals", "__getattr__") or (top and node.id in ("locals", "vars"))
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name == "__getattr__" and top
    if isinstance(node, ast.Call):
        return _hands_out(node)
    return False


def _hands_out(call: ast.Call) -> bool:
    """Tell whether a call gives away the module's name, so that what is called could bind names in it."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(one, ast.Name) and one.id == "__name__" for one in given) and not re.search(_LABELLED, str(name))


def truth(test: ast.expr, minor: int) -> bool | None:
    """Say what a condition comes to on Lambda with Python 3.``minor``. None: that is decided at run time."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = truth(test.operand, minor)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        return _joined(test, minor)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test, minor)
    if isinstance(test, ast.Call) and _dotted(test.func) == "sys.platform.startswith" and len(test.args) == 1:
        prefix = _constant(test.args[0])
        return "linux".startswith(prefix) if isinstance(prefix, str) else None
    if _dotted(test).rpartition(".")[2] == "TYPE_CHECKING":
        return False
    return None


def _joined(test: ast.BoolOp, minor: int) -> bool | None:
    values = [truth(one, minor) for one in test.values]
    decisive = isinstance(test.op, ast.Or)
    if decisive in values:
        return decisive
    return None if None in values else not decisive


def _compared(test: ast.Compare, minor: int) -> bool | None:
    compare = _COMPARE.get(type(test.ops[0]))
    left, right = _dotted(test.left), _constant(test.comparators[0])
    if compare is None or right is None:
        return None
    if left == "__name__":
        return _MAIN.get(type(test.ops[0])) if right == "__main__" else None
    known: dict[str, object] = {
        "sys.platform": "linux", "os.name": "posix", "sys.version_info.major": 3, "sys.version_info.minor": minor,
        "sys.version_info[0]": 3, "sys.version_info[1]": minor, "platform.system()": "Linux",
        "sys.version_info[:2]": (3, minor), "sys.version_info": (3, minor),
    }  # fmt: skip
    value = known.get(left)
    if type(value) is not type(right):
        return None
    if isinstance(right, tuple) and not all(isinstance(part, int) for part in right):
        return None
    if isinstance(right, tuple) and left == "sys.version_info":
        if len(right) <= 2 and isinstance(value, tuple):
            value = (*value, 1)  # a patch level that no comparison with two numbers sees
        elif right[:2] == (3, minor):
            return None
    return bool(compare(value, right))


def _dotted(node: ast.expr) -> str:
    """Write an expression out when it is plain; an empty text when it is not."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, (ast.Subscript, ast.Call)):
        text = ast.unparse(node)
        return text if text in ("sys.version_info[0]", "sys.version_info[1]", "sys.version_info[:2]", "platform.system()") else ""
    return ""


def _constant(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def exported(tree: ast.Module, data: bytes) -> frozenset[str] | None:
    """Return what ``__all__`` lists. None: there is none, or it is made in more than one step."""
    if data.count(b"__all__") != 1:
        return None
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and "__all__" in set(targets(statement.targets[0])):
            value = _constant(statement.value)
            if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
                return frozenset(value)
    return None
