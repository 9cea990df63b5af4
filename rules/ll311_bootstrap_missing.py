"""A custom runtime has no bootstrap that could start.

An OS-only runtime (``provided.al2023``) executes the file ``bootstrap`` at the root of the package or of a layer; nothing
else is looked at, and the handler string plays no part: ``Runtime.InvalidEntrypoint: Couldn't find valid bootstrap(s):
[/var/task/bootstrap /opt/bootstrap]``.

Fix: name the program ``bootstrap``, put it at the root, make it executable.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
https://docs.aws.amazon.com/lambda/latest/dg/golang-package.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL311", "bootstrap-missing", Severity.ERROR, Phase.INIT)
def bootstrap_missing(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.BOOTSTRAP)
