"""Ruby handlers, ``FILE.METHOD`` or ``FILE.CLASS.METHOD``, followed as the runtime interface client would.

From ``lambda_handler.rb``, ``aws_lambda_ric.rb`` and ``lambda_errors.rb`` of
https://github.com/aws/aws-lambda-ruby-runtime-interface-client (read 2026-11-21). The file is loaded at init, the method
looked for at the first invocation. Texts of Ruby itself were measured with the Rubies 3.1.2, 3.2.4, 3.3.3, 3.4.1 and 4.0.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import TASK, Filesystem, Node
from lambdalint.handlers import Fault, Resolution, Sort
from lambdalint.handlers.ruby_members import Bound, Unbound, Verdict, class_level, kind_of, top_level
from lambdalint.handlers.ruby_nearest import Nearest, handler_of, methods, nearest_file
from lambdalint.handlers.ruby_path import Absent, Provided, Unknown
from lambdalint.handlers.ruby_program import Program
from lambdalint.handlers.ruby_tables import CONSTANTS, LOADED, is_feature
from lambdalint.model import Aws, Entry, Lacking, Phase, Severity
from lambdalint.surely import EXEC_WRAPPER

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment, Handler

_USAGE: Final = (
    "must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD where FILENAME corresponds with an existing Ruby source file "
    "FILENAME.rb, CLASS is an optional module/class namespace and METHOD is a callable method. If using CLASS, METHOD must "
    "be a class-level method."
)
#: ``const_get`` takes no other names; letters beyond ASCII may be capitals.
_CONSTANT: Final = re.compile(r"(?:::)?(?:[A-Z]|[^\x00-\x7f])\w*(?:::(?:[A-Z]|[^\x00-\x7f])\w*)*")
_LOCAL: Final = re.compile(r"[a-z_]\w*")
#: Ruby shows the whole object in its message from 3.0 on, and none of it from 3.3 on; from 3.4 on it quotes alike on both sides.
_LONG: Final = (3, 0)
_SHORT: Final = (3, 3)
_STRAIGHT: Final = (3, 4)


def resolve(filesystem: Filesystem, handler: Handler, runtime: Runtime, environment: Environment) -> Resolution:
    parts = split(handler.text)
    if len(parts) not in (2, 3):
        found = _unreadable(handler.text, parts)
    else:
        found = _Resolver(filesystem, handler.text, parts, runtime, environment).resolve()
    if EXEC_WRAPPER not in environment:
        return found
    # The wrapper may name another handler, and move whatever Ruby looks at.
    lacking = Lacking(f"what the program that {EXEC_WRAPPER} names changes")
    sorts = dict.fromkeys([*(fault.sort for fault in found.faults), *(sort for sort, _ in found.unsure)])
    return Resolution(found.loaded, unsure=[(sort, lacking) for sort in sorts])


def split(text: str) -> list[str]:
    """Part a string as Ruby's ``split('.')``: empty parts at the end are dropped."""
    parts = text.split(".")
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _unreadable(text: str, parts: list[str]) -> Resolution:
    shown = ", ".join(f'"{_inspect(part)}"' for part in parts)
    message = f"the handler {text} has {len(parts)} part{'' if len(parts) == 1 else 's'}, and Ruby's runtime takes two or three"
    fix = "write it as FILE.METHOD or FILE.CLASS.METHOD, without .rb"
    aws = Aws("Init<ArgumentError>", f"Invalid handler [{shown}], {_USAGE}")
    return Resolution(faults=[Fault(Sort.FORM, message, setting="Handler", aws=aws, fix=fix, phase=Phase.INIT)])


def _inspect(text: str) -> str:
    return re.sub(r"#(?=[{$@])", r"\\#", text.replace("\\", "\\\\").replace('"', '\\"'))


class _Resolver:
    """One handler string of two or three parts."""

    def __init__(
        self, filesystem: Filesystem, text: str, parts: list[str], runtime: Runtime, environment: Environment
    ) -> None:
        self._filesystem = filesystem
        self._text = text
        self._file = parts[0]
        self._constant = parts[1] if len(parts) == 3 else None
        self._method = parts[-1]
        self._runtime = runtime
        self._program = Program(filesystem, runtime, environment)
        self._faults: list[Fault] = []

    def resolve(self) -> Resolution:
        if not self._file:
            return Resolution(faults=[self._no_file()])
        if self._file in LOADED:
            return self._never_loaded()
        found = self._program.path.require(self._file)
        if isinstance(found, Node):
            return self._in_file(found)
        if isinstance(found, Unknown):
            return Resolution(unsure=[(sort, found.lacking) for sort in (Sort.MODULE, Sort.MEMBER, Sort.SIGNATURE)])
        if isinstance(found, Provided):
            return Resolution()  # code of a gem or of Ruby itself
        return Resolution(faults=[self._missing(found)])

    # The file.

    def _no_file(self) -> Fault:
        rest = self._text.lstrip("./")
        message = f"the handler {self._text} starts with a dot, before which Ruby's runtime reads an empty file name"
        fix = f"set the handler to {rest}" if rest.count(".") in (1, 2) else None
        aws = Aws("Init<LoadError>", "cannot load such file -- ")
        return Fault(Sort.FORM, message, setting="Handler", aws=aws, fix=fix, phase=Phase.INIT)

    def _missing(self, found: Absent) -> Fault:
        member = self._text[len(self._file) + 1 :]
        message = f"the handler {self._text} names the file {self._file}.rb, which is not in the package"
        near = None if found.why is not None and found.elsewhere else nearest_file(self._filesystem, self._file, member)
        if near is None and found.elsewhere:
            near = nearest_file(self._filesystem, self._file, member) or Nearest(
                f"found {found.elsewhere[0].path}", found.elsewhere[0].entry, None
            )
        places: list[Entry] = []
        fix = None
        if near is not None:
            message += f"; {near.phrase}"
            places += [] if near.entry is None else [near.entry]
            fix = None if near.handler is None else f"set the handler to {near.handler}"
        aws = Aws("Init<LoadError>", f"cannot load such file -- {self._file}")
        return Fault(Sort.MODULE, message, places=places, setting="Handler", aws=aws, fix=fix, phase=Phase.INIT)

    def _never_loaded(self) -> Resolution:
        """A file that is named like something that is loaded already: ``require`` does nothing, and its methods are not there."""
        node = self._filesystem.find(f"{TASK}/{self._file}.rb")
        places = [node.entry] if isinstance(node, Node) and node.entry is not None else []
        if self._constant is not None and self._constant.removeprefix("::").partition("::")[0] in CONSTANTS:
            return Resolution()
        message = f"{self._file}.rb is never loaded: the runtime has loaded Ruby's own {self._file} before"
        own = self._file.replace("/", "_")
        fix = f"rename the file, for instance to my_{own}.rb" if places else None
        aws = self._no_constant(self._constant) if self._constant is not None else self._no_method()
        fault = Fault(Sort.SHADOW, message, places=places, setting="Handler", aws=aws, fix=fix, phase=Phase.INVOKE)
        return Resolution(faults=[fault])

    def _in_file(self, node: Node) -> Resolution:
        program = self._program
        program.load(node)
        faults = list(program.faults)
        if is_feature(self._file):
            message = f"{node.name} has the name of Ruby's own {self._file}: all that requires {self._file} gets this file, or none"
            places = [] if node.entry is None else [node.entry]
            faults.append(Fault(Sort.SHADOW, message, places=places, setting="Handler", severity=Severity.WARNING))
            return Resolution(program.loaded, faults, program.unsure)
        if self._constant is not None and not _CONSTANT.fullmatch(self._constant):
            return Resolution(program.loaded, [*faults, self._wrong_constant(node)], program.unsure)
        verdict = self._verdict()
        faults += self._judge(node, verdict)
        unsure = list(program.unsure)
        if verdict is None and unsure:
            unsure.append((Sort.MEMBER, unsure[0][1]))
        return Resolution(program.loaded, faults, unsure)

    # The method.

    def _verdict(self) -> Verdict:
        if self._constant is None:
            return top_level(self._program, self._method)
        return class_level(self._program, tuple(self._constant.removeprefix("::").split("::")), self._method)

    def _judge(self, node: Node, verdict: Verdict) -> list[Fault]:
        if isinstance(verdict, Bound):
            return self._signature(node, verdict)
        if verdict is None:
            return []
        if verdict.what == "own":
            message = f"{self._file}.rb defines no {self._method}: the handler {self._text} calls Ruby's own method of that name"
            return [self._fault(Sort.MEMBER, node, message, None, severity=Severity.WARNING)]
        if verdict.what == "constant":
            assert self._constant is not None
            message = f"{self._file}.rb defines no class or module {self._constant}"
            return [self._near(node, message, self._no_constant(self._constant))]
        return [self._no_member(node, verdict)]

    def _no_member(self, node: Node, verdict: Unbound) -> Fault:
        where = f"{self._file}.rb defines no method {self._method}"
        if self._constant is not None:
            where = f"{self._constant} in {self._file}.rb has no class method {self._method}"
        if verdict.near is not None:
            where += f"; {self._almost(verdict)}"
            return self._fault(Sort.MEMBER, node, where, self._no_method(), line=verdict.near.line, fix=self._instead(verdict))
        return self._near(node, where, self._no_method())

    def _almost(self, verdict: Unbound) -> str:
        near = verdict.near
        assert near is not None
        owner = "::".join(near.owner or ())
        if near.inside is not None:
            return f"its def is inside the method {near.inside}, which nothing calls"
        if self._constant is None and near.singleton and not owner:
            return f"def self.{near.name} at the top level is not what the runtime calls"
        kind = "a class method" if near.singleton else "an instance method"
        return f"{near.name} is {kind} of {owner}"

    def _instead(self, verdict: Unbound) -> str | None:
        near = verdict.near
        assert near is not None
        if near.inside is not None:
            return f"move def {near.name} to the top level of the file"
        owner = "::".join(near.owner or ())
        if near.singleton:
            return f"set the handler to {self._file}.{owner}.{near.name}" if owner else f"write def {near.name} without self."
        return f"write def self.{near.name} and set the handler to {self._file}.{owner}.{near.name}" if owner else None

    def _near(self, node: Node, message: str, aws: Aws) -> Fault:
        """A fault that names what the file has instead."""
        there = methods(self._program.scripts[0])
        fix = None
        if there:
            names = [handler_of(self._file, one) for one in there]
            message += f"; it defines {', '.join(name.removeprefix(f'{self._file}.') for name in names[:3])}"
            fix = f"set the handler to {names[0]}"
        return self._fault(Sort.MEMBER, node, message, aws, fix=fix)

    def _wrong_constant(self, node: Node) -> Fault:
        assert self._constant is not None
        message = f"the handler {self._text} names {self._constant or 'nothing'} as the class, and no class can have that name"
        fix = None
        if self._constant == "rb":
            message = f"the handler {self._text} has the suffix of the file, which Ruby's runtime takes for a class"
            fix = f"set the handler to {self._file}.{self._method}"
        # Of several parts Ruby names the first that is no constant, or all of it where a part is no name at all.
        said = self._constant
        pieces = said.removeprefix("::").split("::")
        if len(pieces) > 1 and all(_LOCAL.fullmatch(piece) or _CONSTANT.fullmatch(piece) for piece in pieces):
            wrong = next(piece for piece in pieces if not _CONSTANT.fullmatch(piece))
            aws = Aws("Function<NameError>", f"wrong constant name {wrong}") if pieces[0] == wrong else None
        else:
            aws = Aws("Function<NameError>", f"wrong constant name {said}")
        return self._fault(Sort.FORM, node, message, aws, fix=fix)

    def _signature(self, node: Node, bound: Bound) -> list[Fault]:
        definition = bound.definition
        complaint = None
        if definition is not None and definition.parameters is not None:
            complaint = definition.parameters.complaint()
        if complaint is None or definition is None:
            return []
        message = f"{self._method} cannot be called as the runtime calls it, with event: and context:: {complaint}"
        fix = f"def {'self.' if definition.singleton else ''}{self._method}(event:, context:)"
        place = self._place_of(node, bound)
        aws = Aws("Function<ArgumentError>", complaint)
        return [self._fault(Sort.SIGNATURE, place, message, aws, fix=fix, line=definition.line)]

    def _place_of(self, node: Node, bound: Bound) -> Node:
        for loaded, script in self._program.files:
            if bound.definition in script.definitions:
                return loaded
        return node

    def _fault(
        self, sort: Sort, node: Node, message: str, aws: Aws | None, *,
        fix: str | None = None, line: int | None = None, severity: Severity | None = None,
    ) -> Fault:  # fmt: skip
        places = [] if node.entry is None else [node.entry]
        return Fault(
            sort, message, places=places, setting="Handler", aws=aws, fix=fix, line=line, phase=Phase.INVOKE, severity=severity
        )

    # Ruby's words.

    def _no_constant(self, constant: str) -> Aws:
        path = constant.removeprefix("::").split("::")
        known = {body.path for script in self._program.scripts for body in script.bodies}
        depth = next((at for at in range(1, len(path) + 1) if tuple(path[:at]) not in known), len(path))
        name = "::".join(path[:depth]) if depth > 1 else f"Kernel::{path[0]}"
        return Aws("Function<NameError>", f"uninitialized constant {name}")

    def _no_method(self) -> Aws:
        number = self._runtime.number
        quoted = f"'{self._method}'" if number >= _STRAIGHT else f"`{self._method}'"
        if self._constant is not None:
            path = tuple(self._constant.removeprefix("::").split("::"))
            kind = kind_of(self._program, path)
            shown = f"{kind} {'::'.join(path)}" if number >= _SHORT else f"{'::'.join(path)}:{kind.capitalize()}"
        elif number >= _SHORT:
            shown = "an instance of LambdaHandler"
        elif number < _LONG:
            shown = "#<LambdaHandler:0x…>"
        else:
            shown = f'#<LambdaHandler:0x… @handler_file_name="{self._file}", @handler_method_name="{self._method}">'
        return Aws("Function<NoMethodError>", f"undefined method {quoted} for {shown}")
