"""Reads a Java class file: its names, flags, methods and what they refer to; never its code.

Layout: https://docs.oracle.com/javase/specs/jvms/se25/html/jvms-4.html (read 2026-11-21).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

MAGIC: Final = 0xCAFEBABE
PUBLIC: Final = 0x0001
STATIC: Final = 0x0008
BRIDGE: Final = 0x0040
INTERFACE: Final = 0x0200
ABSTRACT: Final = 0x0400
#: The minor version of a class that uses preview features.
PREVIEW: Final = 0xFFFF

#: Bytes after the tag of each sort of constant; Utf8 (1) says its own length.
_SIZES: Final = {
    3: 4,
    4: 4,
    5: 8,
    6: 8,
    7: 2,
    8: 2,
    9: 4,
    10: 4,
    11: 4,
    12: 4,
    15: 3,
    16: 2,
    17: 4,
    18: 4,
    19: 2,
    20: 2,
}
_UTF8: Final = 1
_WIDE: Final = (5, 6)
_CLASS: Final = 7
_MEMBERS: Final = (9, 10, 11)


#: What the JVM says of a file that ends too soon, and of one that ends too late.
TRUNCATED: Final = "Truncated class file"
SURPLUS: Final = "Extra bytes at the end of class file"


class BadClass(ValueError):  # noqa: N818 - what the file is, as in UnreadablePackage
    """Bytes that are no class file that this reader can follow."""


class Method:
    """A method or constructor as declared."""

    __slots__ = ("descriptor", "exceptions", "flags", "name", "signature")

    def __init__(self, name: str, descriptor: str, flags: int, exceptions: tuple[str, ...] = (), signature: str | None = None) -> None:
        self.name: Final = name
        #: Parameter and return types, erased: ``(Ljava/lang/String;)V``.
        self.descriptor: Final = descriptor
        self.flags: Final = flags
        #: What its ``throws`` names, as ``java/io/IOException``.
        self.exceptions: Final = exceptions
        #: The types before erasure. None: nothing about it is generic.
        self.signature: Final = signature

    @property
    def is_public(self) -> bool:
        return bool(self.flags & PUBLIC)

    @property
    def is_static(self) -> bool:
        return bool(self.flags & STATIC)

    @property
    def is_bridge(self) -> bool:
        return bool(self.flags & BRIDGE)


class ClassFile:
    """One class, interface, enum or record. Names are internal: ``example/Outer$Inner``."""

    __slots__ = (
        "enclosed",
        "flags",
        "inner_flags",
        "interfaces",
        "methods",
        "name",
        "owners",
        "signature",
        "superclass",
    )

    def __init__(
        self,
        name: str,
        superclass: str | None,
        interfaces: tuple[str, ...],
        methods: tuple[Method, ...],
        flags: int = PUBLIC,
        *,
        signature: str | None = None,
        inner_flags: int | None = None,
        enclosed: bool = False,
        owners: tuple[str, ...] = (),
    ) -> None:
        self.name: Final = name
        #: None: java/lang/Object.
        self.superclass: Final = superclass
        self.interfaces: Final = interfaces
        self.methods: Final = methods
        #: As written in the class file, which is what access is checked by; a private nested class has none here.
        self.flags: Final = flags
        #: The types before erasure. None: nothing about it is generic.
        self.signature: Final = signature
        #: The modifiers of the source, for a nested class. None: it is not listed as one.
        self.inner_flags: Final = inner_flags
        #: Whether it stands inside another class.
        self.enclosed: Final = enclosed
        #: Classes whose members its code uses.
        self.owners: Final = owners

    @property
    def is_interface(self) -> bool:
        return bool(self.flags & INTERFACE)

    @property
    def is_public(self) -> bool:
        return bool(self.flags & PUBLIC)

    @property
    def parents(self) -> tuple[str, ...]:
        """The superclass, if any, then the interfaces: the order in which the JVM loads them."""
        return (*(() if self.superclass is None else (self.superclass,)), *self.interfaces)


def version(data: bytes) -> tuple[int, int]:
    """Return major and minor version. Raises BadClass where the JVM would find no class file."""
    if len(data) < 8:
        raise BadClass(TRUNCATED)
    magic, minor, major = struct.unpack_from(">IHH", data)
    if magic != MAGIC:
        raise BadClass(f"Incompatible magic value {magic} in class file")
    return major, minor


def parse(data: bytes) -> ClassFile:
    """Read a class file whose version is known to fit. Raises BadClass."""
    version(data)
    try:
        return _Parser(data).clazz()
    except (struct.error, IndexError):
        raise BadClass(TRUNCATED) from None
    except UnicodeDecodeError as error:
        raise BadClass(str(error)) from None


class _Parser:
    """A cursor over the bytes, and the constant pool. Each step is checked by struct or by a slice's length."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 8
        self._tags: list[int] = [0]
        self._offsets: list[int] = [0]
        self._pool()

    def _u2(self) -> int:
        value: int = struct.unpack_from(">H", self._data, self._at)[0]
        self._at += 2
        return value

    def _u4(self) -> int:
        value: int = struct.unpack_from(">I", self._data, self._at)[0]
        self._at += 4
        return value

    def _pool(self) -> None:
        data, tags, offsets = self._data, self._tags, self._offsets
        count = self._u2()
        at = self._at
        while len(tags) < count:
            tag = data[at]
            tags.append(tag)
            offsets.append(at + 1)
            if tag == _UTF8:
                at += 3 + (data[at + 1] << 8 | data[at + 2])
            elif tag in _SIZES:
                at += 1 + _SIZES[tag]
            else:
                raise BadClass(f"constant of unknown sort {tag}")
            if tag in _WIDE:
                tags.append(0)
                offsets.append(0)
        self._at = at

    def _text(self, index: int) -> str:
        if self._tags[index] != _UTF8:
            raise BadClass("a name that is no text")
        at = self._offsets[index]
        size = struct.unpack_from(">H", self._data, at)[0]
        raw = self._data[at + 2 : at + 2 + size]
        if len(raw) != size:
            raise BadClass(TRUNCATED)
        if raw.isascii():
            return raw.decode("ascii")
        # "Modified UTF-8": NUL in two bytes, and surrogates one by one (JVMS 4.4.7).
        text = raw.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass")
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _class(self, index: int) -> str:
        if self._tags[index] != _CLASS:
            raise BadClass("a class that is none")
        return self._text(struct.unpack_from(">H", self._data, self._offsets[index])[0])

    def clazz(self) -> ClassFile:
        flags, this, parent = self._u2(), self._u2(), self._u2()
        name = self._class(this)
        superclass = self._class(parent) if parent else None
        interfaces = tuple(self._class(self._u2()) for _ in range(self._u2()))
        for _ in range(self._u2()):  # fields
            self._at += 6
            self._skip_attributes()
        methods = tuple(self._method() for _ in range(self._u2()))
        signature, inner_flags, enclosed = None, None, False
        for label, size in self._attributes():
            start = self._at
            if label == "Signature":
                signature = self._text(self._u2())
            elif label == "EnclosingMethod":
                enclosed = True
            elif label == "InnerClasses":
                for inner, outer, modifiers in self._inner_classes():
                    if inner == name:
                        inner_flags, enclosed = modifiers, enclosed or outer
            self._at = start + size
        if self._at != len(self._data):
            raise BadClass(TRUNCATED if self._at > len(self._data) else SURPLUS)
        return ClassFile(
            name, superclass, interfaces, methods, flags,
            signature=signature, inner_flags=inner_flags, enclosed=enclosed, owners=self._owners(),
        )  # fmt: skip

    def _method(self) -> Method:
        flags, name, descriptor = self._u2(), self._text(self._u2()), self._text(self._u2())
        exceptions: tuple[str, ...] = ()
        signature = None
        for label, size in self._attributes():
            start = self._at
            if label == "Exceptions":
                exceptions = tuple(self._class(self._u2()) for _ in range(self._u2()))
            elif label == "Signature":
                signature = self._text(self._u2())
            self._at = start + size
        return Method(name, descriptor, flags, exceptions, signature)

    def _attributes(self) -> Iterator[tuple[str, int]]:
        """Yield each attribute's name and size, the cursor at its content; the caller leaves it at its end."""
        for _ in range(self._u2()):
            yield self._text(self._u2()), self._u4()

    def _skip_attributes(self) -> None:
        for _ in range(self._u2()):
            self._at += 2
            size = self._u4()
            self._at += size

    def _inner_classes(self) -> Iterator[tuple[str, bool, int]]:
        for _ in range(self._u2()):
            inner, outer, _name, modifiers = self._u2(), self._u2(), self._u2(), self._u2()
            yield self._class(inner), outer != 0, modifiers

    def _owners(self) -> tuple[str, ...]:
        indices = {
            struct.unpack_from(">H", self._data, offset)[0]
            for tag, offset in zip(self._tags, self._offsets, strict=True)
            if tag in _MEMBERS
        }
        names = {self._class(index) for index in indices}
        return tuple(sorted(name for name in names if not name.startswith("[")))
