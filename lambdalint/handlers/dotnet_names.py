"""Types in the signatures of a .NET assembly, named as ``Type.ToString`` and ``MethodInfo.ToString`` of .NET 8 do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from lambdalint.handlers.dotnet_metadata import BadAssembly, decode, unpack_size

#: A method's signature begins with it when the method has type parameters of its own (ECMA-335 II.23.2.1).
GENERIC: Final = 0x10
#: Element types, ECMA-335 II.23.1.16.
GENERIC_TYPE: Final = 0x15
_VOID: Final = 0x01
_NAMED: Final = (0x11, 0x12)
_METHOD_PARAMETER: Final = 0x1E
_MODIFIERS: Final = (0x1F, 0x20)
_SUFFIXES: Final = {0x0F: "*", 0x10: "&", 0x1D: "[]"}
DEPTH: Final = 32

_PRIMITIVES: Final = {
    0x02: "Boolean", 0x03: "Char", 0x04: "SByte", 0x05: "Byte", 0x06: "Int16", 0x07: "UInt16", 0x08: "Int32",
    0x09: "UInt32", 0x0A: "Int64", 0x0B: "UInt64", 0x0C: "Single", 0x0D: "Double", 0x18: "IntPtr", 0x19: "UIntPtr",
}  # fmt: skip
_CLASSES: Final = {0x0E: "String", 0x1C: "Object"}


class TypeName:
    """A type as it stands in a signature."""

    __slots__ = ("arguments", "full", "nested", "primitive", "short", "suffix")

    def __init__(
        self,
        full: str,
        *,
        primitive: bool = False,
        nested: bool = False,
        arguments: tuple[TypeName, ...] = (),
        suffix: str = "",
    ) -> None:
        #: With its namespace, without arguments: ``System.Threading.Tasks.Task`1``.
        self.full: Final = full
        self.primitive: Final = primitive
        self.nested: Final = nested
        self.arguments: Final = arguments
        #: ``[]``, ``&``, ``*`` or several.
        self.suffix: Final = suffix
        self.short: Final = full.rpartition(".")[2].rpartition("+")[2]

    def __str__(self) -> str:
        inside = ",".join(str(argument) for argument in self.arguments)
        return f"{self.full}{f'[{inside}]' if inside else ''}{self.suffix}"

    def shown(self) -> str:
        """Return the name as a method's text shows it: short for primitive and nested types."""
        text = f"{self.short}{self.suffix}" if self.primitive or self.nested else str(self)
        return f"{text.rstrip('&')} ByRef" if text.endswith("&") else text

    def with_suffix(self, suffix: str) -> TypeName:
        return TypeName(
            self.full,
            primitive=self.primitive,
            nested=self.nested,
            arguments=self.arguments,
            suffix=self.suffix + suffix,
        )


#: Names the type of a table and a row; the number counts types within types.
NameOf = Callable[[int, int, int], TypeName]


class Signature:
    """A cursor over a signature (II.23.2)."""

    def __init__(self, name_of: NameOf, data: bytes, names: list[str] | None = None) -> None:
        self._name_of = name_of
        self._data = data
        #: Of the method's own type parameters.
        self._names = names or []
        self._at = 0

    def method(self) -> tuple[TypeName, list[TypeName]]:
        try:
            if self._byte() & GENERIC:
                self._number()
            count = self._number()
            result = self.type(0)
            return result, [self.type(0) for _ in range(count)]
        except IndexError:
            raise BadAssembly("a signature that is cut off") from None

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _number(self) -> int:
        value, self._at = unpack_size(self._data, self._at)
        return value

    def type(self, depth: int) -> TypeName:
        if depth > DEPTH:
            raise BadAssembly("types too deep")
        try:
            return self._type(self._byte(), depth)
        except IndexError:
            raise BadAssembly("a signature that is cut off") from None

    def _type(self, element: int, depth: int) -> TypeName:
        if element == _VOID:
            return TypeName("System.Void", primitive=True)
        if element in _PRIMITIVES:
            return TypeName(f"System.{_PRIMITIVES[element]}", primitive=True)
        if element in _CLASSES:
            return TypeName(f"System.{_CLASSES[element]}")
        if element in _NAMED:
            return self._named(depth)
        if element == _METHOD_PARAMETER:
            number = self._number()
            if number >= len(self._names):
                raise BadAssembly("a type parameter that is none")
            return TypeName(self._names[number])
        if element == GENERIC_TYPE:
            self._byte()
            definition = self._named(depth)
            arguments = tuple(self.type(depth + 1) for _ in range(self._number()))
            return TypeName(definition.full, nested=definition.nested, arguments=arguments)
        suffix = _SUFFIXES.get(element)
        if suffix is not None:
            return self.type(depth + 1).with_suffix(suffix)
        if element in _MODIFIERS:  # which names do not show
            self._number()
            return self.type(depth + 1)
        raise BadAssembly(f"a type of the sort {element:#x}")

    def _named(self, depth: int) -> TypeName:
        return self._name_of(*decode("TypeDefOrRef", self._number()), depth + 1)
