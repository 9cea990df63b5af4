"""The command line: words and exit codes only."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from lambdalint.book import BadSettings
from lambdalint.escape import visible
from lambdalint.exits import CLEAN, FAILED, FOUND, INTERRUPTED, PIPE_CLOSED, USAGE
from lambdalint.flags import Check, Command, Face, File, flag_of, levels_of, version
from lambdalint.options import OPTIONS, option
from lambdalint.version import VERSION

if TYPE_CHECKING:
    from lambdalint.reporters.style import Style

#: What a command makes of its words: the work to do once click has let go, returning the exit code.
Work = Callable[[], int]


def check(packages: tuple[str, ...], **_: object) -> Work:
    """Say what AWS Lambda would reject, or crash on, in deployment packages.

    PACKAGE is a zip or jar, a directory, a container image (as docker save, skopeo or buildx write it), or - for standard input; its
    content tells which, never its name. Several packages make one report. Exit code: 0 nothing at or above --fail-on, 1 something,
    2 wrong usage, 3 lambdalint itself failed.
    """
    from lambdalint.check import run

    variables, flags = levels_of(click.get_current_context())
    return lambda: run(packages, variables, flags)


def explain(rule: str, rules: tuple[str, ...]) -> Work:
    """Show the page of a rule, named by its ID or its name."""
    from lambdalint.pages import page

    return lambda: show(page(rule, rules, _style()))


def catalogue(output_format: str, rules: tuple[str, ...]) -> Work:
    """List all rules."""
    from lambdalint.pages import as_json, as_table

    return lambda: show(as_json(rules) if output_format == "json" else as_table(rules, _style()))


def why(text: str, rules: tuple[str, ...]) -> Work:
    """Name the rules that lead to an error text of AWS, and their fixes. Exit code 1: none is known to."""
    from lambdalint.why import answer

    def work() -> int:
        found, told = answer(text, rules, _style())
        show(told)
        return CLEAN if found else FOUND

    return work


def _face() -> Face:
    packages = click.Argument(["packages"], nargs=-1, required=True, metavar="PACKAGE...", type=File())
    form = click.Option(["--output-format"], type=click.Choice(("text", "json")), default="text", help="Default: text.")
    own_rules = flag_of(option("rules"))
    return Face(
        Check("check", check, [packages, *map(flag_of, OPTIONS), version()], short_help="Judge packages; this word may be left out."),
        [
            Command("explain", explain, [click.Argument(["rule"]), own_rules]),
            Command("rules", catalogue, [form, own_rules]),
            Command("why", why, [click.Argument(["text"]), own_rules]),
        ],
    )


def show(text: str) -> int:
    from lambdalint.reporters.style import emit

    emit(text, sys.stdout)
    return CLEAN


def _style() -> Style:
    from lambdalint.reporters.style import style_for

    return style_for(sys.stdout, "auto", 0, os.environ)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code. Without arguments those of the process count, and it ends here.

    Ending at once spares Python taking itself apart, a fifth of a small lint's time; mypy does the same. So does collecting
    garbage less often: a lint makes little of it.
    """
    if args is not None:
        return _run(args)
    gc.set_threshold(50_000)
    code = _run(sys.argv[1:])
    atexit._run_exitfuncs()  # noqa: SLF001 - what coverage and the like have registered
    os._exit(code)


def _run(args: Sequence[str]) -> int:
    """Run the command line. Raises nothing but SystemExit, from shell completion."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="\n", errors="backslashreplace")
    try:
        work = _face().main(args, prog_name="lambdalint", standalone_mode=False)
        code: int = work() if callable(work) else work or CLEAN
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        return _refuse(f"{error.format_message()} Try lambdalint --help.", USAGE)
    except BadSettings as error:
        return _refuse(str(error), USAGE)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains when it flushes at the end
        return PIPE_CLOSED
    except OSError as error:
        return _refuse(f"{error.filename or 'cannot write'}: {error.strerror}", FAILED)
    except Exception as error:  # noqa: BLE001 - the last resort: one line, and a code that nobody takes for a verdict
        return _failed(error)
    return code


def _refuse(line: str, code: int) -> int:
    from lambdalint.reporters.style import emit

    emit(f"lambdalint: {visible(line)}\n", sys.stderr)
    return code


def _failed(error: Exception) -> int:
    from lambdalint.failure import DEBUG, failure_words, show_traceback

    show_traceback(error)
    return _refuse(f"{VERSION} failed, {failure_words(error)}; please report this line ({DEBUG}=1 shows more)", FAILED)
