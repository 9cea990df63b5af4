"""Reads the types in class files: descriptors, which are erased, and generic signatures, which are not.

Grammar: https://docs.oracle.com/javase/specs/jvms/se25/html/jvms-4.html#jvms-4.7.9.1 (read 2026-11-21).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

#: Types within types that are followed; javac itself gives up at 255 dimensions.
_DEPTH: Final = 64

_FIELD: Final = re.compile(r"\[*(?:[BCDFIJSZV]|L[^;]+;)")


class BadType(ValueError):  # noqa: N818 - what the text is
    """A text that is no type."""


class Generic:
    """A type in a generic signature, as far as handlers need it."""

    __slots__ = ("arguments", "name", "variable")

    def __init__(self, name: str | None = None, arguments: tuple[Generic, ...] | None = None, variable: str | None = None) -> None:
        #: A class, internal name. None: a type variable, an array or a wildcard.
        self.name: Final = name
        #: None: the class is used raw, or is not generic.
        self.arguments: Final = arguments
        #: The name of a type variable. None: it is none.
        self.variable: Final = variable


class Shape:
    """What a class's signature says: its type variables, and its parents with their arguments."""

    __slots__ = ("parents", "variables")

    def __init__(self, variables: dict[str, bool], parents: tuple[Generic, ...]) -> None:
        #: In order; whether each has an upper bound other than Object.
        self.variables: Final = variables
        #: The superclass, then the interfaces.
        self.parents: Final = parents


def split(descriptor: str) -> tuple[tuple[str, ...], str]:
    """Return the parameter types and the return type of a method's descriptor. Raises BadType."""
    inside, closed, result = descriptor.removeprefix("(").partition(")")
    params = tuple(_FIELD.findall(inside))
    if not closed or "".join(params) != inside or not _FIELD.fullmatch(result):
        raise BadType(descriptor)
    return params, result


def classes_in(descriptor: str) -> Iterator[str]:
    """Yield the classes that a method's descriptor names."""
    for match in re.finditer(r"L([^;]+);", descriptor):
        yield match[1]


def shape(signature: str) -> Shape:
    """Read a class's signature. Raises BadType."""
    reader = _Reader(signature)
    variables = reader.variables()
    parents = []
    while not reader.done():
        parents.append(reader.type())
    return Shape(variables, tuple(parents))


def variables_in_parameters(signature: str) -> tuple[bool, ...]:
    """Tell of each parameter in a method's signature whether it is a type variable. Raises BadType."""
    reader = _Reader(signature)
    reader.variables()
    reader.expect("(")
    told = []
    while not reader.take(")"):
        told.append(reader.type().variable is not None)
    return tuple(told)


class _Reader:
    """A cursor over a signature."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def done(self) -> bool:
        return self._at >= len(self._text)

    def peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def take(self, sign: str) -> bool:
        if self.peek() != sign:
            return False
        self._at += 1
        return True

    def expect(self, sign: str) -> None:
        if not self.take(sign):
            raise BadType(self._text)

    def _until(self, ends: str) -> str:
        start = self._at
        while self.peek() not in ends:  # "" is in every string, so the end of the text stops it too
            self._at += 1
        if self.done():
            raise BadType(self._text)
        return self._text[start : self._at]

    def variables(self) -> dict[str, bool]:
        """Read ``<T:Ljava/lang/Object;>``, if it stands here."""
        found: dict[str, bool] = {}
        if not self.take("<"):
            return found
        while not self.take(">"):
            name = self._until(":")
            bounded = False
            while self.take(":"):
                if self.peek() not in ("", ":"):  # a first bound may be left out when it is an interface
                    bounded |= self.type().name != "java/lang/Object"
            found[name] = bounded
        return found

    def type(self, depth: int = 0) -> Generic:
        if depth > _DEPTH:
            raise BadType("too deep")
        if self.take("T"):
            name = self._until(";")
            self._at += 1
            return Generic(variable=name)
        if self.take("["):
            self.type(depth + 1)
            return Generic()
        if self.peek() and self.peek() in "BCDFIJSZV":
            self._at += 1
            return Generic()
        self.expect("L")
        return self._class(depth)

    def _class(self, depth: int) -> Generic:
        name = self._until("<;.")
        arguments = self._arguments(depth)
        while self.take("."):  # an inner class of a generic one
            name += "$" + self._until("<;.")
            inner = self._arguments(depth)
            arguments = () if inner is None and arguments is not None else inner
        self.expect(";")
        return Generic(name, arguments)

    def _arguments(self, depth: int) -> tuple[Generic, ...] | None:
        if not self.take("<"):
            return None
        found = []
        while not self.take(">"):
            if self.take("*"):
                found.append(Generic())
                continue
            wildcard = self.take("+") or self.take("-")
            argument = self.type(depth + 1)
            found.append(Generic() if wildcard else argument)
        return tuple(found)
