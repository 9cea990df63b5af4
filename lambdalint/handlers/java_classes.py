"""Loads classes with all their parents, in the JVM's order, and says what stops it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers import classfile, java_types
from lambdalint.handlers.classfile import BadClass, ClassFile, Method
from lambdalint.handlers.java_path import CLASS_LIMIT, ClassPath, Found, is_system, known
from lambdalint.model import Aws

if TYPE_CHECKING:
    from lambdalint.filesystem import Node

OBJECT: Final = "java/lang/Object"
#: Parents of parents; real ones stay below 20.
_DEPTH: Final = 100


class Unloadable(Exception):  # noqa: N818 - not an error of ours: what the JVM would throw
    """A class that cannot be loaded."""

    def __init__(self, error: str, text: str, name: str, found: Found | None = None) -> None:
        super().__init__(text)
        #: The JVM's class of error: ``java.lang.NoClassDefFoundError``.
        self.error: Final = error
        #: What the JVM says of it.
        self.text: Final = text
        #: The class at fault, which may be a parent of the one that was asked for.
        self.name: Final = name
        #: None: it is nowhere.
        self.found: Final = found


class Absent(Exception):  # noqa: N818 - not an error: what reflection would trip over
    """A class that is named where reflection looks, and that is nowhere."""

    def __init__(self, name: str, aws: Aws) -> None:
        super().__init__(name)
        self.name: Final = name
        self.aws: Final = aws


class Unreadable(Exception):  # noqa: N818 - not a fault: no verdict
    """A class file that this reader cannot follow, so that nothing is known of the class."""


class Classes:
    """The classes that were loaded so far."""

    def __init__(self, path: ClassPath, release: int, *, preview: bool = False) -> None:
        self.path: Final = path
        #: Whether the function's own options let the JVM take classes that use its preview features.
        self._previews = preview
        #: Of Java: 17.
        self.release: Final = release
        self._newest = 44 + release
        self._loaded: dict[str, ClassFile | None] = {}
        #: The files that the classes were loaded from, in order.
        self.nodes: list[Node] = []

    def load(self, name: str, depth: int = 0) -> ClassFile | None:
        """Load a class and all its parents. None: one of the system loader's that is not known here.

        Raises Unloadable, and Unreadable for a class file that cannot be followed.
        """
        if name in self._loaded:
            return self._loaded[name]
        stub = known(name)
        if stub is not None:
            return self._loaded.setdefault(name, stub)
        found = self.path.find(name)
        if found is None:
            if not is_system(name):
                raise Unloadable("java.lang.NoClassDefFoundError", name, name)
            return self._loaded.setdefault(name, None)
        if depth > _DEPTH:
            raise Unreadable(name)
        clazz = self._define(name, found)
        self.nodes.append(found.node)
        self._loaded[name] = clazz  # before its parents: a class that is its own parent ends here
        for parent in clazz.parents:
            self.load(parent, depth + 1)
        return clazz

    def too_new(self, name: str) -> Unloadable | None:
        """Return what the JVM says of a class file of too new a version. None: it fits, or is not there."""
        found = self.path.find(name)
        if found is None or name in self._loaded:
            return None
        try:
            self._check_version(name, found)
        except Unloadable as problem:
            return problem
        return None

    def ancestors(self, clazz: ClassFile) -> Iterator[ClassFile | None]:
        """Yield a class and all its parents, each once: superclasses first. None stands for those not known."""
        seen: set[str] = set()
        chain: list[ClassFile | None] = []
        at: ClassFile | None = clazz
        while at is not None and at.name not in seen:
            seen.add(at.name)
            chain.append(at)
            at = None if at.superclass is None else self._loaded.get(at.superclass, known(at.superclass))
        if chain[-1] is not None and chain[-1].superclass is not None and chain[-1].superclass not in seen:
            chain.append(None)
        yield from chain
        waiting = [name for one in chain if one is not None for name in one.interfaces]
        while waiting:
            name = waiting.pop(0)
            if name not in seen:
                seen.add(name)
                interface = self._loaded.get(name, known(name))
                yield interface
                waiting += () if interface is None else interface.interfaces

    def methods(self, clazz: ClassFile) -> Iterator[tuple[Method, ClassFile]]:
        """Yield the public methods that ``Class.getMethods`` would, with the class that declares each."""
        seen: set[tuple[str, str]] = set()
        for owner in self.ancestors(clazz):
            for method in () if owner is None else owner.methods:
                key = (method.name, method.descriptor)
                inherited_static = owner is not clazz and method.is_static and owner is not None and owner.is_interface
                of_object = clazz.is_interface and owner is not None and owner.name == OBJECT
                if owner is None or not method.is_public or method.name.startswith("<") or inherited_static or of_object:
                    continue
                if key not in seen:
                    seen.add(key)
                    yield method, owner

    def missing_type(self, methods: Iterator[Method]) -> str | None:
        """Return a class that public methods or constructors name and that is nowhere: reflection trips over it."""
        for method in methods:
            if method.is_public:
                for name in (*java_types.classes_in(method.descriptor), *method.exceptions):
                    if not self.path.is_there(name):
                        return name
        return None

    def _define(self, name: str, found: Found) -> ClassFile:
        self._check_version(name, found)
        try:
            clazz = classfile.parse(found.data)
        except BadClass as problem:
            if str(problem) in (classfile.TRUNCATED, classfile.SURPLUS) and len(found.data) < CLASS_LIMIT:
                raise self._malformed(name, problem, found) from None
            raise Unreadable(name) from problem
        if clazz.name != name:
            text = f"{name} (wrong name: {clazz.name})"
            raise Unloadable("java.lang.NoClassDefFoundError", text, name, found)
        return clazz

    @staticmethod
    def _malformed(name: str, problem: BadClass, found: Found) -> Unloadable:
        text = str(problem) if str(problem) == classfile.TRUNCATED else f"{problem} {name}"
        return Unloadable("java.lang.ClassFormatError", text, name, found)

    def _check_version(self, name: str, found: Found) -> None:
        try:
            major, minor = classfile.version(found.data)
        except BadClass as problem:
            raise self._malformed(name, problem, found) from None
        text = ""
        if major > self._newest:
            text = (
                f"{name} has been compiled by a more recent version of the Java Runtime (class file version "
                f"{major}.{minor}), this version of the Java Runtime only recognizes class file versions up to "
                f"{self._newest}.0"
            )
        elif minor == classfile.PREVIEW and major >= 56:
            text = self._preview(name, major)
        if text:
            raise Unloadable("java.lang.UnsupportedClassVersionError", text, name, found)

    def _preview(self, name: str, major: int) -> str:
        if major == self._newest:
            return (
                ""
                if self._previews
                else (
                    f"Preview features are not enabled for {name} (class file version {major}.{classfile.PREVIEW}). "
                    "Try running with '--enable-preview'"
                )
            )
        return (
            f"{name} (class file version {major}.{classfile.PREVIEW}) was compiled with preview features that are "
            "unsupported. This version of the Java Runtime only recognizes preview features for class file version "
            f"{self._newest}.{classfile.PREVIEW}"
        )
