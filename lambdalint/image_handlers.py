"""Where an image's handler leads: what its start hands to AWS's script or to a runtime interface client, followed in its own tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from lambdalint.clients import client_of, natives_of
from lambdalint.filesystem import TASK, Node
from lambdalint.function import Environment
from lambdalint.handlers import Fault, Resolution, Sort, resolve
from lambdalint.model import Lacking, NotApplicable

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.clients import Client
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Handler
    from lambdalint.image_installed import Installed
    from lambdalint.layer_facts import Known
    from lambdalint.startup import Startup


def handler_of_image(facts: Known) -> str:
    """Return the handler, which the base image's script takes as its one argument, and a runtime interface client as its first."""
    found = cast("Startup", facts.get("followed"))
    if not found.is_aws:
        return _handler_of_client(found)
    if len(found.words) != 2:
        raise NotApplicable("the image names no one handler")
    if found.base != TASK:
        raise Lacking(f"what the runtime makes of WORKDIR {found.base}")
    return found.words[1]


def _handler_of_client(found: Startup) -> str:
    """Return the handler, where that is looked for from the working directory as AWS's runtimes look from /var/task."""
    client = client_of(found)
    arguments = None if client is None else client.arguments(found.words)
    if client is None or not arguments or client.language not in ("python", "nodejs", "ruby", "java"):
        raise NotApplicable("the image names no handler")
    return arguments[0]


def resolution_of_image(facts: Known, environment: Environment) -> Resolution:
    """Follow the handler as its runtime does in the image."""
    filesystem, runtime = cast("Filesystem", facts.get("filesystem")), cast("Runtime", facts.get("runtime"))
    handler = cast("Handler", facts.get("handler"))
    if runtime.family == "provided":
        raise NotApplicable("the image's own bootstrap reads the handler")
    started = cast("Startup", facts.get("followed"))
    client = client_of(started)
    if runtime.os is None:
        environment = _as_started(environment, started, client, runtime)
    found = resolve(_as_on_lambda(filesystem, runtime), handler, runtime, environment)
    found = _as_in_image(found, filesystem, runtime, handler, environment)
    if client is None or not found.loaded:
        return found
    nodes = [filesystem.find(path) for path in natives_of(filesystem, client) or ()]
    loaded = [*found.loaded, *(node for node in nodes if isinstance(node, Node) and node.is_file)]
    return Resolution(loaded, found.faults, found.unsure, found.further)


#: Where gems lie. A handler's file is looked for in the whole image before it is said to be nowhere.
_GEMS: Final = frozenset({"GEM_PATH", "GEM_HOME", "BUNDLE_PATH", "BUNDLE_GEMFILE"})
#: The options of java that take the class path as the next word; it stands in the place of the variable CLASSPATH
#: (https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html, read 2026-11-21).
_CLASS_PATH: Final = ("-cp", "-classpath", "--class-path")
#: What takes the options that stand on the command line otherwise.
_OPTIONS: Final = {"nodejs": "NODE_OPTIONS", "ruby": "RUBYOPT"}
#: Others by which java finds classes.
_MORE_CLASSES: Final = re.compile(
    r"@.*|-javaagent:.*|--(module-path|patch-module|upgrade-module-path)(=.*)?|-p|-Xbootclasspath.*|-Djava\.system\.class\.loader=.*"
)


def _as_started(environment: Environment, started: Startup, client: Client | None, runtime: Runtime) -> Environment:
    """Return the variables with what the command line has in the place of one, without those that move only gems."""
    values = dict(environment.items())
    options = () if client is None else started.words[1 : len(started.words) - len(client.arguments(started.words) or ()) - 1]
    if runtime.family == "ruby":
        values = {name: value for name, value in values.items() if name not in _GEMS}
    variable = _OPTIONS.get(runtime.family)
    if variable is not None and options and options[0] != "exec":  # bundle exec
        if not options[0].startswith("-"):
            raise NotApplicable(f"what {options[0]} makes of the function's files")
        values[variable] = " ".join([values.get(variable, ""), *options])
    elif runtime.family == "java":
        if any(_MORE_CLASSES.fullmatch(word) for word in options):
            raise NotApplicable("java is told to find classes otherwise")
        for number, word in enumerate(options):
            if word in _CLASS_PATH and number + 1 < len(options):
                values["CLASSPATH"] = options[number + 1]
            elif word.startswith("--class-path="):
                values["CLASSPATH"] = word.partition("=")[2]
    return Environment(values)


def _as_on_lambda(filesystem: Filesystem, runtime: Runtime) -> Filesystem:
    """Return the tree with the working directory of an image at /var/task too, from where Node.js's and Ruby's files are followed."""
    if runtime.os is not None or runtime.family not in ("nodejs", "ruby") or filesystem.base == TASK:
        return filesystem
    if isinstance(filesystem.find(TASK, follow=False), Node):
        raise NotApplicable(f"what is looked for from WORKDIR {filesystem.base}")
    return filesystem.also_at(TASK)


#: What is told of a handler by its own file, whatever it runs on.
_ANYWHERE: Final = (Sort.MODULE, Sort.MEMBER, Sort.FORM, Sort.SYNTAX, Sort.SIGNATURE)


def _as_in_image(
    found: Resolution, filesystem: Filesystem, runtime: Runtime, handler: Handler, environment: Environment
) -> Resolution:
    """Leave out what the language's own installation in the image may satisfy, where that is not modelled."""
    from lambdalint.image_installed import Installed

    faults, unsure = list(found.faults), list(found.unsure)
    if faults:
        installed = Installed(filesystem, runtime.family, runtime.version, environment)
        faults = [fault for fault in faults if _is_sure(fault, installed, filesystem, runtime, handler)]
    if runtime.os is None:
        faults = [_from_base(fault, filesystem.base) for fault in faults]
        unsure = [pair for pair in unsure if pair[0] in _ANYWHERE]
    return Resolution(found.loaded, faults, unsure, found.further)


def _is_sure(fault: Fault, installed: Installed, filesystem: Filesystem, runtime: Runtime, handler: Handler) -> bool:
    """Tell whether a fault is one wherever the image's own language has what is installed."""
    if fault.sort is Sort.IMPORT:
        if runtime.family == "nodejs":  # which looks in folders above the file, and nowhere else unless it is told to
            return True
        if runtime.os is not None and runtime.family == "python":
            return isinstance(filesystem.find(f"/var/lang/lib/python{runtime.version}"), Node)
        return runtime.family in ("python", "ruby") and not (fault.wanted and installed.may_have(fault.wanted))
    if runtime.os is not None:
        return True
    return fault.sort in _ANYWHERE and not (fault.sort is Sort.MODULE and installed.may_have(handler.text))


def _from_base(fault: Fault, base: str) -> Fault:
    """Return a fault that names files as a handler does: from the working directory."""
    hit, start = fault.hit, f"{base.rstrip('/')}/"
    if start == "/" or start not in f"{hit.message}{hit.fix}":
        return fault
    return fault.but(hit.message.replace(start, ""), fix=hit.fix and hit.fix.replace(start, ""))
