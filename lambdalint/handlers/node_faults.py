"""The faults of Node.js modules in words: ours, and beside them what the runtime prints."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lambdalint.filesystem import Node
from lambdalint.handlers import Fault, Sort
from lambdalint.handlers.node_esm import Import
from lambdalint.handlers.node_files import Disk, Manifest, readable, relative
from lambdalint.handlers.node_module import Module
from lambdalint.handlers.node_near import missing_package
from lambdalint.handlers.node_syntax import Complaint
from lambdalint.handlers.node_tables import NEWEST
from lambdalint.handlers.node_targets import Failure
from lambdalint.model import Aws, Entry, Lacking, Phase, Severity

SYNTAX: Final = "Runtime.UserCodeSyntaxError"


class Faults:
    """The faults of one function, in the order in which they are met; none twice."""

    __slots__ = ("_detects", "_disk", "_found", "_said", "_wanted", "hooked", "unsure")

    def __init__(self, disk: Disk, *, unsure: bool, detects: bool = False) -> None:
        self._disk: Final = disk
        #: Something unknown runs before the function: no fault is certain.
        self.unsure: Final = unsure
        #: NODE_OPTIONS asks for ES modules to be told by their syntax. Node.js itself does not take one by ``require`` then, unless it
        #: requires ES modules too; which of its flags Lambda leaves out is not on record.
        self._detects: Final = detects
        #: The function's own code may change how modules are found.
        self.hooked = False
        self._found: list[Fault] = []
        self._said: set[tuple[Sort, str]] = set()
        #: Packages that dependencies ask for in vain.
        self._wanted: Final[set[str]] = set()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found)

    def mark(self) -> int:
        """Return what ``forget`` takes to go back to this moment."""
        return len(self._found)

    def forget(self, mark: int) -> None:
        self._said -= {(fault.sort, fault.hit.message) for fault in self._found[mark:]}
        del self._found[mark:]

    def put(
        self,
        sort: Sort,
        message: str,
        *nodes: Node | None,
        aws: Aws | None = None,
        fix: str | None = None,
        line: int | None = None,
        handler: bool = False,
        severity: Severity | None = None,
        phase: Phase | None = None,
        first: tuple[Entry, ...] = (),
        wanted: str | None = None,
    ) -> None:
        """Add a fault. ``handler``: of the handler string; ``first``: entries before those of the nodes."""
        places = [*first, *(node.entry for node in nodes if node is not None and node.entry is not None)]
        unknown = sort is Sort.DIALECT and self._disk.major > NEWEST  # whether Lambda's flags are the same there
        if severity is None and (self.unsure or unknown):
            severity = Severity.WARNING
        if (sort, message) in self._said:
            return
        self._said.add((sort, message))
        setting = "Handler" if handler else None
        self._found.append(
            Fault(sort, message, places=places, aws=aws, fix=fix, line=line, setting=setting, severity=severity, phase=phase, wanted=wanted)
        )

    def broken(self, manifest: Manifest, parent: str, *, imported: bool) -> None:
        """A package.json that Node.js cannot read, where it must."""
        path, major = manifest.path, self._disk.major
        if not readable(manifest.node):
            if major >= 24:
                mode = "" if manifest.node.entry is None else f"mode {manifest.node.entry.mode or 0:04o} "
                aws = Aws("Error", f"Cannot read package config {path}: permission denied.")
                self.put(Sort.MANIFEST, f"{mode}keeps Node.js from reading it", manifest.node, aws=aws, fix="chmod o+r package.json")
            return
        if manifest.fault is None:
            return
        if major >= 22:
            aws = Aws("Error", f"Invalid package config {path}.")
        elif imported:
            aws = Aws("Error", f"Invalid package config {path} while importing {parent}. {manifest.fault}")
        else:
            aws = Aws(SYNTAX, f"SyntaxError: Error parsing {path}: {manifest.fault}")
        message = f"{relative(path)} is not valid JSON, and Node.js reads it to load the code beside it"
        fix = f"mend it: node -p \"JSON.parse(fs.readFileSync('{relative(path)}'))\" shows where it breaks off"
        self.put(Sort.MANIFEST, message, manifest.node, aws=aws, fix=fix)

    def required_esm(self, node: Node, parent: str, scope: Manifest | None) -> None:
        """``require`` of an ES module."""
        aware = self._disk.major >= 20 or not node.name.endswith(".mjs")
        aws = Aws("Error", f"require() of ES Module {node.path}{f' from {parent}' if aware else ''} not supported.")
        why = "its name ends in .mjs" if node.name.endswith(".mjs") or scope is None else f"{relative(scope.path)} says type: module"
        by = "the runtime" if parent.startswith("/var/runtime/") else relative(parent)
        message = f"{relative(node.path)} is an ES module ({why}), but {by} requires it, which Lambda turns off for ES modules"
        self.put(Sort.DIALECT, message, node, aws=aws, fix="bundle it to CommonJS, or make the file that requires it an ES module too")

    def syntax(self, module: Module, trouble: Complaint) -> None:
        """What V8 does not take."""
        name, said = relative(module.path), f"{trouble.text[0].lower()}{trouble.text[1:]}"
        fix = None
        if trouble.dialect and not module.esm:
            message = f"line {trouble.line} is ES module syntax, but {self._why_commonjs(module)}"
            stem, _, suffix = name.rpartition(".")
            typed = '' if suffix == "cjs" else 'add "type": "module" to package.json, or '
            fix = f"{typed}rename it to {stem if suffix in ('js', 'cjs') else name}.mjs, or build it as CommonJS"
        elif trouble.dialect:
            message = f"line {trouble.line} is not allowed in an ES module: {said}"
        else:
            message = f"line {trouble.line} is not JavaScript that Node.js {self._disk.major} reads: {said}"
        sort = Sort.DIALECT if trouble.dialect else Sort.SYNTAX
        aws = Aws(SYNTAX, f"SyntaxError: {trouble.text}")
        severity = Severity.WARNING if self._detects and trouble.dialect and not module.esm else None
        self.put(sort, message, module.node, line=trouble.line, aws=aws, fix=fix, severity=severity)

    def _why_commonjs(self, module: Module) -> str:
        if not module.path.endswith(".js"):
            return "its name makes it CommonJS"
        scope = self._scope(module.path)
        if scope is None:
            return "no package.json makes .js files ES modules"
        kind = scope.get("type")
        return f"{relative(scope.path)} {f'says type: {kind}' if isinstance(kind, str) else 'does not say type: module'}"

    def _scope(self, path: str) -> Manifest | None:
        try:
            return self._disk.scope(path)
        except Lacking:
            return None

    def unbound(self, module: Module, trouble: Complaint) -> None:
        """A name of CommonJS in an ES module."""
        scope = self._scope(module.path) if module.path.endswith(".js") else None
        why = "its name ends in .mjs" if scope is None else f"{relative(scope.path)} says type: module"
        word = trouble.text.partition(" ")[0]
        message = f"line {trouble.line} uses {word}, which an ES module does not have; it is one because {why}"
        stem = relative(module.path).rpartition(".")[0]
        other = "" if scope is None else ', or take "type": "module" out of package.json'
        fix = f"rename it to {stem}.cjs{other}, or build it as an ES module"
        self.put(Sort.DIALECT, message, module.node, line=trouble.line, aws=Aws("ReferenceError", trouble.text), fix=fix)

    def lost(self, module: Module, failure: Failure, line: int, phase: Phase | None) -> None:
        """A module that is not where Node.js looks; with a phase, one that is asked for in a function only."""
        if failure.wanted is not None and "/node_modules/" in module.path:
            if failure.wanted in self._wanted:
                return  # one cause is one finding, of many files of dependencies
            self._wanted.add(failure.wanted)
        cause = missing_package(self._disk, failure, module.path)
        sure = phase is None and (failure.sure or cause.proves) and not self.hooked
        message = f"line {line} of {relative(module.path)} needs {failure.specifier}: {cause.text or failure.reason}"
        aws = failure.aws if phase is None else Aws("Error", failure.aws.message.removeprefix("Error: "))
        severity = None if sure else Severity.WARNING
        at = None if cause.places else line
        self.put(
            Sort.IMPORT, message, module.node, first=cause.places, aws=aws, fix=cause.fix, phase=phase, severity=severity, line=at,
            wanted=failure.wanted,
        )  # fmt: skip

    def no_export(self, module: Module, other: Module, wanted: Import, name: str) -> None:
        """``import {name}`` of what the other module does not export."""
        specifier, line = wanted.specifier, wanted.line
        if other.esm or wanted.forwards:
            text = f"The requested module '{specifier}' does not provide an export named '{name}'"
        else:
            text = (
                f"Named export '{name}' not found. The requested module '{specifier}' is a CommonJS module, "
                "which may not support all module.exports as named exports."
            )
        message = f"line {line} of {relative(module.path)} imports {name} from {specifier}, but {relative(other.path)} does not export it"
        aws = Aws(SYNTAX, f"SyntaxError: {text}")
        default = f"; of CommonJS take the default: import all from '{specifier}'" if not other.esm else ""
        fix = f"export {name} from {relative(other.path)}, or import what it exports{default}"
        self.put(Sort.IMPORT, message, module.node, other.node, line=line, aws=aws, fix=fix)

    def no_attribute(self, module: Module, path: str, line: int) -> None:
        """JSON imported as if it were code."""
        kind = '"type: json"' if self._disk.major >= 22 else 'type "json"'
        aws = Aws("TypeError", f'Module "file://{path}" needs an import attribute of {kind}')
        message = f"line {line} of {relative(module.path)} imports {relative(path)} without saying that it is JSON"
        self.put(Sort.DIALECT, message, module.node, line=line, aws=aws, fix="import ... from '...' with { type: 'json' }")

    def no_json(self, node: Node, said: str) -> None:
        """A .json file that is none."""
        message = f"{relative(node.path)} is loaded, but is not valid JSON"
        self.put(Sort.SYNTAX, message, node, aws=Aws(SYNTAX, f"SyntaxError: {node.path}: {said}"))

    def no_code(self, node: Node, suffix: str) -> None:
        """``import`` of a file with a name that tells Node.js nothing."""
        aws = Aws("TypeError", f'Unknown file extension "{suffix}" for {node.path}')
        self.put(Sort.DIALECT, f"{relative(node.path)} is imported, and import takes no {suffix} files", node, aws=aws)
