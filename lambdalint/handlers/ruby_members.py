"""Tells whether the method that a Ruby handler names is there once its file is loaded.

It is looked for at the first invocation only: ``__send__`` on an object of the client's own for FILE.METHOD, and
``Kernel.const_get(CLASS).send`` for FILE.CLASS.METHOD, so that private methods count (call_handler in lambda_handler.rb of
https://github.com/aws/aws-lambda-ruby-runtime-interface-client, read 2026-11-21).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.ruby_source import Body, Definition, Path
from lambdalint.handlers.ruby_tables import CLASS_METHODS, CONSTANTS, OBJECT_METHODS

if TYPE_CHECKING:
    from lambdalint.handlers.ruby_program import Program

_OPEN_TO_ALL: Final = {("Object",), ("Kernel",), ("BasicObject",), ("LambdaHandler",)}
_OPEN_TO_CLASSES: Final = {("Class",), ("Module",)}
#: Modules of Ruby that add no class methods to what includes them, and no methods anyone would call a handler.
_PLAIN_MODULES: Final = frozenset({"Comparable", "Enumerable", "Kernel", "Singleton"})
#: Superclasses of Ruby that bring no class methods which anyone would name as a handler.
_CORE_CLASSES: Final = frozenset({"Object", "BasicObject", "Exception", "StandardError", "RuntimeError", "ArgumentError"})
_SUPERS: Final = 20
#: Methods that Ruby calls without their name being written.
_CALLED_UNNAMED: Final = frozenset({
    "initialize", "included", "extended", "prepended", "inherited", "call", "each", "to_s", "to_proc", "to_str", "to_a",
    "to_ary", "to_h", "to_hash", "coerce", "inspect", "hash", "respond_to_missing?", "method_added", "const_added",
})  # fmt: skip


class Bound:
    """The method is there. ``definition`` is None where it is not known which of several it is."""

    def __init__(self, definition: Definition | None) -> None:
        self.definition: Final = definition


class Unbound:
    """The method is surely not there."""

    def __init__(self, what: str, near: Definition | None = None) -> None:
        #: ``method`` or ``constant``, or ``own`` for a method of Ruby's own that would be called in its stead.
        self.what: Final = what
        #: A method of the same name that is not called.
        self.near: Final = near


#: None: it cannot be told.
Verdict = Bound | Unbound | None


def top_level(program: Program, name: str) -> Verdict:
    """Look for a method of every object, as a ``def`` at the top level makes it."""
    named = [one for script in program.scripts for one in script.definitions if one.name == name]
    reached = [one for one in named if one.owner in (_OPEN_TO_ALL | {()}) and not one.singleton and one.inside is None]
    mixed = any(_mixes_into_all(script.top) for script in program.scripts)
    if reached:
        return _bound(program, reached, name, plain=not mixed)
    if _is_blurred(program, name) or any(_may_come(program, one) for one in named):
        return None
    if mixed:
        return None
    if name in OBJECT_METHODS:
        return Unbound("own")
    return Unbound("method", named[-1] if named else None)


def class_level(program: Program, path: Path, name: str) -> Verdict:
    """Look for a method of a class or a module."""
    bodies = [body for script in program.scripts for body in script.bodies if body.path == path]
    if not bodies:
        return _constant(program, path)
    if any(not body.sure or body.kind == "value" for body in bodies):
        return None
    found = _in_class(program, path, name, ())
    if not isinstance(found, Unbound):
        return found
    # A class is an object too, and has what every object has.
    if any(one.owner in _OPEN_TO_CLASSES for one in _named(program, name)):
        return None
    everywhere = top_level(program, name)
    return found if isinstance(everywhere, Unbound) else everywhere


def kind_of(program: Program, path: Path) -> str:
    """Return ``class`` or ``module``, as Ruby would name it."""
    for script in program.scripts:
        for body in script.bodies:
            if body.path == path:
                return body.kind
    return "class"


def _in_class(program: Program, path: Path, name: str, passed: tuple[Path, ...]) -> Verdict:
    bodies = [body for script in program.scripts for body in script.bodies if body.path == path]
    mine = [one for script in program.scripts for one in script.definitions if one.owner == path and one.name == name]
    for_class = [one for one in mine if one.inside is None and (one.singleton or _extends_self(bodies, name))]
    if for_class:
        plain = not any(body.open_ended or body.includes or set(body.extends) - {"self"} for body in bodies)
        return _bound(program, for_class, name, plain=plain)
    if _is_blurred(program, name) or any(body.open_ended or not body.sure or body.kind == "value" for body in bodies):
        return None
    if any(_may_come(program, one) for one in mine) or any(one.owner is None for one in _named(program, name)):
        return None
    above = _above(program, path, name, bodies, passed)
    if not isinstance(above, Unbound) or above.what == "own":
        return above
    if name in CLASS_METHODS or name in OBJECT_METHODS:
        return Unbound("own")
    return Unbound("method", mine[-1] if mine else None)


def _above(program: Program, path: Path, name: str, bodies: list[Body], passed: tuple[Path, ...]) -> Verdict:
    """Look where a class gets methods from: what it extends, and its superclass."""
    mixed = [word for body in bodies for word in (*body.extends, *body.includes) if word != "self"]
    if any(word not in _PLAIN_MODULES for word in mixed):
        return None
    supers = {body.superclass for body in bodies if body.superclass is not None}
    if len(supers) > 1 or len(passed) > _SUPERS:
        return None
    for word in supers:
        if word in _CORE_CLASSES:
            continue
        parent = _resolve(program, path, word)
        if parent is None or parent in (*passed, path):
            return None
        found = _in_class(program, parent, name, (*passed, path))
        if not isinstance(found, Unbound) or found.what == "own":
            return found
    return Unbound("method")


def _resolve(program: Program, path: Path, word: str) -> Path | None:
    """Return the class that a name means in a place. None: it is not the package's."""
    if not re.fullmatch(r"(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*", word):
        return None
    parts = tuple(word.removeprefix("::").split("::"))
    known = {body.path for script in program.scripts for body in script.bodies}
    for depth in range(0 if word.startswith("::") else len(path) - 1, -1, -1):
        candidate = (*path[:depth], *parts)
        if candidate in known:
            return candidate
    return None


def _constant(program: Program, path: Path) -> Verdict:
    """Judge a constant that no file defines."""
    if program.is_opaque or any(script.is_dynamic for script in program.scripts) or path[0] in CONSTANTS:
        return None
    if program.has_gems and program.gems_mention(rb"\b" + re.escape(path[-1].encode()) + rb"\b"):
        return None
    known = [body for script in program.scripts for body in script.bodies if body.path is not None]
    if any(body.path is None for script in program.scripts for body in script.bodies):
        return None
    for body in known:
        # A class inherits constants, and a value may be anything.
        if body.path == path[: len(body.path or ())] and (
            body.kind == "value" or body.superclass is not None or body.includes or body.extends or body.open_ended
        ):
            return None
    return Unbound("constant")


def _bound(program: Program, found: list[Definition], name: str, *, plain: bool) -> Verdict:
    """Judge definitions that are reached; ``plain`` is false where something may stand before them and take the call."""
    for script in program.scripts:
        if name in script.undefined:
            line = script.undefined[name]
            gone = line is not None and all(one in script.definitions and one.sure and one.line < line for one in found)
            return Unbound("method") if gone else None
    if not any(one.sure for one in found):
        return None
    # Which of several wins hangs on the order of files; in one file it is the last.
    files = sum(any(one in script.definitions for one in found) for script in program.scripts)
    wrapped = any(script.mentions(name) for script in program.scripts)
    return Bound(found[-1] if files == 1 and plain and not wrapped and all(one.sure for one in found) else None)


def _named(program: Program, name: str) -> list[Definition]:
    return [one for script in program.scripts for one in script.definitions if one.name == name]


def _is_blurred(program: Program, name: str) -> bool:
    """Whether the method may come from what cannot be read: code not seen, or code that makes methods."""
    if program.is_opaque:
        return True
    if any(script.is_dynamic or script.stops or script.mentions(name) for script in program.scripts):
        return True
    return program.has_gems and program.gems_mention(rb"(?:def[ \t]+(?:\w+\.)?|:|['\"])" + re.escape(name.encode()) + rb"\b")


def _may_come(program: Program, one: Definition) -> bool:
    """Whether a ``def`` that was found elsewhere may yet be reached: its place is unknown, or a method makes it."""
    if one.owner is None or (one.inside is None and not one.sure):
        return True
    if one.inside is None:
        return False
    if one.inside in _CALLED_UNNAMED or not one.inside[:1].isidentifier():
        return True
    outer = re.compile(rb"(?<!def )(?<!def self\.)(?<![\w@$])" + re.escape(one.inside.encode()) + rb"\b")
    return any(outer.search(script.text) for script in program.scripts)


def _mixes_into_all(top: Body) -> bool:
    return any(word not in _PLAIN_MODULES for word in top.includes)


def _extends_self(bodies: list[Body], name: str) -> bool:
    return any("self" in body.extends or "*" in body.module_functions or name in body.module_functions for body in bodies)
