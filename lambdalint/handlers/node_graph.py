"""The modules that a handler's file surely loads, and the first things that fail on the way."""

from __future__ import annotations

import re
from typing import Final

from lambdalint.filesystem import Node
from lambdalint.handlers import Fault, Sort
from lambdalint.handlers.node_files import Disk, Manifest, readable, relative
from lambdalint.handlers.node_module import Module
from lambdalint.handlers.node_near import missing_package
from lambdalint.handlers.node_resolve import Failure, File, Own, Resolver, Undecided
from lambdalint.handlers.node_syntax import Complaint
from lambdalint.model import Aws, Entry, Lacking, Phase, Severity

_DEPTH: Final = 8
_MODULES: Final = 200
#: Code that may change how modules are found.
_HOOKS: Final = re.compile(
    rb"_resolveFilename|_nodeModulePaths|_initPaths|registerHooks|module-alias|tsconfig-paths|app-module-path|\.pnp\.|globalPaths"
    rb"|module\.paths|process\.env\.NODE_PATH|Module\._load|Module\.register|module\.register"
)
SYNTAX: Final = "Runtime.UserCodeSyntaxError"


class Graph:
    """What is loaded, remembered by file; faults in the order in which they are met."""

    def __init__(self, disk: Disk, resolver: Resolver, *, detects: bool, requires_esm: bool, unsure: bool) -> None:
        self.disk: Final = disk
        self.resolver: Final = resolver
        #: Node.js tells ES modules by their syntax where package.json does not say.
        self.detects: Final = detects
        #: ``require`` takes ES modules: NODE_OPTIONS may turn that on.
        self.requires_esm: Final = requires_esm
        #: Something unknown runs before the function: no fault is certain.
        self.unsure: Final = unsure
        self.faults: Final[list[Fault]] = []
        self.lacking: Final[list[tuple[Sort, Lacking]]] = []
        self.loaded: Final[list[Node]] = []
        self._modules: Final[dict[tuple[str, bool], Module | None]] = {}
        self._visited: Final[set[tuple[str, bool]]] = set()
        self._hooked = False

    # loading

    def by_require(self, node: Node, parent: str) -> Module | None:
        """Load a file as ``require`` does; None: it is not JavaScript, or the way there fails or cannot be told."""
        name = node.name
        self._note(node)
        if name.endswith((".json", ".node", ".wasm", ".ts", ".mts", ".cts")):
            return None
        scope = self.disk.scope(node.path) if name.endswith(".js") else None
        if scope is not None and not self._manifest_is_fine(scope, parent, imported=False):
            return None
        if name.endswith(".mjs") or (scope is not None and scope.is_module):
            if not self.requires_esm and readable(node):
                self._required_esm(node, parent, scope)
            return None
        return self._module(node, esm=False)

    def by_import(self, node: Node, parent: str) -> Module | None:
        """Load a file as ``import`` does; None: it is not JavaScript, or the way there fails or cannot be told."""
        name, major = node.name, self.disk.major
        self._note(node)
        suffix = name[name.rindex(".") :] if "." in name.lstrip(".") else ""
        if suffix in (".mjs", ".cjs"):
            return self._module(node, esm=suffix == ".mjs")
        if suffix in (".json", ".wasm") or (suffix == ".node" and major >= 24) or (suffix in (".ts", ".mts", ".cts") and major >= 22):
            return None
        if suffix not in (".js", ""):
            text = f'Unknown file extension "{suffix}" for {node.path}'
            self._add(Sort.DIALECT, f"{relative(node.path)}: import takes no {suffix} file", node, aws=Aws("TypeError", text))
            return None
        scope = self.disk.scope(node.path)
        if scope is not None and not self._manifest_is_fine(scope, parent, imported=True):
            return None
        if scope is not None and scope.is_module:
            return self._module(node, esm=True) if suffix or major >= 22 else None
        told = scope is not None and scope.get("type") == "commonjs"
        return self._module(node, esm=None if self.detects and not told else False)

    def _note(self, node: Node) -> None:
        if node not in self.loaded:
            self.loaded.append(node)

    def _module(self, node: Node, *, esm: bool | None) -> Module | None:
        key = (node.path, bool(esm))
        if key not in self._modules:
            if len(self._modules) >= _MODULES or not readable(node):
                return None
            module = self._modules[key] = Module(self.disk, node, esm=esm)
            if _HOOKS.search(module.text):
                self._hooked = True
        return self._modules[key]

    def _manifest_is_fine(self, manifest: Manifest, parent: str, *, imported: bool) -> bool:
        path, major = manifest.path, self.disk.major
        if not readable(manifest.node):
            if major >= 24:
                text = f"Cannot read package config {path}: permission denied."
                self._add(
                    Sort.MANIFEST,
                    f"mode {manifest.node.entry.mode:04o} keeps Node.js from reading it"
                    if manifest.node.entry and manifest.node.entry.mode is not None
                    else "it cannot be read",
                    manifest.node,
                    aws=Aws("Error", text),
                )
                return False
            return True
        if manifest.data is not None:
            return True
        if manifest.fault is not None:
            if major >= 22:
                aws = Aws("Error", f"Invalid package config {path}.")
            elif imported:
                aws = Aws("Error", f"Invalid package config {path} while importing {parent}. {manifest.fault}")
            else:
                aws = Aws(SYNTAX, f"SyntaxError: Error parsing {path}: {manifest.fault}")
            self._add(
                Sort.MANIFEST,
                "it is not valid JSON, and Node.js reads it to load the code beside it",
                manifest.node,
                aws=aws,
                fix=f"node -e \"JSON.parse(require('fs').readFileSync('{relative(path)}'))\" shows where",
            )
        return False

    def _required_esm(self, node: Node, parent: str, scope: Manifest | None) -> None:
        shown = "" if self.disk.major < 20 and node.name.endswith(".mjs") else f" from {parent}"
        aws = Aws("Error", f"require() of ES Module {node.path}{shown} not supported.")
        why = (
            "its name ends in .mjs"
            if node.name.endswith(".mjs")
            else f"{relative(scope.path) if scope else 'package.json'} says type: module"
        )
        message = (
            f"{relative(node.path)} is an ES module ({why}), but {relative(parent)} requires it; Lambda turns require of ES modules off"
        )
        self._add(Sort.DIALECT, message, node, aws=aws, fix="bundle to CommonJS, or make the importing file an ES module too")

    # following

    def follow(self, module: Module, depth: int = 0) -> None:
        """Report what fails surely when a module is loaded, and what it surely loads."""
        key = (module.path, module.esm)
        if key in self._visited:
            return
        self._visited.add(key)
        if module.complaint is not None:
            self._complain(module, module.complaint)
            return
        if module.esm:
            self._follow_imports(module, depth)
            trouble = module.unbound()
            if trouble is not None:
                self._unbound(module, trouble)
                return
        self._follow_requests(module, depth)

    def _follow_imports(self, module: Module, depth: int) -> None:
        for wanted in module.imports:
            try:
                target = self.resolver.import_(wanted.specifier, module.path)
            except Undecided:
                continue
            except Lacking as lacking:
                self.lacking.append((Sort.IMPORT, lacking))
                continue
            if isinstance(target, Failure):
                self._lost(module, target, wanted.line, None)
            elif isinstance(target, File):
                self._enter_import(module, target, wanted.json, wanted.line, depth)
        for wanted in module.imports:
            for name in wanted.names:
                self._check_name(module, wanted.specifier, name, wanted.line)

    def _enter_import(self, module: Module, target: File, attributes: bool, line: int, depth: int) -> None:
        if target.path.endswith(".json") and not attributes:
            kind = '"type: json"' if self.disk.major >= 22 else 'type "json"'
            text = f'Module "file://{target.path}" needs an import attribute of {kind}'
            self._add(
                Sort.DIALECT,
                f"{relative(target.path)} is imported without an attribute",
                module.node,
                line=line,
                aws=Aws("TypeError", text),
                fix="import ... from '...' with { type: 'json' }",
            )
        if depth < _DEPTH:
            inner = self.by_import(target.node, module.path)
            if inner is not None:
                self.follow(inner, depth + 1)

    def _check_name(self, module: Module, specifier: str, name: str, line: int) -> None:
        from lambdalint.handlers.node_members import Binding, Members

        other = self.imported(module, specifier)
        if other is None or (not other.esm and name == "default"):
            return
        if Members(self).imported(other, name) is not Binding.MISSING:
            return
        if other.esm:
            text = f"SyntaxError: The requested module '{specifier}' does not provide an export named '{name}'"
        else:
            text = f"SyntaxError: Named export '{name}' not found. The requested module '{specifier}' is a CommonJS module, which may not support all module.exports as named exports."
        message = f"imports {name} from {specifier}, but {relative(other.path)} has no such export"
        self._add(Sort.IMPORT, message, module.node, line=line, aws=Aws(SYNTAX, text), also=other.node)

    def _follow_requests(self, module: Module, depth: int) -> None:
        for request in module.requests:
            if request.when == "later" and not _is_own(module):
                continue
            if request.when not in ("always", "later"):
                continue
            try:
                target = self.resolver.require(request.specifier, module.path)
            except Undecided:
                continue
            except Lacking as lacking:
                if request.when == "always":
                    self.lacking.append((Sort.IMPORT, lacking))
                continue
            if isinstance(target, Failure):
                self._lost(module, target, request.line, Phase.INVOKE if request.when == "later" else None)
            elif isinstance(target, File) and request.when == "always" and depth < _DEPTH:
                self._enter_require(module, target, depth)

    def _enter_require(self, module: Module, target: File, depth: int) -> None:
        inner = self.by_require(target.node, module.path)
        if inner is not None:
            self.follow(inner, depth + 1)

    def imported(self, module: Module, specifier: str) -> Module | None:
        """Return the module that an import leads to; None: it does not lead to one that can be read."""
        return self._quietly(module, specifier, by_import=True)

    def required(self, module: Module, specifier: str) -> Module | None:
        """Return the module that a require leads to; None: it does not lead to one that can be read."""
        return self._quietly(module, specifier, by_import=False)

    def _quietly(self, module: Module, specifier: str, *, by_import: bool) -> Module | None:
        before, loaded = len(self.faults), len(self.loaded)
        try:
            target = self.resolver.import_(specifier, module.path) if by_import else self.resolver.require(specifier, module.path)
            if not isinstance(target, File):
                return None
            return self.by_import(target.node, module.path) if by_import else self.by_require(target.node, module.path)
        except (Undecided, Lacking):
            return None
        finally:
            del self.faults[before:], self.loaded[loaded:]

    # faults

    def _complain(self, module: Module, trouble: Complaint) -> None:
        name = relative(module.path)
        fix = None
        if trouble.dialect and not module.esm:
            message = f"line {trouble.line} is ES module syntax, but {self._why_commonjs(module)}"
            fix = f'add "type": "module" to package.json, or rename it to {name.removesuffix(".js")}.mjs, or build it as CommonJS'
        elif trouble.dialect:
            message = f"line {trouble.line} is not allowed in an ES module: {trouble.text[0].lower()}{trouble.text[1:]}"
        else:
            message = (
                f"line {trouble.line} is not JavaScript that Node.js {self.disk.major} reads: {trouble.text[0].lower()}{trouble.text[1:]}"
            )
        sort = Sort.DIALECT if trouble.dialect else Sort.SYNTAX
        self._add(sort, message, module.node, line=trouble.line, aws=Aws(SYNTAX, f"SyntaxError: {trouble.text}"), fix=fix)

    def _why_commonjs(self, module: Module) -> str:
        if not module.path.endswith(".js"):
            return "its name makes it CommonJS"
        try:
            scope = self.disk.scope(module.path)
        except Lacking:
            scope = None
        if scope is None:
            return "no package.json makes .js files ES modules"
        kind = scope.get("type")
        told = f"says type: {kind}" if isinstance(kind, str) else "does not say type: module"
        return f"{relative(scope.path)} {told}"

    def _unbound(self, module: Module, trouble: Complaint) -> None:
        try:
            scope = self.disk.scope(module.path) if module.path.endswith(".js") else None
        except Lacking:
            scope = None
        why = "its name ends in .mjs" if scope is None else f"{relative(scope.path)} says type: module"
        word = trouble.text.partition(" ")[0]
        message = f"line {trouble.line} uses {word}, which an ES module does not have; it is one because {why}"
        stem = relative(module.path).rpartition(".")[0]
        fix = (
            f"rename it to {stem}.cjs"
            + ("" if scope is None else ', or take "type": "module" out of package.json')
            + ", or build it as an ES module"
        )
        self._add(Sort.DIALECT, message, module.node, line=trouble.line, aws=Aws("ReferenceError", trouble.text), fix=fix)

    def _lost(self, module: Module, failure: Failure, line: int, phase: Phase | None) -> None:
        cause = missing_package(self.disk, failure, module.path)
        sure = phase is None and (failure.sure or cause.proves) and not self._hooked
        message = f"line {line} of {relative(module.path)} needs {failure.specifier}: {cause.text or failure.reason}"
        severity = None if sure else Severity.WARNING
        places: list[Entry | str] = [*cause.places, *_entry(module.node)]
        aws = failure.aws if phase is None else Aws("Error", failure.aws.message.removeprefix("Error: "))
        self._put(
            Fault(
                Sort.IMPORT,
                message,
                places=places,
                aws=aws,
                fix=cause.fix,
                phase=phase,
                severity=self._cap(severity),
                line=None if cause.places else line,
            )
        )

    def _add(
        self,
        sort: Sort,
        message: str,
        node: Node,
        *,
        aws: Aws | None = None,
        fix: str | None = None,
        line: int | None = None,
        also: Node | None = None,
    ) -> None:
        places = [*_entry(node), *(_entry(also) if also is not None else ())]
        self._put(Fault(sort, message, places=places, aws=aws, fix=fix, line=line, severity=self._cap(None)))

    def _cap(self, severity: Severity | None) -> Severity | None:
        return Severity.WARNING if self.unsure and severity is None else severity

    def _put(self, fault: Fault) -> None:
        if not any(known.sort is fault.sort and known.hit.message == fault.hit.message for known in self.faults):
            self.faults.append(fault)


def _entry(node: Node) -> tuple[Entry, ...]:
    return () if node.entry is None else (node.entry,)


def _is_own(module: Module) -> bool:
    """Tell a hand-written file of the function from a dependency or a bundle, in which much is required that never runs."""
    bundled = b"__commonJS" in module.text or b"__webpack" in module.text or b"__toESM" in module.text
    return "/node_modules/" not in module.path and len(module.text) < 64 * 1024 and not bundled


__all__ = ["Graph", "Own"]
