"""Node.js: from the handler string to a function, as the runtime interface clients 3 (to nodejs22.x) and 4 (from nodejs24.x) do it.

Read from aws-lambda-ric 3.3.0 and 4.0.2 (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client) and held to
them by running both, 2026-11-21.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import TASK, Node
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.node_faults import Faults
from lambdalint.handlers.node_files import MANIFEST_LIMIT, Disk, relative
from lambdalint.handlers.node_graph import Graph
from lambdalint.handlers.node_resolve import Resolver
from lambdalint.handlers.node_tables import HANDLER_NAMES
from lambdalint.handlers.node_targets import Broken, File, Own, Target, Undecided
from lambdalint.handlers.node_urls import url_path
from lambdalint.handlers.node_verdict import Verdict, report_missing
from lambdalint.model import Aws, Lacking, Severity
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Environment, Handler
    from lambdalint.handlers.node_module import Module

_CLIENT: Final = "/var/runtime/index.mjs"
_MALFORMED: Final = "Runtime.MalformedHandlerName"
_SPLIT: Final = re.compile(r"([^.]*)\.(.*)")
#: Options of NODE_OPTIONS that run code, or find modules, in ways that are not modelled.
_HOOKS: Final = re.compile(r"(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader|-C|--conditions|--preserve-symlinks)\b")
#: Files of /var/runtime itself, which NODE_PATH makes loadable.
_RUNTIME_FILES: Final = frozenset({"bootstrap", "rapid-client", "runtime-release"})
_ALL: Final = (Sort.MODULE, Sort.MEMBER, Sort.SYNTAX, Sort.DIALECT, Sort.IMPORT)


class Name:
    """The handler string, read as the client reads it."""

    __slots__ = ("member", "module", "root", "text")

    def __init__(self, text: str, root: str, module: str, member: str) -> None:
        self.text: Final = text
        #: What stands before the file's name; from the first place where that name occurs, which need not be the last.
        self.root: Final = root
        #: Never with a dot in it.
        self.module: Final = module
        #: May have dots, for nested exports.
        self.member: Final = member

    @property
    def path(self) -> str:
        """The file without its suffix."""
        return posixpath.normpath(posixpath.join(TASK, self.root, self.module))


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    """Follow the handler string as the real runtime would."""
    text = handler.text
    wrapper = environment.get(EXEC_WRAPPER)
    if text.endswith(".sh") and wrapper:
        lacking = Lacking("what the Lambda Web Adapter makes of the handler")
        return Resolution(unsure=[(sort, lacking) for sort in _ALL])
    name = _read(text)
    if isinstance(name, Fault):
        return Resolution(faults=[name])
    finder = _Finder(Disk(filesystem, _major(runtime), environment), name, environment)
    try:
        finder.find()
    except Undecided:
        return finder.resolution()
    except Lacking as lacking:
        return finder.resolution([(sort, lacking) for sort in _ALL])
    if wrapper:
        return finder.softened(Lacking(f"what the wrapper {EXEC_WRAPPER} changes before Node.js starts"))
    return finder.resolution()


def _major(runtime: Runtime) -> int:
    digits = runtime.version.partition(".")[0]
    return int(digits) if digits.isdecimal() else 0


def _read(text: str) -> Name | Fault:
    if ".." in text:
        aws = Aws(
            _MALFORMED, f"'{text}' is not a valid handler name. Use absolute paths when specifying root directories in handler names."
        )
        return Fault(Sort.FORM, f"the handler {text} has two dots in a row, which the runtime refuses", aws=aws, setting="Handler")
    base = posixpath.basename(text.rstrip("/"))
    match = _SPLIT.fullmatch(base)
    if match is None:
        aws = Aws(_MALFORMED, "Bad handler")
        message = f"the handler {text} has no dot between file and export"
        fix = f"write {text.replace('::', '.').replace(':', '.')}" if ":" in text else f"write {text}.handler, the export after the dot"
        return Fault(Sort.FORM, message, aws=aws, setting="Handler", fix=fix)
    return Name(text, text[: text.index(base)], match[1], match[2])


class _Finder:
    """One resolution under way."""

    def __init__(self, disk: Disk, name: Name, environment: Environment) -> None:
        options = environment.get("NODE_OPTIONS") or ""
        self._disk: Final = disk
        self._name: Final = name
        self._resolver: Final = Resolver(disk)
        detects = _turned_on(options, "detect-module")
        self._faults: Final = Faults(disk, unsure=bool(_HOOKS.search(options)) or EXEC_WRAPPER in environment, detects=detects)
        self._graph: Final = Graph(
            disk,
            self._faults,
            # On by itself since 20.19; Lambda turns it off from nodejs22.x on.
            detects=disk.major == 20 or detects,
            requires_esm=_turned_on(options, "require-module"),
        )

    def resolution(self, unsure: list[tuple[Sort, Lacking]] | None = None) -> Resolution:
        return Resolution(self._graph.loaded, tuple(self._faults), [*(unsure or ()), *self._graph.lacking])

    def softened(self, lacking: Lacking) -> Resolution:
        """What an unknown program does before Node.js starts may make good what is missing, and nothing else."""
        missing = (Sort.MODULE, Sort.IMPORT)
        faults = [fault for fault in self._faults if fault.sort not in missing]
        return Resolution(self._graph.loaded, faults, [*((sort, lacking) for sort in missing), *self._graph.lacking])

    def find(self) -> None:
        """Raises Undecided and Lacking."""
        imports_first = self._disk.major >= 24
        try:
            module = self._import_first() if imports_first else self._require_first()
        except Broken as broken:
            self._faults.broken(broken.manifest, _CLIENT, imported=imports_first)
            return
        if module is None:
            return
        self._graph.follow(module)
        if module.complaint is None and module.unbound() is None and not module.ends_early and module.path not in self._graph.entered_again:
            Verdict(self._graph, self._name.text, self._name.member.split(".")).judge(module, imports_first=imports_first)

    def _require_first(self) -> Module | None:
        """RIC 3."""
        path, disk = self._name.path, self._disk
        if disk.find(path) is not None:
            return self._land(self._resolver.require(path, _CLIENT))
        script, common = disk.file(f"{path}.js"), disk.file(f"{path}.cjs")
        if script is not None:
            return self._import(f"{path}.js") if self._speaks_esm(path) else self._graph.by_require(script, _CLIENT)
        if disk.find(f"{path}.mjs") is not None:
            return self._import(f"{path}.mjs")
        if common is not None:
            return self._graph.by_require(common, _CLIENT)
        return self._last_resort()

    def _speaks_esm(self, path: str) -> bool:
        """The client's own look at package.json: one that it cannot parse counts as no module's."""
        directory = posixpath.dirname(path)
        while not directory.endswith("/node_modules"):
            manifest = self._disk.manifest(directory)
            if manifest is not None:
                return manifest.is_module and not manifest.bom
            if directory == "/":
                return False
            directory = posixpath.dirname(directory)
        return False

    def _import_first(self) -> Module | None:
        """RIC 4."""
        for suffix in ("", ".js", ".mjs", ".cjs"):
            if self._disk.find(self._name.path + suffix) is not None:
                return self._import(self._name.path + suffix)
        return self._last_resort()

    def _import(self, path: str) -> Module | None:
        """``import()`` of a path, which it takes for a URL."""
        meant = url_path(path)
        node = self._disk.find(meant)
        if node is not None and node.is_file:
            return self._graph.by_import(node, _CLIENT)
        if node is not None:
            self._directory(path, node)
            return None
        message = f"Node.js reads {relative(path)} as a URL, in which # and % mean something, and so looks for {relative(meant)}"
        aws = Aws("Error", f"Cannot find module '{meant}' imported from {_CLIENT}")
        self._faults.put(Sort.MODULE, message, self._disk.find(path), aws=aws, fix="rename the file", handler=True)
        return None

    def _directory(self, path: str, node: Node) -> None:
        aws = Aws("Error", f"Directory import '{path}' is not supported resolving ES modules imported from {_CLIENT}")
        beside = next((file for suffix in (".js", ".mjs", ".cjs") if (file := self._disk.file(path + suffix)) is not None), None)
        where = "the package's root" if path == TASK else relative(path)
        if beside is not None:
            message = f"{where} is a directory too, and nodejs{self._disk.major}.x takes that before {relative(beside.path)}"
            fix = f"rename the directory {where} or the file {relative(beside.path)}"
        else:
            message = f"{where} is a directory, which nodejs{self._disk.major}.x does not import"
            fix = f"set the handler to {'' if path == TASK else f'{where}/'}index.{self._name.member}"
        self._faults.put(Sort.MODULE, message, beside, node, aws=aws, fix=fix, handler=True)

    def _last_resort(self) -> Module | None:
        """``require.resolve(module, {paths})``."""
        name = self._name
        if not name.module or name.module in _RUNTIME_FILES:
            raise Undecided
        if self._faults.unsure and any(self._disk.file(f"{name.path}{suffix}") is not None for suffix in (".ts", ".mts", ".cts")):
            raise Undecided  # a hook such as tsx's takes it
        return self._land(self._resolver.from_directories(name.module, (TASK, posixpath.normpath(posixpath.join(TASK, name.root)))))

    def _land(self, target: Target) -> Module | None:
        if isinstance(target, File):
            module = self._graph.by_require(target.node, _CLIENT)
            if module is None and target.path.endswith(".json") and not tuple(self._faults):
                self._data(target)
            return module
        if isinstance(target, Own):
            self._own_module(target)
        else:
            report_missing(self._graph, self._name.path, self._name.member, target)
        return None

    def _own_module(self, target: Own) -> None:
        message = f"there is no file {relative(self._name.path)}.js, so that {target.name} means Node.js's own module"
        if self._name.member in HANDLER_NAMES:
            aws = Aws("Runtime.HandlerNotFound", f"{self._name.text} is undefined or not exported")
            self._faults.put(Sort.MEMBER, message, aws=aws, handler=True)
        else:
            self._faults.put(Sort.MODULE, message, handler=True, severity=Severity.WARNING)

    def _data(self, target: File) -> None:
        """A handler that leads to JSON, which holds no function."""
        import json

        value: object = json.loads(
            self._disk.filesystem.read(target.node, MANIFEST_LIMIT).decode("utf-8", "replace").removeprefix("\ufeff")
        )
        for key in self._name.member.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        what = "is not a function" if value or isinstance(value, (dict, list)) else "is undefined or not exported"
        message = f"{relative(target.path)} is what the handler leads to, and JSON holds no function"
        aws = Aws("Runtime.HandlerNotFound", f"{self._name.text} {what}")
        self._faults.put(Sort.MEMBER, message, target.node, aws=aws, handler=True)


def _turned_on(options: str, feature: str) -> bool:
    return f"--experimental-{feature}" in options and f"--no-experimental-{feature}" not in options
