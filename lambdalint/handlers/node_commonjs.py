"""What a CommonJS file exports: every mention of ``exports`` and ``module`` must be of a known form, or nothing is sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers.node_esbuild import annotated, bundled
from lambdalint.handlers.node_source import FUNCTIONS, Opaque, Site, Source, Step, hiding, string_value, when
from lambdalint.handlers.node_values import FALSY, UNKNOWN, Scope, Value, Worth, call_arguments, required

if TYPE_CHECKING:
    from tree_sitter import Node

#: Members of ``module`` that say nothing of its exports.
_HARMLESS: Final = frozenset({"id", "hot", "parent", "children", "filename", "loaded", "paths", "path", "require", "isPreloading"})


class Exports:
    """What ``module.exports`` is, written down mention by mention in the order of the file."""

    def __init__(self, source: Source, scope: Scope) -> None:
        self._source: Final = source
        self._scope: Final = scope
        #: As it stands after the mentions so far, if they run one after another.
        self._members: dict[str, Value] = {}
        self._stars: list[str] = []
        self._complete = True
        self._worth = Worth.OBJECT
        self._same: str | None = None
        #: True: ``exports`` no longer means ``module.exports``.
        self._parted = False
        #: Names whose value cannot be told: written in a function, on a branch, or where something forbids it.
        self._loose: Final[set[str]] = set()
        #: Everything that was ever written or doubted, for files whose mentions do not simply run one after another.
        self._ever: Final[set[str]] = set()
        self._ever_stars: Final[list[str]] = []
        self._doubted = False
        self._replaced = 0
        #: Names made by defineProperty, to which later assignments may do nothing.
        self._fixed: Final[set[str]] = set()
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
        seen = [site for site in sites if not any(step.node.start_byte in hidden for step in site.functions())]
        for site in sorted(seen, key=lambda site: site.start):
            self._mention(site)
        straight = all(when(site) == "always" for site in seen if not annotated(source, site, 1) and not annotated(source, site, 2))
        return self._settled(straight=straight)

    def _settled(self, *, straight: bool) -> Value:
        members, stars, complete = self._members, self._stars, self._complete
        if not straight:
            members = {**dict.fromkeys(self._ever, UNKNOWN), **members}
            stars = self._ever_stars
            complete = not self._doubted and (self._same is None or self._replaced < 2)
        if self._bundle is not None and not self._bundle.complete:
            # Minified, so that only esbuild's note for Node.js's lexer says which names there are.
            known = self._annotation or UNKNOWN
            members, stars = {**known.members, **members}, [*stars, *known.stars]
            complete = complete and known.complete
        complete = complete and not self._leaks()
        members = {name: value if complete and name not in self._loose else UNKNOWN for name, value in members.items()}
        worth = self._worth if straight or self._replaced < 2 else Worth.UNKNOWN
        if worth is Worth.FALSY and complete:
            return FALSY
        return Value(worth, members=members, complete=complete, stars=tuple(stars), same=self._same)

    def _doubt(self) -> None:
        self._complete = False
        self._doubted = True

    def _leaks(self) -> bool:
        """Tell whether the exports can be had by another name: top-level ``this`` or ``arguments``, the cache, a direct eval."""
        source = self._source
        if b"require.cache" in source.text:
            return True
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
        above = site.up(1)
        if above is None:
            return
        if self._source.slice(site.node) == "exports":
            if not (self._parted and when(site) == "always" and above.type != "assignment_expression"):
                self._target(site, 1)
            return
        if above.type == "unary_expression" or _compared(above):
            return
        name = self._property(above, site)
        if name == "exports":
            self._target(site, 2)
        elif name not in _HARMLESS:
            self._doubt()

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
            self._assigned(site, level, above.node)
        elif above.type not in ("unary_expression", "expression_statement") and not _compared(above):
            self._doubt()

    def _assigned(self, site: Site, level: int, assignment: Node) -> None:
        """``exports = module.exports`` joins the names again; any other name for the object hides what is added through it."""
        left = assignment.child_by_field_name("left")
        if level == 2 and left is not None and self._source.slice(left) == "exports" and when(site) == "always":
            self._parted = False
        elif self._parted or not self._names_exports(left):
            self._doubt()

    def _member(self, site: Site, level: int, name: str | None) -> None:
        above, below = site.up(level), site.up(level - 1)
        if above is None or below is None:
            return
        written = above.type in ("assignment_expression", "augmented_assignment_expression") and below.field == "left"
        if name is None or name == "__proto__":
            if written:
                self._doubt()
        elif written:
            right = above.node.child_by_field_name("right")
            value = UNKNOWN if right is None or above.type != "assignment_expression" else self._worth_at(site, right)
            self._put(name, value, when(site))
        elif above.type in ("member_expression", "subscript_expression") and below.field == "object":
            self._loose.add(name)  # something may be put into it
        elif above.type in ("update_expression", "array_pattern", "pair_pattern", "for_in_statement") or _deleted(above):
            self._put(name, UNKNOWN, "sometimes")

    def _put(self, name: str, value: Value, moment: str) -> None:
        self._ever.add(name)
        if moment != "always" or name in self._fixed:
            self._loose.add(name)
        self._members[name] = value

    def _replace(self, site: Site, level: int, assignment: Node) -> None:
        right = assignment.child_by_field_name("right")
        if right is None:
            return
        if annotated(self._source, site, level):
            self._annotation = self._scope.of(right)
            return
        inner = self._names_exports(right.child_by_field_name("left")) if right.type == "assignment_expression" else False
        if inner or self._names_exports(right):
            return  # exports = module.exports = X, or the other way round: the inner assignment says it all
        outer = site.up(level + 1)
        both = outer is not None and outer.type == "assignment_expression" and self._names_exports(outer.node.child_by_field_name("left"))
        if level == 2 or both:
            shared = False
            while right.type == "assignment_expression" and (next_right := right.child_by_field_name("right")) is not None:
                shared = shared or not self._names_exports(right.child_by_field_name("left"))
                right = next_right
            bundle = bundled(self._source, self._scope, right) if next(site.functions(), None) is None else None
            value = self._worth_at(site, right) if bundle is None else Value(Worth.OBJECT, members=bundle.members)
            self._bundle = bundle
            self._become(value, when(site), parted=not both)
            holder = site.up(level + 2) if both else outer
            if shared or (holder is not None and holder.type in ("variable_declarator", "assignment_expression", "arguments")):
                self._doubt()  # const out = module.exports = {}: more may be put in through the other name
        elif when(site) == "always":
            self._parted = True
        else:
            self._doubt()

    def _names_exports(self, node: Node | None) -> bool:
        return node is not None and self._source.slice(node) in ("module.exports", "exports")

    def _worth_at(self, site: Site, node: Node) -> Value:
        """Names inside a function or block need not be those of the top level, so that only the shape counts there."""
        value = self._scope.of(node)
        if not any(step.type in FUNCTIONS or step.type == "statement_block" for step in site.steps):
            return value
        if node.type != "object":
            return UNKNOWN
        members = dict.fromkeys(value.members, UNKNOWN)
        return Value(Worth.OBJECT, members=members, complete=value.complete, stars=value.stars)

    def _become(self, value: Value, moment: str, *, parted: bool) -> None:
        self._replaced += 1
        self._ever.update(value.members)
        self._ever_stars.extend(value.stars)
        if not value.complete or (value.same is not None and moment != "always"):
            self._doubted = True
        if moment == "always":
            self._members = dict(value.members)
            self._complete = value.complete
            self._stars = list(value.stars)
            self._worth, self._same = value.worth, value.same
            self._parted = parted
            self._fixed.clear()
            return
        self._loose.update(value.members)
        self._worth = Worth.UNKNOWN if value.worth is not self._worth else value.worth

    def _passed(self, site: Site, level: int) -> None:
        """Judge a call that takes the exports object."""
        call, below = site.up(level + 1), site.up(level - 1)
        if call is None or below is None or call.type != "call_expression":
            self._doubt()
            return
        callee = call.node.child_by_field_name("function")
        arguments = call_arguments(call.node)
        name = "" if callee is None else self._source.slice(callee)
        first = bool(arguments) and arguments[0].start_byte == below.node.start_byte
        if name == "Object.defineProperty" and first and len(arguments) == 3:
            self._defined(arguments[1], arguments[2], when(site))
        elif name == "Object.assign" and first:
            for part in arguments[1:]:
                self._merged(part, site)
        elif name.rpartition(".")[2] == "__exportStar" and len(arguments) == 2 and (star := required(self._source, arguments[0])):
            self._star(star)
        elif name not in ("Object.keys", "console.log"):
            self._doubt()

    def _star(self, specifier: str) -> None:
        self._stars.append(specifier)
        self._ever_stars.append(specifier)

    def _merged(self, part: Node, site: Site) -> None:
        specifier = required(self._source, part)
        if specifier is not None:
            self._star(specifier)
            self._loose.update(self._ever)  # it may bring the same names
            return
        value = self._worth_at(site, part) if part.type == "object" else UNKNOWN
        for star in value.stars:
            self._star(star)
        if not value.complete:
            self._doubt()
        for key, member in value.members.items():
            self._put(key, member, when(site))

    def _defined(self, key: Node, descriptor: Node, moment: str) -> None:
        name = string_value(self._source, key)
        if name is None:
            self._doubt()
            return
        value = UNKNOWN
        if descriptor.type == "object":
            value = self._scope.of(descriptor).members.get("value", UNKNOWN)
        self._put(name, value, moment)
        self._fixed.add(name)


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
