"""Says why a class was not found, and which class was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT
from lambdalint.handlers import Fault, Sort, classfile
from lambdalint.handlers.classfile import BadClass
from lambdalint.handlers.java_path import CLASS_LIMIT, JAR_LIMIT
from lambdalint.model import Aws, Entry, Lacking, Phase

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem, Node
    from lambdalint.handlers.jar import Jar
    from lambdalint.handlers.java_path import ClassPath

#: Files that are looked at, and jars off the class path that are opened, for the sake of a better message.
_FILES: Final = 50_000
_JARS: Final = 40
_SOURCES: Final = (".java", ".kt", ".scala", ".groovy")


class _Clue:
    """What is wrong, and what to do about it."""

    __slots__ = ("fix", "node", "why")

    def __init__(self, why: str, fix: str | None = None, node: Node | None = None) -> None:
        self.why: Final = why
        self.fix: Final = fix
        self.node: Final = node


def explain(filesystem: Filesystem, path: ClassPath, name: str, method: str | None) -> Fault:
    """Return the fault of a handler whose class is nowhere on the class path."""
    clue = _Nearest(filesystem, path, name, method).clue()
    places: tuple[Entry, ...] = () if clue.node is None or clue.node.entry is None else (clue.node.entry,)
    return Fault(
        Sort.MODULE,
        clue.why,
        places=places,
        aws=Aws("java.lang.ClassNotFoundException", f"Class not found: {name}"),
        fix=clue.fix,
        phase=Phase.INVOKE,
        setting="Handler",
    )


class _Nearest:
    def __init__(self, filesystem: Filesystem, path: ClassPath, name: str, method: str | None) -> None:
        self._filesystem = filesystem
        self._path = path
        self._name = name
        self._method = method
        self._internal = name.replace(".", "/")
        self._simple = self._internal.rpartition("/")[2]
        self._nodes: list[Node] | None = None

    def clue(self) -> _Clue:
        steps: tuple[Callable[[], _Clue | None], ...] = (
            self._unreadable, self._misspelt, self._elsewhere, self._jar_elsewhere, self._same_name, self._source,
        )  # fmt: skip
        for step in steps:
            clue = step()
            if clue is not None:
                return clue
        return self._nothing()

    def _unreadable(self) -> _Clue | None:
        for node in self._path.barred:
            own = node.path == f"{self._filesystem.base}/{self._internal}.class"
            if (own or node.name.endswith(".jar")) and node.entry is not None:
                mode = node.entry.mode or 0
                why = f"{node.entry.path} has mode {mode:04o}, so that the runtime may not read it and goes on without it"
                return _Clue(why, f"chmod o+r {node.entry.path} before zipping", node)
        for node in self._path.broken:
            return _Clue(f"{node.path} is no jar that Java can open, so that the runtime goes on without it", None, node)
        return None

    def _misspelt(self) -> _Clue | None:
        """Another way to write the handler that leads to a class."""
        for why, name, method in self._spellings():
            found = self._path.find(name.replace(".", "/"))
            if found is not None:
                return _Clue(f"{why}; found the class {name}", f"set the handler to {self._handler(name, method)}", found.node)
        return None

    def _spellings(self) -> Iterator[tuple[str, str, str | None]]:
        name, method = self._name, self._method
        if "/" in name:
            yield f"{name} has slashes, Java writes dots", name.replace("/", "."), method
        if ":" in name:
            head, _, tail = name.partition(":")
            yield f"{name} has a single colon", head, tail.strip(":") or method
        for suffix in (".class", *_SOURCES):
            if name.endswith(suffix):
                yield f"{name} is the name of a file", name.removesuffix(suffix).replace("/", "."), method
        nested = name
        for _ in range(min(name.count("."), 4)):
            head, _, tail = nested.rpartition(".")
            nested = f"{head}${tail}"
            yield f"{name} is a nested class, which Java joins with a dollar sign", nested, method
        head, dot, tail = name.rpartition(".")
        if dot and method is None:
            yield f"{name} joins the method with a dot", head, tail
        yield f"functions outside a class are compiled into {name}Kt", f"{name}Kt", method

    def _handler(self, name: str, method: str | None) -> str:
        return name if method is None else f"{name}::{method}"

    def _elsewhere(self) -> _Clue | None:
        """The class file lies in the package, but in another folder."""
        wanted = f"/{self._internal}.class"
        for node in self._walk():
            if node.path.endswith(wanted) and self._real_name(node) == self._internal:
                folder = self._relative(node).removesuffix(wanted)
                why = f"the class file of {self._name} is in {folder}/, the runtime looks at the root and in lib/*.jar"
                return _Clue(why, f"zip what is in {folder}/, so that {self._internal}.class is at the root", node)
        return None

    def _real_name(self, node: Node) -> str | None:
        """Return what a class file calls its class; the folder alone does not tell where it belongs."""
        try:
            return classfile.parse(self._filesystem.read(node, CLASS_LIMIT)).name
        except (BadClass, Lacking):
            return None

    def _jar_elsewhere(self) -> _Clue | None:
        """The class is in a jar, but that jar, or that folder of it, is not on the class path."""
        member = f"{self._internal}.class"
        for node, jar in list(self._path.jars()):
            inside = self._inside(jar, member)
            if inside is not None:
                why = f"{node.path} holds {inside}, where the runtime does not look: it wants {member} at the jar's root"
                return _Clue(why, "upload a jar whose classes are at its root, such as a shaded one", node)
        for node in self._stray_jars():
            opened = self._path.open(node)
            if opened is not None and self._inside(opened, member) is not None:
                why = f"the class {self._name} is in {self._relative(node)}, the runtime takes jars from lib/ only"
                return _Clue(why, f"put the jar into lib/, as lib/{node.name.rpartition('.')[0]}.jar", node)
        return None

    def _inside(self, jar: Jar, member: str) -> str | None:
        if not jar.may_hold(member):
            return None
        try:
            names = jar.names()
        except ValueError:
            return None
        fitting = [name for name in names if name == member or name.endswith(f"/{member}")]
        return next((name for name in fitting if not name.startswith("META-INF/versions/")), None)

    def _stray_jars(self) -> Iterator[Node]:
        left, size = _JARS, JAR_LIMIT
        for node in [*self._walk(), *self._filesystem.walk(OPT)]:
            if not node.name.lower().endswith(".jar") or not node.is_file or node.entry is None:
                continue
            on_path = node.name.endswith(".jar") and node.parent is not None
            if on_path and node.parent is not None and node.parent.path in (f"{self._filesystem.base}/lib", f"{OPT}/java/lib"):
                continue
            left, size = left - 1, size - node.entry.size
            if left < 0 or size < 0:
                return
            yield node

    def _same_name(self) -> _Clue | None:
        """A class of the same simple name, in another package or another case."""
        found = {name: node for name, node in self._classes() if name.rpartition("/")[2].lower() == self._simple.lower()}
        if not found:
            return None
        near = sorted(found, key=lambda name: (name.lower() != self._internal.lower(), name))[:3]
        names = [name.replace("/", ".") for name in near]
        why = f"there is no class {self._name}; found {', '.join(names)}"
        return _Clue(why, "\nor ".join(f"set the handler to {self._handler(name, self._method)}" for name in names), found[near[0]])

    def _classes(self) -> Iterator[tuple[str, Node]]:
        """Yield the classes on the path by their internal names."""
        for node in self._walk():
            if node.name.endswith(".class") and not self._relative(node).startswith("META-INF/"):
                yield self._relative(node).removesuffix(".class"), node
        needle = f"{self._simple}.class".lower()
        for node, jar in list(self._path.jars()):
            try:
                names = jar.names()
            except ValueError:
                continue
            for name in names:
                if name.lower().endswith(needle) and not name.startswith("META-INF/"):
                    yield name.removesuffix(".class"), node

    def _source(self) -> _Clue | None:
        for node in self._walk():
            stem, dot, suffix = node.name.rpartition(".")
            if f"{dot}{suffix}" in _SOURCES and stem == self._simple:
                why = f"{self._relative(node)} is source, which the runtime does not compile; its class is missing"
                return _Clue(why, "upload what the build made: a shaded jar, or a zip of classes and lib/*.jar", node)
        return None

    def _nothing(self) -> _Clue:
        classes = [name.replace("/", ".") for name, _ in self._classes() if "handler" in name.rpartition("/")[2].lower()]
        own = ", nor on java's own class path" if self._path.system else ""
        why = f"there is no {self._internal}.class at the root, nor in any lib/*.jar{own}"
        if classes:
            return _Clue(f"{why}; found {', '.join(classes[:3])}", "\nor ".join(
                f"set the handler to {self._handler(name, self._method)}" for name in classes[:3]))  # fmt: skip
        if not any(node.name.endswith(".class") for node in self._walk()) and not list(self._path.jars()):
            return _Clue("the package holds no class file at all and no lib/*.jar", "upload what the build made")
        return _Clue(why)

    def _walk(self) -> list[Node]:
        if self._nodes is None:
            self._nodes = []
            for node in self._filesystem.walk(self._filesystem.base):
                if node.is_file:
                    self._nodes.append(node)
                if len(self._nodes) >= _FILES:
                    break
        return self._nodes

    def _relative(self, node: Node) -> str:
        return node.path.removeprefix(f"{self._filesystem.base}/")
