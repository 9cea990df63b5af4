"""Looks classes up where the Java runtime does: the package's root, lib/*.jar, then the layers' java/lib/*.jar.

Source: CustomerClassLoader of aws-lambda-java-runtime-interface-client 2.x (read 2026-11-21); its parent, the system
loader, is asked first and has the JDK and what the runtime itself is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, Missing
from lambdalint.handlers.classfile import ABSTRACT, INTERFACE, PUBLIC, STATIC, ClassFile, Method
from lambdalint.handlers.jar import Jar, open_jar
from lambdalint.model import OTHERS_READ, Lacking

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem, Node

#: A class is at most so large: its constant pool has 65,535 entries, and real ones stay below 200 KB.
CLASS_LIMIT: Final = 2 << 20
#: A jar is held in memory while it is searched.
JAR_LIMIT: Final = 128 << 20
#: Jars that are opened for one function; 250 MB hold no more real ones.
_JARS: Final = 2000

#: Packages that are the JDK's or the runtime's own. What of them the package lacks may well be there.
_SYSTEM: Final = (
    "java/", "javax/", "jdk/", "sun/", "com/sun/", "org/w3c/dom/", "org/xml/sax/", "org/ietf/jgss/", "org/omg/",
    "netscape/javascript/", "com/amazonaws/services/lambda/runtime/", "com/amazonaws/services/lambda/crac/",
    "com/amazonaws/lambda/thirdparty/",
)  # fmt: skip

#: AWS's event classes look like a part of the runtime; no page says that they are, and AWS's guides pack them.
EVENTS: Final = "com/amazonaws/services/lambda/runtime/events/"

_CONTEXT: Final = "Lcom/amazonaws/services/lambda/runtime/Context;"


def _public(name: str, descriptor: str, flags: int = 0) -> Method:
    return Method(name, descriptor, PUBLIC | flags)


def _stub(name: str, *methods: Method, flags: int = PUBLIC, superclass: str | None = "java/lang/Object") -> ClassFile:
    return ClassFile(name, superclass, (), methods, flags)


_INTERFACE: Final = PUBLIC | INTERFACE | ABSTRACT

#: The classes of the system loader whose public methods can be inherited by a handler and are known here.
_KNOWN: Final = {
    stub.name: stub
    for stub in (
        _stub(
            "java/lang/Object",
            _public("equals", "(Ljava/lang/Object;)Z"), _public("getClass", "()Ljava/lang/Class;"),
            _public("hashCode", "()I"), _public("notify", "()V"), _public("notifyAll", "()V"),
            _public("toString", "()Ljava/lang/String;"), _public("wait", "()V"), _public("wait", "(J)V"),
            _public("wait", "(JI)V"), _public("<init>", "()V"), superclass=None,
        ),
        _stub("java/lang/Record", superclass="java/lang/Object"),
        _stub("java/io/Serializable", flags=_INTERFACE),
        _stub("java/lang/Cloneable", flags=_INTERFACE),
        _stub("java/lang/Runnable", _public("run", "()V", ABSTRACT), flags=_INTERFACE),
        _stub("java/lang/AutoCloseable", _public("close", "()V", ABSTRACT), flags=_INTERFACE),
        _stub("java/io/Closeable", _public("close", "()V", ABSTRACT), flags=_INTERFACE),
        _stub(
            "java/lang/Enum",
            _public("compareTo", "(Ljava/lang/Object;)I"), _public("describeConstable", "()Ljava/util/Optional;"),
            _public("getDeclaringClass", "()Ljava/lang/Class;"), _public("name", "()Ljava/lang/String;"),
            _public("ordinal", "()I"),
            _public("valueOf", "(Ljava/lang/Class;Ljava/lang/String;)Ljava/lang/Enum;", STATIC),
        ),
        _stub(
            "com/amazonaws/services/lambda/runtime/RequestHandler",
            _public("handleRequest", f"(Ljava/lang/Object;{_CONTEXT})Ljava/lang/Object;", ABSTRACT),
            flags=_INTERFACE,
        ),
        _stub(
            "com/amazonaws/services/lambda/runtime/RequestStreamHandler",
            _public("handleRequest", f"(Ljava/io/InputStream;Ljava/io/OutputStream;{_CONTEXT})V", ABSTRACT),
            flags=_INTERFACE,
        ),
    )
}  # fmt: skip


class Found:
    """A class file: where it lies, and its bytes."""

    __slots__ = ("data", "inner", "node")

    def __init__(self, node: Node, inner: str | None, data: bytes) -> None:
        #: The class file itself, or the jar that holds it.
        self.node: Final = node
        #: The member of the jar. None: the class file lies in the open.
        self.inner: Final = inner
        self.data: Final = data


def known(name: str) -> ClassFile | None:
    """Return a class of the system loader that is known here."""
    return _KNOWN.get(name)


def is_system(name: str) -> bool:
    """Tell whether the runtime, not the package, would be expected to have a class."""
    return name.startswith(_SYSTEM) and not name.startswith(EVENTS)


def unreadable(node: Node) -> bool:
    """Tell whether the runtime's user may not read a file. The loader then goes on as if it were not there."""
    return node.entry is not None and node.entry.mode is not None and not node.entry.mode & OTHERS_READ


class ClassPath:
    """The places, in order, and what could not be read of them. Jars are opened one by one, as they are needed."""

    def __init__(self, filesystem: Filesystem, release: int, system: str | None = None) -> None:
        """``system``: what java itself is told to search, which is first. None: nothing that is the function's own."""
        self._filesystem = filesystem
        #: Jars and folders.
        self.system: Final[list[str]] = [] if system is None else list(self._expanded(system))
        self._release = release
        self._found: dict[str, Found | None] = {}
        self._opened: list[tuple[Node, Jar]] = []
        self._waiting = self._paths()
        self._seen: set[int] = set()
        self._bytes: tuple[Node, bytes] | None = None
        #: Files on the path that the runtime's user may not read.
        self.barred: list[Node] = []
        #: Jars that the JVM cannot open and therefore passes over.
        self.broken: list[Node] = []
        #: What may hold more classes but is not known.
        self.unknown: list[str] = [f"the content of {arn}" for arn in filesystem.unread]

    def find(self, name: str) -> Found | None:
        """Look a class up by its internal name, ``example/App``. None: it is nowhere on the path."""
        if name not in self._found:
            whole = all(name.split("/"))  # the JVM takes no empty part, which a path would skip
            self._found[name] = None if not whole else self._open_file(name) or self._in_jars(name)
        return self._found[name]

    def is_there(self, name: str) -> bool:
        """Tell whether a class can be loaded, from here or, as far as is known, from the system loader."""
        return is_system(name) or self.find(name) is not None

    def jars(self) -> Iterator[tuple[Node, Jar]]:
        """Yield the jars on the path, in order."""
        yield from tuple(self._opened)
        for path in self._waiting:
            node = self._file(path)
            jar = None if node is None else self.open(node)
            if node is not None and jar is not None:
                self._opened.append((node, jar))
                yield node, jar

    def open(self, node: Node) -> Jar | None:
        """Open a jar, which need not be on the path. None: the JVM cannot, or it may not be read here."""
        if node.entry is None or node.entry.size > JAR_LIMIT or len(self._opened) >= _JARS:
            self.unknown.append(f"the content of {node.path}")
            return None
        try:
            return open_jar(lambda: self._load(node))
        except Lacking as lacking:
            self.unknown.append(lacking.what)
        except ValueError:
            self.broken.append(node)
        return None

    def _load(self, node: Node) -> bytes:
        """Return a jar's bytes. Only the last one's are held."""
        if self._bytes is None or self._bytes[0] is not node:
            self._bytes = (node, self._filesystem.read(node, JAR_LIMIT))
        return self._bytes[1]

    def _open_file(self, name: str) -> Found | None:
        for place in (*self.system, self._filesystem.base):
            node = self._file(f"{place.rstrip('/')}/{name}.class")
            if node is not None:
                return Found(node, None, self._filesystem.read(node, CLASS_LIMIT))
        return None

    def _file(self, path: str) -> Node | None:
        """Return a file that the runtime's user can read."""
        node = self._filesystem.find(path)
        if isinstance(node, Missing) or not node.is_file:
            return None
        if unreadable(node):
            self.barred.append(node)
            return None
        return node

    def _in_jars(self, name: str) -> Found | None:
        for node, jar in self.jars():
            try:
                inner = jar.find(f"{name}.class", self._release)
            except ValueError:
                self.broken.append(node)
                continue
            if inner is not None:
                try:
                    return Found(node, inner, jar.read(inner, CLASS_LIMIT))
                except ValueError:
                    self.unknown.append(f"the content of {inner} in {node.path}")
        return None

    def _paths(self) -> Iterator[str]:
        """Yield where the jars lie: each folder's, sorted, and behind each one what its manifest's Class-Path names."""
        for path in self.system:
            yield from self._with_class_path(path)
        for folder in (f"{self._filesystem.base}/lib", f"{OPT}/java/lib"):
            node = self._filesystem.find(folder)
            if not isinstance(node, Missing) and node.children:
                for name in sorted(node.children):
                    if name.endswith(".jar"):
                        yield from self._with_class_path(f"{folder}/{name}")

    def _expanded(self, system: str) -> Iterator[str]:
        """Yield the paths that a class path names: of a folder with a star its jars (java's own manual page)."""
        for path in system.split(":"):
            folder, star, _ = path.partition("*") if path.endswith("/*") or path == "*" else (path, "", "")
            place = folder if folder.startswith("/") else f"{self._filesystem.base.rstrip('/')}/{folder}"
            node = self._filesystem.find(place)
            if not star:
                yield place
            elif not isinstance(node, Missing) and node.children:
                yield from (f"{place.rstrip('/')}/{name}" for name in sorted(node.children) if name.lower().endswith(".jar"))

    def _with_class_path(self, path: str) -> Iterator[str]:
        waiting = [path]
        while waiting:
            path = waiting.pop()
            node = self._filesystem.find(path)
            if isinstance(node, Missing) or id(node) in self._seen:
                continue
            self._seen.add(id(node))
            before = len(self._opened)
            yield path
            if len(self._opened) > before:  # the one that asked has opened it
                waiting += reversed(list(self._class_path(path, self._opened[-1])))

    def _class_path(self, path: str, opened: tuple[Node, Jar]) -> Iterator[str]:
        for url in opened[1].class_path():
            if ":" in url or "%" in url or url.endswith("/"):
                self.unknown.append(f"what the Class-Path of {opened[0].path} leads to")
            else:
                yield url if url.startswith("/") else f"{path.rpartition('/')[0]}/{url}"
