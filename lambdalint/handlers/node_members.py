"""Does a module have a member? Through re-exports, across files, as its loader sees it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.node_lexer import sees, surely_sees
from lambdalint.handlers.node_values import FALSY, UNKNOWN, Value, Worth

if TYPE_CHECKING:
    from lambdalint.handlers.node_module import Module

    #: From a module and a specifier to the module there; None: it cannot be read.
    Way = Callable[[Module, str], Module | None]

_DEPTH: Final = 10
#: Steps in all; re-exports of re-exports multiply.
_LOOKUPS: Final = 5000
#: What every object has; a handler of that name is odd but found.
_INHERITED: Final = frozenset({
    "constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString",
    "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
})  # fmt: skip


class Binding(enum.Enum):
    """What there is instead of a value."""

    MISSING = "surely not there"
    UNSURE = "not known"


Found = Value | Binding


class Members:
    """Looks members up over the files of one function."""

    def __init__(self, imported: Way, required: Way) -> None:
        self._import: Final = imported
        self._require: Final = required
        self._left = _LOOKUPS

    def imported(self, module: Module, name: str, depth: int = 0) -> Found:
        """Return what ``import`` finds under a name."""
        self._left -= 1
        if depth > _DEPTH or self._left < 0:
            return Binding.UNSURE
        if not module.esm:
            return self._lexed(module, name, depth)
        if module.interface is None:
            return self._of_tail(module, name)
        return self._own_or_star(module, name, depth)

    def _of_tail(self, module: Module, name: str) -> Found:
        if module.tail is None:
            return Binding.UNSURE
        found = module.tail.members.get(name)
        return found or (Binding.MISSING if module.tail.complete else Binding.UNSURE)

    def _own_or_star(self, module: Module, name: str, depth: int) -> Found:
        interface = module.interface
        assert interface is not None
        forwarded = interface.forwarded.get(name)
        if forwarded is not None:
            specifier, inner = forwarded
            other = self._import(module, specifier)
            if other is None or inner == "*":
                return UNKNOWN
            return self.imported(other, inner, depth + 1)
        if name in interface.members:
            return interface.members[name]
        if module.source is None or module.source.root.has_error:
            return Binding.UNSURE  # the grammar may have taken code for something else
        if name == "default":
            return Binding.MISSING
        found: list[Value] = []
        unsure = False
        for specifier in interface.stars:
            other = self._import(module, specifier)
            result = Binding.UNSURE if other is None else self.imported(other, name, depth + 1)
            if isinstance(result, Value):
                found.append(result)
            unsure = unsure or result is Binding.UNSURE
        if unsure or not found:
            return UNKNOWN if found else Binding.UNSURE if unsure else Binding.MISSING
        if len(found) == 1:
            return found[0]
        # Two files that both declare the name make it ambiguous, and then no one sees it.
        owners = {owner for specifier in interface.stars if (owner := self._declarer(module, specifier, name)) is not None}
        return Binding.MISSING if len(owners) > 1 else Binding.UNSURE

    def _declarer(self, module: Module, specifier: str, name: str) -> str | None:
        """Return the file behind a specifier when it declares the name itself."""
        other = self._import(module, specifier)
        if other is None or other.interface is None or name in other.interface.forwarded:
            return None
        return other.path if name in other.interface.members else None

    def _lexed(self, module: Module, name: str, depth: int) -> Found:
        if name == "default":
            return module.exports
        if module.source is None:
            return Binding.UNSURE
        seen = sees(module.source, name)
        if seen is False:
            return Binding.MISSING
        found = self.required(module, name, depth)
        if found is Binding.MISSING:
            return Binding.UNSURE
        return found if surely_sees(module.source, name) else UNKNOWN if isinstance(found, Value) and seen else Binding.UNSURE

    def required(self, module: Module, name: str, depth: int = 0) -> Found:
        """Return what a CommonJS file's exports have under a name."""
        return self.member(module, module.exports, name, depth)

    def member(self, module: Module, value: Value, name: str, depth: int = 0) -> Found:
        """Return what a value of a file has under a name."""
        self._left -= 1
        if depth > _DEPTH or self._left < 0 or name in _INHERITED:
            return Binding.UNSURE
        found = value.members.get(name)
        if found is not None:
            return self.settled(module, found, depth + 1)
        if value.same is not None:
            other = self._require(module, value.same)
            known = Binding.UNSURE if other is None or other.esm else self.required(other, name, depth + 1)
            return known if value.complete or isinstance(known, Value) else Binding.UNSURE
        results = []
        for specifier in value.stars:
            other = self._require(module, specifier)
            results.append(Binding.UNSURE if other is None or other.esm or name == "default" else self.required(other, name, depth + 1))
        for result in results:
            if isinstance(result, Value):
                return result
        if Binding.UNSURE in results or not value.complete:
            return Binding.UNSURE
        if value.worth is Worth.OBJECT or value.worth is Worth.FALSY:
            return Binding.MISSING
        if value.worth is Worth.FUNCTION and name not in ("name", "length", "prototype", "call", "apply", "bind", "arguments", "caller"):
            return Binding.MISSING
        return Binding.UNSURE

    def settled(self, module: Module, value: Value, depth: int = 0) -> Value:
        """Return a value with ``require`` followed."""
        if value.same is None or depth > _DEPTH:
            return value
        other = self._require(module, value.same)
        if other is None or other.esm or not value.complete:
            return UNKNOWN
        return self.settled(other, other.exports, depth + 1)

    def path(self, module: Module, value: Found, keys: list[str]) -> Found:
        """Follow the rest of a nested export path."""
        for key in keys:
            if not isinstance(value, Value):
                return value
            if value is FALSY or value.worth is Worth.FALSY:
                return Binding.MISSING
            value = self.member(module, value, key)
        return value
