"""Parse a module as the runtime's Python would, whatever Python runs this."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ast

    from lambdalint.handlers import python_grammar as grammar

#: Larger sources are not parsed: 2 MB of one list cost ``ast`` 1 GB.
READ: Final = 512 << 10
RUNNING: Final = sys.version_info[1]
#: The newest grammar whose differences from the older ones are known here.
_NEWEST: Final = 15
#: Without a line, as CPython raises it.
_NUL: Final = "source code string cannot contain null bytes"


class Fault:
    """Why a source cannot be compiled, in CPython's words."""

    __slots__ = ("line", "newer", "text", "type")

    def __init__(self, text: str, line: int | None, *, type: str = "SyntaxError", newer: grammar.Newer | None = None) -> None:  # noqa: A002 - as Python calls it
        #: ``str()`` of the exception: message, file name and line.
        self.text: Final = text
        self.line: Final = line
        #: The exception's type; older Pythons raise ValueError for a NUL.
        self.type: Final = type
        #: The newer syntax that is the cause. None: no version could read it.
        self.newer: Final = newer


class Parsed:
    """A tree, or the fault that makes one impossible; both None: it cannot be told."""

    __slots__ = ("fault", "tree")

    def __init__(self, tree: ast.Module | None, fault: Fault | None = None) -> None:
        self.tree: Final = tree
        self.fault: Final = fault


UNKNOWN: Final = Parsed(None)


def parse(data: bytes, path: str, minor: int, *, fully: bool = True) -> Parsed:
    """Parse as Python 3.``minor``. ``fully``: find also what only the compiler refuses, such as ``return`` at the top.

    And what only an older Python refuses, which a walk through the whole tree tells: too slow for the hundreds of a distribution's modules.
    """
    if len(data) > READ:
        return UNKNOWN
    name = path.rpartition("/")[2]
    if b"\0" in data:
        return Parsed(None, Fault(_NUL, None, type="SyntaxError" if minor >= 11 else "ValueError"))
    bare = not data.isascii() and _undecodable(data)
    if bare and minor >= 14:
        return Parsed(None, _not_utf8(data, name))
    if bare and RUNNING >= 14:
        return UNKNOWN  # older Pythons let such bytes stand in comments
    try:
        return _judged(data, path, name, minor, fully)
    except (ValueError, RecursionError, MemoryError, OverflowError, LookupError):
        return UNKNOWN


def _judged(data: bytes, path: str, name: str, minor: int, fully: bool) -> Parsed:
    found = _compiled(data, path, fully)
    if isinstance(found, SyntaxError):
        if minor <= RUNNING:
            fault = _fault(found, name, minor)
            return Parsed(None, fault if _about_encoding(found) else _explained(data, path, fault))
        return _older(data, path, name, minor, found)
    return _newer(data, found, name, minor) if fully and minor < RUNNING else Parsed(found)


def _newer(data: bytes, tree: ast.Module, name: str, minor: int) -> Parsed:
    """Look in a source that this Python reads for what an older one does not."""
    from lambdalint.handlers import python_grammar as grammar

    late = grammar.newer(tree, _text(data), minor)
    if late is None:
        return Parsed(tree)
    return Parsed(None, Fault(f"{late.said} ({name}, line {late.line})", late.line, newer=late))


def _compiled(source: bytes | str, path: str, fully: bool) -> ast.Module | SyntaxError:
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(source, path, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            assert isinstance(tree, ast.Module)
            if fully:
                compile(tree, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            return error
    return tree


def _explained(data: bytes, path: str, fault: Fault) -> Fault:
    """Add to a fault which later version would not have it."""
    from lambdalint.handlers import python_grammar as grammar

    try:
        text = _text(data)
    except (ValueError, LookupError):
        return fault
    for since in range(max(RUNNING, 11) + 1, _NEWEST + 1):
        rewritten = grammar.older(text, RUNNING, since)
        if rewritten is not None and rewritten.lines and not isinstance(_compiled(rewritten.text, path, True), SyntaxError):
            newer = grammar.Newer(since, "its syntax", fault.line or 1)
            return Fault(fault.text, fault.line, type=fault.type, newer=newer)
    return fault


def _older(data: bytes, path: str, name: str, minor: int, error: SyntaxError) -> Parsed:
    """Decide whether a source that this Python refuses is only too new for it."""
    if _about_encoding(error):
        return Parsed(None, _fault(error, name, minor))
    if minor > _NEWEST:
        return UNKNOWN
    from lambdalint.handlers import python_grammar as grammar
    from lambdalint.handlers.python_lexer import is_endless

    text = _text(data)
    rewritten = grammar.older(text, RUNNING, minor)
    if rewritten is None:
        return Parsed(None, _fault(error, name, minor)) if minor >= 12 and is_endless(text) else UNKNOWN
    again = _compiled(rewritten.text, path, fully=True)
    if not isinstance(again, SyntaxError):
        # It binds and imports the same names, unless a string that was blanked did so, or an import was made to wait.
        return UNKNOWN if ":=" in text or (minor >= 15 and "lazy" in text) else Parsed(again)
    if _tells(again, rewritten, minor):
        return Parsed(None, _fault(again, name, minor))
    return UNKNOWN


def _tells(error: SyntaxError, rewritten: grammar.Older, minor: int) -> bool:
    """Tell whether a fault of the rewritten source is one of the source as it stands."""
    if "nested too deeply" in error.msg or (minor >= 15 and "unpacking cannot be used in" in error.msg):
        return False
    return error.lineno not in rewritten.lines


def _about_encoding(error: SyntaxError) -> bool:
    return re.match(r"unknown encoding|encoding problem|(\(unicode error\) )?'[\w-]+' codec can't decode", error.msg) is not None


def _fault(error: SyntaxError, name: str, minor: int) -> Fault:
    from lambdalint.handlers import python_grammar as grammar

    message = grammar.worded(error.msg, RUNNING, minor)
    line = error.lineno
    if RUNNING < 13 <= minor and re.match(r"\s*(import|from\s+\S+\s+import)\s*$", error.text or ""):
        message = "Expected one or more names after 'import'"
    if RUNNING < 12 <= minor and re.match("[fF]", (error.text or "")[(error.offset or 1) - 1 :]):
        message = re.sub(r"^(unterminated (triple-quoted )?)string", r"\1f-string", message)
    if line == 0 and minor >= 14 and "with BOM" in message:
        line = 1
    text = message if line is None else f"{message} ({name}, line {line})"
    return Fault(text, line or None)


def _text(data: bytes) -> str:
    """Decode as Python does. Raises ValueError, LookupError or SyntaxError's kin for what it cannot."""
    from importlib.util import decode_source

    try:
        return decode_source(data)
    except SyntaxError as error:
        raise ValueError(str(error)) from error


def _undecodable(data: bytes) -> bool:
    """Tell whether a source that declares no encoding is not UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return not any(b"coding" in line for line in data.split(b"\n", 2)[:2])
    return False


def _not_utf8(data: bytes, name: str) -> Fault:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = data[error.start]
        why = "but no encoding declared; see https://peps.python.org/pep-0263/ for details"
        return Fault(f"Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, {why} ({name}, line {line})", line)
    raise AssertionError
