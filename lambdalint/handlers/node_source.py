"""JavaScript as a syntax tree: parsed within limits, entered by the words that matter, never walked whole."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node

#: A larger source is not parsed; tree-sitter needs about a second for each 1.5 MB, and more for hostile input.
SOURCE_LIMIT: Final = 512 * 1024
#: Seconds of parsing after which a file counts as not understood.
PARSE_SECONDS: Final = 1.5
#: Places of one word that are looked at; a file with more is not understood.
MENTIONS_LIMIT: Final = 4000
#: How deep a tree may be: people's code stays below 100, bundlers' below 500.
DEPTH_LIMIT: Final = 1500
_CHUNK: Final = 64 * 1024
_BOM: Final = b"\xef\xbb\xbf"

FUNCTIONS: Final = frozenset({
    "function_declaration", "function_expression", "arrow_function", "method_definition",
    "generator_function", "generator_function_declaration",
})  # fmt: skip
_NAMES: Final = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})


class Opaque(Exception):  # noqa: N818 - not an error: a source that is not understood
    """A source too large, too odd or too slow to parse, so that nothing can be said of it."""


class Step:
    """A node on the way from the root to a leaf, with the field of its parent that it fills."""

    __slots__ = ("field", "node", "type")

    def __init__(self, node: Node, field: str | None) -> None:
        self.node: Final = node
        self.type: Final = node.type
        #: None: it fills no named field.
        self.field: Final = field


class Site:
    """A leaf of the tree with all that it lies in, the root first."""

    __slots__ = ("steps",)

    def __init__(self, steps: list[Step]) -> None:
        self.steps: Final = steps

    @property
    def node(self) -> Node:
        return self.steps[-1].node

    @property
    def start(self) -> int:
        return self.steps[-1].node.start_byte

    def up(self, levels: int) -> Step | None:
        """Return the node so many levels above the leaf; None: the tree ends before."""
        return self.steps[-1 - levels] if levels < len(self.steps) else None

    def functions(self) -> Iterator[Step]:
        """Yield the functions that it lies in, the innermost first."""
        return (step for step in reversed(self.steps[:-1]) if step.type in FUNCTIONS)


class Source:
    """One parsed file."""

    __slots__ = ("_cursor", "_mentions", "root", "text")

    def __init__(self, text: bytes) -> None:
        if len(text) > SOURCE_LIMIT:
            raise Opaque
        if text.startswith(_BOM):
            text = b"   " + text[3:]
        self.text: Final = text
        self.root: Final = _parse(text)
        self._cursor = self.root.walk()
        self._mentions: dict[str, list[Site]] = {}

    def slice(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def line(self, node: Node) -> int:
        return node.start_point[0] + 1

    def site(self, offset: int) -> Site:
        """Return the leaf at a byte, with the way to it. Raises Opaque where the tree is too deep."""
        cursor = self._cursor
        cursor.reset(self.root)
        steps = [Step(self.root, None)]
        while cursor.goto_first_child_for_byte(offset) is not None:
            node = cursor.node
            if node is None or node.start_byte > offset:
                break
            steps.append(Step(node, cursor.field_name))
            if len(steps) > DEPTH_LIMIT:
                raise Opaque
        return Site(steps)

    def mentions(self, word: str) -> list[Site]:
        """Return the identifiers of that name which are not property names, in order. Raises Opaque when there are too many."""
        known = self._mentions.get(word)
        if known is None:
            known = self._mentions[word] = [site for site in self.leaves(word) if site.steps[-1].type in _NAMES]
        return known

    def leaves(self, word: str) -> list[Site]:
        """Return the leaves whose text is the word: names, properties, keywords; neither comments nor parts of strings."""
        raw = word.encode()
        found = [match.start() for match in re.finditer(rb"(?<![\w$])" + re.escape(raw) + rb"(?![\w$])", self.text)]
        if len(found) > MENTIONS_LIMIT:
            raise Opaque
        sites = (self.site(offset) for offset in found)
        return [site for site in sites if site.node.end_byte - site.start == len(raw) and site.steps[-1].type != "string_fragment"]

    def statements(self) -> Iterator[Node]:
        """Yield what stands at the top level."""
        return children(self.root)


def _parse(text: bytes) -> Node:
    import tree_sitter
    import tree_sitter_javascript

    deadline = time.monotonic() + PARSE_SECONDS
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    try:
        tree = parser.parse(
            lambda offset, _point: text[offset : offset + _CHUNK],
            progress_callback=lambda _offset, _failed: time.monotonic() > deadline,  # true cancels
        )
    except ValueError as error:
        raise Opaque from error
    return tree.root_node


def children(node: Node) -> Iterator[Node]:
    """Yield the named children, comments left out, by cursor: indexing costs a search each time."""
    cursor = node.walk()
    more = cursor.goto_first_child()
    while more:
        child = cursor.node
        if child is not None and child.is_named and child.type not in ("comment", "html_comment"):
            yield child
        more = cursor.goto_next_sibling()


def hiding(site: Site) -> list[Step]:
    """Return the function that this mention declares a name of its own in; nothing when it declares none."""
    above = site.up(1)
    if above is None:
        return []
    field = site.steps[-1].field
    if above.type == "formal_parameters" or (above.type == "arrow_function" and field == "parameter"):
        return list(site.functions())[:1]
    if above.type == "variable_declarator" and field == "name":
        return list(site.functions())[:1]
    if above.type in ("function_declaration", "function_expression") and field == "name":
        return list(site.functions())[:2][-1:]
    if site.steps[-1].type == "shorthand_property_identifier_pattern" or above.type in ("pair_pattern", "array_pattern"):
        return list(site.functions())[:1]
    return []


def string_value(source: Source, node: Node | None) -> str | None:
    """Return what a plain string literal says; None: not one, or it holds escapes."""
    if node is None:
        return None
    if node.type == "string" or (
        node.type == "template_string" and not any(child.type == "template_substitution" for child in children(node))
    ):
        text = source.slice(node)[1:-1]
        return None if "\\" in text else text
    return None


def when(site: Site) -> str:
    """Tell when a leaf is evaluated: ``always`` with the module, ``guarded`` by a catch, ``sometimes``, or ``later`` in a function."""
    verdict = "always"
    steps = site.steps
    for depth in range(len(steps) - 1, 0, -1):
        child, parent = steps[depth], steps[depth - 1]
        if parent.type in FUNCTIONS:
            if not _called_at_once(steps, depth - 1):
                return "later"
        elif (
            parent.type in ("class_body", "catch_clause", "ERROR")
            or (child.field is not None and (parent.type, child.field) in _BRANCHES)
            or parent.type in ("switch_case", "switch_default", "else_clause", "with_statement")
        ):
            verdict = _weaker(verdict, "sometimes")
        elif parent.type == "binary_expression" and child.field == "right":
            operator = parent.node.child_by_field_name("operator")
            if operator is not None and operator.type in ("&&", "||", "??"):
                verdict = _weaker(verdict, "sometimes")
        elif parent.type == "try_statement" and child.field == "body" and parent.node.child_by_field_name("handler") is not None:
            verdict = "guarded"
        elif parent.type == "call_expression" and child.field == "arguments":
            callee = parent.node.child_by_field_name("function")
            if callee is not None and (parent.node.child_by_field_name("optional_chain") or b"?." in (callee.text or b"")[:200]):
                verdict = _weaker(verdict, "sometimes")
    return verdict


#: (type of the parent, field) of what runs only on some path.
_BRANCHES: Final = frozenset({
    ("if_statement", "consequence"), ("if_statement", "alternative"), ("ternary_expression", "consequence"),
    ("ternary_expression", "alternative"), ("for_statement", "body"), ("for_statement", "increment"),
    ("for_in_statement", "body"), ("while_statement", "body"), ("assignment_pattern", "right"),
    ("object_assignment_pattern", "right"), ("augmented_assignment_expression", "right"),
})  # fmt: skip


def _weaker(verdict: str, other: str) -> str:
    return verdict if verdict == "guarded" else other


def _called_at_once(steps: list[Step], depth: int) -> bool:
    """Tell a plain function that is called where it stands: its body runs with the module."""
    function = steps[depth]
    if function.type not in ("function_expression", "arrow_function") or (function.node.text or b"")[:5] == b"async":
        return False
    above = depth - 1
    while above > 0 and steps[above].type == "parenthesized_expression":
        above -= 1
    if steps[above].type != "call_expression":
        return False
    return steps[above + 1].field == "function"
