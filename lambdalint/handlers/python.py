"""Python: what awslambdaric makes of the handler string, the file that it leads to and what that file imports.

Follows ``_get_handler`` of awslambdaric 4.2.2 (https://github.com/aws/aws-lambda-python-runtime-interface-client) and
CPython's import system, step by step; nothing of the package runs.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import python_modules as known
from lambdalint.filesystem import Missing
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.python_imports import Imports, Module, Problem
from lambdalint.handlers.python_search import Search
from lambdalint.handlers.python_search import Sort as Made
from lambdalint.model import Aws, Lacking
from lambdalint.surely import EXEC_WRAPPER, Closure

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Environment, Handler
    from lambdalint.handlers.python_faults import Wording

#: The oldest Python whose grammar and modules are known here.
_OLDEST: Final = 8
#: What may be said of a handler, and in the order in which the runtime would come to it.
_SORTS: Final = (Sort.FORM, Sort.MODULE, Sort.SHADOW, Sort.SYNTAX, Sort.IMPORT, Sort.VERSION, Sort.MEMBER, Sort.SIGNATURE)
#: Names that no module of the runtime or the standard library has.
_HANDLERS: Final = ("handler", "lambda_handler")


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    """Follow a Python handler string. Raises Lacking for a Python that is too old to be known."""
    major, _, minor = runtime.version.partition(".")
    if major != "3" or not minor.isdigit() or int(minor) < _OLDEST:
        raise Lacking(f"how {runtime.name} imports modules")
    if EXEC_WRAPPER in environment:
        return _unsure(Lacking(f"what {EXEC_WRAPPER} starts"))
    if handler.text.endswith(".sh") and filesystem.file(handler.text) is not None:
        # The Lambda Web Adapter's way: its layer starts the script in the handler's place.
        return _unsure(Lacking(f"whether a layer starts {handler.text}", "--env"))
    return _Path(filesystem, handler.text, int(minor), environment).resolve()


def _grouped(problems: list[Problem]) -> list[list[Problem]]:
    """Bring together what several files meet alike, the worst of each first."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.kind, problem.name), []).append(problem)
    return [sorted(group, key=lambda one: one.severity is not None) for group in groups.values()]


def _unsure(lacking: Lacking) -> Resolution:
    return Resolution(unsure=[(sort, lacking) for sort in _SORTS])


class _Path:
    """The way from a handler string to a function."""

    def __init__(self, filesystem: Filesystem, text: str, minor: int, environment: Environment) -> None:
        self.filesystem = filesystem
        self.minor = minor
        self.text = text
        #: Both as typed, which is how the runtime prints them.
        self.module, self.dot, self.member = text.rpartition(".")
        #: What is imported.
        self.name = self.module.replace("/", ".")
        self.imports = Imports(Search(filesystem, minor, environment), self.name.partition(".")[0])
        self._wording: Wording | None = None

    @property
    def wording(self) -> Wording:
        """What turns findings into faults; most handlers need none."""
        from lambdalint.handlers.python_faults import Wording

        if self._wording is None:
            self._wording = Wording(self.filesystem, self.module, self.member, self.imports)
        return self._wording

    def resolve(self) -> Resolution:
        unread = self.filesystem.unread
        if unread and self.module.startswith("/opt/"):
            # Makers of layers have people set /opt/python/tracer._handler, which the client as published refuses
            # (https://github.com/lumigo-io/serverless-lumigo-plugin, read 2026-11-21).
            return _unsure(Lacking(f"the content of {unread[0]}"))
        malformed = self.malformed()
        if malformed is not None:
            return Resolution(faults=[malformed])
        given = self.given_below()
        if given is not None:
            return Resolution(faults=list(given))
        module, problems = self.imports.load(self.name, None, None)
        loaded: list[Module] = []
        closure = self.closure_of(loaded, problems)
        faults = [self.wording.together(same) for same in _grouped(problems)]
        if module is not None:
            for name in self._prefixes():
                loaded += [one for one in self.imports.reached(self.imports.modules[name]) if one not in loaded]
            if not problems:
                faults += self.reach(module)
            elif all(fault.sort is Sort.IMPORT for fault in faults) and module.spec.sort is not Made.GIVEN:
                # Told together with what fails first, so that the next deploy does not fail on it.
                absent = module.names.get(self.member) is None and self._is_surely_absent(module)
                faults += [self.wording.unbound(module)] if absent else []
            faults += [*self.lost(loaded, closure), *self.shadows()]
            faults += [self.wording.failed(doubt) for one in loaded for doubt in one.doubts]
            if not problems:
                faults += self.lean(loaded)
        nodes = [node for one in loaded if (node := one.spec.node) is not None]
        if module is not None and (own := module.spec.node) is not None:
            nodes = [own, *(node for node in nodes if node is not own)]
        return Resolution(nodes, faults, list(self.unknown(module)), closure)

    def _prefixes(self) -> Iterator[str]:
        """Yield the module's name and its packages', the module first."""
        name = self.name
        while name:
            yield name
            name = name.rpartition(".")[0]

    def unknown(self, module: Module | None) -> Iterator[tuple[Sort, Lacking]]:
        """Yield what could not be judged because a layer's content is not known."""
        if not self.imports.lacking:
            return
        lacking = self.imports.lacking[0]
        sorts: tuple[Sort, ...] = _SORTS[1:]
        if module is not None and module.spec.sort is not Made.OPAQUE:
            unread = module.spec.sort is Made.SOURCE and module.tree is None and not module.data
            sorts = (Sort.SYNTAX, Sort.IMPORT, Sort.MEMBER, Sort.SIGNATURE) if unread else (Sort.IMPORT,)
        yield from ((sort, lacking) for sort in sorts)

    def closure_of(self, loaded: list[Module], problems: list[Problem]) -> Callable[[], Closure]:
        """Return what follows, once, what installed distributions import in their turn."""

        @functools.cache
        def closure() -> Closure:
            from lambdalint.handlers.python_closure import Walk

            absent = [problem.name for problem in problems if problem.kind in ("module", "name")]
            return Walk(self.imports, loaded, absent).closure()

        return closure

    def lost(self, loaded: list[Module], closure: Callable[[], Closure]) -> Iterator[Fault]:
        """Judge what installed distributions import."""
        if self.imports.tainted or not any(one.tree is None and one.spec.node is not None for one in loaded):
            return
        from lambdalint.handlers.python_lost import Lost
        from lambdalint.handlers.python_skim import Skim

        skimmed = list(Skim(self.imports).problems(loaded))
        lost = Lost(self.imports)
        sure = list(lost.problems(closure())) if skimmed or lost.suspects else []
        told = {problem.name.partition(".")[0] for problem in sure}
        for problem in [*sure, *(one for one in skimmed if one.name not in told)]:
            yield self.wording.failed(problem)

    def lean(self, loaded: list[Module]) -> Iterator[Fault]:
        """Judge what is asked of installed distributions but their code."""
        asks = any(name in self.imports.modules for name in ("importlib", "importlib.metadata", "boto3", "botocore"))
        if asks or any(one.tree is None and one.spec.node is not None for one in loaded):
            from lambdalint.handlers import python_distributions as distributions

            yield from distributions.metadata(self.imports, loaded, self.module)
            yield from distributions.sdk(self.imports, self.module)

    def shadows(self) -> Iterator[Fault]:
        """Yield files beside the handler that bear a name of the standard library's."""
        task = self.filesystem.find(self.filesystem.base)
        children = None if isinstance(task, Missing) else task.children
        names = known.stdlib(self.minor) - {self.name.partition(".")[0]}
        for name, node in sorted((children or {}).items()):
            top = name.removesuffix(".py")
            is_module = node.child("__init__.py") is not None if node.is_dir else name.endswith(".py")
            if top in names and is_module and not self.imports.is_installed(top):
                yield self.wording.shadow(top, node)

    # The string itself.

    def malformed(self) -> Fault | None:
        """Judge what the runtime refuses before it looks at any file."""
        if not self.dot:
            said = f"Bad handler '{self.text}': not enough values to unpack (expected 2, got 1)"
            aws = Aws("Runtime.MalformedHandlerName", said)
            return self.wording.form("no dot parts a module from a function in it", aws)
        top = self.module.split(".", maxsplit=1)[0]
        if top in known.builtin(self.minor):
            said = f"Cannot use built-in module {self.module} as a handler module"
            aws = Aws("Runtime.BuiltInModuleConflict", said)
            return self.wording.form(f"{top} is built into Python, and no file takes its place", aws)
        if not self.name:
            return self.wording.form("nothing stands before the dot", Aws("ValueError", "Empty module name"))
        if self.name.startswith("."):
            said = f"the 'package' argument is required to perform a relative import for '{self.name}'"
            aws = Aws("TypeError", said)
            return self.wording.form("it begins with a dot or a slash, which Python takes for a relative import", aws)
        return None

    def given_below(self) -> list[Fault] | None:
        """Judge a handler inside a package of the runtime's own; None: it is not there, so go on."""
        top, dot, _ = self.name.partition(".")
        if not dot or self.imports.tainted:
            return None
        module, _ = self.imports.load(top, None, None)
        if module is None or module.spec.sort is not Made.GIVEN:
            return None
        return self.wording.inside_given(self.name, may_be_there=self.member not in _HANDLERS)

    # The function.

    def reach(self, module: Module) -> Iterator[Fault]:
        """Judge the last step, from the module to the function, and the function's first call."""
        if module.spec.sort is Made.GIVEN:
            if self.member in _HANDLERS or self.imports.is_hidden(module.name, self.member):
                yield self.wording.given(module)
            return
        if module.spec.sort is Made.EXTENSION:
            yield from self.wording.not_elf(module)
        bound = module.names.get(self.member)
        if bound is None:
            if self._is_surely_absent(module):
                yield self.wording.unbound(module)
            return
        if bound.sure and bound.value is not None:
            yield from self.fit(bound.home or module, bound.value)

    def _is_surely_absent(self, module: Module) -> bool:
        if module.is_open or (self.member.startswith("__") and self.member.endswith("__")):
            return False
        if self.imports.tainted and any(self.filesystem.file(f"{place}/{self.member}.py") for place in module.spec.places):
            return False  # a submodule, which something that was not followed may import
        return not self.imports.may_be_set(module, self.member)

    def fit(self, home: Module, value: object) -> Iterator[Fault]:
        """Judge the first call; ``home`` holds the source of the value."""
        from lambdalint.handlers import python_signature as signature
        from lambdalint.handlers.python_names import RESHAPING

        if isinstance(value, Module):
            wrong: signature.Misfit | None = signature.not_callable(self.member, "module", None)
        else:
            wrong = None if re.search(RESHAPING, home.data) else signature.misfit(self.member, value)
        if wrong is not None:
            yield self.wording.misfit(home, wrong)
        else:
            yield from self.first_call(home, value)

    def first_call(self, home: Module, value: object) -> Iterator[Fault]:
        """Judge the imports that the handler function itself begins with."""
        import ast

        from lambdalint.handlers.python_body import Body

        if not isinstance(value, ast.FunctionDef) or value.decorator_list:
            return
        scratch = Module(home.spec)
        body = Body(self.imports, scratch, home.data)
        for statement in value.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                body.block([statement])
            elif not isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr, ast.Pass)):
                break
        for problem in scratch.problems:
            yield self.wording.at_call(problem)
