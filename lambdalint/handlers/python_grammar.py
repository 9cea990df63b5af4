"""How the grammars of Python's versions differ: what is newer than a version, and newer source in older words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.python_lexer import Lost, literals, masked

if TYPE_CHECKING:
    import ast

_GENERIC: Final = re.compile(r"\b(?:def|class)[ \t]+\w+[ \t]*(?=\[)")
_ALIAS: Final = re.compile(r"(?:^|(?<=[;:]))([ \t]*)(type[ \t]+)([^\W\d]\w*[ \t]*)(?=[=\[])", re.MULTILINE)
_EXCEPT: Final = re.compile(r"^[ \t]*except\b\*?(?P<types>[^:\n]*,[^:\n]*):", re.MULTILINE)
_WRAPPED: Final = re.compile(r"^[ \t]*except\b[^:\n]*$", re.MULTILINE)
_UNPACKED: Final = re.compile(r"[\[({]\s*\*(?=[^\n]*\bfor\b)|[\[({]\s*\*[^\n]*\n")
_LAZY: Final = re.compile(r"(?:^|(?<=;))[ \t]*(?P<lazy>lazy[ \t]+)(?=(?:import|from)\b)", re.MULTILINE)

#: How CPython's own words for a fault changed: from which minor version on, before, after.
_WORDS: Final = (
    (12, "non-default argument follows default argument", "parameter without a default follows parameter with a default"),
    (12, "f-string: empty expression not allowed", "f-string: valid expression required before '}'"),
    (12, "f-string: expression required before", "f-string: valid expression required before"),
    (12, "f-string: cannot use starred", "can't use starred"),
    (14, "multiple exception types must be parenthesized", "multiple exception types must be parenthesized when using 'as'"),
    (15, "duplicate argument", "duplicate parameter"),
)
#: What Python 3.10 and later say at length, and 3.9 and earlier did not.
_TERSE: Final = (
    (r"unterminated string literal.*", "EOL while scanning string literal"),
    (r"unterminated triple-quoted string literal.*", "EOF while scanning triple-quoted string literal"),
    (r"expected an indented block after .*", "expected an indented block"),
    (r"(cannot assign to .*?)(?: here)?\. Maybe you meant .*", r"\1"),
    (r"invalid syntax\. .*|expected .*|invalid decimal literal|multiple exception types .*", "invalid syntax"),
)

#: Whole statements and literals, by the name of their node, that came with a version.
_WHOLE: Final = {
    "Match": (10, "a match statement"), "TryStar": (11, "except*"), "TypeAlias": (12, "a type statement"),
    "TemplateStr": (14, "a t-string"),
}  # fmt: skip


class Newer:
    """Syntax that came with a later version than the one that is asked for."""

    __slots__ = ("line", "said", "since", "what")

    def __init__(self, since: int, what: str, line: int, said: str = "invalid syntax") -> None:
        #: The minor version that brought it.
        self.since: Final = since
        self.what: Final = what
        self.line: Final = line
        #: What an older Python says of it.
        self.said: Final = said


def newer(tree: ast.Module, text: str, minor: int) -> Newer | None:
    """Return the first thing in a source that Python 3.``minor`` could not parse; None: nothing that is known."""
    import ast

    found = [one for node in ast.walk(tree) for one in _features(node, minor) if one.since > minor]
    if minor < 12:
        found += _strings(text)
    if minor < 14:
        found += _bare_excepts(text)
    return min(found, key=lambda one: one.line, default=None)


def _features(node: ast.AST, minor: int) -> Iterator[Newer]:
    import ast

    line = getattr(node, "lineno", 0)
    whole = _WHOLE.get(type(node).__name__)
    if whole is not None:
        yield Newer(whole[0], whole[1], node.handlers[0].lineno if isinstance(node, ast.TryStar) else line)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from _definition(node, minor)
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)) and isinstance(node.elt, ast.Starred):
        yield Newer(15, "unpacking in a comprehension", line, "iterable unpacking cannot be used in comprehension")
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
        if any(isinstance(one, ast.Starred) for one in node.slice.elts):
            yield Newer(11, "unpacking in a subscript", line)
    elif isinstance(node, ast.arguments) and node.vararg is not None:
        if isinstance(node.vararg.annotation, ast.Starred):
            yield Newer(11, "an unpacked annotation", node.vararg.lineno)
    elif getattr(node, "is_lazy", 0):
        yield Newer(15, "a lazy import", line)


def _definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, minor: int) -> Iterator[Newer]:
    import ast

    parameters = getattr(node, "type_params", ())
    if parameters:
        is_class = isinstance(node, ast.ClassDef)
        said = "expected ':'" if is_class and minor == 10 else "expected '('" if not is_class and minor == 11 else ""
        yield Newer(12, "type parameters", node.lineno, said or "invalid syntax")
        if any(getattr(one, "default_value", None) is not None for one in parameters):
            yield Newer(13, "defaults of type parameters", node.lineno)
    for decorator in node.decorator_list:
        inner = decorator.func if isinstance(decorator, ast.Call) else decorator
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if not isinstance(inner, ast.Name):
            yield Newer(9, "a decorator that is not a dotted name", decorator.lineno)


def _strings(text: str) -> Iterator[Newer]:
    """Yield f-strings that only the tokenizer of 3.12 reads; the tree does not tell them from others."""
    if not re.search(r"[fF][rR]?['\"]", text):
        return
    said = {
        "\\": "f-string expression part cannot include a backslash",
        "#": "f-string expression part cannot include '#'",
    }
    try:
        for literal in literals(text):
            if literal.modern is not None and literal.modern != "t":
                line = text.count("\n", 0, literal.start) + 1
                what = f"an f-string with {'quotes of its own kind' if literal.modern == chr(39) else literal.modern} inside its braces"
                yield Newer(12, what, line, said.get(literal.modern, "f-string: expecting '}'"))
    except Lost:
        return


def _bare_excepts(text: str) -> Iterator[Newer]:
    if "except" not in text:
        return
    try:
        plain = masked(text)
    except Lost:
        return
    for found in _EXCEPT.finditer(plain):
        if _has_outer_comma(found["types"]):
            line = plain.count("\n", 0, found.start()) + 1
            said = "multiple exception types must be parenthesized"
            yield Newer(14, "except without parentheses", line, said)


def _has_outer_comma(types: str) -> bool:
    depth = 0
    for char in types:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            return True
    return False


class Older:
    """A source in the words of an older Python: what the newer ones added is replaced, line for line."""

    __slots__ = ("lines", "text")

    def __init__(self, text: str, lines: frozenset[int]) -> None:
        self.text: Final = text
        #: Those that were touched; a fault that shows there proves nothing.
        self.lines: Final = lines


def older(text: str, running: int, minor: int) -> Older | None:
    """Rewrite what Python 3.``minor`` reads and 3.``running`` does not. None: it cannot be done."""
    try:
        plain = masked(text)
        edits = list(_edits(text, plain, running, minor))
    except Lost:
        return None
    lines: set[int] = set()
    parts, position = [], 0
    for start, end, new in sorted(edits):
        if start < position:
            return None
        parts += [text[position:start], new]
        position = end
        first = text.count("\n", 0, start) + 1
        lines.update(range(first, first + text.count("\n", start, end) + 1))
    return Older("".join(parts) + text[position:], frozenset(lines))


def _edits(text: str, plain: str, running: int, minor: int) -> Iterator[tuple[int, int, str]]:
    for literal in literals(text):
        since = 14 if literal.modern == "t" else 12
        if literal.modern is not None and running < since <= minor:
            breaks = "\n" * text.count("\n", literal.start, literal.end)
            yield literal.start, literal.end, f"'''{breaks}'''"
    yield from _generics(plain, running, minor)
    if running < 14 <= minor:
        if _WRAPPED.search(plain):
            raise Lost
        for found in _EXCEPT.finditer(plain):
            if _has_outer_comma(found["types"]) and not re.search(r"\bas\b", found["types"]):
                yield found.start("types"), found.start("types"), " ("
                yield found.end("types"), found.end("types"), ")"
    if running < 15 <= minor:
        if _UNPACKED.search(plain):
            raise Lost  # in a comprehension that is new, elsewhere it is not
        for found in _LAZY.finditer(plain):
            yield found.start("lazy"), found.end("lazy"), ""


def _generics(plain: str, running: int, minor: int) -> Iterator[tuple[int, int, str]]:
    if running < 12 <= minor:
        for found in _ALIAS.finditer(plain):
            yield found.start(2), found.end(2), ""
            yield from _brackets(plain, found.end())
    if running < 12 <= minor or running < 13 <= minor:
        for found in _GENERIC.finditer(plain):
            yield from _brackets(plain, found.end())


def _brackets(plain: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the removal of a bracketed list that begins here."""
    if not plain.startswith("[", start):
        return
    depth = 0
    for at in range(start, len(plain)):
        depth += (plain[at] in "([{") - (plain[at] in ")]}")
        if depth == 0:
            if "\n" in plain[start:at]:
                raise Lost  # its newlines would end the line once the brackets are gone
            yield start, at + 1, ""
            return
    raise Lost


def worded(message: str, running: int, minor: int) -> str:
    """Put a message of Python 3.``running`` into the words of 3.``minor``, where the two are known to differ."""
    for since, before, after in _WORDS:
        if running < since <= minor:
            message = message.replace(before, after)
        elif minor < since <= running:
            message = message.replace(after, before)
    if minor < 11 <= running and message == "expected '('":
        message = "invalid syntax"
    if running < 12 <= minor:
        message = re.sub(r"^f-string: (?!expecting|single|valid|invalid conv|unmatched|closing)", "", message)
    if minor < 10 <= running:
        for pattern, terse in _TERSE:
            message, count = re.subn(rf"^(?:{pattern})$", terse, message)
            if count:
                break
    return message
