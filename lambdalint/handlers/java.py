"""Java: follows ``package.Class::method`` or ``package.Class`` to a method that the runtime can call.

Source: AWSLambda, HandlerInfo and EventHandlerLoader of aws-lambda-java-runtime-interface-client 2.x (read 2026-11-21).
What a static initialiser or a constructor does is decided at run time: nothing is said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.doubt import wrapped
from lambdalint.handlers.java_classes import Absent, Classes, Unloadable, Unreadable
from lambdalint.handlers.java_members import dotted, judge_interface, judge_method
from lambdalint.handlers.java_nearest import explain
from lambdalint.handlers.java_path import EVENTS, ClassPath, is_system
from lambdalint.handlers.java_types import BadType
from lambdalint.model import Aws, Entry, Lacking, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Environment, Handler
    from lambdalint.handlers.classfile import ClassFile
    from lambdalint.handlers.java_path import Found

#: Classes whose members the handler's class uses and that are looked for.
_USED: Final = 200
#: Words in the JVM's own options that may bring more classes than the class path has.
_ADDING: Final = ("classpath", "-cp", "javaagent", "patch-module", "module-path")
_OPTIONS: Final = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    """Follow the handler string as the Java runtime would."""
    release = runtime.number[0]
    # Of an image that is not on AWS's base, java is started with a class path of its own.
    path = ClassPath(filesystem, release, environment.get("CLASSPATH") if filesystem.is_whole and runtime.os is None else None)
    for option in _OPTIONS:
        if any(word in (environment.get(option) or "") for word in _ADDING):
            path.unknown.append(f"what {option} adds to the class path")
    preview = any("--enable-preview" in (environment.get(option) or "") for option in _OPTIONS)
    search = _Search(filesystem, handler.text, Classes(path, release, preview=preview))
    return wrapped(search.resolve(), environment)


class _Search:
    """One handler string on its way through the runtime client."""

    def __init__(self, filesystem: Filesystem, text: str, classes: Classes) -> None:
        self._filesystem = filesystem
        self._text = text
        self._classes = classes
        self._path = classes.path

    def resolve(self) -> Resolution:
        name, colons, method = self._text.rpartition("::")
        name = name if colons else method
        if not name or not method:
            return self._resolution(_malformed(self._text))
        internal = name.replace(".", "/")
        if name.startswith("[") or (is_system(internal) and self._path.find(internal) is None):
            return Resolution()  # an array, or one of the runtime's own classes: not known here
        if "/" in name or self._path.find(internal) is None:
            return self._not_here(Sort.MODULE, explain(self._filesystem, self._path, name, method if colons else None))
        return self._class(internal, method if colons else None)

    def _class(self, internal: str, method: str | None) -> Resolution:
        try:
            clazz = self._classes.load(internal)
            assert clazz is not None  # it was found on the path
            fault = judge_interface(self._classes, clazz) if method is None else judge_method(self._classes, clazz, method)
        except Unloadable as problem:
            return self._unloadable(internal, problem)
        except Absent as absent:
            return self._lacks(internal, absent.name, absent.aws)
        except (Unreadable, BadType):
            lacking = Lacking(f"what is in the class file of {dotted(internal)}, which could not be read")
            return self._resolution(unsure=(Sort.MEMBER, lacking))
        if fault is not None:
            return self._resolution(fault)
        return self._used(clazz)

    def _unloadable(self, internal: str, problem: Unloadable) -> Resolution:
        aws = Aws(problem.error, f"Error loading class {dotted(internal)}: {problem.text}")
        if problem.found is None:
            return self._lacks(internal, problem.name, aws)
        name = dotted(problem.name)
        sort, why, fix, phase = Sort.SYNTAX, f"{name} is no class file", None, Phase.INIT
        if "wrong name" in problem.text:
            real = problem.text.rpartition("wrong name: ")[2].rstrip(")").replace("/", ".")
            sort, phase = Sort.MODULE, Phase.INVOKE
            why = f"the class file of {name} holds {real}"
            fix = f"put the file where its package says, and use {self._renamed(real)}"
        elif problem.error.endswith("VersionError"):
            sort = Sort.VERSION
            why, fix = self._version(name, problem)
        return self._resolution(Fault(sort, why, places=self._places(problem.found), aws=aws, fix=fix, phase=phase))

    def _renamed(self, real: str) -> str:
        _, colons, method = self._text.rpartition("::")
        return f"{real}::{method}" if colons else real

    def _version(self, name: str, problem: Unloadable) -> tuple[str, str]:
        release = self._classes.release
        assert problem.found is not None
        major = int.from_bytes(problem.found.data[6:8], "big")
        if "preview" in problem.text:
            return (
                f"{name} was compiled with preview features of Java {major - 44}",
                f"compile without --enable-preview, with --release {release}",
            )
        return (
            f"{name} is compiled for Java {major - 44} (class file version {major}), the runtime has Java {release}",
            f"compile with --release {release}\nor use the runtime java{major - 44}",
        )

    def _lacks(self, internal: str, missing: str, aws: Aws) -> Resolution:
        severity = Severity.WARNING if missing.startswith(EVENTS) else None
        fault = Fault(
            Sort.IMPORT,
            f"{dotted(internal)} needs the class {dotted(missing)}, which is neither in the package nor in lib/*.jar",
            places=self._places(self._path.find(internal)),
            aws=aws,
            fix="pack the dependencies: a shaded (fat) jar, or their jars in lib/",
            phase=Phase.INVOKE,
            severity=severity,
        )
        return self._not_here(Sort.IMPORT, fault)

    def _used(self, clazz: ClassFile) -> Resolution:
        """Warn of classes that the handler's code uses and that are nowhere, or too new: that fails later."""
        missing, newer = [], []
        for owner in clazz.owners[:_USED]:
            if not self._path.is_there(owner):
                missing.append(owner)
            else:
                problem = self._classes.too_new(owner)
                if problem is not None:
                    newer.append(problem)
        faults = [self._newer(problem) for problem in newer[:1]]
        if missing and self._path.unknown:
            return self._resolution(*faults, unsure=(Sort.IMPORT, Lacking(self._path.unknown[0])))
        if missing:
            faults.append(self._lazy(clazz, missing))
        return self._resolution(*faults)

    def _lazy(self, clazz: ClassFile, missing: list[str]) -> Fault:
        names = ", ".join(dotted(name) for name in missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
        return Fault(
            Sort.IMPORT,
            f"the code of {dotted(clazz.name)} uses {names}, which is neither in the package nor in lib/*.jar",
            places=self._places(self._path.find(clazz.name)),
            aws=Aws("java.lang.NoClassDefFoundError", missing[0]),
            fix="pack the dependencies: a shaded (fat) jar, or their jars in lib/",
            phase=Phase.INVOKE,
            severity=Severity.WARNING,
        )

    def _newer(self, problem: Unloadable) -> Fault:
        assert problem.found is not None
        why, fix = self._version(dotted(problem.name), problem)
        return Fault(
            Sort.VERSION, why, places=self._places(problem.found), aws=Aws(problem.error, problem.text), fix=fix,
            phase=Phase.INVOKE, severity=Severity.WARNING,
        )  # fmt: skip

    def _not_here(self, sort: Sort, fault: Fault) -> Resolution:
        """Return the fault, or a doubt where a place of the class path is not known."""
        if self._path.unknown:
            return self._resolution(unsure=(sort, Lacking(self._path.unknown[0])))
        return self._resolution(fault)

    def _resolution(self, *faults: Fault, unsure: tuple[Sort, Lacking] | None = None) -> Resolution:
        loaded = list(dict.fromkeys([*self._classes.nodes, *self._path.barred]))
        return Resolution(loaded, faults, () if unsure is None else (unsure,))

    @staticmethod
    def _places(found: Found | None) -> tuple[Entry, ...]:
        return () if found is None or found.node.entry is None else (found.node.entry,)


def _malformed(text: str) -> Fault:
    return Fault(
        Sort.FORM,
        f"the handler {text} names no {'class' if text.startswith('::') else 'method'}",
        aws=Aws(None, f"Invalid handler: `{text}'"),
        fix="write package.Class::method, or package.Class for a class that implements RequestHandler",
        phase=Phase.INVOKE,
        setting="Handler",
    )
