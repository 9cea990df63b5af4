"""The modules that a handler's file surely loads, and the first things that fail on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lambdalint.filesystem import Node
from lambdalint.handlers import Sort
from lambdalint.handlers.node_esm import Import
from lambdalint.handlers.node_faults import Faults
from lambdalint.handlers.node_files import MANIFEST_LIMIT, Disk, Manifest, readable
from lambdalint.handlers.node_members import Binding, Members
from lambdalint.handlers.node_module import Module, Request
from lambdalint.handlers.node_resolve import Resolver
from lambdalint.handlers.node_targets import Broken, Failure, File, Target, Undecided
from lambdalint.model import Lacking, Phase

_DEPTH: Final = 8
_MODULES: Final = 200
#: Bytes of source in all that are parsed for one function; a second of parsing, roughly.
_BYTES: Final = 2 * 1024 * 1024
#: Code that may change how modules are found.
_HOOKS: Final = re.compile(
    rb"_resolveFilename|_nodeModulePaths|_initPaths|registerHooks|module-alias|tsconfig-paths|app-module-path|\.pnp\.|globalPaths"
    rb"|module\.paths|process\.env\.NODE_PATH|Module\._load|Module\.register|module\.register"
)


class Graph:
    """What is loaded, remembered by file."""

    def __init__(self, disk: Disk, faults: Faults, *, detects: bool, requires_esm: bool) -> None:
        self.disk: Final = disk
        self.faults: Final = faults
        self._resolver: Final = Resolver(disk)
        #: Node.js tells ES modules by their syntax where package.json does not say.
        self._detects: Final = detects
        #: ``require`` takes ES modules: NODE_OPTIONS may turn that on.
        self._requires_esm: Final = requires_esm
        self.lacking: Final[list[tuple[Sort, Lacking]]] = []
        self.loaded: Final[list[Node]] = []
        self._modules: Final[dict[tuple[str, bool | None], Module]] = {}
        self._bytes = 0
        #: Files that what they load asks for again, and may change.
        self.entered_again: Final[set[str]] = set()
        self._visited: Final[set[str]] = set()
        self.members: Final = Members(self.imported, self.required)

    def by_require(self, node: Node, parent: str) -> Module | None:
        """Load a file as ``require`` does; None: it is not JavaScript, or that fails or cannot be told."""
        name = node.name
        self._note(node)
        if name.endswith(".json"):
            self._load_json(node)
        if name.endswith((".json", ".node", ".wasm", ".ts", ".mts", ".cts")):
            return None
        scope = self.disk.scope(node.path) if name.endswith(".js") else None
        if scope is not None and scope.data is None and self._breaks(scope, parent, imported=False):
            return None
        if name.endswith(".mjs") or (scope is not None and scope.is_module):
            if not self._requires_esm and readable(node):
                self.faults.required_esm(node, parent, scope)
            return None
        return self._module(node, esm=False)

    def by_import(self, node: Node, parent: str) -> Module | None:
        """Load a file as ``import`` does; None: it is not JavaScript, or that fails or cannot be told."""
        name, major = node.name, self.disk.major
        self._note(node)
        suffix = name[name.rindex(".") :] if "." in name else ""
        if suffix in (".mjs", ".cjs"):
            return self._module(node, esm=suffix == ".mjs")
        if suffix in (".json", ".wasm") or (suffix == ".node" and major >= 24) or (suffix in (".ts", ".mts", ".cts") and major >= 22):
            return None
        if suffix not in (".js", ""):
            self.faults.no_code(node, suffix)
            return None
        scope = self.disk.scope(node.path)
        if scope is not None and scope.data is None and self._breaks(scope, parent, imported=True):
            return None
        if scope is not None and scope.is_module:
            return self._module(node, esm=True) if suffix or major >= 22 else None
        told = scope is not None and scope.get("type") == "commonjs"
        return self._module(node, esm=None if self._detects and not told else False)

    def _note(self, node: Node) -> None:
        if node not in self.loaded:
            self.loaded.append(node)

    def _breaks(self, manifest: Manifest, parent: str, *, imported: bool) -> bool:
        """Report a package.json that is no object. False: Node.js takes it for one that says nothing."""
        self.faults.broken(manifest, parent, imported=imported)
        return readable(manifest.node) or self.disk.major >= 24

    def _load_json(self, node: Node) -> None:
        import json

        if not readable(node) or node.entry is None or node.entry.size > MANIFEST_LIMIT:
            return
        text = self.disk.filesystem.read(node, MANIFEST_LIMIT).decode("utf-8", "replace").removeprefix("\ufeff")
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            from lambdalint.handlers.node_json import module_complaint

            said = module_complaint(text, self.disk.major)
            if said is not None:
                self.faults.no_json(node, said)

    def _module(self, node: Node, *, esm: bool | None) -> Module | None:
        key = (node.path, esm)
        if key not in self._modules:
            if len(self._modules) >= _MODULES or not readable(node) or node.entry is None:
                return None
            if self._modules and self._bytes + node.entry.size > _BYTES:
                return None
            self._bytes += node.entry.size
            module = self._modules[key] = Module(self.disk, node, esm=esm)
            self.faults.hooked = self.faults.hooked or _HOOKS.search(module.text) is not None
        return self._modules[key]

    def follow(self, module: Module, depth: int = 0) -> None:
        """Report what fails surely when a module is loaded, and what it surely loads."""
        if module.path in self._visited:
            self.entered_again.add(module.path)
            return
        self._visited.add(module.path)
        if self.disk.major < 18:
            return  # blocked runtimes, whose modules and syntax are not on record here
        if module.complaint is not None:
            self.faults.syntax(module, module.complaint)
            return
        for wanted in module.imports:
            self._follow_import(module, wanted, depth)
        for wanted in module.imports:
            self._check_names(module, wanted)
        trouble = module.unbound()
        if trouble is not None:
            self.faults.unbound(module, trouble)
            return
        for request in module.requests:
            if request.when == "always" or (request.when == "later" and _is_own(module)):
                self._follow_request(module, request, depth)

    def _follow_import(self, module: Module, wanted: Import, depth: int) -> None:
        target = self._target(module, wanted.specifier, self._resolver.import_, sure=True)
        if isinstance(target, Failure):
            self.faults.lost(module, target, wanted.line, None)
        elif isinstance(target, File):
            if target.path.endswith(".json") and not wanted.attributes:
                self.faults.no_attribute(module, target.path, wanted.line)
            inner = self.by_import(target.node, module.path) if depth < _DEPTH else None
            if inner is not None:
                self.follow(inner, depth + 1)

    def _check_names(self, module: Module, wanted: Import) -> None:
        other = self.imported(module, wanted.specifier) if wanted.names else None
        if other is None:
            return
        for name in wanted.names:
            if self.members.imported(other, name) is Binding.MISSING:
                self.faults.no_export(module, other, wanted, name)

    def _follow_request(self, module: Module, request: Request, depth: int) -> None:
        sure = request.when == "always"
        target = self._target(module, request.specifier, self._resolver.require, sure=sure)
        if isinstance(target, Failure):
            self.faults.lost(module, target, request.line, None if sure else Phase.INVOKE)
        elif isinstance(target, File) and sure and depth < _DEPTH:
            inner = self.by_require(target.node, module.path)
            if inner is not None:
                self.follow(inner, depth + 1)

    def _target(self, module: Module, specifier: str, way: Callable[[str, str], Target], *, sure: bool) -> Target | None:
        """Return where a specifier leads; None: it cannot be told, or a package.json on the way is broken."""
        try:
            return way(specifier, module.path)
        except Undecided:
            return None
        except Broken as broken:
            if sure:
                self.faults.broken(broken.manifest, module.path, imported=module.esm)
            return None
        except Lacking as lacking:
            if sure:
                self.lacking.append((Sort.IMPORT, lacking))
            return None

    def imported(self, module: Module, specifier: str) -> Module | None:
        """Return the module that an import leads to; None: none that can be read. Reports nothing."""
        return self._quietly(module, specifier, self._resolver.import_, self.by_import)

    def required(self, module: Module, specifier: str) -> Module | None:
        """Return the module that a require leads to; None: none that can be read. Reports nothing."""
        return self._quietly(module, specifier, self._resolver.require, self.by_require)

    def _quietly(
        self, module: Module, specifier: str, way: Callable[[str, str], Target], load: Callable[[Node, str], Module | None]
    ) -> Module | None:
        mark, loaded = self.faults.mark(), len(self.loaded)
        try:
            target = way(specifier, module.path)
            return load(target.node, module.path) if isinstance(target, File) else None
        except (Undecided, Broken, Lacking):
            return None
        finally:
            self.faults.forget(mark)
            del self.loaded[loaded:]


def _is_own(module: Module) -> bool:
    """Tell a hand-written file of the function from a dependency or a bundle, in which much is required that never runs."""
    bundled = b"__commonJS" in module.text or b"__webpack" in module.text or b"__toESM" in module.text
    return "/node_modules/" not in module.path and len(module.text) < 64 * 1024 and not bundled
