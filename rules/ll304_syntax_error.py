"""A file that is surely loaded is not valid in the runtime's version of the language.

The machine that built the package may have a newer language than the runtime, so that it runs there and not on Lambda:
``Runtime.UserCodeSyntaxError: Syntax error in module 'app': invalid syntax (app.py, line 3)``. The grammar applied is
that of the function's runtime. So is what it reads and cannot evaluate: ``TypeError: unsupported operand type(s) for |: 'str' and
'NoneType'``; a union of built-in types before Python 3.10 is a warning, for their names may stand for something else.

Fix: mend the line, or move to a runtime that has the syntax.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL304", "syntax-error", Severity.ERROR, Phase.INIT)
def syntax_error(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.SYNTAX)
