"""One file that Node.js loads: its format, its source, what it exports and what it asks for."""

from __future__ import annotations

from typing import Final

from lambdalint.filesystem import Node
from lambdalint.handlers.node_commonjs import exports_of
from lambdalint.handlers.node_esm import Import, Interface, interface_of
from lambdalint.handlers.node_files import Disk
from lambdalint.handlers.node_source import SOURCE_LIMIT, Opaque, Site, Source, hiding, string_value, when
from lambdalint.handlers.node_syntax import Complaint, complaint, unbound
from lambdalint.handlers.node_tail import BUNDLE_LIMIT, TAIL_FROM, commonjs_tail, externals, module_tail
from lambdalint.handlers.node_values import UNKNOWN, Scope, Value, call_arguments


class Request:
    """A ``require`` with a plain string, and when it runs."""

    __slots__ = ("line", "specifier", "when")

    def __init__(self, specifier: str, moment: str, line: int) -> None:
        self.specifier: Final = specifier
        #: As ``node_source.when`` says.
        self.when: Final = moment
        self.line: Final = line


class Module:
    """A file as CommonJS or as an ES module; what cannot be told of it is simply not told."""

    __slots__ = ("_requests", "_scope", "_value", "complaint", "esm", "interface", "node", "path", "source", "tail", "text")

    def __init__(self, disk: Disk, node: Node, *, esm: bool | None) -> None:
        self.node: Final = node
        self.path: Final = node.path
        #: Empty when it is too large to look at, which ``source`` and ``tail`` then are None for.
        self.text: Final = _text(disk, node)
        known = node.entry is not None and node.entry.size <= BUNDLE_LIMIT
        self._value: Value | None = None
        self._requests: list[Request] | None = None
        #: What the end of a large bundle says. None: it is small, or says nothing.
        self.tail: Final = self._read_tail(esm)
        #: None: too large, or not understood.
        self.source: Final = _parse(self.text) if known and self.tail is None else None
        self._scope: Final = None if self.source is None else Scope(self.source)
        if esm is None:  # Node.js looks at the syntax where nothing else tells
            esm = self.source is not None and any(
                statement.type in ("import_statement", "export_statement") for statement in self.source.statements()
            )
        self.esm: Final = esm
        #: An ES module's statements. None: CommonJS, or not parsed.
        self.interface: Final = (
            interface_of(self.source, self._scope) if esm and self.source is not None and self._scope is not None else None
        )
        #: Why V8 refuses the file. None: no sure reason.
        self.complaint: Final = _complaint(self.source, self._scope, self.interface, disk.major)

    def _read_tail(self, esm: bool | None) -> Value | None:
        if len(self.text) < TAIL_FROM:
            return None
        return (None if esm else commonjs_tail(self.text)) or (None if esm is False else module_tail(self.text))

    @property
    def exports(self) -> Value:
        """What ``module.exports`` is."""
        if self._value is None:
            if self.tail is not None:
                self._value = self.tail
            elif self.source is None or self._scope is None or self.esm:
                self._value = UNKNOWN
            else:
                self._value = exports_of(self.source, self._scope)
        return self._value

    @property
    def imports(self) -> list[Import]:
        return [] if self.interface is None else self.interface.imports

    @property
    def requests(self) -> list[Request]:
        """What it requires by plain name, in order."""
        if self._requests is None:
            try:
                self._requests = self._find_requests()
            except Opaque:
                self._requests = []
        return self._requests

    @property
    def ends_early(self) -> bool:
        """True: its top level surely throws or exits, which is then what the runtime reports."""
        return self._end(returns=False) is not None

    def _end(self, *, returns: bool) -> int | None:
        """Return the byte from which on the top level need not run; None: it runs to its end."""
        source = self.source
        if source is None:
            return None
        try:
            ends = [site.start for site in source.leaves("throw") if site.steps[-1].type == "throw" and when(site) == "always"]
            exits = (site for site in source.leaves("process") if source.text.startswith(b"process.exit(", site.start))
            ends += [site.start for site in exits if when(site) == "always"]
            if returns:  # on whatever condition
                ends += [site.start for site in source.leaves("return") if next(site.functions(), None) is None]
        except Opaque:
            return 0
        return min(ends, default=None)

    def unbound(self) -> Complaint | None:
        """Return the first sure ReferenceError of a CommonJS name in an ES module."""
        if self.interface is None or self.source is None or self._scope is None:
            return None
        try:
            return unbound(self.source, self._scope)
        except Opaque:
            return None

    def _find_requests(self) -> list[Request]:
        source = self.source
        if source is None or self._scope is None:
            return [Request(name, "always", line) for name, line in externals(self.text)] if self.tail is not None and not self.esm else []
        own = "require" in self._scope.bound
        if not (own and b"createRequire(import.meta." in self.text) if self.esm else own:
            return []  # a function of its own, or in an ES module no require at all, unless a global one
        sites = source.mentions("require")
        hidden = {step.node.start_byte for site in sites for step in hiding(site)}
        end = self._end(returns=True)
        found: list[Request] = []
        for site in sites:
            if any(step.node.start_byte in hidden for step in site.functions()):
                continue
            specifier = _required(source, site)
            if specifier is not None:
                moment = when(site)
                if moment == "always" and end is not None and site.start > end:
                    moment = "sometimes"
                found.append(Request(specifier, moment, source.line(site.node)))
        return found


def _parse(text: bytes) -> Source | None:
    try:
        return Source(text) if len(text) <= SOURCE_LIMIT else None
    except Opaque:
        return None


def _complaint(source: Source | None, scope: Scope | None, interface: Interface | None, major: int) -> Complaint | None:
    try:
        return None if source is None or scope is None else complaint(source, scope, interface, major)
    except Opaque:
        return None


def _required(source: Source, site: Site) -> str | None:
    call = site.up(1)
    if call is None or call.type != "call_expression" or site.steps[-1].field != "function":
        return None
    arguments = call_arguments(call.node)
    return string_value(source, arguments[0]) if len(arguments) == 1 else None


def _text(disk: Disk, node: Node) -> bytes:
    """Raises Lacking when the bytes cannot be had."""
    if node.entry is None or node.entry.size > BUNDLE_LIMIT:
        return b""
    return disk.filesystem.read(node, BUNDLE_LIMIT)
