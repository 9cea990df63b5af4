"""The parameters of a Ruby method, and what Ruby says when Lambda calls it with ``event:`` and ``context:``.

The texts were measured with the Rubies 3.2.4, 3.3.3, 3.4.1 and 4.0.0 (2026-11-21); they are alike in all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node as Tree

#: The keywords of the runtime's call, in its order (call_handler in aws_lambda_ric/lambda_handler.rb).
GIVEN: Final = ("event", "context")


class Parameters:
    """How many and which arguments a method takes."""

    __slots__ = ("keywords", "optional", "refuses_keywords", "required", "required_keywords", "rest", "rest_keywords")

    def __init__(self) -> None:
        self.required = 0
        self.optional = 0
        self.rest = False
        self.keywords: Final[list[str]] = []
        self.required_keywords: Final[list[str]] = []
        self.rest_keywords = False
        #: ``**nil``.
        self.refuses_keywords = False

    def complaint(self) -> str | None:
        """Return what Ruby says of the call. None: it is taken."""
        if self.refuses_keywords:
            return "no keywords accepted"
        if not self.keywords and not self.rest_keywords:
            return self._wrong_number(1, "")
        missing = [name for name in self.required_keywords if name not in GIVEN]
        if self.required:
            names = ", ".join(self.required_keywords)
            plural = "s" if len(self.required_keywords) > 1 else ""
            return self._wrong_number(0, f"; required keyword{plural}: {names}" if names else "")
        if missing:
            return _keywords("missing", missing)
        unknown = [] if self.rest_keywords else [name for name in GIVEN if name not in self.keywords]
        return _keywords("unknown", unknown) if unknown else None

    def _wrong_number(self, given: int, tail: str) -> str | None:
        """The call's keywords come as one Hash to a method that knows no keywords, and as nothing to its other arguments."""
        most = self.required + self.optional
        if given >= self.required and (self.rest or given <= most):
            return None
        expected = f"{self.required}+" if self.rest else f"{self.required}..{most}" if self.optional else f"{self.required}"
        return f"wrong number of arguments (given {given}, expected {expected}{tail})"


def _keywords(what: str, names: list[str]) -> str:
    return f"{what} keyword{'s' if len(names) > 1 else ''}: {', '.join(f':{name}' for name in names)}"


def read_parameters(node: Tree | None, text: bytes) -> Parameters | None:
    """Read ``(a, b = 1, *c, d:, e: 1, **f, &g)``. None: it has something that this does not know."""
    found = Parameters()
    for child in () if node is None else node.named_children:
        kind = child.type
        if kind in ("identifier", "destructured_parameter"):
            found.required += 1
        elif kind == "optional_parameter":
            found.optional += 1
        elif kind == "splat_parameter":
            found.rest = True
        elif kind == "keyword_parameter":
            _keyword(found, child, text)
        elif kind == "hash_splat_parameter":
            found.rest_keywords = True
        elif kind == "hash_splat_nil":
            found.refuses_keywords = True
        elif kind == "forward_parameter":
            found.rest = found.rest_keywords = True
        elif kind not in ("block_parameter", "comment"):
            return None
    return found


def _keyword(found: Parameters, node: Tree, text: bytes) -> None:
    name = node.child_by_field_name("name")
    if name is None:
        return
    word = text[name.start_byte : name.end_byte].decode("utf-8", "replace")
    found.keywords.append(word)
    if node.child_by_field_name("value") is None:
        found.required_keywords.append(word)
