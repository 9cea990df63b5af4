"""What is said of a Python handler that fails: the cause in this package, AWS's own text, what to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.aws import python_api as api
from lambdalint.aws import python_modules as known
from lambdalint.filesystem import Filesystem, Missing, Node
from lambdalint.handlers import Fault, Sort
from lambdalint.handlers import python_layout as layout
from lambdalint.handlers.python_imports import Imports, Module, Problem
from lambdalint.model import Aws, Entry, Lacking, Phase, Severity

if TYPE_CHECKING:
    from lambdalint.handlers.python_signature import Misfit

_ELF: Final = b"\x7fELF"
#: Bytes of an ELF header, without which the dynamic loader does not look further.
_ELF_HEADER: Final = 64


class Wording:
    """Puts what was found about one handler into faults."""

    def __init__(self, filesystem: Filesystem, module: str, member: str, imports: Imports) -> None:
        self.filesystem = filesystem
        #: As typed.
        self.module = module
        self.member = member
        self.imports = imports
        self.minor = imports.minor

    def place(self, node: Node | None) -> list[Entry | str]:
        return [] if node is None else [layout.place(node, self.filesystem)]

    def shown(self, node: Node | None) -> str:
        return self.module if node is None else layout.shown(node, self.filesystem)

    @property
    def text(self) -> str:
        return f"{self.module}.{self.member}" if self.module else f".{self.member}"

    @property
    def stem(self) -> str:
        return self.module.replace(".", "/").strip("/")

    def not_imported(self, text: str) -> Aws:
        return errors.raised(self.module, "ImportError", text)

    def not_found(self) -> Aws:
        return Aws("Runtime.HandlerNotFound", f"Handler '{self.member}' missing on module '{self.module}'")

    # The string.

    def form(self, why: str, aws: Aws) -> Fault:
        text = self.member if aws.code == "Runtime.MalformedHandlerName" else self.text
        if aws.code == "Runtime.BuiltInModuleConflict":
            return self._built_in(why, aws)
        near = layout.meant(self.filesystem, text, self.minor) or layout.holder(self.filesystem, self.member)
        if near is None:
            places: list[Entry | str] = []
            fix = "set the handler to module.function, such as app.handler"
        else:
            places, fix = self.place(near[1]), f"set the handler to {near[0]}"
        return Fault(Sort.FORM, f"{text!r} leads to no module: {why}", places=places, aws=aws, fix=fix, setting="Handler")

    def _built_in(self, why: str, aws: Aws) -> Fault:
        own = self.filesystem.file(f"{self.filesystem.base}/{self.module}.py")
        fix = f"rename the file, for instance to my_{self.module.rpartition('/')[2]}.py, and set the handler to that"
        return Fault(Sort.FORM, f"{self.text!r} leads to no module: {why}", places=self.place(own), aws=aws, fix=fix, setting="Handler")

    def too_long(self, parent: Module, aws: Aws) -> Fault:
        """``app.py.handler`` or ``app.Handler.run``: what stands before is a file, not a package."""
        path = self.shown(parent.spec.node)
        stem = parent.name.replace(".", "/")
        rest = self.module.replace("/", ".")[len(parent.name) + 1 :]
        fix = f"set the handler to {stem}.{self.member}"
        if rest == "py":
            why = f"it names the file {path} with its suffix"
        elif not rest.strip("."):
            why = "two of its separators stand side by side"
        else:
            why = f"{path} is a module, and only a name at its top level can be the handler, not one inside {rest}"
            fix = f"add {self.member} = {rest}.{self.member} to {path}, and {fix}"
        return Fault(
            Sort.FORM, f"{self.text!r} leads to no module: {why}", places=self.place(parent.spec.node), aws=aws, fix=fix,
            setting="Handler",
        )  # fmt: skip

    # What an import raises.

    def failed(self, problem: Problem) -> Fault:
        """Put what an import raises into the runtime's words, and say what is behind it."""
        if problem.kind == "syntax":
            return self.unparsed(problem)
        aws = self.not_imported(problem.text)
        if problem.kind != "module":
            return self.broken(problem, aws)
        return self.absent(problem, aws) if problem.node is None else self.unmet(problem, aws)

    def together(self, problems: list[Problem]) -> Fault:
        """One fault for what several files meet alike."""
        fault = self.failed(problems[0])
        others = [one for problem in problems[1:] for one in self.place(problem.node)]
        places = fault.hit.places
        return fault.but(fault.hit.message, places=[*places, *(one for one in others if one not in places)])

    def at_call(self, problem: Problem) -> Fault:
        """The same, raised by the handler function itself when it is called."""
        kind = "ModuleNotFoundError" if problem.kind == "module" else problem.type
        fault = self.failed(problem)
        said = f"{fault.hit.message}, at each call"
        return fault.but(said, aws=Aws(kind, problem.text), phase=Phase.INVOKE, severity=Severity.WARNING)

    def unparsed(self, problem: Problem) -> Fault:
        from lambdalint.handlers.python_refusal import refusal

        assert problem.node is not None
        aws = errors.raised(self.module, problem.type, problem.text)
        name = self.imports.modules[problem.name].spec.path.rpartition("/")[2]
        message, fix = refusal(problem.type, problem.text.partition(f" ({name}, line")[0], problem.newer, self.minor)
        return Fault(
            Sort.SYNTAX, message, places=self.place(problem.node), aws=aws, fix=fix, line=problem.line,
            severity=problem.severity,
        )  # fmt: skip

    def broken(self, problem: Problem, aws: Aws) -> Fault:
        """A relative import with nothing to start from, a compiled file of another Python, a name that is not there."""
        where = self.shown(problem.node)
        sort, wanted = Sort.IMPORT, None
        if problem.kind == "relative":
            message = f"{where} imports {problem.name}, but {self._relative(problem)}"
            full = problem.name.lstrip(".") or "the module"
            fix = f"import {full} without the dots before it"
        elif problem.kind == "magic":
            sort = Sort.VERSION
            message = f"{where} was compiled by another Python than 3.{self.minor}"
            fix = f"package the source, or compile it with Python 3.{self.minor}"
        else:
            module, _, name = problem.name.rpartition(".")
            message = f"{where} imports {name} from {module}, which {self._lacks(module, name, problem)}"
            fix = f"import what {module} has, or define {name} there"
            if "(unknown location)" in problem.text:
                fix = f"package the distribution that brings {module}.{name}, often named {f'{module}.{name}'.replace('.', '-')}"
            own, wanted = self._own(module), module
            if own is not None and self.imports.is_hidden(module, name):
                return self.hidden_import(f"{where} imports {name} from {module}", own, aws)
        return Fault(
            sort, message, places=self.place(problem.node), aws=aws, fix=fix, line=problem.line,
            severity=problem.severity, wanted=wanted,
        )  # fmt: skip

    def hidden_import(self, said: str, own: Node, aws: Aws) -> Fault:
        message = f"{said} and gets the standard library's, for {self.shown(own)} is never loaded"
        return Fault(Sort.SHADOW, message, places=self.place(own), aws=aws, fix=f"rename {self.shown(own)}, and what imports it")

    def _relative(self, problem: Problem) -> str:
        if "no known parent" in problem.text:
            return "the runtime loads it as a top-level module, which no package stands above"
        return "that leads out of its top-level package"

    def _lacks(self, module: str, name: str, problem: Problem) -> str:
        if api.gone_from(module, name, self.minor):
            brought = api.since(module, name)
            if brought is not None and brought > self.minor:
                return f"has it from Python 3.{brought} on only"
            return f"does not have it in Python 3.{self.minor}"
        if "circular" in problem.text:
            return "is not done importing at that point: they import each other"
        return "does not define it"

    def unmet(self, problem: Problem, aws: Aws) -> Fault:
        from lambdalint.handlers.python_missing import dependency

        cause = dependency(self.filesystem, problem, self.minor)
        own = self.place(problem.node)
        line = problem.line if cause.places[:1] == own else None
        return Fault(
            Sort.IMPORT, cause.message, places=cause.places, aws=aws, fix=cause.fix, severity=problem.severity, line=line,
            wanted=problem.name,
        )  # fmt: skip

    # The module.

    def absent(self, problem: Problem, aws: Aws) -> Fault:
        """The handler's own module, or a package on the way to it, is not there."""
        parts = self.module.replace("/", ".").split(".")
        parent = self.imports.modules.get(problem.name.rpartition(".")[0])
        if parent is not None and parent.spec.node is not None and not parent.spec.is_package:
            return self.too_long(parent, aws)
        if "" in parts:
            return self.form("two of its separators stand side by side", aws)
        cause = layout.handler_module(self.filesystem, parts, self.member, self.minor)
        return Fault(Sort.MODULE, cause.message, places=cause.places, aws=aws, fix=cause.fix, setting="Handler")

    def inside_given(self, name: str, *, may_be_there: bool) -> list[Fault]:
        """A handler below a module of the runtime's own, which hides what the package has of that name."""
        top = name.partition(".")[0]
        is_stdlib = top in known.stdlib(self.minor) or top in known.builtin(self.minor)
        if is_stdlib and _has_stdlib(name):
            return [] if may_be_there else [self.hidden(top, self._own(top), self.not_found())]
        text = f"No module named {name!r}"
        if is_stdlib and not api.is_package(top, self.minor):
            text = f"No module named {'.'.join(name.split('.')[:2])!r}; {top!r} is not a package"
        own = self._own(top)
        if own is None and not is_stdlib:
            return []
        return [self.hidden(top, own, self.not_imported(text))]

    def given(self, module: Module) -> Fault:
        """The handler's module is one of the runtime's own, which has no handler."""
        return self.hidden(module.name, self._own(module.name), self.not_found())

    def hidden(self, top: str, own: Node | None, aws: Aws) -> Fault:
        whose = "the runtime's" if top in known.RUNTIME else "the standard library's"
        if own is None:
            message = f"{top} is {whose} own module, and the package has none of that name"
            return Fault(Sort.MODULE, message, aws=aws, fix="name a module of the package", setting="Handler")
        path = self.shown(own) + ("/" if own.is_dir else "")
        if top in known.immovable(self.minor):
            has = "in memory before it looks at the package" if top in known.preloaded(self.minor) else "built in"
            message = f"{path} is never loaded: the runtime has {whose} {top} {has}"
        else:
            message = f"{path} has no __init__.py, so that {whose} {top} wins over it"
        severity = Severity.WARNING if top in known.RUNTIME else None
        return Fault(
            Sort.SHADOW, message, places=self.place(own), aws=aws, severity=severity, setting="Handler",
            fix=f"rename {path}, and the handler with it",
        )  # fmt: skip

    def _own(self, top: str) -> Node | None:
        for name in (f"{top}.py", top):
            found = self.filesystem.find(f"{self.filesystem.base}/{name}")
            if not isinstance(found, Missing):
                return found
        return None

    def not_elf(self, module: Module) -> Iterator[Fault]:
        """An extension module whose first bytes are no program's."""
        node = module.spec.node
        assert node is not None
        try:
            head = self.filesystem.read(node, _ELF_HEADER)
        except Lacking:
            return
        if head.startswith(_ELF) and len(head) == _ELF_HEADER:
            return
        said = "file too short" if len(head) < _ELF_HEADER else "invalid ELF header"
        yield Fault(
            Sort.MODULE, f"{self.shown(node)} is no shared library for Linux", places=self.place(node),
            aws=self.not_imported(f"{module.spec.path}: {said}"), fix="package the file that was built for Linux",
            setting="Handler",
        )  # fmt: skip

    # The function.

    def unbound(self, module: Module) -> Fault:
        from lambdalint.handlers.python_missing import unbound

        cause = unbound(self.filesystem, module, self.stem, self.member)
        places = cause.places or self.place(module.spec.node)
        return Fault(Sort.MEMBER, cause.message, places=places, aws=self.not_found(), fix=cause.fix, setting="Handler")

    def misfit(self, holder: Module, wrong: Misfit) -> Fault:
        return Fault(
            Sort.SIGNATURE, wrong.message, places=self.place(holder.spec.node), aws=wrong.aws, fix=wrong.fix,
            phase=Phase.INVOKE, line=wrong.line, setting="Handler",
        )  # fmt: skip

    def shadow(self, top: str, node: Node) -> Fault:
        """A file that takes the place of the standard library's, or that it keeps from being loaded."""
        path = self.shown(node)
        if top in known.immovable(self.minor):
            message = f"{path} is never loaded: the runtime has the standard library's {top} in memory already"
        else:
            message = f"{path} hides the standard library's {top} from everything that imports it"
        return Fault(Sort.SHADOW, message, places=self.place(node), severity=Severity.WARNING, fix=f"rename {path}")


def _has_stdlib(name: str) -> bool:
    """Tell whether this Python's standard library has a submodule; nothing is imported."""
    path = os.path.join(os.path.dirname(os.__file__), *name.split("."))
    return os.path.isdir(path) or os.path.isfile(f"{path}.py") or name == "os.path"
