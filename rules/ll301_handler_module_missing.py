"""The handler names a file, class or assembly that is not where the runtime looks.

The handler string is a path, in each language's own grammar, from the root of the package (/var/task), for some also of
the layers (/opt). Zipping the folder instead of its content, a build that writes to ``dist/``, another spelling of
a name and a missing compile step are the usual reasons: ``Runtime.ImportModuleError: Unable to import module 'app': No
module named 'app'``, ``Error: Cannot find module 'index'``, ``cannot load such file -- app``, ``Class not found: example.App``.

Fix: let the handler name the file where it is, or zip the folder's content so that it is where the handler says.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL301", "handler-module-missing", Severity.ERROR, Phase.INIT)
def handler_module_missing(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.MODULE)
