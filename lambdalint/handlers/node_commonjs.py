"""What a CommonJS file exports: every mention of ``exports`` and ``module`` must be of a known form, or nothing is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers.node_source import FUNCTIONS, Opaque, Site, Source, Step, children, hiding, string_value, when
from lambdalint.handlers.node_values import FALSY, UNKNOWN, Scope, Value, Worth, call_arguments, property_name, required

if TYPE_CHECKING:
    from tree_sitter import Node

#: Members of ``module`` that say nothing of its exports.
_HARMLESS: Final = frozenset({"id", "hot", "parent", "children", "filename", "loaded", "paths", "path", "require", "isPreloading"})


class Exports:
    """What ``module.exports`` is, written down mention by mention in the order of the file."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self._source: Final = source
        self._scope: Final = scope
        self._members: dict[str, Value] = {}
        self._stars: list[str] = []
        self._complete = True
        self._worth = Worth.OBJECT
        self._same: str | None = None
        #: True: ``exports`` no longer means ``module.exports``.
        self._parted = False
        #: What esbuild writes for Node's lexer, ``0 && (module.exports = {...})``. None: no such line.
        self._annotation: Value | None = None
        #: What esbuild's own helper makes the exports. None: it is not used.
        self._bundle: Value | None = None

    def value(self) -> Value:
        """Return what the file exports. Raises Opaque when it cannot be told at all."""
        source = self._source
        if source.root.has_error or any(name in self._scope.bound for name in ("exports", "module")):
            return UNKNOWN  # the grammar may have taken code for something else
        sites = source.mentions("exports") + source.mentions("module")
        hidden = {step.node.start_byte for site in sites for step in hiding(site)}
        for site in sorted(sites, key=lambda site: site.start):
            if any(step.node.start_byte in hidden for step in site.functions()):
                continue
            self._mention(site)
        if self._complete and self._leaks():
            self._complete = False
        if self._bundle is not None and not self._bundle.complete:
            # Minified, so that only esbuild's note for Node.js's lexer says which names there are.
            known = self._annotation or UNKNOWN
            self._members = {**known.members, **self._members}
            self._stars += known.stars
            self._complete = self._complete and known.complete
        if self._worth is Worth.FALSY:
            return FALSY
        return Value(self._worth, members=self._members, complete=self._complete, stars=tuple(self._stars), same=self._same)

    def _leaks(self) -> bool:
        """Tell whether the exports can be had by another name: top-level ``this`` or ``arguments``, a direct eval."""
        source = self._source
        for word in ("this", "arguments"):
            for site in source.leaves(word):
                if (
                    site.steps[-1].type in ("this", "identifier")
                    and not any(step.type != "arrow_function" for step in site.functions() if step.type in FUNCTIONS)
                    and not any(step.type == "class_body" for step in site.steps)
                ):
                    return True
        return any((up := site.up(1)) is not None and up.type == "call_expression" for site in source.mentions("eval"))

    def _mention(self, site: Site) -> None:
        level = 1
        above = site.up(1)
        if above is None:
            return
        if self._source.slice(site.node) == "module":
            if above.type == "unary_expression" or _compared(above):
                return
            name = self._property(above, site)
            if name is None:
                self._complete = False
                return
            if name != "exports":
                self._complete = self._complete and name in _HARMLESS
                return
            level = 2
        elif self._parted and when(site) == "always":
            return
        self._target(site, level)

    def _property(self, above: Step, site: Site, level: int = 0) -> str | None:
        """Return the property that is taken of the node ``level`` steps above the leaf; None: none is, or a computed one."""
        below = site.up(level)
        if below is None or below.field != "object":
            return None
        if above.type == "member_expression":
            key = above.node.child_by_field_name("property")
            return None if key is None else self._source.slice(key)
        if above.type == "subscript_expression":
            return string_value(self._source, above.node.child_by_field_name("index"))
        return None

    def _target(self, site: Site, level: int) -> None:
        """Judge the use of the exports object, which is the node below ``level``."""
        above, below = site.up(level), site.up(level - 1)
        if above is None or below is None:
            return
        if above.type == "assignment_expression" and below.field == "left":
            self._replace(site, level, above.node)
        elif above.type in ("member_expression", "subscript_expression") and below.field == "object":
            name = self._property(above, site, level - 1)
            self._member(site, level + 1, name)
        elif above.type == "arguments":
            self._passed(site, level)
        elif above.type == "assignment_expression" and below.field == "right":
            self._assigned(above.node)
        elif above.type not in ("unary_expression", "expression_statement") and not _compared(above):
            self._complete = False

    def _assigned(self, assignment: Node) -> None:
        """``module.exports = exports`` changes nothing; any other name for the object hides what is added through it."""
        left = assignment.child_by_field_name("left")
        if left is None or self._source.slice(left) not in ("module.exports", "exports"):
            self._complete = False

    def _member(self, site: Site, level: int, name: str | None) -> None:
        above, below = site.up(level), site.up(level - 1)
        if above is None or below is None:
            return
        written = above.type in ("assignment_expression", "augmented_assignment_expression") and below.field == "left"
        if name is None:
            self._complete = self._complete and not written
        elif written:
            right = above.node.child_by_field_name("right")
            value = UNKNOWN if right is None or above.type != "assignment_expression" else self._worth_at(site, right)
            self._put(name, value, when(site))
        elif above.type in ("member_expression", "subscript_expression") and below.field == "object":
            if name in self._members:
                self._members[name] = UNKNOWN  # something may be put into it
        elif above.type in ("update_expression", "array_pattern", "pair_pattern") or _deleted(above):
            self._members[name] = UNKNOWN

    def _put(self, name: str, value: Value, moment: str) -> None:
        known = self._members.get(name)
        if moment != "always" or (known is not None and known.worth is Worth.UNKNOWN and not known.same):
            value = UNKNOWN
        self._members[name] = value

    def _replace(self, site: Site, level: int, assignment: Node) -> None:
        right = assignment.child_by_field_name("right")
        if right is None:
            return
        if _annotated(self._source, site, level):
            self._annotation = self._scope.of(right)
            return
        inner = self._names_exports(right.child_by_field_name("left")) if right.type == "assignment_expression" else False
        if inner or self._names_exports(right):
            return  # exports = module.exports = X, or the other way round: the inner assignment says it all
        outer = site.up(level + 1)
        both = outer is not None and outer.type == "assignment_expression" and self._names_exports(outer.node.child_by_field_name("left"))
        if level == 2 or both:
            while right.type == "assignment_expression" and (next_right := right.child_by_field_name("right")) is not None:
                right = next_right
            self._bundle = self._bundled(right, site)
            if self._bundle is not None:
                self._become(Value(Worth.OBJECT, members=self._bundle.members), when(site), parted=not both)
            else:
                self._become(self._worth_at(site, right), when(site), parted=not both)
            if outer is not None and not both and outer.type in ("variable_declarator", "assignment_expression", "arguments"):
                self._complete = False  # const out = module.exports = {}: more may be put in through the other name
        elif when(site) == "always":
            self._parted = True
        else:
            self._complete = False

    def _names_exports(self, node: Node | None) -> bool:
        return node is not None and self._source.slice(node) in ("module.exports", "exports")

    def _worth_at(self, site: Site, node: Node) -> Value:
        """Names inside a function need not be those of the top level, so that only the shape counts there."""
        value = self._scope.of(node)
        if next(site.functions(), None) is None:
            return value
        if node.type != "object":
            return UNKNOWN
        members = dict.fromkeys(value.members, UNKNOWN)
        return Value(Worth.OBJECT, members=members, complete=value.complete, stars=value.stars)

    def _become(self, value: Value, moment: str, *, parted: bool) -> None:
        if moment == "always":
            self._members = dict(value.members)
            self._complete = value.complete
            self._stars = list(value.stars)
            self._worth, self._same = value.worth, value.same
            self._parted = parted
            return
        self._members = {**dict.fromkeys(self._members, UNKNOWN), **dict.fromkeys(value.members, UNKNOWN)}
        self._complete = self._complete and value.complete and value.same is None and self._same is None
        self._stars += value.stars
        self._worth = Worth.UNKNOWN if value.worth is not self._worth else value.worth

    def _bundled(self, node: Node, site: Site) -> Value | None:
        """Read esbuild's ``__toCommonJS(x)`` after ``__export(x, {name: () => value})``; None: another shape."""
        arguments = call_arguments(node) if node.type == "call_expression" else []
        callee = node.child_by_field_name("function")
        if len(arguments) != 1 or arguments[0].type != "identifier" or callee is None or callee.type != "identifier":
            return None
        if next(site.functions(), None) is not None:
            return None
        name = self._source.slice(arguments[0])
        if name not in self._scope.bound:
            return None
        members: dict[str, Value] = {}
        strange = self._source.slice(callee) != "__toCommonJS"
        for mention in self._source.mentions(name):
            inside, call = mention.up(1), mention.up(2)
            if inside is None or call is None or inside.type == "variable_declarator":
                continue
            parts = call_arguments(call.node) if inside.type == "arguments" else []
            if len(parts) == 2 and parts[1].type == "object":
                members.update(self._getters(parts[1]))
            elif mention.start != arguments[0].start_byte:
                strange = True
        return Value(Worth.OBJECT, members=members, complete=not strange)

    def _getters(self, node: Node) -> dict[str, Value]:
        members: dict[str, Value] = {}
        for pair in children(node):
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            name = None if key is None else property_name(self._source, key)
            if name is None or value is None:
                continue
            body = value.child_by_field_name("body") if value.type == "arrow_function" else None
            members[name] = UNKNOWN if body is None or body.type == "statement_block" else self._scope.of(body)
        return members

    def _passed(self, site: Site, level: int) -> None:
        """Judge a call that takes the exports object."""
        call = site.up(level + 1)
        below = site.up(level - 1)
        if call is None or below is None or call.type != "call_expression":
            self._complete = False
            return
        callee = call.node.child_by_field_name("function")
        arguments = call_arguments(call.node)
        name = "" if callee is None else self._source.slice(callee)
        first = bool(arguments) and arguments[0].start_byte == below.node.start_byte
        if name == "Object.defineProperty" and first and len(arguments) == 3:
            self._defined(arguments[1], arguments[2], when(site))
        elif name == "Object.assign" and first and all(part.type == "object" or required(self._source, part) for part in arguments[1:]):
            for part in arguments[1:]:
                value = self._scope.of(part)
                self._stars += [value.same] if value.same else value.stars
                self._complete = self._complete and (value.complete or value.same is not None)
                for key, member in value.members.items():
                    self._put(key, member, when(site))
        elif name.rpartition(".")[2] == "__exportStar" and len(arguments) == 2 and (star := required(self._source, arguments[0])):
            self._stars.append(star)
        elif name not in ("Object.freeze", "Object.seal", "Object.keys", "console.log", "Object.preventExtensions"):
            self._complete = False

    def _defined(self, key: Node, descriptor: Node, moment: str) -> None:
        name = string_value(self._source, key)
        if name is None:
            self._complete = False
            return
        value = UNKNOWN
        if descriptor.type == "object":
            value = self._scope.of(descriptor).members.get("value", UNKNOWN)
        self._put(name, value, moment)


def exports_of(source: Source, scope: Scope) -> Value:
    """Return what a CommonJS file exports; unknown rather than guessed."""
    try:
        return Exports(source, scope).value()
    except Opaque:
        return UNKNOWN


def _compared(above: Step) -> bool:
    operator = above.node.child_by_field_name("operator") if above.type == "binary_expression" else None
    return operator is not None and operator.type in ("==", "===", "!=", "!==", "instanceof", "in")


def _deleted(above: Step) -> bool:
    operator = above.node.child_by_field_name("operator") if above.type == "unary_expression" else None
    return operator is not None and operator.type == "delete"


def _annotated(source: Source, site: Site, level: int) -> bool:
    """Tell ``0 && (module.exports = ...)``, which never runs: it is written for Node's lexer only."""
    for up in range(level + 1, level + 4):
        above = site.up(up)
        if above is None or above.type not in ("parenthesized_expression", "binary_expression"):
            return False
        if above.type == "binary_expression":
            left = above.node.child_by_field_name("left")
            return left is not None and source.slice(left) == "0"
    return False
