"""The archive is a package, but not that of a function.

A wheel holds one library without its dependencies, a layer's folders are searched under /opt and not in a function, and
a Terraform plan holds no code at all. All are zip archives, so AWS takes them, and the first invocation fails, for
example with ``Runtime.ImportModuleError: Unable to import module 'app': No module named 'app'``.

Fix: for a wheel ``pip install --target build name.whl`` and zip the folder; publish a layer as a layer, and lint it with
``--kind layer``; give the path of the package that Terraform builds, not that of its plan.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Package, Phase, Role, Severity, Surely, rule

LAYER = {"python", "nodejs", "ruby", "java", "extensions"}
LAYER_TOO = LAYER | {"bin", "lib"}


def is_code(path: str) -> bool:
    return path == "bootstrap" or path.endswith((".py", ".pyc", ".so", ".js", ".mjs", ".cjs", ".rb", ".jar", ".class", ".dll"))


def instead(package: Package) -> str | None:
    tops = {entry.path.partition("/")[0] for entry in package.entries}
    if {"tfplan", "tfstate"} <= tops:
        return "a Terraform plan, which holds no code"
    metadata = [top for top in tops if top.endswith(".dist-info")]
    # An installed distribution also names its installer; a wheel never does (PEP 376, PEP 427).
    if len(metadata) == 1 and package.get(f"{metadata[0]}/RECORD") and not package.get(f"{metadata[0]}/INSTALLER"):
        return f"a wheel, {metadata[0].removesuffix('.dist-info')}, without what it depends on"
    folders = {entry.path.partition("/")[0] for entry in package.files() if "/" in entry.path}
    loose = [entry.path for entry in package.files() if "/" not in entry.path]
    if folders & LAYER and folders <= LAYER_TOO and not any(is_code(path) for path in loose):
        return f"a layer: all its code is in {' and '.join(sorted(folders))}"
    return None


@rule("LL118", "not-a-function-package", Severity.ERROR, Phase.INIT)
def not_a_function_package(package: Package, role: Role, surely: Surely) -> Iterator[Hit]:
    what = instead(package) if role is Role.FUNCTION and surely.leads is not True else None
    if what is not None:
        plan = "Terraform" in what
        severity = None if plan or surely.leads is False else Severity.WARNING
        yield Hit(None, f"this is {what}", severity=severity)
