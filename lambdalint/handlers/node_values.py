"""What an expression is worth, as far as that shows without running it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.node_source import Source, children, string_value

if TYPE_CHECKING:
    from tree_sitter import Node

_DEPTH: Final = 12
_MEMBERS: Final = 5000


class Worth(enum.Enum):
    """What a value is good for as a handler, or as what a handler is looked up in."""

    FUNCTION = "function"
    CLASS = "class"
    OBJECT = "object"
    PLAIN = "neither function nor object, and true"
    FALSY = "nothing"
    UNKNOWN = "not known"


class Value:
    """A value; its members, and where more of them come from."""

    __slots__ = ("arity", "complete", "members", "same", "stars", "worth")

    def __init__(
        self,
        worth: Worth,
        *,
        members: Mapping[str, Value] | None = None,
        complete: bool = True,
        stars: tuple[str, ...] = (),
        same: str | None = None,
        arity: int | None = None,
    ) -> None:
        self.worth: Final = worth
        self.members: Final[Mapping[str, Value]] = members or {}
        #: False: it may have members that do not show.
        self.complete: Final = complete
        #: Specifiers of modules whose members it has too.
        self.stars: Final = stars
        #: It is what this specifier gives. None: a value of its own.
        self.same: Final = same
        #: What ``length`` of the function is. None: not known, or not a function.
        self.arity: Final = arity


UNKNOWN: Final = Value(Worth.UNKNOWN, complete=False)
FALSY: Final = Value(Worth.FALSY)
PLAIN: Final = Value(Worth.PLAIN, complete=False)

_PLAIN: Final = frozenset({"template_string", "regex", "true", "number", "string"})
_FUNCTIONS: Final = frozenset(
    {"function_expression", "arrow_function", "function_declaration", "generator_function", "generator_function_declaration"}
)


class Scope:
    """The names bound at a file's top level, and what they are worth while nothing else assigns to them."""

    __slots__ = ("_source", "bound")

    def __init__(self, source: Source) -> None:
        self._source: Final = source
        #: Name → the nodes that bind it: declarators, functions, classes, import statements.
        self.bound: Final[dict[str, list[Node]]] = {}
        for statement in source.statements():
            inner = statement.child_by_field_name("declaration") if statement.type == "export_statement" else statement
            if inner is not None:
                self._bind(inner)

    def _bind(self, node: Node) -> None:
        if node.type in ("variable_declaration", "lexical_declaration", "using_declaration"):
            for declarator in children(node):
                name = declarator.child_by_field_name("name")
                if name is not None:
                    for word in pattern_names(self._source, name):
                        self.bound.setdefault(word, []).append(declarator)
        elif node.type in ("function_declaration", "generator_function_declaration", "class_declaration"):
            name = node.child_by_field_name("name")
            if name is not None:
                self.bound.setdefault(self._source.slice(name), []).append(node)
        elif node.type == "import_statement":
            for word in import_names(self._source, node):
                self.bound.setdefault(word, []).append(node)

    def value(self, name: str, depth: int = 0) -> Value:
        """Return what a top-level name is worth: known only when one binding gives it its only value."""
        nodes = self.bound.get(name)
        if nodes is None:
            return FALSY if name == "undefined" else UNKNOWN
        if len(nodes) != 1:
            return UNKNOWN
        node = nodes[0]
        if node.type == "variable_declarator":
            pattern = node.child_by_field_name("name")
            if pattern is None or pattern.type != "identifier" or self._reassigned(name):
                return UNKNOWN
            initial = node.child_by_field_name("value")
            return FALSY if initial is None else self._own(name, self.of(initial, depth + 1))
        if node.type in ("function_declaration", "generator_function_declaration", "class_declaration"):
            return UNKNOWN if self._reassigned(name) else self._own(name, self.of(node, depth + 1))
        return UNKNOWN

    def _own(self, name: str, value: Value) -> Value:
        """What else mentions an object may add to it."""
        addable = value.worth in (Worth.FUNCTION, Worth.CLASS, Worth.OBJECT) or value.same is not None
        if addable and len(self._source.mentions(name)) > 2:
            members = dict.fromkeys(value.members, UNKNOWN)
            return Value(value.worth, members=members, complete=False, stars=value.stars, same=value.same, arity=value.arity)
        return value

    def _reassigned(self, name: str) -> bool:
        """Tell whether anything in the file may assign to the name."""
        if b"eval" in self._source.text and self._source.mentions("eval"):
            return True
        for site in self._source.mentions(name):
            above = site.up(1)
            if above is None:
                continue
            field = site.steps[-1].field
            if above.type in ("assignment_expression", "augmented_assignment_expression", "for_in_statement") and field == "left":
                return True
            if above.type == "update_expression" or site.steps[-1].type == "shorthand_property_identifier_pattern":
                return True
            if above.type in ("array_pattern", "pair_pattern", "object_assignment_pattern", "assignment_pattern", "rest_pattern"):
                return True
        return False

    def of(self, node: Node, depth: int = 0) -> Value:  # noqa: C901, PLR0912 - one line for each sort of expression
        """Return what an expression is worth."""
        kind = node.type
        if depth > _DEPTH:
            return UNKNOWN
        if kind in _FUNCTIONS:
            return Value(Worth.FUNCTION, arity=arity(node))
        if kind in ("class", "class_declaration"):
            return Value(Worth.CLASS, complete=False)
        if kind == "object":
            return self._object(node, depth)
        if kind in ("identifier", "shorthand_property_identifier"):
            return self.value(self._source.slice(node), depth + 1)
        if kind in ("undefined", "null", "false"):
            return FALSY
        if kind in ("number", "string"):
            text = self._source.slice(node)
            return FALSY if text in ("0", "''", '""') else PLAIN
        if kind in _PLAIN:
            return PLAIN
        if kind == "unary_expression":
            operator = node.child_by_field_name("operator")
            return FALSY if operator is not None and operator.type == "void" else UNKNOWN
        if kind == "array":
            return Value(Worth.OBJECT, complete=False)
        if kind == "assignment_expression":
            right = node.child_by_field_name("right")
            return UNKNOWN if right is None else self.of(right, depth + 1)
        if kind in ("parenthesized_expression", "sequence_expression"):
            parts = list(children(node))
            return self.of(parts[-1], depth + 1) if parts else UNKNOWN
        if kind == "call_expression":
            return self._call(node, depth)
        return UNKNOWN

    def _call(self, node: Node, depth: int) -> Value:
        specifier = required(self._source, node)
        if specifier is not None:
            return Value(Worth.UNKNOWN, same=specifier)
        callee = node.child_by_field_name("function")
        if callee is not None and self._source.slice(callee) in ("Object.freeze", "Object.seal"):
            arguments = call_arguments(node)
            if len(arguments) == 1:
                return self.of(arguments[0], depth + 1)
        return UNKNOWN

    def _object(self, node: Node, depth: int) -> Value:
        members: dict[str, Value] = {}
        complete = True
        stars: list[str] = []
        for count, part in enumerate(children(node)):
            if count > _MEMBERS:
                complete = False
                break
            if part.type == "spread_element":
                inner = next(children(part), None)
                specifier = None if inner is None else required(self._source, inner)
                members = dict.fromkeys(members, UNKNOWN)  # it may bring the same names
                if specifier is None:
                    complete = False
                else:
                    stars.append(specifier)
                continue
            name, value = self._member(part, depth)
            if name is None or name == "__proto__":
                complete = False
            else:
                members[name] = value
        return Value(Worth.OBJECT, members=members, complete=complete, stars=tuple(stars))

    def _member(self, part: Node, depth: int) -> tuple[str | None, Value]:
        if part.type == "shorthand_property_identifier":
            return self._source.slice(part), self.of(part, depth + 1)
        key = part.child_by_field_name("key") or part.child_by_field_name("name")
        name = None if key is None else property_name(self._source, key)
        if part.type == "pair":
            value = part.child_by_field_name("value")
            return name, UNKNOWN if value is None else self.of(value, depth + 1)
        if part.type == "method_definition":
            accessor = any(child.type in ("get", "set") for child in part.children[:3])
            return name, UNKNOWN if accessor else Value(Worth.FUNCTION, arity=arity(part))
        return None, UNKNOWN


def property_name(source: Source, key: Node) -> str | None:
    """Return the name that a key of an object or a property stands for; None: it is computed."""
    if key.type in ("property_identifier", "identifier", "number"):
        return source.slice(key)
    if key.type == "computed_property_name":
        inner = next(children(key), None)
        return string_value(source, inner)
    return string_value(source, key)


def arity(node: Node) -> int | None:
    """Return the ``length`` of a function: parameters before the first default or rest."""
    if node.child_by_field_name("parameter") is not None:
        return 1
    parameters = node.child_by_field_name("parameters")
    if parameters is None or parameters.has_error:
        return None
    count = 0
    for parameter in children(parameters):
        if parameter.type in ("assignment_pattern", "rest_pattern"):
            break
        count += 1
    return count


def call_arguments(node: Node) -> list[Node]:
    """Return the arguments of a call."""
    arguments = node.child_by_field_name("arguments")
    return [] if arguments is None or arguments.type != "arguments" else list(children(arguments))


def required(source: Source, node: Node) -> str | None:
    """Return the specifier when the node is ``require("x")``, perhaps in an interop call; None: it is not."""
    if node.type != "call_expression":
        return None
    callee = node.child_by_field_name("function")
    if callee is None or callee.type != "identifier" or source.slice(callee) != "require":
        return None
    arguments = call_arguments(node)
    return string_value(source, arguments[0]) if len(arguments) == 1 else None


def pattern_names(source: Source, pattern: Node) -> list[str]:
    """Return the names that a binding pattern binds."""
    names: list[str] = []
    stack = [pattern]
    while stack:
        node = stack.pop()
        if node.type in ("identifier", "shorthand_property_identifier_pattern"):
            names.append(source.slice(node))
        elif node.type in ("object_pattern", "array_pattern", "rest_pattern"):
            stack += children(node)
        else:  # a pair has its pattern as value, a default has it on the left
            inner = node.child_by_field_name("value" if node.type == "pair_pattern" else "left")
            if inner is not None:
                stack.append(inner)
    return names


def import_names(source: Source, statement: Node) -> list[str]:
    """Return the names that an import statement binds."""
    names: list[str] = []
    for clause in children(statement):
        if clause.type != "import_clause":
            continue
        for part in children(clause):
            if part.type == "identifier":
                names.append(source.slice(part))
            elif part.type == "namespace_import":
                names += [source.slice(inner) for inner in children(part)]
            elif part.type == "named_imports":
                for specifier in children(part):
                    local = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
                    if local is not None:
                        names.append(source.slice(local))
    return names
