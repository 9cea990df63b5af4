"""Flags and variables: click's options made of ours, the group whose first command needs no name, and what was told by either."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from lambdalint.book import BadSettings
from lambdalint.options import OPTIONS, SETTINGS, SEVERITIES, Option, Sort
from lambdalint.version import VERSION

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from lambdalint.settings import Level

_REPEATABLE: Final = frozenset({Sort.LIST, Sort.FILES, Sort.WORDS, Sort.PAIRS})


class _Words(click.types.StringParamType):
    """The values of a repeatable option; a variable holds several, parted by commas or line ends."""

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        return [word.strip() for word in re.split(r"[,\n]", rv) if word.strip()]


class File(click.types.StringParamType):
    """A path, for shells to complete. It is checked where it is opened; click's own type costs a small lint a millisecond."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class _Told(click.Option):
    """An option whose variable is not heeded under ``--isolated``."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        isolated = self.name != "isolated" and ctx.params.get("isolated")
        return None if isolated else super().resolve_envvar_value(ctx)


def flag_of(told: Option) -> click.Option:
    return _Told(
        [f"--{told.name}", *([told.short] if told.short else [])],
        type=_type(told),
        is_flag=told.sort is Sort.SWITCH,
        multiple=told.sort in _REPEATABLE,
        metavar=told.metavar or ("|".join(told.choices) if told.choices else None),
        help=told.help,
        envvar=told.variable,
        is_eager=told.name == "isolated",
    )


def _type(told: Option) -> click.ParamType[Any]:
    match told.sort:
        case Sort.SWITCH:
            return click.BOOL
        case Sort.NUMBER:
            return click.INT
        case Sort.CHOICE:
            return click.Choice(told.choices, case_sensitive=False)
        case Sort.DATE | Sort.TEXT:
            return click.STRING
        case Sort.FILE:
            return File()
        case _:
            return _Words()


class Command(click.Command):
    """A command with its own ``--help``: click's translates its text, which costs a small lint two milliseconds."""

    def __init__(self, name: str, callback: Callable[..., object], params: Sequence[click.Parameter], **how: Any) -> None:
        super().__init__(
            name, callback=callback, params=[*params, _help()], help=callback.__doc__, add_help_option=False, **how
        )

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:  # noqa: ARG002 - click's signature
        return self.params  # click looks for names that are used twice, on every run; a test does


class Check(Command):
    """The command that needs no name. Its help groups the options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        section_of = {parameter_of(one): one.section for one in OPTIONS}
        for section in dict.fromkeys(section_of.values()):
            flags = [one for one in self.params if isinstance(one, click.Option)]
            flags = [one for one in flags if section_of.get(one.name or "", SETTINGS) == section]
            with formatter.section(section):
                formatter.write_dl([record for one in flags if (record := one.get_help_record(ctx)) is not None])


class Face(click.Group):
    """``lambdalint PACKAGE`` is ``lambdalint check PACKAGE``; a command's name comes first or is a package's."""

    def __init__(self, check: Check, others: Sequence[Command]) -> None:
        super().__init__(
            "lambdalint",
            commands=[check, *others],
            params=[_help()],
            help=check.help,
            add_help_option=False,
            context_settings={"max_content_width": 110},
        )
        self.check = check

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[0] not in (*self.commands, "--help", "-h") if args else not ctx.resilient_parsing:
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, f"[OPTIONS] PACKAGE...\n{' ' * 7}{ctx.command_path} COMMAND ...")
        self.format_help_text(ctx, formatter)
        self.check.format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        check = self.check.make_context("check", [], parent=ctx, resilient_parsing=True)
        return [*super().shell_complete(ctx, incomplete), *self.check.shell_complete(check, incomplete)]


def version() -> click.Option:
    return _shower("--version", "Show the version.", lambda _: f"lambdalint {VERSION}")


def _help() -> click.Option:
    return _shower("--help", "Show this help.", click.Context.get_help, short="-h")


def _shower(name: str, help: str, text_of: Callable[[click.Context], str], short: str | None = None) -> click.Option:  # noqa: A002
    def show(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
        if wanted and not ctx.resilient_parsing:
            click.echo(text_of(ctx))
            ctx.exit()

    names = [name, short] if short else [name]
    return click.Option(names, is_flag=True, is_eager=True, expose_value=False, help=help, callback=show)


def parameter_of(told: Option) -> str:
    """Return the name that click has for an option."""
    return told.name.replace("-", "_")


def levels_of(ctx: click.Context) -> tuple[Level, Level]:
    """Return what the variables said, then what the flags did. Raises BadSettings."""
    from lambdalint.settings import Level

    said: dict[ParameterSource | None, dict[str, object]] = {
        ParameterSource.ENVIRONMENT: {}, ParameterSource.COMMANDLINE: {}
    }  # fmt: skip
    for told in OPTIONS:
        name = parameter_of(told)
        source = ctx.get_parameter_source(name)
        if source in said:
            where = f"--{told.name}" if source is ParameterSource.COMMANDLINE else told.variable
            said[source][told.name] = _value(told, ctx.params[name], where or "")
    variables, flags = said.values()
    return Level(variables, "LAMBDALINT_"), Level(flags, "--")


def _value(told: Option, value: object, where: str) -> object:
    """Return an option's value in the form that levels hold."""
    if told.sort not in _REPEATABLE:
        return value
    assert isinstance(value, tuple)
    if told.sort is Sort.WORDS:
        words = tuple(word.strip() for text in value for word in text.split(",") if word.strip())
        for word in words if told.choices else ():
            if word not in told.choices:
                raise BadSettings(f"{where}: {word} is none of {', '.join(told.choices)}")
        return words
    if told.sort is Sort.PAIRS:
        return dict(_variables(value, where) if told.name == "env" else _severities(value, where))
    return value


def _variables(texts: Sequence[str], where: str) -> dict[str, str]:
    from lambdalint.function_config import variable

    return {key: value for text in texts for key, value in variable(text, where).items()}


def _severities(texts: Sequence[str], where: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for pair in (pair for text in texts for pair in text.split(",")):
        rule, _, severity = pair.strip().partition("=")
        if severity not in SEVERITIES:
            raise BadSettings(f"{where}: {pair} must be as LL203=warning, with error, warning or note")
        pairs[rule] = severity
    return pairs
