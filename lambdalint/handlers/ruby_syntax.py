"""Faults by which Ruby refuses a whole file: its encoding, and its syntax as far as that is sure.

The parser here is not Ruby's own, so an error that only it sees is a warning: of the 1537 files that Ruby 3.1 brings it
refuses one. It is sure where a known cause is in sight and the parser agrees. The texts were measured with the Rubies
3.2.4, 3.3.3, 3.4.1 and 4.0.0 (2026-11-21); from 3.4 on the parser is Prism, which words things otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Fault, Sort
from lambdalint.handlers.ruby_source import Script, parses
from lambdalint.handlers.ruby_tables import ENCODINGS
from lambdalint.model import Aws, Entry, Severity

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

    from lambdalint.filesystem import Node

_COOKIE: Final = re.compile(rb"coding[:=][ \t]*([\w.-]+)", re.ASCII | re.IGNORECASE)
_LINE_ENDS: Final = re.compile(r"-(?:unix|dos|mac)$", re.IGNORECASE)
#: Not ASCII at their base, so that no source can be written in them.
_WIDE: Final = ("utf-16", "utf-16be", "utf-16le", "utf-32", "utf-32be", "utf-32le", "ucs-2be", "ucs-4be", "ucs-4le")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_MARKERS: Final = tuple(re.compile(rb"(?m)^" + mark) for mark in (rb"<<<<<<< ", rb"=======\r?$", rb">>>>>>> "))
_PYTHON_DEF: Final = re.compile(rb"(?m)^[ \t]*def \w+\([^()\n]*\):[ \t]*\r?$")
_END: Final = "syntax error, unexpected end-of-input"
#: What a file that ends too early may lack, and what Ruby 3.2, or 3.3 for ``end``, and Ruby 3.4 say then.
_CLOSERS: Final = (
    (b"\nend\n", "an end", f"{_END}, expecting `end' or dummy end", "syntax errors found"),
    (b"\n)\n", "a )", f"{_END}, expecting ')'", "syntax error found"),
    (b"\n]\n", "a ]", f"{_END}, expecting ']'", None),
    (b"\n}\n", "a }", f"{_END}, expecting '}}'", None),
    (b"'\n", "a '", "unterminated string meets end of file", None),
    (b'"\n', 'a "', "unterminated string meets end of file", None),
)
_DUMMY_END: Final = (3, 3)
_PRISM: Final = (3, 4)
#: Bytes that are no UTF-8 and are looked into, at most.
_SPOTS: Final = 50


def refusal(text: bytes, script: Script | None, node: Node, path: str, number: tuple[int, ...]) -> Fault | None:
    """Return why Ruby would not load a file, or None where nothing speaks against it.

    ``script`` None: the file could not be parsed here, which says nothing of it. ``path`` as Ruby would name it.
    """
    return _Judge(text, script, node, path, number).judge()


class _Judge:
    """One file, and Ruby's words for it."""

    def __init__(self, text: bytes, script: Script | None, node: Node, path: str, number: tuple[int, ...]) -> None:
        self._text = text
        self._script = script
        self._node = node
        self._path = path
        self._number = number
        self._prism = number >= _PRISM

    def judge(self) -> Fault | None:
        encoded = self._encoding()
        if encoded is not None or self._script is None or not self._script.has_error:
            return encoded or self._refused()
        if all(mark.search(self._text) for mark in _MARKERS):
            at = _MARKERS[0].search(self._text)
            line = self._line(at.start() if at else 0)
            return self._fault("the marks of an unfinished merge are in it", line, "syntax error, unexpected <<", "syntax errors found")
        python = _PYTHON_DEF.search(self._text)
        if python is not None and self._spoils(python.start(), python.end()):
            line = self._line(python.start())
            return self._fault("a def that ends with a colon, as in Python", line, "syntax error, unexpected ':'", "syntax errors found")
        return self._unbalanced() or self._refused() or self._doubtful()

    # The encoding.

    def _encoding(self) -> Fault | None:
        if self._text.startswith(_UTF16):
            return self._multibyte("it is written in UTF-16, and Ruby reads UTF-8", 1, "syntax errors found")
        cookie = self._cookie()
        if cookie is None or _LINE_ENDS.sub("", cookie[1]).lower() == "utf-8":
            return self._not_utf8()
        line, name = cookie
        plain = _LINE_ENDS.sub("", name).lower()
        if plain in ENCODINGS and plain not in _WIDE:
            return None
        message = f"its magic comment names the encoding {name}, which Ruby does not take"
        if self._prism:
            said = f"{self._path}:{line}: unknown or invalid encoding in the magic comment"
        else:
            said = f"{name.upper()} is not ASCII compatible" if plain in _WIDE else f"unknown encoding name: {name}"
        aws = Aws("Init<ArgumentError>", said)
        return Fault(Sort.SYNTAX, message, places=self._places(), line=line, aws=aws, fix="save it as UTF-8 without that comment")

    def _cookie(self) -> tuple[int, str] | None:
        """Return the line and the name of a magic comment: it counts on the first line, or the second after ``#!``."""
        lines = self._text.removeprefix(b"\xef\xbb\xbf").split(b"\n", 2)[:2]
        if not lines[0].startswith(b"#!"):
            lines = lines[:1]
        for number, line in enumerate(lines, 1):
            found = _COOKIE.search(line) if line.lstrip().startswith(b"#") else None
            if found is not None:
                return number, found[1].decode("ascii")
        return None

    def _not_utf8(self) -> Fault | None:
        if self._script is None:
            return None
        for at in _bad_bytes(self._text):
            if not self._in_comment(at):
                what = f"byte 0x{self._text[at]:02x} in line {self._line(at)} is no UTF-8"
                return self._multibyte(what, self._line(at), "syntax error found")
        return None

    def _in_comment(self, at: int) -> bool:
        assert self._script is not None
        node: Tree | None = self._script.root.descendant_for_byte_range(at, at + 1)
        while node is not None:
            if node.type in ("comment", "uninterpreted", "ERROR"):
                return True
            node = node.parent
        return False

    def _multibyte(self, message: str, line: int, prism: str) -> Fault:
        return self._fault(message, line, "invalid multibyte char (UTF-8)", prism, fix="save it as UTF-8")

    # The syntax.

    def _unbalanced(self) -> Fault | None:
        """A file that parses as soon as one thing is added at its end."""
        last = self._text.count(b"\n") + (not self._text.endswith(b"\n"))
        for closer, name, bison, prism in _CLOSERS:
            if parses(self._text + closer):
                said = _END if closer.strip() == b"end" and self._number < _DUMMY_END else bison
                return self._fault(f"{name} is missing: the file ends too early", last, said, prism)
        return None

    def _refused(self) -> Fault | None:
        """What the parser here lets pass."""
        if self._script is None or not self._script.broken:
            return None
        line, message, bison = self._script.broken[0]
        return self._fault(message, line, bison, "syntax error found")

    def _doubtful(self) -> Fault | None:
        line = self._line(self._first_error())
        message = "it looks like a syntax error to a parser that is not Ruby's own"
        return Fault(Sort.SYNTAX, message, places=self._places(), line=line, severity=Severity.WARNING)

    def _first_error(self) -> int:
        assert self._script is not None
        node = self._script.root
        while True:
            below = next((child for child in node.children if child.has_error or child.is_missing), None)
            if below is None or node.type == "ERROR":
                return node.start_byte
            node = below

    def _spoils(self, start: int, end: int) -> bool:
        assert self._script is not None
        node: Tree | None = self._script.root.descendant_for_byte_range(start, end)
        return node is not None and node.has_error

    def _fault(self, message: str, line: int, bison: str | None, prism: str | None, fix: str | None = None) -> Fault:
        said = prism if self._prism else bison
        aws = None if said is None else Aws("Init<SyntaxError>", f"{self._path}:{line}: {said}")
        return Fault(Sort.SYNTAX, message, places=self._places(), line=line, aws=aws, fix=fix)

    def _places(self) -> list[Entry]:
        return [] if self._node.entry is None else [self._node.entry]

    def _line(self, at: int) -> int:
        return self._text.count(b"\n", 0, at) + 1


def _bad_bytes(text: bytes) -> Iterator[int]:
    """Yield the places of bytes that are no UTF-8, some of them."""
    start = 0
    for _ in range(_SPOTS):
        try:
            text[start:].decode()
        except UnicodeDecodeError as error:
            yield start + error.start
            start += error.start + 1
        else:
            return
