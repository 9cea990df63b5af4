"""A variable has the runtime load a file that is not there.

``--require`` and ``--import`` in NODE_OPTIONS and ``-javaagent`` in JAVA_TOOL_OPTIONS load a file before the function's own code.
Without it Node.js and Java end at once: the function has only ``Runtime exited with error: exit status 1`` (``Runtime.ExitError``),
and its log ``Error: Cannot find module '/opt/wrapper.js'``, ``Require stack: - internal/preload`` or ``Error opening zip file or JAR
manifest missing : /opt/java/lib/dd-java-agent.jar``. So do Ruby with a path after ``-r`` in RUBYOPT, and .NET with one in
DOTNET_STARTUP_HOOKS. Most often the layer that brings it was not added, or is for another runtime.

Fix: add the layer that brings the file, or take it out of the variable.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
https://github.com/DataDog/documentation/pull/11030
"""

from collections.abc import Iterator

from lambdalint import Environment, Filesystem, Hit, Phase, Runtime, Severity, rule

#: The variables that do so, by the family of runtimes that reads them.
VARIABLES = {"nodejs": "NODE_OPTIONS", "java": "JAVA_TOOL_OPTIONS", "ruby": "RUBYOPT", "dotnet": "DOTNET_STARTUP_HOOKS"}


@rule("LL315", "missing-preload", Severity.ERROR, Phase.INIT)
def missing_preload(variables: Environment, runtime: Runtime, filesystem: Filesystem) -> Iterator[Hit]:
    key = VARIABLES.get(runtime.family)
    # What an image starts, and in which folder, is its own.
    if key is None or key not in variables or filesystem.is_whole:
        return
    from lambdalint.handlers.preload import missing

    yield from missing(filesystem, runtime, variables, key)
