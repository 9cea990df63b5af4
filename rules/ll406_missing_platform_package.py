"""A package of npm without its part for Lambda's platform.

Packages with native code, such as sharp, esbuild, @swc/core and rollup, declare one package for each platform in
optionalDependencies, and npm installs the one of the machine at hand. Zipped on a Mac, or with those pruned, the one for
Linux is not there: ``Could not load the "sharp" module using the linux-x64 runtime``, ``Cannot find native binding``,
``Failed to load native binding``, ``Cannot find module @rollup/rollup-linux-x64-gnu. npm has a bug related to optional
dependencies``. Prisma's engines follow binaryTargets of schema.prisma: ``Prisma Client could not locate the Query Engine for
runtime "rhel-openssl-3.0.x"``; without ``npx prisma generate`` there is no client: ``@prisma/client did not initialize yet``. A
package that is compiled when it is installed, and has sources and no addon (``npm install --ignore-scripts``), says ``Could not
locate the bindings file`` or ``No native build was found for platform=linux``. Packages that nothing surely loads are left
alone; one that loads without its part is a warning, and so is a part of another version.

Fix: ``npm install --os=linux --cpu=x64 --libc=glibc NAME``; for Prisma add Lambda's target to binaryTargets; ``npm rebuild NAME``
on Linux where it was not compiled.

Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html
https://sharp.pixelplumbing.com/install#aws-lambda
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule

if TYPE_CHECKING:
    from lambdalint import Platforms


@rule("LL406", "missing-platform-package", Severity.ERROR, Phase.INIT)
def missing_platform_package(platforms: Platforms) -> Iterator[Hit]:
    yield from platforms.missing()
    yield from platforms.engines()
