"""The last step: whether a function is at the end of the handler string."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import Node
from lambdalint.handlers import Sort
from lambdalint.handlers.node_files import relative
from lambdalint.handlers.node_lexer import sees
from lambdalint.handlers.node_members import Binding, Found
from lambdalint.handlers.node_near import near
from lambdalint.handlers.node_values import Value, Worth
from lambdalint.model import Aws, Lacking, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.handlers.node_graph import Graph
    from lambdalint.handlers.node_module import Module
    from lambdalint.handlers.node_targets import Failure

_NOT_FOUND: Final = "Runtime.HandlerNotFound"
_CALLBACK: Final = (
    "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. "
    "You need to modify this function to use a supported handler signature to use Node.js 24 or later. "
    "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html."
)
_SHOWN: Final = 5
#: How bundles begin that keep to themselves what they export.
_BUNDLE: Final = re.compile(
    rb"(?:\s|//[^\n]*\n|/\*.*?\*/|[\"']use strict[\"'];?)*+(?:(?:var|let|const) \w+ ?= ?)?[!(]+(?:function\b|\(\) ?=>)",
    re.DOTALL,
)
#: How to have webpack, esbuild and rollup export
#: (https://webpack.js.org/configuration/output/#outputlibrarytype, https://esbuild.github.io/api/#format, read 2026-11-21).
_EXPORTING: Final = "webpack: output.library.type: 'commonjs2'; esbuild: --format=cjs --platform=node; rollup: output.format: 'cjs'"


class Verdict:
    """What is exported under the handler's name."""

    def __init__(self, graph: Graph, text: str, keys: list[str]) -> None:
        self._faults: Final = graph.faults
        self._major: Final = graph.disk.major
        self._members: Final = graph.members
        self._text: Final = text
        self._keys: Final = keys

    def judge(self, module: Module, *, imports_first: bool) -> None:
        """Report the fault, if there is one."""
        found = self._by_import(module) if imports_first else self._plain(module)
        if found is Binding.MISSING or (isinstance(found, Value) and found.worth is Worth.FALSY):
            self._missing(module, found)
        elif isinstance(found, Value):
            self._callable(module, found)

    def _plain(self, module: Module) -> Found:
        first = self._first(module)
        return self._members.path(module, first, self._keys[1:])

    def _first(self, module: Module) -> Found:
        key = self._keys[0]
        return self._members.imported(module, key) if module.esm else self._members.required(module, key)

    def _by_import(self, module: Module) -> Found:
        """First on the namespace, then on its default, each time only through objects."""
        if not module.esm and self._keys[0] == "default":
            return self._members.path(module, self._members.settled(module, module.exports), self._keys[1:])
        if not module.esm:
            return self._of_commonjs(module)
        found = self._plain(module)
        if found is not Binding.MISSING and not (isinstance(found, Value) and found.worth is Worth.FALSY):
            return found
        default = self._members.imported(module, "default")
        if not isinstance(default, Value):
            return found if default is Binding.MISSING else Binding.UNSURE
        if default.worth is Worth.UNKNOWN and default.same is None:
            return Binding.UNSURE
        if default.worth is not Worth.OBJECT:
            return Binding.MISSING
        return self._members.path(module, default, self._keys)

    def _of_commonjs(self, module: Module) -> Found:
        found = self._plain(module)
        value = module.exports
        if value.worth not in (Worth.FUNCTION, Worth.CLASS):
            return found
        # The default export is no object, so that only names which Node.js sees in the text are looked at.
        seen = None if module.source is None else sees(module.source, self._keys[0])
        if seen is False:
            return Binding.MISSING
        return found

    def _missing(self, module: Module, found: Found) -> None:
        file, member = relative(module.path), ".".join(self._keys) or "the empty name"
        names = self._exported(module)
        hollow = isinstance(found, Value)
        if hollow:
            message = f"{file} exports {member}, but gives it no value"
        elif module.interface is not None and member in module.interface.forwarded:
            message = f"{file} takes {member} from {module.interface.forwarded[member][0]}, which does not export it"
        elif names:
            message = f"{file} does not export {member}; it exports {', '.join(names[:_SHOWN])}"
        elif module.interface is None and module.exports.worth in (Worth.FUNCTION, Worth.CLASS):
            what = "class" if module.exports.worth is Worth.CLASS else "function"
            message = f"{file} does not export {member}: it exports one {what} as a whole"
        else:
            message = f"{file} does not export {member}, nor anything else"
        aws = Aws(_NOT_FOUND, f"{self._text} is undefined or not exported")
        # webpack has ways to export that do not show, such as a library in another chunk.
        severity = Severity.WARNING if not names and not hollow and b"webpack" in module.text else None
        fix = f"give {member} a function" if hollow else self._advice(module, names)
        self._faults.put(Sort.MEMBER, message, module.node, aws=aws, fix=fix, handler=True, severity=severity)

    def _exported(self, module: Module) -> list[str]:
        if module.interface is not None:
            names = list(module.interface.members)
        else:
            names = [name for name, value in module.exports.members.items() if value.worth is not Worth.FALSY]
        own = ".".join(self._keys)
        return sorted(name for name in names if name not in ("__esModule", "default", own)) + (["default"] if "default" in names else [])

    def _advice(self, module: Module, names: list[str]) -> str:
        import difflib

        member = ".".join(self._keys)
        stem = self._text[: len(self._text) - len(member) - 1]
        if module.path.endswith(f"/{posixpath.basename(stem)}.{self._keys[0]}") and self._keys[0] in ("js", "mjs", "cjs"):
            rest = ".".join(self._keys[1:]) or (names[0] if names else "handler")
            return f"set the handler to {stem}.{rest}: the file without its suffix, then the export"
        close = difflib.get_close_matches(member, names, 1) or names[:1]
        if close and close[0] != "default":
            return f"set the handler to {stem}.{close[0]}, or export {member}"
        if module.esm:
            how = "export default async" if member == "default" else f"export const {member} = async"
            return f"{f'set the handler to {stem}.default, or ' if names else ''}export it: {how} (event) => ..."
        if not names and _BUNDLE.match(module.text):
            return f"have the bundler export it, if one made this file ({_EXPORTING}), or write exports.{member} = ..."
        if module.exports.worth is Worth.FUNCTION:
            return f"write module.exports = {{ {member}: ... }} instead of module.exports = ..."
        return f"export it: exports.{member} = async (event) => ..."

    def _callable(self, module: Module, value: Value) -> None:
        file, member = relative(module.path), ".".join(self._keys)
        if value.worth in (Worth.PLAIN, Worth.OBJECT):
            aws = Aws(_NOT_FOUND, f"{self._text} is not a function")
            what = "an object" if value.worth is Worth.OBJECT else "a plain value"
            names = [name for name, inner in value.members.items() if inner.worth is Worth.FUNCTION]
            fix = self._nested(names[0]) if names and value.worth is Worth.OBJECT else None
            self._faults.put(Sort.MEMBER, f"{member} of {file} is {what}, not a function", module.node, aws=aws, fix=fix, handler=True)
        elif value.worth is Worth.CLASS:
            message = f"{member} of {file} is a class, which the runtime calls without new"
            aws = Aws("TypeError", "Class constructors cannot be invoked without 'new'")
            self._faults.put(Sort.SIGNATURE, message, module.node, aws=aws, handler=True, severity=Severity.WARNING, phase=Phase.INVOKE)
        elif value.worth is Worth.FUNCTION and value.arity is not None and value.arity >= 3 and self._major >= 24:
            message = f"{member} of {file} takes {value.arity} parameters; from nodejs24.x on a handler may not take a callback"
            fix = "make it async and return the result: async (event, context) => ..."
            aws = Aws("Runtime.CallbackHandlerDeprecated", _CALLBACK)
            self._faults.put(Sort.SIGNATURE, message, module.node, aws=aws, fix=fix, handler=True, phase=Phase.INIT)

    def _nested(self, name: str) -> str:
        """From nodejs24.x on what a CommonJS file exports is its default too, and is found without that word."""
        if self._keys == ["default"]:
            return f"set the handler to {self._text.removesuffix('default')}{name}"
        return f"set the handler to {self._text}.{name}"


def report_missing(graph: Graph, path: str, member: str, failure: Failure) -> None:
    """Report a handler whose file is not there, with what it may have meant."""
    wanted = relative(path)
    around = near(graph.disk, path)
    message = f"there is no {wanted}.js, {wanted}.mjs or {wanted}.cjs"
    fix = None
    if around.code:
        message += f"; found {', '.join(_describe(graph, node, member) for node in around.code)}"
        fix = _instead(graph, around.code[0], wanted, member)
    elif around.sources:
        message += f"; found {relative(around.sources[0].path)}, which Lambda does not load"
        fix = "compile it to JavaScript (tsc, esbuild) and package the result"
    graph.faults.put(Sort.MODULE, message, *around.code, *around.sources, aws=failure.aws, fix=fix, handler=True)


def _instead(graph: Graph, node: Node, wanted: str, member: str) -> str:
    """Say how to reach a file that was perhaps meant."""
    stem = relative(node.path).rpartition(".")[0]
    if "." in posixpath.basename(stem):
        return f"rename {relative(node.path)}: the runtime cuts the handler at the first dot of the file's name"
    fix = f"set the handler to {stem}.{_member_of(graph, node, member)}"
    top, _, rest = stem.partition("/")
    return f"{fix}\nor zip what is in {top}, not {top} itself" if rest == wanted else fix


def _describe(graph: Graph, node: Node, member: str) -> str:
    name = relative(node.path)
    return f"{name}, which exports {member}" if member in _names(graph, node) else name


def _member_of(graph: Graph, node: Node, member: str) -> str:
    names = _names(graph, node)
    if not names or member in names:
        return member
    return next((name for name in names if name not in ("default", "__esModule")), member)


def _names(graph: Graph, node: Node) -> list[str]:
    """Return what a candidate exports, as far as that shows."""
    from lambdalint.handlers.node_module import Module

    try:
        scope = graph.disk.scope(node.path)
        module = Module(
            graph.disk, node, esm=node.name.endswith(".mjs") or (node.name.endswith(".js") and scope is not None and scope.is_module)
        )
    except Lacking:
        return []
    return list(module.interface.members if module.interface is not None else module.exports.members)
