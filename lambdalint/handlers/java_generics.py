"""Finds what a class puts in place of RequestHandler's type parameters, by the runtime client's own search.

Source: EventHandlerLoader.findInterfaceParameters of aws-lambda-java-runtime-interface-client 2.x (read 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers import java_types
from lambdalint.handlers.java_classes import Absent
from lambdalint.handlers.java_types import Generic, Shape
from lambdalint.model import Aws

if TYPE_CHECKING:
    from lambdalint.handlers.classfile import ClassFile
    from lambdalint.handlers.java_classes import Classes

REQUEST_HANDLER: Final = "com/amazonaws/services/lambda/runtime/RequestHandler"


class Argument:
    """What stands for a type parameter, once the variables on the way are replaced."""

    __slots__ = ("bounded", "variable")

    def __init__(self, variable: str | None = None, bounded: bool | None = True) -> None:
        #: The name of a type variable that nothing replaced. None: a type.
        self.variable: Final = variable
        #: Whether it has an upper bound other than Object. None: it belongs to a class around, which was not looked at.
        self.bounded: Final = bounded


class _Visit:
    """A class on the way, and what its type parameters stand for there."""

    __slots__ = ("arguments", "clazz", "shape")

    def __init__(self, clazz: ClassFile, arguments: list[Argument] | None) -> None:
        self.clazz: Final = clazz
        self.arguments: Final = arguments
        self.shape: Final = _shape(clazz)

    def replace(self, variable: str) -> Argument:
        names = list(self.shape.variables)
        if variable not in names:
            return Argument(variable, bounded=None)
        if self.arguments is None:
            return Argument(variable, bounded=self.shape.variables[variable])
        at = names.index(variable)
        return self.arguments[at] if at < len(self.arguments) else Argument(variable, bounded=None)


def find_arguments(classes: Classes, clazz: ClassFile) -> list[Argument] | None:
    """Return what the class gives RequestHandler. None: it uses it raw. Raises Absent, BadType."""
    waiting = [_Visit(clazz, None)]
    while waiting:
        visit = waiting.pop(0)
        parents = list(visit.shape.parents)
        superclass = parents.pop(0) if visit.clazz.superclass is not None and parents else None
        _check_present(classes, parents)
        for parent in parents:
            if parent.arguments is not None and _is_request_handler(classes, parent):
                return _replaced(parent, visit)
            waiting += _step(classes, parent, visit)
        if superclass is not None:
            _check_present(classes, [superclass])
            waiting += _step(classes, superclass, visit)
    return None


def _check_present(classes: Classes, parents: list[Generic]) -> None:
    """Raise Absent for a type argument that is nowhere: reflection loads them all."""
    waiting = [argument for parent in parents for argument in parent.arguments or ()]
    while waiting:
        argument = waiting.pop()
        waiting += argument.arguments or ()
        if argument.name is not None and not classes.path.is_there(argument.name):
            name = argument.name.replace("/", ".")
            raise Absent(argument.name, Aws("java.lang.TypeNotPresentException", f"Type {name} not present"))


def _shape(clazz: ClassFile) -> Shape:
    if clazz.signature is not None:
        return java_types.shape(clazz.signature)
    return Shape({}, tuple(Generic(name) for name in clazz.parents))


def _is_request_handler(classes: Classes, parent: Generic) -> bool:
    if parent.name == REQUEST_HANDLER:
        return True
    clazz = None if parent.name is None else classes.load(parent.name)
    return clazz is not None and any(ancestor is not None and ancestor.name == REQUEST_HANDLER for ancestor in classes.ancestors(clazz))


def _replaced(parent: Generic, visit: _Visit) -> list[Argument]:
    return [Argument() if argument.variable is None else visit.replace(argument.variable) for argument in parent.arguments or ()]


def _step(classes: Classes, parent: Generic, visit: _Visit) -> list[_Visit]:
    clazz = None if parent.name is None else classes.load(parent.name)
    if clazz is None:
        return []
    if parent.arguments is not None:
        return [_Visit(clazz, _replaced(parent, visit))]
    raw = _Visit(clazz, None)
    if not raw.shape.variables or visit.arguments is None:
        return [raw]
    return [_Visit(clazz, [visit.replace(variable) for variable in raw.shape.variables])]
