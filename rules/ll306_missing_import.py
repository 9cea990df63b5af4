"""Something that is surely imported is in no place where the runtime looks.

The handler's file, or one that it loads, imports a module that is neither in the package, nor in a layer, nor in the
runtime. Dependencies that were not installed into the package, or for another folder, are the usual reason:
``Runtime.ImportModuleError: Unable to import module 'app': No module named 'requests'``, ``Error: Cannot find module
'uuid'`` (or ``'aws-sdk'``, which Node.js 18 and later lack: they have version 3 of the SDK), ``cannot load such file --
nokogiri``, ``attempted relative import with no known parent package``. Guarded and conditional imports are left alone.

Fix: install it into the package: ``pip install --target . NAME``, ``npm install NAME``, ``bundle install --path vendor/bundle``.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL306", "missing-import", Severity.ERROR, Phase.INIT)
def missing_import(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.IMPORT)
