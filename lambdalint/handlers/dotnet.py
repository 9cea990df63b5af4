""".NET: follows ``ASSEMBLY::TYPE::METHOD``, or the name of a program, to what the runtime would start.

Source: bootstrap.sh, HandlerInfo and UserCodeLoader of Amazon.Lambda.RuntimeSupport (read 2026-11-21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers import dotnet_texts as texts
from lambdalint.handlers.dotnet_host import CONFIG, DEPS, LIMIT, Assets, Host, places
from lambdalint.handlers.dotnet_metadata import BadAssembly, NotManaged
from lambdalint.handlers.dotnet_method import Target
from lambdalint.handlers.dotnet_nearest import nearest_file, nearest_types, suggestion
from lambdalint.handlers.dotnet_types import Library
from lambdalint.handlers.doubt import wrapped
from lambdalint.model import OTHERS_EXECUTE, Aws, Lacking, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Filesystem, Node
    from lambdalint.function import Environment, Handler

#: Assemblies that are opened for one function.
_LIBRARIES: Final = 20
#: What .NET has itself, and what the runtime brings.
_FRAMEWORK: Final = ("System.", "Microsoft.")
_PROVIDED: Final = frozenset({"System", "mscorlib", "netstandard", "WindowsBase", "Amazon.Lambda.Core", "Amazon.Lambda.RuntimeSupport"})
_MAIN: Final = "LAMBDA_DOTNET_MAIN_ASSEMBLY"
#: Variables by which assemblies come from other places than the package.
_ADDING: Final = ("DOTNET_SHARED_STORE", "DOTNET_ADDITIONAL_DEPS", "DOTNET_STARTUP_HOOKS")


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    """Follow the handler string as the .NET runtime would. Raises Lacking for .NET Core, started in another way."""
    if runtime.number < (5,):
        raise Lacking(f"how the runtime {runtime.name} finds its handler")
    host = Host(filesystem, runtime, environment)
    search = _Search(host, handler.text, environment)
    return wrapped(search.class_library() if ":" in handler.text else search.program(), environment)


class _Search:
    """One handler string on its way through the start script, the host and the runtime's loader."""

    def __init__(self, host: Host, text: str, environment: Environment) -> None:
        self._host = host
        self._text = text
        self._environment = environment
        self._assets: Assets | None = None
        self._opened: dict[str, Library | None] = {}
        self._loaded: list[Node] = []
        self._faults: list[Fault] = []
        self._unsure: list[tuple[Sort, Lacking]] = []

    def program(self) -> Resolution:
        """A handler without a colon: an assembly that is a program, else a native program."""
        host, name = self._host, self._text
        assembly = name if name.endswith(".dll") else f"{name}.dll"
        node = host.file(assembly)
        if node is not None:
            return self._managed(node, assembly)
        node = host.file(name)
        if node is None:
            return self._no_program(assembly)
        self._loaded.append(node)
        if node.entry is not None and not (node.entry.mode or 0) & OTHERS_EXECUTE:
            mode = "no mode, which leaves it without" if node.entry.mode is None else f"mode {node.entry.mode:04o}, without"
            self._add(
                Sort.BOOTSTRAP, f"the program {name} has {mode} the right to execute", node,
                Aws("Runtime.ExitError", f"/var/runtime/bootstrap: {host.base}/{name}: Permission denied"),
                f"chmod +x {name} before zipping",
            )  # fmt: skip
        return self._done()

    def _managed(self, node: Node, assembly: str) -> Resolution:
        self._loaded.append(node)
        stem = assembly.removesuffix(".dll")
        config = self._host.file(stem + CONFIG)
        if config is None:
            text = "The library 'libhostpolicy.so' required to execute the application was not found"
            self._add(
                Sort.MANIFEST, f"{stem}{CONFIG} is not beside {assembly} (exit status 131)", node,
                Aws("Runtime.ExitError", f"A fatal error was encountered. {text} in '{self._host.base}/'."),
                "zip what `dotnet publish` or `dotnet lambda package` made",
            )  # fmt: skip
            return self._done()
        self._configure(config)
        library = self._parse(node)
        if library is not None and not library.tables.entry_point:  # a warning: this was read, not seen to fail
            self._no_entry(library, assembly, node)
        return self._done()

    def _no_entry(self, library: Library, assembly: str, node: Node) -> None:
        try:
            full = f"{library.full_name}, Culture=neutral, PublicKeyToken=null"
        except BadAssembly:
            self._unreadable(node)
            return
        text = f"Unhandled exception. System.MissingMethodException: Entry point not found in assembly '{full}'."
        self._add(
            Sort.FORM, f"{assembly} is a class library: it has no entry point, and the handler names no method", node,
            Aws(None, text), suggestion(self._host, node) or "write ASSEMBLY::TYPE::METHOD", setting="Handler",
            severity=Severity.WARNING,
        )  # fmt: skip

    def _no_program(self, assembly: str) -> Resolution:
        host, name = self._host, self._text
        near = host.nested(assembly, name) or nearest_file(self._host)
        why = f"there is no {assembly} and no {name} at the root"
        fix = None
        if near is not None:
            folder = host.folder(near)
            why += f"; found {f'{folder}/' if folder else ''}{near.name}"
            fix = f"zip what is in {folder}/, not the folder" if folder else f"set the handler to {near.name.removesuffix('.dll')}"
        text = f"Error: executable assembly {host.base}/{assembly} or binary {host.base}/{name} not found."
        self._add(Sort.MODULE, f"{why} (exit status 104)", near, Aws("Runtime.ExitError", text), fix, setting="Handler")
        return self._done()

    def class_library(self) -> Resolution:
        """A handler with a colon: a method in a class library, which the runtime's own program loads."""
        name = self._text.partition(":")[0]
        main = self._environment.get(_MAIN)
        if main:
            name = main.removesuffix(".dll")
        described = {}
        for suffix in (DEPS, CONFIG):
            node = self._host.described(name, suffix)
            if node is None:
                self._faults.append(self._host.missing(f"${{{_MAIN}}}" if main else name, suffix))
                return self._done()
            described[suffix] = node
            self._loaded.append(node)
        self._configure(described[CONFIG])
        deps = self._host.json(described[DEPS])
        if deps is None:
            self._faults.append(self._host.unreadable(described[DEPS]))
        else:
            self._assets = Assets(deps)
        parts = [part.strip() for part in self._text.split("::", 2)]
        if len(parts) == 3 and all(parts):
            self._assembly(parts[0], parts[1], parts[2], described[DEPS])
        else:
            self._malformed(parts)
        return self._done()

    def _configure(self, node: Node) -> None:
        config = self._host.json(node)
        if config is None:
            self._faults.append(self._host.unreadable(node))
            return
        fault = self._host.frameworks(node, config)
        if fault is not None:
            self._faults.append(fault)

    def _malformed(self, parts: list[str]) -> None:
        if len(parts) < 3:
            why = f"the handler {self._text} has {len(parts)} of three parts"
            text = texts.BAD_HANDLER.format(self._text)
        else:
            empty = ("assembly", "type", "method")[parts.index("")]
            why = f"the handler {self._text} names no {empty}"
            text = texts.LACKING_PART.format(self._text, empty)
        aws = Aws("LambdaValidationException", text)
        self._add(Sort.FORM, why, None, aws, "write ASSEMBLY::TYPE::METHOD, joined by two colons", setting="Handler")

    def _assembly(self, assembly: str, kind: str, method: str, deps: Node) -> None:
        if any(sign in assembly for sign in ",=\"'\\") or assembly.startswith(_FRAMEWORK) or assembly in _PROVIDED:
            return  # a full name, or an assembly of .NET's or the runtime's own
        listed = None if self._assets is None else self._assets.file_of(assembly)
        node = self._file_of(assembly)
        if node is None:
            self._no_assembly(assembly, kind, method, listed)
            return
        self._loaded.insert(0, node)
        if listed is None and self._assets is not None:
            self._add(
                Sort.MANIFEST, f"{deps.name} does not list {node.name}, and .NET looks up assemblies there", deps, None,
                "publish again, and pack deps.json as it was made", severity=Severity.WARNING,
            )  # fmt: skip
        library = self._parse(node)
        if library is not None:
            self._type(library, assembly, kind, method, node)

    def _file_of(self, assembly: str) -> Node | None:
        """Return an assembly's file: the one that deps.json lists, else the one of its name, in any case."""
        listed = None if self._assets is None else self._assets.file_of(assembly)
        if listed is not None:
            return self._host.file(listed)
        return next((node for name, node in self._host.root().items() if name.lower() == f"{assembly}.dll".lower()), None)

    def _no_assembly(self, assembly: str, kind: str, method: str, listed: str | None) -> None:
        near = nearest_file(self._host)
        why = f"there is no {assembly}.dll at the root"
        fix = None
        if listed is not None:
            why = f"deps.json lists {listed}, which is not in the package"
            fix = "zip what `dotnet publish` or `dotnet lambda package` made"
        elif assembly.lower().endswith((".dll", ".exe")):
            fix = f"set the handler to {assembly[:-4]}::{kind}::{method}"
        elif near is not None:
            why += f"; found {near.name}"
            fix = suggestion(self._host, near, kind, method)
        aws = None if "/" in assembly else Aws("LambdaValidationException", texts.NO_ASSEMBLY.format(assembly))
        self._add(Sort.MODULE, why, near, aws, fix, setting="Handler", adding=True)

    def _type(self, library: Library, assembly: str, kind: str, method: str, node: Node) -> None:
        try:
            if library.name is not None and library.name.lower() != assembly.lower():
                self._add(
                    Sort.MODULE, f"{node.name} calls itself {library.name}, the handler calls it {assembly}", node,
                    Aws("LambdaValidationException", texts.BAD_ASSEMBLY.format(assembly)),
                    f"set the handler to {library.name}::{kind}::{method}, and pack the file as {library.name}.dll",
                    severity=Severity.WARNING, setting="Handler",
                )  # fmt: skip
            if kind in library.types():
                fault = Target(library, assembly, kind, places(node), self._open).judge(method)
                self._faults += [] if fault is None else [fault]
                self._references(library, node)
            elif not any(sign in kind for sign in "[]*&,\\") and kind not in library.forwards():
                self._no_type(library, assembly, kind, method, node)
        except BadAssembly:
            self._unreadable(node)

    def _no_type(self, library: Library, assembly: str, kind: str, method: str, node: Node) -> None:
        near = nearest_types(library, kind, method)
        why = f"{node.name} has no type {kind}" + (f"; found {', '.join(near)}" if near else "")
        fix = "\nor ".join(f"set the handler to {assembly}::{name}::{method}" for name in near) or None
        aws = Aws("LambdaValidationException", texts.NO_TYPE.format(kind, assembly))
        self._add(Sort.MODULE, why, node, aws, fix, setting="Handler")

    def _references(self, library: Library, node: Node) -> None:
        """Warn of assemblies that the handler's refers to and that are nowhere: it fails when it first needs them."""
        for name, full in library.references().items():
            if name.startswith(_FRAMEWORK) or name in _PROVIDED or self._file_of(name) is not None:
                continue
            text = f"Could not load file or assembly '{full}'. The system cannot find the file specified."
            self._add(
                Sort.IMPORT, f"{node.name} refers to {name}, and {name}.dll is not in the package", node,
                Aws("FileNotFoundException", text), "zip what `dotnet publish` or `dotnet lambda package` made",
                severity=Severity.WARNING, phase=Phase.INVOKE, adding=True,
            )  # fmt: skip
            return

    def _open(self, assembly: str) -> Library | None:
        """Open another assembly of the package. None: it is not there, or cannot be read."""
        if assembly not in self._opened and len(self._opened) < _LIBRARIES:
            node = self._file_of(assembly)
            self._opened[assembly] = None
            if node is not None:
                self._loaded.append(node)
                try:
                    self._opened[assembly] = Library(self._host.filesystem.read(node, LIMIT))
                except BadAssembly:
                    return None
        return self._opened.get(assembly)

    def _parse(self, node: Node) -> Library | None:
        try:
            return Library(self._host.filesystem.read(node, LIMIT))
        except NotManaged as problem:
            aws = Aws("LambdaValidationException", texts.BAD_ASSEMBLY.format(node.name.removesuffix(".dll")))
            why = f"{node.name} is no .NET assembly: {problem}"
            fix = "pack the file that the build made"
            self._add(Sort.MODULE, why, node, aws if ":" in self._text else None, fix)
        except BadAssembly:
            self._unreadable(node)
        return None

    def _unreadable(self, node: Node) -> None:
        self._unsure.append((Sort.MEMBER, Lacking(f"what is in {node.name}, whose metadata could not be read")))

    def _add(
        self, sort: Sort, why: str, node: Node | None, aws: Aws | None, fix: str | None, *, setting: str | None = None,
        severity: Severity | None = None, phase: Phase = Phase.INIT, adding: bool = False,
    ) -> None:  # fmt: skip
        """Put down a fault. ``adding``: a variable that brings assemblies from elsewhere makes a doubt of it."""
        option = next((name for name in _ADDING if name in self._environment), None) if adding else None
        if option is not None:
            self._unsure.append((sort, Lacking(f"what {option} adds to the assemblies")))
            return
        self._faults.append(Fault(sort, why, places=places(node), aws=aws, fix=fix, phase=phase, severity=severity, setting=setting))

    def _done(self) -> Resolution:
        return Resolution(list(dict.fromkeys(self._loaded)), self._faults, self._unsure)
