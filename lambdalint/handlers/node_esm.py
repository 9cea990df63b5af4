"""What an ES module exports and imports: its statements say it all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.node_source import Source, children, string_value
from lambdalint.handlers.node_values import UNKNOWN, Scope, Value, pattern_names

if TYPE_CHECKING:
    from tree_sitter import Node


class Import:
    """One ``import ... from`` or ``export ... from``."""

    __slots__ = ("attributes", "forwards", "line", "names", "specifier")

    def __init__(self, specifier: str, names: tuple[str, ...], line: int, *, forwards: bool, attributes: bool) -> None:
        self.specifier: Final = specifier
        #: Names that the other module must export.
        self.names: Final = names
        #: ``export ... from``.
        self.forwards: Final = forwards
        #: It has import attributes.
        self.attributes: Final = attributes
        self.line: Final = line


class Interface:
    """An ES module as others see it."""

    __slots__ = ("duplicate", "forwarded", "imports", "members", "stars", "undeclared")

    def __init__(self) -> None:
        self.imports: Final[list[Import]] = []
        #: Own names.
        self.members: Final[dict[str, Value]] = {}
        #: Name → (specifier, its name there; ``*`` for the whole namespace).
        self.forwarded: Final[dict[str, tuple[str, str]]] = {}
        self.stars: Final[list[str]] = []
        #: The first local name in an export list that nothing declares. None: all are declared.
        self.undeclared: tuple[str, int] | None = None
        #: The first name that is exported twice. None: none is.
        self.duplicate: tuple[str, int] | None = None


def interface_of(source: Source, scope: Scope) -> Interface:
    """Read the import and export statements of a file."""
    found = Interface()
    for statement in source.statements():
        if statement.type == "import_statement":
            _import(source, statement, found)
        elif statement.type == "export_statement":
            _export(source, scope, statement, found)
    _tie_imports(source, found)
    return found


def _import(source: Source, statement: Node, found: Interface) -> None:
    specifier = string_value(source, statement.child_by_field_name("source"))
    if specifier is None:
        return
    names: list[str] = []
    for clause in children(statement):
        if clause.type == "import_clause":
            for part in children(clause):
                if part.type == "identifier":
                    names.append("default")
                elif part.type == "named_imports":
                    names += [name for inner in children(part) if (name := _word(source, inner.child_by_field_name("name"))) is not None]
    found.imports.append(Import(specifier, tuple(names), source.line(statement), forwards=False, attributes=_attributes(statement)))


def _attributes(statement: Node) -> bool:
    return any(child.type in ("import_attribute", "ERROR") for child in children(statement))


def _export(source: Source, scope: Scope, statement: Node, found: Interface) -> None:
    specifier = string_value(source, statement.child_by_field_name("source"))
    declaration = statement.child_by_field_name("declaration")
    value = statement.child_by_field_name("value")
    default = any(child.type == "default" for child in statement.children[:3])
    clause = next((child for child in children(statement) if child.type in ("export_clause", "namespace_export")), None)
    if default:
        node = declaration or value
        _add(found, "default", UNKNOWN if node is None else scope.of(node), source.line(statement))
    elif specifier is not None:
        _forward(source, statement, clause, specifier, found)
    elif declaration is not None:
        for name in _declared(source, declaration):
            _add(found, name, scope.value(name), source.line(statement))
    elif clause is not None:
        for part in children(clause):
            local, alias = _word(source, part.child_by_field_name("name")), _word(source, part.child_by_field_name("alias"))
            if local is None:
                continue
            if local not in scope.bound and found.undeclared is None:
                found.undeclared = (local, source.line(part))
            _add(found, alias or local, scope.value(local), source.line(part))


def _forward(source: Source, statement: Node, clause: Node | None, specifier: str, found: Interface) -> None:
    line = source.line(statement)
    names: list[str] = []
    if clause is None:
        found.stars.append(specifier)
    elif clause.type == "namespace_export":
        whole = _word(source, next(children(clause), None))
        if whole is not None:
            _add(found, whole, UNKNOWN, line)
            found.forwarded[whole] = (specifier, "*")
    else:
        for part in children(clause):
            local, name = _word(source, part.child_by_field_name("name")), _word(source, part.child_by_field_name("alias"))
            if local is not None:
                names.append(local)
                _add(found, name or local, UNKNOWN, line)
                found.forwarded[name or local] = (specifier, local)
    found.imports.append(Import(specifier, tuple(names), line, forwards=True, attributes=_attributes(statement)))


def _add(found: Interface, name: str, value: Value, line: int) -> None:
    if name in found.members and found.duplicate is None:
        found.duplicate = (name, line)
    found.members[name] = value


def _declared(source: Source, declaration: Node) -> list[str]:
    if declaration.type in ("lexical_declaration", "variable_declaration"):
        names = (declarator.child_by_field_name("name") for declarator in children(declaration))
        return [word for name in names if name is not None for word in pattern_names(source, name)]
    own = declaration.child_by_field_name("name")
    return [] if own is None else [source.slice(own)]


def _word(source: Source, node: Node | None) -> str | None:
    """Return the name in a specifier, which may be a string."""
    if node is None:
        return None
    return string_value(source, node) if node.type == "string" else source.slice(node)


def _tie_imports(source: Source, found: Interface) -> None:
    """``import {x} from 'm'; export {x}`` forwards x as ``export {x} from 'm'`` does."""
    origins = {local: origin for statement in source.statements() for local, origin in _bound_from(source, statement)}
    for statement in source.statements():
        clause = next((child for child in children(statement) if child.type == "export_clause"), None)
        if statement.type != "export_statement" or clause is None or statement.child_by_field_name("source") is not None:
            continue
        for part in children(clause):
            local = _word(source, part.child_by_field_name("name"))
            name = _word(source, part.child_by_field_name("alias")) or local
            if local in origins and name is not None and local is not None:
                found.forwarded[name] = origins[local]


def _bound_from(source: Source, statement: Node) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each name that an import statement binds, with its specifier and its name there."""
    specifier = string_value(source, statement.child_by_field_name("source")) if statement.type == "import_statement" else None
    clause = next((child for child in children(statement) if child.type == "import_clause"), None)
    if specifier is None or clause is None:
        return
    for part in children(clause):
        if part.type == "identifier":
            yield source.slice(part), (specifier, "default")
        elif part.type == "namespace_import":
            inner = next(children(part), None)
            if inner is not None:
                yield source.slice(inner), (specifier, "*")
        elif part.type == "named_imports":
            for one in children(part):
                name = _word(source, one.child_by_field_name("name"))
                local = _word(source, one.child_by_field_name("alias")) or name
                if name is not None and local is not None:
                    yield local, (specifier, name)
