"""Walks the syntax tree of a Ruby file once, with a stack of its own, and notes what loading the file does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.ruby_feature import read_feature
from lambdalint.handlers.ruby_parameters import read_parameters
from lambdalint.handlers.ruby_source import Body, Definition, Path, Require, Script

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

#: Calls in a class body that change nothing about which class methods there are.
_HARMLESS: Final = frozenset({
    "private", "public", "protected", "private_class_method", "public_class_method", "private_constant", "module_function",
    "attr_reader", "attr_writer", "attr_accessor", "attr", "require", "require_relative", "load", "puts", "p", "print",
    "freeze", "extend", "include", "prepend", "warn", "deprecate_constant", "ruby2_keywords", "raise", "fail",
})  # fmt: skip
_STOPS: Final = frozenset({"exit", "exit!", "abort", "raise", "fail", "throw", "exec"})
_VISIBILITY: Final = frozenset({"private", "public", "protected", "module_function", "private_class_method", "public_class_method"})
_REQUIRES: Final = frozenset({"require", "require_relative", "load"})
_MIXES: Final = frozenset({"include", "extend", "prepend"})
#: Words that the parser takes for names where Ruby does not.
_KEYWORDS: Final = frozenset({"end", "else", "elsif", "when", "ensure", "then"})
#: What is inside is reached on a condition, or more than once, or with a net below it.
_UNSURE: Final = frozenset({
    "if", "unless", "case", "case_match", "while", "until", "for", "if_modifier", "unless_modifier", "while_modifier",
    "until_modifier", "conditional", "block", "do_block", "lambda", "begin_block", "end_block", "rescue",
    "else", "binary",
})  # fmt: skip
#: Without such words a method's body has nothing that is looked for.
_DEEDS: Final = re.compile(
    rb"\b(?:def|require|require_relative|load|alias|undef|class|module|include|extend)\b"
    rb"|\b[A-Z]\w*[ \t]*(?:\|\|)?=[^=~>]"
)
#: What holds no statements.
_LEAVES: Final = frozenset({
    "string", "chained_string", "heredoc_body", "heredoc_beginning", "regex", "simple_symbol", "integer", "float", "comment",
    "constant", "scope_resolution", "instance_variable", "global_variable", "string_array", "symbol_array", "uninterpreted",
    "hash_key_symbol", "superclass", "method_parameters", "block_parameters", "lambda_parameters", "subshell", "character",
})  # fmt: skip


class _Context:
    """Where in the file a statement stands."""

    __slots__ = ("body", "direct", "firm", "inside", "scope", "singleton", "sure", "wrapped")

    def __init__(
        self, scope: Path | None, body: Body | None, *, sure: bool, direct: bool,
        singleton: bool = False, inside: str | None = None, wrapped: bool = False, firm: bool | None = None,
    ) -> None:  # fmt: skip
        #: Whether it is reached, and a LoadError in it is caught by nobody: a bare rescue does not catch one.
        self.firm: Final = sure if firm is None else firm
        self.scope: Final = scope
        #: The body that the statement is in. None: it is in a method.
        self.body: Final = body
        self.sure: Final = sure
        #: Whether it is a statement of that body and not a part of one.
        self.direct: Final = direct
        self.singleton: Final = singleton
        self.inside: Final = inside
        #: Whether it is the argument of a call that may do something to it.
        self.wrapped: Final = wrapped

    def part(self, *, sure: bool = True, direct: bool = False, wrapped: bool = False, firm: bool | None = None) -> _Context:
        return _Context(
            self.scope, self.body, sure=self.sure and sure, direct=direct, singleton=self.singleton, inside=self.inside,
            wrapped=wrapped or self.wrapped, firm=self.firm and (sure if firm is None else firm),
        )  # fmt: skip


_Work = list[tuple["Tree", _Context]]


def walk(script: Script) -> None:
    """Fill a script from its tree."""
    _Walk(script).run()


class _Walk:
    """One walk, in the order in which Ruby would come by."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._text = script.text
        self._stack: _Work = []

    def run(self) -> None:
        start = _Context((), self._script.top, sure=True, direct=True)
        self._push(self._script.root.named_children, start)
        while self._stack and not self._script.stops:
            node, context = self._stack.pop()
            self._visit(node, context)

    def _push(self, nodes: Sequence[Tree], context: _Context) -> None:
        self._stack += [(node, context) for node in reversed(nodes) if node.type not in _LEAVES]

    def _say(self, node: Tree | None) -> str:
        return "" if node is None else self._text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _visit(self, node: Tree, context: _Context) -> None:
        kind = node.type
        visit = getattr(self, f"_on_{kind}", None)
        if visit is not None:
            visit(node, context)
        elif kind in _UNSURE:
            self._push(node.named_children, context.part(sure=False))
        elif kind in ("begin", "body_statement", "parenthesized_statements", "ensure"):
            self._block(node, context)
        else:
            self._push(node.named_children, context.part())

    def _block(self, node: Tree, context: _Context) -> None:
        children = node.named_children
        rescues = [child for child in children if child.type == "rescue"]
        if not rescues:
            self._push(children, context.part(direct=context.direct))
            return
        # What comes first is surely reached, whatever is caught later.
        bare = not any(child.type == "exceptions" for rescue in rescues for child in rescue.named_children)
        self._push(children[1:], context.part(sure=False))
        self._push(children[:1], context.part(sure=False, firm=bare))

    def _on_rescue_modifier(self, node: Tree, context: _Context) -> None:
        children = node.named_children
        self._push(children[1:], context.part(sure=False))
        self._push(children[:1], context.part(sure=False, firm=True))

    # Definitions.

    def _on_method(self, node: Tree, context: _Context) -> None:
        self._define(node, context, context.scope, singleton=context.singleton)

    def _on_singleton_method(self, node: Tree, context: _Context) -> None:
        target = self._say(node.child_by_field_name("object"))
        owner: Path | None = None
        if target == "self":
            owner = None if context.inside is not None else context.scope
        elif target[:1].isupper() and context.scope is not None:
            path = tuple(target.split("::"))
            owner = context.scope if context.scope[-len(path) :] == path else (*context.scope, *path)
        self._define(node, context, owner, singleton=True)

    def _refuse(self, node: Tree, message: str, said: str) -> None:
        self._script.broken.append((node.start_point[0] + 1, message, said))

    def _define(self, node: Tree, context: _Context, owner: Path | None, *, singleton: bool) -> None:
        name = self._say(node.child_by_field_name("name"))
        parameters = None if context.wrapped else read_parameters(node.child_by_field_name("parameters"), self._text)
        line = node.start_point[0] + 1
        definition = Definition(
            name, owner, parameters, singleton=singleton, sure=context.sure, inside=context.inside, line=line
        )
        self._script.definitions.append(definition)
        inner = _Context(owner, None, sure=False, direct=False, singleton=singleton, inside=name)
        body = node.child_by_field_name("body")
        if body is not None and _DEEDS.search(self._text, body.start_byte, body.end_byte):
            self._push([body], inner)

    def _on_alias(self, node: Tree, context: _Context) -> None:
        name = self._say(node.child_by_field_name("name")).lstrip(":")
        line = node.start_point[0] + 1
        self._script.definitions.append(
            Definition(
                name, context.scope, None, singleton=context.singleton, sure=context.sure, inside=context.inside, line=line
            )
        )

    def _on_undef(self, node: Tree, context: _Context) -> None:
        line = node.start_point[0] + 1 if context.direct and context.sure and context.scope == () else None
        for child in node.named_children:
            self._script.undefined[self._say(child).lstrip(":")] = line

    # Classes and modules.

    def _on_class(self, node: Tree, context: _Context) -> None:
        superclass = node.child_by_field_name("superclass")
        self._open(node, context, "class", self._say(superclass).lstrip("< ").strip() if superclass is not None else None)

    def _on_module(self, node: Tree, context: _Context) -> None:
        self._open(node, context, "module", None)

    def _open(self, node: Tree, context: _Context, kind: str, superclass: str | None) -> None:
        if context.inside is not None:
            self._refuse(node, f"a {kind} is defined in the method {context.inside}", f"{kind} definition in method body")
        path = self._path(self._say(node.child_by_field_name("name")), context)
        body = Body(path, kind, sure=context.sure, superclass=superclass)
        self._script.bodies.append(body)
        inner = node.child_by_field_name("body")
        if inner is not None:
            self._push([inner], _Context(path, body, sure=context.sure, direct=True))

    def _path(self, name: str, context: _Context) -> Path | None:
        if name.startswith("::"):
            return tuple(name[2:].split("::"))
        if not name[:1].isupper() or context.scope is None:
            return None
        return (*context.scope, *name.split("::"))

    def _on_singleton_class(self, node: Tree, context: _Context) -> None:
        target = self._say(node.child_by_field_name("value"))
        own = target == "self" or (bool(context.scope) and context.scope is not None and target == context.scope[-1])
        scope = context.scope if own and context.inside is None else None
        inner = node.child_by_field_name("body")
        if inner is not None:
            self._push([inner], _Context(scope, context.body, sure=context.sure, direct=True, singleton=True))

    def _on_assignment(self, node: Tree, context: _Context) -> None:
        left = node.child_by_field_name("left")
        if left is not None and left.type == "constant" and context.inside is not None:
            message = f"the method {context.inside} assigns to the constant {self._say(left)}"
            self._refuse(node, message, "dynamic constant assignment")
        if left is not None and left.type in ("constant", "scope_resolution"):
            self._script.bodies.append(Body(self._path(self._say(left), context), "value", sure=context.sure))
        right = node.child_by_field_name("right")
        if right is not None:
            self._push([right], context.part())

    _on_operator_assignment = _on_assignment

    # Calls.

    def _on_identifier(self, node: Tree, context: _Context) -> None:
        if self._say(node) in _KEYWORDS:
            self._refuse(node, f"an {self._say(node)} that belongs to nothing", f"syntax error, unexpected `{self._say(node)}'")
        elif context.direct:
            self._call(self._say(node), (), context)

    def _on_return(self, node: Tree, context: _Context) -> None:
        del node
        if context.direct and context.sure and context.scope == ():
            self._stack.clear()  # the rest of the file is not run

    def _on_call(self, node: Tree, context: _Context) -> None:
        name = self._say(node.child_by_field_name("method"))
        receiver = node.child_by_field_name("receiver")
        arguments = node.child_by_field_name("arguments")
        words = [] if arguments is None else arguments.named_children
        said = self._say(receiver)
        if receiver is None or said == "Kernel":
            self._call(name, words, context)
        elif context.direct and context.body is not None:
            self._called_on(receiver, name, words, context)
        plain = receiver is None and name in _VISIBILITY
        self._push(words, context.part(wrapped=not plain))
        block = node.child_by_field_name("block")
        if block is not None:
            self._push([block], context.part(sure=False))
        if receiver is not None:
            self._push([receiver], context.part())

    def _call(self, name: str, words: Sequence[Tree], context: _Context) -> None:
        if name in _REQUIRES and words:
            verb, feature = read_feature(name, words[0], self._text)
            line = words[0].start_point[0] + 1
            self._script.requires.append(Require(verb, feature, sure=context.firm and context.inside is None, line=line))
        elif name in _STOPS and context.direct and context.sure:
            self._script.stops = True
        elif context.body is not None:
            self._in_body(name, words, context, context.body)

    def _in_body(self, name: str, words: Sequence[Tree], context: _Context, body: Body) -> None:
        if name in _MIXES:
            mixed = body.extends if name == "extend" or context.singleton else body.includes
            mixed += [self._say(word) for word in words]
        elif name == "module_function":
            body.module_functions.update([self._symbol(word) for word in words] or ["*"])
        elif context.direct and name not in _HARMLESS and context.scope != ():
            body.open_ended = True

    def _symbol(self, word: Tree) -> str:
        name = word.child_by_field_name("name") if word.type == "method" else word
        return self._say(name).strip(":'\"")

    def _called_on(self, receiver: Tree, name: str, words: Sequence[Tree], context: _Context) -> None:
        """A call on something else, in a body: it may be told to change the class, or the class of all objects."""
        assert context.body is not None
        said = self._say(receiver)
        if name in _MIXES and said in ("Object", "Kernel", "BasicObject", "self", "LambdaHandler"):
            target = self._script.top if said != "self" else context.body
            (target.extends if said == "self" else target.includes).extend(self._say(word) for word in words)
        elif receiver.type not in ("constant", "scope_resolution", "global_variable") or any(
            self._say(word) == "self" for word in words
        ):
            context.body.open_ended = True
