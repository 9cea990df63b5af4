"""Finds the method that the .NET runtime would call, and judges whether it can call it.

Source: UserCodeLoader, UserCodeValidator and InvokeDelegateBuilder of Amazon.Lambda.RuntimeSupport (read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Fault, Sort
from lambdalint.handlers import dotnet_metadata as md
from lambdalint.handlers.dotnet_metadata import BadAssembly
from lambdalint.handlers.dotnet_types import ABSTRACT, INTERFACE, Library, Method
from lambdalint.model import Aws, Phase

if TYPE_CHECKING:
    from lambdalint.model import Entry

#: Methods of System.Object, which every class has, those of two overloads aside.
_OBJECT: Final = ("GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals", "Equals")
_ROOTS: Final = ("System.Object", "System.ValueType")
_PARENTS: Final = 20
_CONTEXT: Final = "Amazon.Lambda.Core.ILambdaContext"
_SERIALIZER: Final = "Amazon.Lambda.Core.LambdaSerializerAttribute"
_CORE: Final = "Amazon.Lambda.Core"
_STREAM: Final = "System.IO.Stream"

#: Opens another assembly of the package. None: it is not there, or cannot be read.
Open = Callable[[str], Library | None]


class Target:
    """The type that the handler names."""

    def __init__(self, library: Library, assembly: str, name: str, places: tuple[Entry, ...], opener: Open) -> None:
        self.library: Final = library
        self.assembly: Final = assembly
        self.name: Final = name
        self.row: Final = library.types()[name]
        self._places = places
        self._open = opener

    def judge(self, method: str) -> Fault | None:
        """Judge a method of the type by its name. Raises BadAssembly where the metadata cannot be followed."""
        level = self._find(method)
        if level is None:
            return None
        if not level:
            return self._no_method(method)
        if len(level) > 1:
            listed = "\n".join(_shown(one) or one.name for one in level)
            return self.fault(
                Sort.SIGNATURE, f"{self.name} has {len(level)} methods {method}, of which the runtime cannot choose one",
                f"The method '{method}' in type '{self.name}' appears to have a number of overloads. To call this method please "
                f"specify a complete method signature. Possible candidates are:\n{listed}.",
                f"give the handler a name of its own in {self.name}: a signature has spaces, which a handler string may not have",
            )  # fmt: skip
        return self._method(level[0]) or self._type(level[0]) or self._parameters(level[0]) or self._serializer(level[0])

    def _find(self, name: str) -> list[Method] | None:
        """Return the methods of that name where they are declared first, from the type upwards. None: not known."""
        library, row = self.library, self.row
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

    def _no_method(self, name: str) -> Fault:
        near = [method for method in _own(self.library, self.row) if method.is_public]
        names = sorted({method.name for method in near}, key=lambda other: (other.lower() != name.lower(), other))[:3]
        why = f"{self.name} has no method {name}" + (f"; it has {', '.join(names)}" if names else "")
        text = (
            f"Unable to find method '{name}' in type '{self.name}' from assembly '{self.assembly}': Found no methods matching "
            f"method name '{name}'."
        )
        fix = "\n".join(f"use {self.assembly}::{self.name}::{other}" for other in names) or None
        return self.fault(Sort.MEMBER, why, text, fix)

    def _method(self, method: Method) -> Fault | None:
        """Apply UserCodeValidator.ValidateCustomerMethod."""
        kind = self._kind(method)
        if kind is None:
            return None
        short, text, fix = kind
        return self.fault(Sort.SIGNATURE, f"{method.name} of {self.name} is {short}", text, fix)

    def _kind(self, method: Method) -> tuple[str, str | None, str] | None:
        shown = _shown(method)
        head = None if shown is None else f"The method '{shown}' cannot be used as a Lambda Handler because it is "
        attributes = method.library.attributes(md.METHOD_DEF, method.row)
        if method.is_abstract:
            tail = "an abstract method. Handler methods cannot be abstract. Please specify a non-abstract handler method."
            return "abstract", head and head + tail, "name a method that has a body"
        if method.is_generic:
            tail = "a generic method. Handler methods cannot be generic. Please specify a non-generic handler method."
            return "generic", head and head + tail, "name a method without type parameters"
        if _ASYNC in attributes and method.types()[0].full == "System.Void":
            tail = (
                "an 'async void' method. Handler methods cannot be 'async void'. Please specify a method that is not 'async void'."
            )
            return "async void", head and head + tail, "return Task instead of void"
        if self._has_params(method):
            return "a params method", head and head + _PARAMS, "take an array without the word params"
        if method.is_vararg:
            return "a method of variable arguments", head and head + _VARARG, "take an array"
        return None

    def _has_params(self, method: Method) -> bool:
        count = len(method.types()[1])
        for row in method.params:
            if method.library.tables.row(md.PARAM, row)[1] == count and count:
                return "System.ParamArrayAttribute" in method.library.attributes(md.PARAM, row)
        return False

    def _type(self, method: Method) -> Fault | None:
        """Apply UserCodeValidator.ValidateCustomerType, then Activator.CreateInstance."""
        flags, name = self.library.flags(self.row), self.name
        if self.library.generic_names(md.TYPE_DEF, self.row):
            text = (
                f"The type '{name}' cannot be used as a Lambda Handler type because it is generic. Handler methods cannot be located "
                "in generic types. Please specify a handler method in a non-generic type."
            )
            return self.fault(Sort.SIGNATURE, f"{name} is a generic type", text, "derive a class that is not generic from it")
        if not method.is_static and flags & ABSTRACT:
            shown = _shown(method)
            text = shown and (
                f"The instance method '{shown}' cannot be used as a Lambda Handler because its type '{name}' is abstract. Please "
                "either use a static handler or specify a type that is not abstract."
            )
            return self.fault(Sort.SIGNATURE, f"{name} is abstract", text, "name a class that can be made, or a static method")
        parent = self.library.parent(self.row)
        base = None if parent is None else self.library.place_of(*parent)[1]
        if flags & INTERFACE or base == "System.Enum":
            text = (
                f"The type '{name}' cannot be used as a handler type since it is not a class or a struct. Please specify a handler "
                "method on a class or struct."
            )
            return self.fault(Sort.SIGNATURE, f"{name} is neither a class nor a struct", text, "name a class")
        return None if method.is_static or base == "System.ValueType" else self._constructor()

    def _constructor(self) -> Fault | None:
        constructors = [
            method for method in self.library.methods(self.row) if method.name == ".ctor" and not method.types()[1]
        ]
        if any(method.is_public for method in constructors):
            return None
        text = f"Cannot dynamically create an instance of type '{self.name}'. Reason: No parameterless constructor defined."
        why = f"{self.name} has no constructor without parameters"
        if constructors:
            text = f"No parameterless constructor defined for type '{self.name}'."
            why = f"the constructor of {self.name} without parameters is not public"
        fix = f"give {self.name} a public constructor without parameters"
        return self.fault(Sort.SIGNATURE, why, text, fix, code="MissingMethodException")

    def _parameters(self, method: Method) -> Fault | None:
        _, params = method.types()
        if len(params) > 2:
            return self.fault(
                Sort.SIGNATURE, f"{method.name} of {self.name} takes {len(params)} parameters, the runtime passes at most two",
                f"Method '{method.name}' of type '{self.name}' is not supported: the method has more than 2 parameters.",
                "take the event and, if wanted, an ILambdaContext",
            )  # fmt: skip
        if len(params) == 2 and str(params[1]) != _CONTEXT and _is_plain(params[1].full):
            return self.fault(
                Sort.SIGNATURE, f"the second parameter of {method.name} is {params[1]}, the runtime passes an ILambdaContext",
                f"Method '{method.name}' of type '{self.name}' is not supported: the method has 2 parameters, but the second "
                f"parameter is not of type '{_CONTEXT}'.",
                "take the event and, if wanted, an ILambdaContext",
            )  # fmt: skip
        return None

    def _serializer(self, method: Method) -> Fault | None:
        """Without a serializer the runtime passes streams only. Nothing is said of a library that does not know Amazon.Lambda.Core."""
        _, params = method.types()
        library = method.library
        if library is not self.library or method.is_override or _CORE not in library.references() or not params:
            return None
        attributes = [*library.attributes(md.METHOD_DEF, method.row), *library.attributes(md.ASSEMBLY, 1)]
        if _SERIALIZER in attributes or "" in attributes or not _is_plain(params[0].full):
            return None
        name = str(params[0])
        return self.fault(
            Sort.SIGNATURE, f"{method.name} takes {name}, and neither it nor the assembly names a serializer",
            f"Could not find the LambdaSerializerAttribute on the assembly '{self.assembly}' or method '{method.name}' while "
            f"attempting to deserialize input data of type '{name}'. To use types other than System.IO.Stream as input/output "
            f"parameters, the assembly or Lambda function should be annotated with {_SERIALIZER}.",
            "add [assembly: LambdaSerializer(typeof(DefaultLambdaJsonSerializer))]",
        )  # fmt: skip

    def fault(self, sort: Sort, why: str, text: str | None, fix: str | None, code: str = "LambdaValidationException") -> Fault:
        return Fault(
            sort, why, places=self._places, aws=None if text is None else Aws(code, text), fix=fix, phase=Phase.INIT,
            setting="Handler",
        )  # fmt: skip


_ASYNC: Final = "System.Runtime.CompilerServices.AsyncStateMachineAttribute"
_PARAMS: Final = "a 'params' method. Please specify a method that does not use 'params'."
_VARARG: Final = "a 'vararg (variable arguments)' method. Please specify a method that is not 'vararg'."


def callable_methods(library: Library) -> Iterator[tuple[str, str]]:
    """Yield type and method of what could be meant as a handler: public methods of public classes."""
    for name, row in library.types().items():
        if library.flags(row) & 0x7 in (1, 2) and not library.flags(row) & (ABSTRACT | INTERFACE):
            for method in _own(library, row):
                if method.is_public and not method.is_generic:
                    yield name, method.name


def _own(library: Library, row: int) -> list[Method]:
    return [method for method in library.methods(row) if not method.name.startswith((".", "get_", "set_", "<"))]


def _is_plain(name: str) -> bool:
    """Whether a type of .NET's own can be neither a context nor a stream that the runtime passes."""
    return name.startswith("System.") and name != _STREAM


def _shown(method: Method) -> str | None:
    try:
        return str(method)
    except BadAssembly:
        return None
