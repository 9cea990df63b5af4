"""Finds the method that the .NET runtime would call, and judges whether it can call it.

Source: UserCodeLoader, UserCodeValidator and InvokeDelegateBuilder of Amazon.Lambda.RuntimeSupport (read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Fault, Sort
from lambdalint.handlers import dotnet_metadata as md
from lambdalint.handlers import dotnet_texts as texts
from lambdalint.handlers.dotnet_metadata import BadAssembly
from lambdalint.handlers.dotnet_types import ABSTRACT, INTERFACE, Library, Method
from lambdalint.model import Aws, Phase

if TYPE_CHECKING:
    from lambdalint.model import Entry

#: Methods of System.Object, which every class has.
_OBJECT: Final = frozenset({"GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals", "Equals"})
_ROOTS: Final = ("System.Object", "System.ValueType")
#: Parents of parents; real ones stay below ten.
_PARENTS: Final = 20
_ASYNC: Final = "System.Runtime.CompilerServices.AsyncStateMachineAttribute"
_CORE: Final = "Amazon.Lambda.Core"
_CONTEXT: Final = f"{_CORE}.ILambdaContext"
_SERIALIZER: Final = f"{_CORE}.LambdaSerializerAttribute"
_STREAM: Final = "System.IO.Stream"

#: Opens another assembly of the package. None: it is not there, or cannot be read.
Open = Callable[[str], Library | None]


class Target:
    """The type that the handler names."""

    def __init__(self, library: Library, assembly: str, name: str, places: tuple[Entry, ...], opener: Open) -> None:
        self._library = library
        self._assembly = assembly
        self._name = name
        self._row = library.types()[name]
        self._places = places
        self._open = opener

    def judge(self, name: str) -> Fault | None:
        """Judge a method of the type by its name. Raises BadAssembly where the metadata cannot be followed."""
        found = self._find(name)
        if found is None:
            return None
        if not found:
            return self._no_method(name)
        if len(found) > 1:
            return self._overloads(name, found)
        method = found[0]
        for check in (self._check_method, self._check_type, self._check_parameters, self._check_serializer):
            fault = check(method)
            if fault is not None:
                return fault
        return None

    def _find(self, name: str) -> list[Method] | None:
        """Return the methods of that name where they are declared first, from the type upwards. None: not known."""
        library, row = self._library, self._row
        for _ in range(_PARENTS):
            found = [method for method in library.methods(row) if method.name == name and not name.startswith(".")]
            if found:
                return found
            parent = library.parent(row)
            if parent is None:
                return []
            assembly, full = library.place_of(*parent)
            if assembly is not None:
                if full in _ROOTS:
                    return None if name in _OBJECT else []
                other = self._open(assembly)
                if other is None:
                    return None
                library = other
            if full not in library.types():
                return None  # forwarded to yet another assembly
            row = library.types()[full]
        return None

    def _overloads(self, name: str, found: list[Method]) -> Fault:
        listed = "\n".join(_shown(method) or method.name for method in found)
        why = f"{self._name} has {len(found)} methods {name}, of which the runtime cannot choose one"
        fix = f"give the handler a name of its own in {self._name}: signatures have spaces, which a handler may not have"
        return self._fault(Sort.SIGNATURE, why, texts.OVERLOADS.format(name, self._name, listed), fix)

    def _no_method(self, name: str) -> Fault:
        near = {method.name for method in _own(self._library, self._row) if method.is_public}
        names = sorted(near, key=lambda other: (other.lower() != name.lower(), other))[:3]
        why = f"{self._name} has no method {name}" + (f"; it has {', '.join(names)}" if names else "")
        fix = "\nor ".join(f"set the handler to {self._assembly}::{self._name}::{other}" for other in names) or None
        return self._fault(Sort.MEMBER, why, texts.NO_METHOD.format(name, self._name, self._assembly), fix)

    def _check_method(self, method: Method) -> Fault | None:
        """Apply UserCodeValidator.ValidateCustomerMethod."""
        attributes = method.owner.attributes(md.METHOD_DEF, method.row)
        if method.is_abstract:
            what, text, fix = "abstract", texts.ABSTRACT_METHOD, "name a method that has a body"
        elif method.is_generic:
            what, text, fix = "generic", texts.GENERIC_METHOD, "name a method without type parameters"
        elif _ASYNC in attributes and method.types()[0].full == "System.Void":
            what, text, fix = "async void", texts.ASYNC_VOID, "return Task instead of void"
        elif _has_params(method):
            what, text, fix = "a params method", texts.PARAMS, "take an array without the word params"
        elif method.is_vararg:
            what, text, fix = "a method of variable arguments", texts.VARARG, "take an array"
        else:
            return None
        shown = _shown(method)
        text = "" if shown is None else text.format(shown)
        return self._fault(Sort.SIGNATURE, f"{method.name} of {self._name} is {what}", text, fix)

    def _check_type(self, method: Method) -> Fault | None:
        """Apply UserCodeValidator.ValidateCustomerType, then Activator.CreateInstance."""
        flags, name = self._library.flags(self._row), self._name
        if self._library.generic_names(md.TYPE_DEF, self._row):
            text = texts.GENERIC_TYPE.format(name)
            fix = "derive a class that is not generic from it"
            return self._fault(Sort.SIGNATURE, f"{name} is a generic type", text, fix)
        if not method.is_static and flags & ABSTRACT:
            shown = _shown(method)
            text = "" if shown is None else texts.ABSTRACT_TYPE.format(shown, name)
            fix = "name a class that can be made, or a static method"
            return self._fault(Sort.SIGNATURE, f"{name} is abstract", text, fix)
        parent = self._library.parent(self._row)
        base = None if parent is None else self._library.place_of(*parent)[1]
        if flags & INTERFACE or base == "System.Enum":
            text = texts.NO_CLASS.format(name)
            return self._fault(Sort.SIGNATURE, f"{name} is neither a class nor a struct", text, "name a class")
        return None if method.is_static or base == "System.ValueType" else self._check_constructor()

    def _check_constructor(self) -> Fault | None:
        found = [method for method in self._library.methods(self._row) if method.name == ".ctor"]
        plain = [method for method in found if not method.types()[1]]
        if any(method.is_public for method in plain):
            return None
        why = f"{self._name} has no constructor without parameters"
        text = texts.NO_CONSTRUCTOR
        if plain:
            why = f"the constructor of {self._name} without parameters is not public"
            text = texts.PRIVATE_CONSTRUCTOR
        fix = f"give {self._name} a public constructor without parameters"
        return self._fault(Sort.SIGNATURE, why, text.format(self._name), fix, code="MissingMethodException")

    def _check_parameters(self, method: Method) -> Fault | None:
        _, params = method.types()
        fix = "take the event and, if wanted, an ILambdaContext"
        if len(params) > 2:
            why = f"{method.name} of {self._name} takes {len(params)} parameters, the runtime passes at most two"
            return self._fault(Sort.SIGNATURE, why, texts.TOO_MANY.format(method.name, self._name), fix)
        if len(params) == 2 and str(params[1]) != _CONTEXT and _is_plain(params[1].full):
            why = f"the second parameter of {method.name} is {params[1]}, the runtime passes an ILambdaContext"
            return self._fault(Sort.SIGNATURE, why, texts.NO_CONTEXT.format(method.name, self._name), fix)
        return None

    def _check_serializer(self, method: Method) -> Fault | None:
        """Without a serializer the runtime passes streams only. Nothing is said where Amazon.Lambda.Core is unused."""
        library, params = method.owner, method.types()[1]
        if library is not self._library or method.is_override or _CORE not in library.references() or not params:
            return None
        attributes = [*library.attributes(md.METHOD_DEF, method.row), *library.attributes(md.ASSEMBLY, 1)]
        if _SERIALIZER in attributes or "" in attributes or not _is_plain(params[0].full):
            return None
        why = f"{method.name} takes {params[0]}, and neither it nor the assembly names a serializer"
        text = texts.NO_SERIALIZER.format(self._assembly, method.name, params[0])
        fix = "add [assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]"
        return self._fault(Sort.SIGNATURE, why, text, fix)

    def _fault(self, sort: Sort, why: str, text: str, fix: str | None, *, code: str = "LambdaValidationException") -> Fault:
        """``text`` is empty where a type in it could not be named as .NET does."""
        aws = Aws(code, text) if text else None
        return Fault(sort, why, places=self._places, aws=aws, fix=fix, phase=Phase.INIT, setting="Handler")


def callable_methods(library: Library) -> Iterator[tuple[str, str]]:
    """Yield type and method of what could be a handler: public methods of public classes. Raises BadAssembly."""
    for name, row in library.types().items():
        if library.flags(row) & 0x7 in (1, 2) and not library.flags(row) & (ABSTRACT | INTERFACE):
            for method in _own(library, row):
                if method.is_public and not method.is_generic:
                    yield name, method.name


def _own(library: Library, row: int) -> list[Method]:
    return [method for method in library.methods(row) if not method.name.startswith((".", "get_", "set_", "<"))]


def _has_params(method: Method) -> bool:
    count = len(method.types()[1])
    for row in method.params:
        if count and method.owner.tables.row(md.PARAM, row)[1] == count:
            return "System.ParamArrayAttribute" in method.owner.attributes(md.PARAM, row)
    return False


def _is_plain(name: str) -> bool:
    """Whether a type of .NET's own can be neither a context nor a stream that the runtime passes."""
    return name.startswith("System.") and name != _STREAM


def _shown(method: Method) -> str | None:
    try:
        return str(method)
    except BadAssembly:
        return None
