"""Types, methods and attributes of a .NET assembly, as .NET's reflection shows them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from lambdalint.handlers import dotnet_metadata as md
from lambdalint.handlers.dotnet_metadata import BadAssembly, Tables, decode, encode, unpack_size
from lambdalint.handlers.dotnet_names import DEPTH, GENERIC, GENERIC_TYPE, Signature, TypeName

ABSTRACT: Final = 0x80
INTERFACE: Final = 0x20
_PUBLIC: Final = 0x6
_VISIBILITY: Final = 0x7
_STATIC: Final = 0x10
_METHOD_ABSTRACT: Final = 0x400
_VIRTUAL: Final = 0x40
_NEW_SLOT: Final = 0x100
_VARARG: Final = 0x5


class Method:
    """A method as declared."""

    __slots__ = ("_signature", "flags", "name", "owner", "params", "row")

    def __init__(self, library: Library, row: int, columns: tuple[int, ...], params: range) -> None:
        self.owner: Final = library
        self.row: Final = row
        self.flags: Final = columns[2]
        self.name: Final = library.tables.text(columns[3])
        self.params: Final = params
        self._signature = library.tables.blob(columns[4])

    @property
    def is_static(self) -> bool:
        return bool(self.flags & _STATIC)

    @property
    def is_abstract(self) -> bool:
        return bool(self.flags & _METHOD_ABSTRACT)

    @property
    def is_public(self) -> bool:
        return self.flags & _VISIBILITY == _PUBLIC

    @property
    def is_override(self) -> bool:
        return bool(self.flags & _VIRTUAL) and not self.flags & _NEW_SLOT

    @property
    def is_generic(self) -> bool:
        return bool(self._signature[:1] and self._signature[0] & GENERIC)

    @property
    def is_vararg(self) -> bool:
        return bool(self._signature[:1]) and self._signature[0] & 0xF == _VARARG

    def types(self) -> tuple[TypeName, list[TypeName]]:
        """Return what it returns and what it takes. Raises BadAssembly for what is not known here."""
        names = self.owner.generic_names(md.METHOD_DEF, self.row) if self.is_generic else []
        return Signature(self.owner.named, self._signature, names).method()

    def __str__(self) -> str:
        result, params = self.types()
        generic = f"[{','.join(self.owner.generic_names(md.METHOD_DEF, self.row))}]" if self.is_generic else ""
        return f"{result.shown()} {self.name}{generic}({', '.join(param.shown() for param in params)})"


class Library:
    """An assembly's types by name."""

    def __init__(self, data: bytes) -> None:
        self.tables: Final = Tables(data)
        self._outer = {inner: outer for _, (inner, outer) in self.tables.rows(md.NESTED_CLASS)}
        self._types: dict[str, int] | None = None
        self._attributes: dict[int, list[int]] | None = None
        self._first_methods: list[int] | None = None

    @property
    def name(self) -> str | None:
        """The assembly's simple name. None: a module without one."""
        return self.tables.text(self.tables.row(md.ASSEMBLY, 1)[7]) if self.tables.count(md.ASSEMBLY) else None

    @property
    def full_name(self) -> str:
        """Name and version, as .NET shows them; empty: a module without them."""
        if not self.tables.count(md.ASSEMBLY):
            return ""
        return f"{self.name}, Version={'.'.join(str(part) for part in self.tables.row(md.ASSEMBLY, 1)[1:5])}"

    def types(self) -> dict[str, int]:
        """Return the rows of the types by full name, nested ones as ``Outer+Inner``."""
        if self._types is None:
            self._types = {self.type_name(row): row for row, _ in self.tables.rows(md.TYPE_DEF)}
        return self._types

    def type_name(self, row: int, depth: int = 0) -> str:
        _, name, space, *_ = self.tables.row(md.TYPE_DEF, row)
        outer = self._outer.get(row)
        if outer is not None and depth < DEPTH:
            return f"{self.type_name(outer, depth + 1)}+{self.tables.text(name)}"
        prefix = self.tables.text(space)
        return f"{prefix}.{self.tables.text(name)}" if prefix else self.tables.text(name)

    def forwards(self) -> set[str]:
        """Return the types that this assembly says are in another one."""
        rows = self.tables.rows(md.EXPORTED_TYPE)
        return {f"{self.tables.text(space)}.{self.tables.text(name)}".lstrip(".") for _, (_, _, name, space, _) in rows}

    def flags(self, row: int) -> int:
        return self.tables.row(md.TYPE_DEF, row)[0]

    def parent(self, row: int) -> tuple[int, int] | None:
        """Return table and row of what a type extends. None: nothing, as interfaces and Object."""
        extends = self.tables.row(md.TYPE_DEF, row)[3]
        return decode("TypeDefOrRef", extends) if extends >> 2 else None

    def methods(self, row: int) -> Iterator[Method]:
        for number in self._range(md.TYPE_DEF, row, 5, md.METHOD_DEF):
            params = self._range(md.METHOD_DEF, number, 5, md.PARAM)
            yield Method(self, number, self.tables.row(md.METHOD_DEF, number), params)

    def _range(self, table: int, row: int, column: int, target: int) -> range:
        """Return the rows of another table that belong to one of this: up to where the next one's begin."""
        first = self.tables.row(table, row)[column]
        last = self.tables.count(target) + 1
        after = self.tables.row(table, row + 1)[column] if row < self.tables.count(table) else last
        return range(first, min(after, last))

    def generic_names(self, table: int, row: int) -> list[str]:
        """Return the names of the type parameters of a type or a method."""
        found = []
        for _, (_, _, owner, name) in self.tables.rows(md.GENERIC_PARAM):
            if decode("TypeOrMethodDef", owner) == (table, row):
                found.append(self.tables.text(name))
        return found

    def attributes(self, table: int, row: int) -> list[str]:
        """Return the full names of the attributes on a thing."""
        if self._attributes is None:
            self._attributes = {}
            for _, (parent, kind, _value) in self.tables.rows(md.CUSTOM_ATTRIBUTE):
                self._attributes.setdefault(parent, []).append(kind)
        return [self._attribute(kind) for kind in self._attributes.get(encode("HasCustomAttribute", table, row), ())]

    def _attribute(self, kind: int) -> str:
        table, row = decode("CustomAttributeType", kind)
        if table == md.METHOD_DEF:
            if self._first_methods is None:
                self._first_methods = [columns[5] for _, columns in self.tables.rows(md.TYPE_DEF)]
            return self.type_name(bisect_right(self._first_methods, row))
        table, row = decode("MemberRefParent", self.tables.row(md.MEMBER_REF, row)[0])
        return self.named(table, row).full if table in (md.TYPE_REF, md.TYPE_DEF) else ""

    def references(self) -> dict[str, str]:
        """Return the assemblies it refers to: simple names, each with the full one that .NET shows."""
        found = {}
        for _, columns in self.tables.rows(md.ASSEMBLY_REF):
            name, culture = self.tables.text(columns[6]), self.tables.text(columns[7]) or "neutral"
            token = self.tables.blob(columns[5]).hex() or "null"
            found[name] = f"{name}, Version={'.'.join(map(str, columns[:4]))}, Culture={culture}, PublicKeyToken={token}"
        return found

    def place_of(self, table: int, row: int) -> tuple[str | None, str]:
        """Return the assembly, None for this one, and the full name of a type that another one extends."""
        if table == md.TYPE_SPEC:
            blob = self.tables.blob(self.tables.row(md.TYPE_SPEC, row)[0])
            if len(blob) < 3 or blob[0] != GENERIC_TYPE:
                raise BadAssembly("a parent that is no class")
            table, row = decode("TypeDefOrRef", unpack_size(blob, 2)[0])
        name = self.named(table, row).full
        if table != md.TYPE_REF:
            return None, name
        scope = decode("ResolutionScope", self.tables.row(md.TYPE_REF, row)[0])
        for _ in range(DEPTH):
            if scope[0] != md.TYPE_REF:
                break
            scope = decode("ResolutionScope", self.tables.row(md.TYPE_REF, scope[1])[0])
        return (self.tables.text(self.tables.row(md.ASSEMBLY_REF, scope[1])[6]) if scope[0] == md.ASSEMBLY_REF else None), name

    def named(self, table: int, row: int, depth: int = 0) -> TypeName:
        """Return the type that a definition, a reference or a specification stands for."""
        if table == md.TYPE_DEF:
            name = self.type_name(row)
            return TypeName(name, nested="+" in name)
        if table == md.TYPE_SPEC:
            return Signature(self.named, self.tables.blob(self.tables.row(md.TYPE_SPEC, row)[0])).type(depth + 1)
        scope, name_at, space_at = self.tables.row(md.TYPE_REF, row)
        outer, outer_row = decode("ResolutionScope", scope)
        name, space = self.tables.text(name_at), self.tables.text(space_at)
        if outer == md.TYPE_REF and scope >> 2 and depth < DEPTH:
            return TypeName(f"{self.named(md.TYPE_REF, outer_row, depth + 1).full}+{name}", nested=True)
        return TypeName(f"{space}.{name}" if space else name)
