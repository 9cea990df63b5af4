"""The code is compiled for a newer version than the runtime has.

Compiled classes, assemblies and byte code name the version that they need: ``UnsupportedClassVersionError: ... has been
compiled by a more recent version of the Java Runtime (class file version 65.0), this version of the Java Runtime only
recognizes class file versions up to 61.0``, ``You must install or update .NET to run this application``.

Fix: compile for the runtime (``javac --release 17``, ``<TargetFramework>net8.0</TargetFramework>``), or move to a newer runtime.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL309", "built-for-newer-runtime", Severity.ERROR, Phase.INIT)
def built_for_newer_runtime(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.VERSION)
