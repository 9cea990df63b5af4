"""esbuild's way to export from a CommonJS bundle: getters in a table, and a helper that turns the table into exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lambdalint.handlers.node_source import Site, Source, children
from lambdalint.handlers.node_values import UNKNOWN, Scope, Value, Worth, call_arguments, property_name

if TYPE_CHECKING:
    from tree_sitter import Node


def bundled(source: Source, scope: Scope, node: Node) -> Value | None:
    """Read ``__toCommonJS(x)`` after ``__export(x, {name: () => value})``; None: another shape.

    Incomplete when the helper has another name, as in minified output: then it need not be that helper.
    """
    arguments = call_arguments(node) if node.type == "call_expression" else []
    callee = node.child_by_field_name("function")
    if len(arguments) != 1 or arguments[0].type != "identifier" or callee is None or callee.type != "identifier":
        return None
    name = source.slice(arguments[0])
    if name not in scope.bound:
        return None
    members: dict[str, Value] = {}
    strange = source.slice(callee) != "__toCommonJS"
    for mention in source.mentions(name):
        inside, call = mention.up(1), mention.up(2)
        if inside is None or call is None or inside.type == "variable_declarator":
            continue
        parts = call_arguments(call.node) if inside.type == "arguments" else []
        if len(parts) == 2 and parts[1].type == "object":
            members.update(_getters(source, scope, parts[1]))
        elif mention.start != arguments[0].start_byte:
            strange = True
    return Value(Worth.OBJECT, members=members, complete=not strange)


def _getters(source: Source, scope: Scope, table: Node) -> dict[str, Value]:
    members: dict[str, Value] = {}
    for pair in children(table):
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        name = None if key is None else property_name(source, key)
        if name is not None and value is not None:
            body = value.child_by_field_name("body") if value.type == "arrow_function" else None
            members[name] = UNKNOWN if body is None or body.type == "statement_block" else scope.of(body)
    return members


def annotated(source: Source, site: Site, level: int) -> bool:
    """Tell ``0 && (module.exports = ...)``, which never runs: it is written for Node's lexer only."""
    for up in range(level + 1, level + 4):
        above = site.up(up)
        if above is None or above.type not in ("parenthesized_expression", "binary_expression"):
            return False
        if above.type == "binary_expression":
            left = above.node.child_by_field_name("left")
            return left is not None and source.slice(left) == "0"
    return False
