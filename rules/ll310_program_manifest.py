"""A file that describes the program to the runtime is missing or wrong.

.NET needs ``ASSEMBLY.deps.json`` and ``ASSEMBLY.runtimeconfig.json`` at the root of the package; without them the runtime's
start script ends with exit status 105 or 106: ``Error: .NET binaries for Lambda function are not correctly installed in the
/var/task directory of the image``, ``Runtime exited with error: exit status 106`` (``Runtime.ExitError``). Older runtimes
said ``Could not find the required 'app.deps.json'. This file should be present at the root of the deployment package``.

Fix: deploy what ``dotnet publish`` wrote, all of it, with ``<GenerateRuntimeConfigurationFiles>true`` in the project.

Source: https://docs.aws.amazon.com/lambda/latest/dg/csharp-package.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL310", "program-manifest", Severity.ERROR, Phase.INIT)
def program_manifest(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.MANIFEST)
