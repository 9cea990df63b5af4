"""What .NET's start script and host want of a package: deps.json, runtimeconfig.json, a framework that is there.

Sources: bootstrap.sh of Amazon.Lambda.RuntimeSupport; corehost/hostpolicy and corehost/fxr of dotnet/runtime; on
frameworks https://learn.microsoft.com/dotnet/core/versioning/binding (read 2026-11-21).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lambdalint.filesystem import Missing
from lambdalint.handlers import Fault, Sort
from lambdalint.model import Aws, Entry, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Filesystem, Node
    from lambdalint.function import Environment

DEPS: Final = ".deps.json"
CONFIG: Final = ".runtimeconfig.json"
#: An assembly that is read; the largest that people write are some 10 MB.
LIMIT: Final = 64 << 20
#: The largest real deps.json are some 500 KB.
_JSON_LIMIT: Final = 4 << 20
#: Files looked at for the sake of a better message.
_FILES: Final = 50_000
_SHARED: Final = ("Microsoft.NETCore.App", "Microsoft.AspNetCore.App")
_MAJOR: Final = ("major", "latestmajor")
_VERSION: Final = re.compile(r"(\d{1,9})\.(\d{1,9})(?:\.\d|$)")
#: JSON strings, and the comments that the host's reader allows. What never ends goes to the end: time stays linear.
_COMMENTS: Final = re.compile(r'("(?:[^"\\]|\\.)*"?)|/\*.*?(?:\*/|\Z)|//[^\n]*', re.DOTALL)


class Host:
    """The package as the start script sees it."""

    def __init__(self, filesystem: Filesystem, runtime: Runtime, environment: Environment) -> None:
        self.filesystem: Final = filesystem
        self._runtime = runtime
        self._environment = environment
        self.base: Final = filesystem.base

    def file(self, path: str) -> Node | None:
        """Return a regular file below the root."""
        found = self.filesystem.find(f"{self.base}/{path}")
        return None if isinstance(found, Missing) or not found.is_file else found

    def root(self) -> dict[str, Node]:
        """Return what lies at the root, by name."""
        found = self.filesystem.find(self.base)
        return {} if isinstance(found, Missing) else found.children or {}

    def nested(self, *suffixes: str) -> Node | None:
        """Return the first file deeper down whose name ends so."""
        for count, node in enumerate(self.filesystem.walk(self.base)):
            if count > _FILES:
                break
            if node.is_file and node.name.endswith(suffixes) and self.folder(node):
                return node
        return None

    def folder(self, node: Node) -> str:
        """Return the folder of a file, relative to the root; empty: the root itself."""
        return node.path.removeprefix(f"{self.base}/").rpartition("/")[0]

    def described(self, name: str, suffix: str) -> Node | None:
        """Return the file that the start script takes: of the assembly's name, else the only one at the root."""
        exact = self.file(name + suffix)
        if exact is not None:
            return exact
        others = [other for other in self.root() if other.endswith(suffix) and not other.startswith(".")]
        return self.file(others[0]) if len(others) == 1 else None

    def missing(self, name: str, suffix: str) -> Fault:
        """Return the fault of a deps.json or runtimeconfig.json that the start script does not find."""
        code = 105 if suffix == DEPS else 106
        several = sorted(other for other in self.root() if other.endswith(suffix))
        nested = self.nested(suffix)
        node, fix = nested, None
        if several:
            why = f"{name}{suffix} is not at the root, where {len(several)} others are: {', '.join(several[:3])}"
            node, fix = (
                self.file(several[0]),
                f"name the assembly in the handler, as {several[0].removesuffix(suffix)}::...",
            )
        elif nested is not None:
            why = f"{name}{suffix} is not at the root; the published program is in {self.folder(nested)}/"
            fix = f"zip what is in {self.folder(nested)}/, not the folder"
        else:
            why = f"{name}{suffix} is not in the package"
            option = "<GenerateRuntimeConfigurationFiles>true</GenerateRuntimeConfigurationFiles>"
            fix = "zip what `dotnet publish` or `dotnet lambda package` made"
            if suffix == CONFIG:
                fix += f"\nset {option} in the project"
        text = (
            f"Error: .NET binaries for Lambda function are not correctly installed in the {self.base} directory of the "
            f"image when the image was built. The {self.base} directory is missing the required {suffix} file."
        )
        return Fault(
            Sort.MANIFEST, f"{why} (exit status {code})", places=places(node), aws=Aws("Runtime.ExitError", text),
            fix=fix, phase=Phase.INIT,
        )  # fmt: skip

    def json(self, node: Node) -> dict[str, Any] | None:
        """Read a JSON object. None: it is none, or cannot be read here."""
        import json

        text = self.filesystem.read(node, _JSON_LIMIT).decode("utf-8-sig", "replace")
        for attempt in (text, _COMMENTS.sub(lambda match: match[1] or " ", text)):
            try:
                value = json.loads(attempt)
            except (ValueError, RecursionError):
                continue
            return value if isinstance(value, dict) else None
        return None

    def unreadable(self, node: Node) -> Fault:
        """Return the fault of a description that is no JSON: a warning, as the host's reader is another than ours."""
        return Fault(
            Sort.MANIFEST, f"{node.name} is no JSON object", places=places(node), phase=Phase.INIT,
            severity=Severity.WARNING, fix="publish again, and pack the file as it was made",
        )  # fmt: skip

    def frameworks(self, node: Node, config: dict[str, Any]) -> Fault | None:
        """Judge whether the runtime has the frameworks that runtimeconfig.json asks for."""
        options = config.get("runtimeOptions")
        if not isinstance(options, dict):
            return None
        listed = options.get("frameworks", [options.get("framework")])
        for framework in listed if isinstance(listed, list) else []:
            if isinstance(framework, dict):
                fault = self._framework(node, options, framework)
                if fault is not None:
                    return fault
        return None

    def _framework(self, node: Node, options: dict[str, Any], framework: dict[str, Any]) -> Fault | None:
        name, wanted = framework.get("name"), framework.get("version")
        version = _VERSION.match(wanted) if isinstance(wanted, str) else None
        has = (*self._runtime.number, 0)[:2]
        if name == "Microsoft.WindowsDesktop.App":
            why = f"needs {name}, which there is on Windows only"
            fix = "take UseWPF and UseWindowsForms out of the project, and publish for linux-x64 or linux-arm64"
        elif name not in _SHARED or version is None:
            return None
        else:
            asked = (int(version[1]), int(version[2]))
            if asked == has or (asked < has and (asked[0] == has[0] or self._rolls_over(options, framework))):
                return None
            why = f"needs {name} {wanted}, runtime {self._runtime.name} has {has[0]}.{has[1]}.x"
            fix = f"publish with TargetFramework net{has[0]}.{has[1]}"
            if asked[0] >= 6 and asked[1] == 0:
                fix += f"\nor use the runtime dotnet{asked[0]}"
        text = f"You must install or update .NET to run this application.\nFramework: '{name}', version '{wanted}'"
        return Fault(
            Sort.VERSION, f"{node.name} {why} (exit status 150)", places=places(node),
            aws=Aws("Runtime.ExitError", text), fix=fix, phase=Phase.INIT,
        )  # fmt: skip

    def _rolls_over(self, options: dict[str, Any], framework: dict[str, Any]) -> bool:
        """Whether a program for an older major version may run on this one, which by default it may not."""
        policies = (
            self._environment.get("DOTNET_ROLL_FORWARD"), framework.get("rollForward"), options.get("rollForward"),
        )  # fmt: skip
        if any(isinstance(policy, str) and policy.lower() in _MAJOR for policy in policies):
            return True
        old = (
            self._environment.get("DOTNET_ROLL_FORWARD_ON_NO_CANDIDATE_FX"),
            framework.get("rollForwardOnNoCandidateFx"),
            options.get("rollForwardOnNoCandidateFx"),
        )
        return any(str(policy) == "2" for policy in old)


class Assets:
    """The assemblies that deps.json lists: what .NET looks for, and where."""

    __slots__ = ("_listed",)

    def __init__(self, deps: dict[str, Any]) -> None:
        self._listed: Final[dict[str, str]] = {}
        targets = deps.get("targets")
        for target in targets.values() if isinstance(targets, dict) else ():
            for library in target.values() if isinstance(target, dict) else ():
                runtime = library.get("runtime") if isinstance(library, dict) else None
                for path, about in runtime.items() if isinstance(runtime, dict) else ():
                    local = about.get("localPath") if isinstance(about, dict) else None
                    file = local if isinstance(local, str) else path.rpartition("/")[2]
                    self._listed[file.rpartition("/")[2].rpartition(".")[0].lower()] = file

    def file_of(self, assembly: str) -> str | None:
        """Return the file, relative to deps.json, that an assembly is looked for in; names count in any case."""
        return self._listed.get(assembly.lower())


def places(*nodes: Node | None) -> tuple[Entry, ...]:
    """Return the entries of those nodes that have one."""
    return tuple(node.entry for node in nodes if node is not None and node.entry is not None)
