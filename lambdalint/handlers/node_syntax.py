"""Syntax errors that V8 surely reports. The grammar at hand errs on new syntax, so each check proves its own case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.node_brackets import imbalance
from lambdalint.handlers.node_source import FUNCTIONS, Opaque, Site, Source, children, when
from lambdalint.handlers.node_values import Scope

if TYPE_CHECKING:
    from tree_sitter import Node

    from lambdalint.handlers.node_esm import Interface

_CANDIDATES: Final = 500
#: Names that Node.js's wrapper binds before a CommonJS file does.
WRAPPED: Final = ("require", "module", "exports", "__filename", "__dirname")
#: Words that may stand before another word on one line.
_LEADING: Final = frozenset({
    "async", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else",
    "enum", "export", "extends", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface",
    "let", "new", "of", "package", "private", "protected", "public", "return", "static", "super", "switch", "this", "throw",
    "try", "typeof", "using", "var", "void", "while", "with", "yield", "get", "set", "accessor", "abstract", "declare", "type",
    "namespace", "module", "as", "from",
})  # fmt: skip
_TWO_WORDS: Final = re.compile(rb"(?>\s|//[^\n]*\n|/\*.*?\*/)*+([A-Za-z_$][\w$]*)[ \t]+([A-Za-z_$][\w$]*)", re.DOTALL)
_ASSERT: Final = re.compile(rb"(?m)^[ \t]*import\b[^;'\"\n]*['\"][^'\"\n]+['\"][ \t]*(assert)[ \t]*\{")
_OCTAL: Final = re.compile(rb"(?<![\w$.])0[0-9]+(?![\w.])")
_GLOBAL: Final = re.compile(rb"global(?:This)?\s*[.\[]\s*['\"]?(?:require|module|exports|__dirname|__filename)\b")
_NOT_LEXICAL: Final = frozenset({"variable_declaration"})


class Complaint:
    """One error: the text of V8, where, and whether it is about ES module against CommonJS."""

    __slots__ = ("dialect", "line", "offset", "text")

    def __init__(self, offset: int, text: str, line: int, *, dialect: bool = False) -> None:
        self.offset: Final = offset
        self.text: Final = text
        self.line: Final = line
        self.dialect: Final = dialect


def complaint(source: Source, scope: Scope, interface: Interface | None, major: int) -> Complaint | None:
    """Return the first error of a file, an ES module when it has an interface; None: none is sure."""
    limit = _first_error(source.root)
    found = [one for one in _by_tree(source, scope, interface, major) if limit is None or one.offset <= limit]
    found += _no_javascript(source, major)
    if limit is not None and (trouble := imbalance(source.text)) is not None:
        found.append(Complaint(trouble.offset, trouble.text, source.text.count(b"\n", 0, trouble.offset) + 1))
    return min(found, key=lambda one: one.offset, default=None)


def _by_tree(source: Source, scope: Scope, interface: Interface | None, major: int) -> Iterator[Complaint]:
    try:
        yield from _markup(source)
        yield from _redeclared(source, scope, esm=interface is not None)
        yield from _awaits(source, esm=interface is not None)
        if major < 24:
            yield from _using(source, major)
        yield from _in_commonjs(source) if interface is None else _in_module(source, interface, major)
    except Opaque:
        return


def _no_javascript(source: Source, major: int) -> Iterator[Complaint]:
    text = source.text.lstrip()
    start = len(source.text) - len(text)
    line = source.text[:start].count(b"\n") + 1
    if source.text.startswith((b"\xff\xfe", b"\xfe\xff", b"\0")):  # UTF-16, or no text at all
        yield Complaint(0, "Invalid or unexpected token", 1)
    elif text.startswith(b"<<"):
        yield Complaint(start, "Unexpected token '<<'", line)
    elif text.startswith(b"<") and not text.startswith(b"<!--"):
        yield Complaint(start, "Unexpected token '<'", line)
    elif source.root.has_error and all(re.search(mark, source.text, re.MULTILINE) for mark in (rb"^<{7} ", rb"^={7}\r?$", rb"^>{7} ")):
        match = re.search(rb"^<{7} ", source.text, re.MULTILINE)
        if match is not None and not any(
            step.type in ("template_string", "comment", "string") for step in source.site(match.start()).steps
        ):
            yield Complaint(match.start(), "Unexpected token '<<'", source.text[: match.start()].count(b"\n") + 1)
    match = _TWO_WORDS.match(source.text) if source.root.has_error else None
    if match is not None:
        first, second = match[1].decode(), match[2].decode()
        if first not in _LEADING and second not in _LEADING:
            name = f" '{second}'" if major >= 20 else ""
            yield Complaint(match.start(2), f"Unexpected identifier{name}", source.text[: match.start(2)].count(b"\n") + 1)


def _markup(source: Source) -> Iterator[Complaint]:
    """JSX, which the grammar takes and Node.js does not."""
    if source.root.has_error:
        return
    for count, match in enumerate(re.finditer(rb"<(?=[A-Za-z>])", source.text)):
        if count > _CANDIDATES:
            return
        for step in source.site(match.start()).steps:
            if step.type in ("jsx_element", "jsx_self_closing_element", "jsx_fragment"):
                yield Complaint(step.node.start_byte, "Unexpected token '<'", source.line(step.node))
                return


def _redeclared(source: Source, scope: Scope, *, esm: bool) -> Iterator[Complaint]:
    for name, nodes in scope.bound.items():
        wrapped = not esm and name in WRAPPED
        if len(nodes) < 2 and not wrapped:
            continue
        lexical = [_is_lexical(node, esm=esm) for node in nodes]
        if any(lexical):
            second = nodes[lexical.index(True)] if wrapped else nodes[1]
            yield Complaint(second.start_byte, f"Identifier '{name}' has already been declared", source.line(second))


def _is_lexical(node: Node, *, esm: bool) -> bool:
    if node.type == "variable_declarator":
        return node.parent is None or node.parent.type not in _NOT_LEXICAL
    return esm or node.type in ("class_declaration", "import_statement")


def _awaits(source: Source, *, esm: bool) -> Iterator[Complaint]:
    for site in source.leaves("await"):
        above = site.up(1)
        if above is None or site.steps[-1].type != "await" or above.type != "await_expression":
            continue
        if not re.match(rb"[ \t]+(?!(?:in|of|instanceof|as)\b)[A-Za-z_$'\"0-9]", source.text[site.node.end_byte : site.node.end_byte + 20]):
            continue  # await could be a name here: await (x), await[x], await - x
        if any(step.type in ("ERROR", "class_static_block", "field_definition", "formal_parameters") for step in site.steps):
            continue
        function = next(site.functions(), None)
        if function is None and esm:
            continue
        if function is not None and _is_async(function.node):
            continue
        text = "Unexpected reserved word" if esm else "await is only valid in async functions and the top level bodies of modules"
        yield Complaint(site.start, text, source.line(site.node), dialect=function is None)
        return


def _is_async(function: Node) -> bool:
    return any(child.type == "async" for child in function.children[:4])


def _using(source: Source, major: int) -> Iterator[Complaint]:
    for site in source.leaves("using"):
        above = site.up(1)
        if above is None or above.type != "using_declaration":
            continue
        name = next((part.child_by_field_name("name") for part in children(above.node)), None)
        if name is not None and name.type == "identifier":
            shown = f" '{source.slice(name)}'" if major >= 20 else ""
            yield Complaint(name.start_byte, f"Unexpected identifier{shown}", source.line(name))
        return


def _in_commonjs(source: Source) -> Iterator[Complaint]:
    for statement in source.statements():
        if statement.type == "import_statement":
            yield Complaint(statement.start_byte, "Cannot use import statement outside a module", source.line(statement), dialect=True)
            break
        if statement.type == "export_statement":
            yield Complaint(statement.start_byte, "Unexpected token 'export'", source.line(statement), dialect=True)
            break
    for match in re.finditer(rb"\bimport\s*\.\s*meta\b", source.text):
        above = source.site(match.start()).up(1)
        if above is not None and above.type == "meta_property":
            yield Complaint(match.start(), "Cannot use 'import.meta' outside a module", source.line(above.node), dialect=True)
            break


def _in_module(source: Source, interface: Interface, major: int) -> Iterator[Complaint]:
    for site in source.leaves("return"):
        if site.steps[-1].type == "return" and not any(
            step.type in FUNCTIONS or step.type in ("ERROR", "class_static_block") for step in site.steps
        ):
            yield Complaint(site.start, "Illegal return statement", source.line(site.node), dialect=True)
            break
    for site in source.leaves("with"):
        above = site.up(1)
        if above is not None and above.type == "with_statement":
            yield Complaint(site.start, "Strict mode code may not include a with statement", source.line(site.node), dialect=True)
            break
    for count, match in enumerate(_OCTAL.finditer(source.text)):
        if count > _CANDIDATES:
            break
        if source.site(match.start()).steps[-1].type == "number":
            what = "Decimals with leading zeros" if b"8" in match[0] or b"9" in match[0] else "Octal literals"
            line = source.text.count(b"\n", 0, match.start()) + 1
            yield Complaint(match.start(), f"{what} are not allowed in strict mode.", line, dialect=True)
            break
    if interface.duplicate is not None:
        name, line = interface.duplicate
        text = "Identifier '.default' has already been declared" if name == "default" else f"Duplicate export of '{name}'"
        yield Complaint(len(source.text), text, line)  # V8 looks at the exports after it has read all
    if interface.undeclared is not None and not _declares(source, interface.undeclared[0]):
        name, line = interface.undeclared
        yield Complaint(len(source.text) + 1, f"Export '{name}' is not defined in module", line)
    clause = _ASSERT.search(source.text) if major >= 22 else None
    if clause is not None:
        start = clause.end() - len(clause[0].lstrip())
        if any(step.type == "import_statement" for step in source.site(start).steps):
            line = source.text.count(b"\n", 0, clause.start(1)) + 1
            yield Complaint(clause.start(1), "Unexpected identifier 'assert'", line)


def _declares(source: Source, name: str) -> bool:
    """Tell whether anything in the file may declare the name: a ``var`` inside a block reaches the top level."""
    for site in source.mentions(name):
        above, leaf = site.up(1), site.steps[-1]
        if above is None or above.type == "export_specifier":
            continue
        if leaf.field in ("name", "left", "value", "parameter") or leaf.type.endswith("_pattern") or above.type.endswith("_pattern"):
            return True
    return False


def unbound(source: Source, scope: Scope) -> Complaint | None:
    """Return the first use, at the top level of an ES module, of a name that only CommonJS files have."""
    if _GLOBAL.search(source.text):
        return None
    found: list[Complaint] = []
    for word in WRAPPED:
        if word in scope.bound:
            continue
        try:
            sites = source.mentions(word)
        except Opaque:
            return None
        if any(
            (above := site.up(1)) is not None and above.type == "variable_declarator" and site.steps[-1].field == "name" for site in sites
        ):
            continue
        for site in sites:
            above = site.up(1)
            if above is None or above.type == "unary_expression" or when(site) != "always" or not _is_read(site):
                continue
            more = ", you can use import instead" if word == "require" else ""
            found.append(Complaint(site.start, f"{word} is not defined in ES module scope{more}", source.line(site.node), dialect=True))
            break
    return min(found, key=lambda one: one.offset, default=None)


def _is_read(site: Site) -> bool:
    above = site.up(1)
    return above is not None and above.type not in (
        "export_specifier", "import_specifier", "import_clause", "namespace_import", "labeled_statement", "pair_pattern",
        "array_pattern", "object_pattern", "jsx_opening_element", "jsx_self_closing_element", "catch_clause",
    )  # fmt: skip


def _first_error(root: Node) -> int | None:
    """Return where the grammar first gave up; None: nowhere."""
    if not root.has_error:
        return None
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is None or node.type == "ERROR" or node.is_missing:
            return None if node is None else node.start_byte
        if not cursor.goto_first_child():
            return node.start_byte
        while (inner := cursor.node) is not None and not inner.has_error and not inner.is_missing:
            if not cursor.goto_next_sibling():
                return node.start_byte
