"""Reads a Ruby file: what it defines, what it requires, and how sure that is, without running it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from lambdalint.handlers.ruby_parameters import Parameters

if TYPE_CHECKING:
    from tree_sitter import Node as Tree
    from tree_sitter import Parser

#: A larger source is not parsed, and no source longer than this many seconds: 1 MB of hostile Ruby takes ten.
LIMIT: Final = 512 << 10
SECONDS: Final = 2.0
_CHUNK: Final = 1 << 16

#: Words by which a program defines, hides or loads things at run time, so that its text does not tell what there is.
_DYNAMIC: Final = re.compile(
    rb"\b(?:define_method|define_singleton_method|method_missing|const_missing|const_set|class_eval|module_eval|class_exec|"
    rb"module_exec|instance_eval|instance_exec|eval|alias_method|def_delegators?|def_instance_delegators?|delegate|"
    rb"remove_method|undef_method|remove_const|refine|using|autoload|TracePoint|Zeitwerk|inherited|method_added|"
    rb"ObjectSpace|set_trace_func)\b"
    # Called on another object, they give it methods; ``list.include?`` does not.
    rb"|(?:\.\s*|:)(?:extend|include|prepend|singleton_class)\b(?![?:])"
)
_LOAD_PATH: Final = re.compile(rb"(?m)^.*(?:\$LOAD_PATH\b|\$:|\$-I).*$")
_COMMENT: Final = re.compile(rb"(?m)^[ \t]*#.*$")
Path = tuple[str, ...]


class Definition:
    """A ``def``."""

    __slots__ = ("inside", "line", "name", "owner", "parameters", "singleton", "sure")

    def __init__(
        self, name: str, owner: Path | None, parameters: Parameters | None, *,
        singleton: bool, sure: bool, inside: str | None, line: int,
    ) -> None:  # fmt: skip
        self.name: Final = name
        #: The class or module it is in; empty at the top level. None: not known.
        self.owner: Final = owner
        #: None: it is wrapped in a call, which may put something else in its place.
        self.parameters: Final = parameters
        self.singleton: Final = singleton
        #: Whether it is reached whenever the file is loaded.
        self.sure: Final = sure
        #: The method in which it stands, so that it comes to be when that is called. None: it stands in none.
        self.inside: Final = inside
        self.line: Final = line


class Body:
    """One ``class`` or ``module``, opened once."""

    __slots__ = ("extends", "includes", "kind", "module_functions", "open_ended", "path", "superclass", "sure")

    def __init__(self, path: Path | None, kind: str, *, sure: bool, superclass: str | None = None) -> None:
        #: None: not known.
        self.path: Final = path
        #: ``class``, ``module``, or ``value`` for a constant that something is assigned to.
        self.kind: Final = kind
        self.sure: Final = sure
        #: As written. None: none is named.
        self.superclass: Final = superclass
        #: What it is extended with and what it includes, as written: ``self``, a constant, or an expression.
        self.extends: Final[list[str]] = []
        self.includes: Final[list[str]] = []
        #: Methods made module functions: by name, or all that follow, told as ``*``.
        self.module_functions: Final[set[str]] = set()
        #: Whether something in it may define methods that its text does not show.
        self.open_ended = False


class Require:
    """One ``require``, ``require_relative`` or ``load``."""

    __slots__ = ("feature", "line", "sure", "verb")

    def __init__(self, verb: str, feature: str | None, *, sure: bool, line: int) -> None:
        self.verb: Final = verb
        #: None: computed at run time.
        self.feature: Final = feature
        #: Whether it is reached, with nothing around it that would catch its failure.
        self.sure: Final = sure
        self.line: Final = line


class Script:
    """What one file does when it is loaded."""

    __slots__ = (
        "bodies", "broken", "definitions", "has_error", "is_dynamic", "load_path", "requires", "root", "stops", "text", "top",
        "undefined",
    )  # fmt: skip

    def __init__(self, text: bytes, root: Tree) -> None:
        self.text: Final = text
        self.root: Final = root
        self.has_error: Final = root.has_error
        plain = _COMMENT.sub(b"", text)
        self.is_dynamic: Final = _DYNAMIC.search(plain) is not None
        #: The lines that change the load path, as written.
        self.load_path: Final = [line.decode("utf-8", "replace") for line in _LOAD_PATH.findall(plain)]
        self.definitions: Final[list[Definition]] = []
        self.bodies: Final[list[Body]] = []
        #: In the file's order.
        self.requires: Final[list[Require]] = []
        #: Names that ``undef`` takes away, with the line where it surely does so at the top level, else None.
        self.undefined: Final[dict[str, int | None]] = {}
        #: What Ruby refuses though the parser here does not: line, what it is, and what Ruby 3.3 says.
        self.broken: Final[list[tuple[int, str, str]]] = []
        #: The top level as a body, for what is included and extended there.
        self.top: Final = Body((), "top", sure=True)
        #: Whether the file surely ends the process while it is loaded; what follows is not in here.
        self.stops = False

    def mentions(self, name: str) -> bool:
        """Whether a name stands as a symbol or a string, by which methods are made and handed about."""
        word = re.escape(name.encode("utf-8", "surrogateescape"))
        return re.search(rb":" + word + rb"\b|['\"]" + word + rb"['\"]|\b" + word + rb":(?!:)", self.text) is not None


def parse(text: bytes) -> Script | None:
    """Return what a file does. None: it is too large or too odd to be parsed."""
    if len(text) > LIMIT:
        return None
    root = _tree(_parser(), text)
    if root is None:
        return None
    script = Script(text, root)
    from lambdalint.handlers.ruby_walk import walk

    walk(script)
    return script


def parses(text: bytes) -> bool:
    """Whether a text has no syntax error that the parser sees."""
    root = _tree(_parser(), text)
    return root is not None and not root.has_error


def _parser() -> Parser:
    from tree_sitter import Language, Parser
    from tree_sitter_ruby import language

    return Parser(Language(language()))


def _tree(parser: Parser, text: bytes) -> Tree | None:
    end = time.monotonic() + SECONDS
    try:
        tree = parser.parse(lambda at, _: text[at : at + _CHUNK], progress_callback=lambda _at, _error: time.monotonic() > end)
    except (ValueError, RecursionError, MemoryError):  # ValueError: stopped by the deadline
        return None
    return tree.root_node
