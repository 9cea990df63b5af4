"""What a user may say, once: the names, sorts and help of all options, for flags, variables and settings files alike."""

from __future__ import annotations

import enum
from typing import Final


class Sort(enum.Enum):
    """What the value of an option is."""

    TEXT = "a string"
    FILE = "the path of a file"
    NUMBER = "a whole number"
    SWITCH = "true or false"
    CHOICE = "a choice"
    DATE = "a date such as 2026-11-21"
    #: Repeatable; one value each time.
    LIST = "a list of strings"
    #: As LIST, each value the path of a file.
    FILES = "a list of paths"
    #: Repeatable; several values at a time, parted by commas.
    WORDS = "a list of rules"
    #: Repeatable KEY=VALUE; a table in a settings file.
    PAIRS = "a table of strings"


class Option:
    """One option of ``check``. Its flag, its variable and its key in a settings file bear the same name."""

    __slots__ = ("choices", "filed", "help", "metavar", "name", "section", "short", "sort", "variable")

    def __init__(
        self,
        name: str,
        sort: Sort,
        section: str,
        help: str,  # noqa: A002 - click's word
        *,
        metavar: str | None = None,
        choices: tuple[str, ...] = (),
        short: str | None = None,
        filed: bool = True,
        variable: bool = True,
    ) -> None:
        #: In kebab-case, without dashes before it.
        self.name: Final = name
        self.sort: Final = sort
        self.section: Final = section
        self.help: Final = help
        self.metavar: Final = metavar
        #: What a CHOICE may be, or the words that WORDS may hold. Empty: anything.
        self.choices: Final = choices
        self.short: Final = short
        #: Whether a settings file may say it.
        self.filed: Final = filed
        #: Whether a variable may say it: the name in capitals after ``LAMBDALINT_``.
        self.variable: Final[str | None] = f"LAMBDALINT_{name.upper().replace('-', '_')}" if variable else None


FUNCTION: Final = "The function"
RULES: Final = "The rules"
REPORT: Final = "The report"
SETTINGS: Final = "Settings"

SEVERITIES: Final = ("error", "warning", "note")
#: The facts whose lack can be made a usage error, with the options that tell them.
REQUIRABLE: Final = ("runtime", "handler", "architecture", "upload", "region")
#: The formats of a report; each has a module in ``lambdalint.reporters``.
FORMATS: Final = ("text", "json", "github")

OPTIONS: Final = (
    Option("runtime", Sort.TEXT, FUNCTION, "Runtime as in the Lambda API: python3.13.", metavar="NAME"),
    Option("handler", Sort.TEXT, FUNCTION, "Handler as in the Lambda API: app.handler."),
    Option("architecture", Sort.TEXT, FUNCTION, "x86_64 or arm64; AWS's default is not assumed.", metavar="NAME"),
    Option("layer", Sort.LIST, FUNCTION, "Layer, in order; repeatable. A local one is linted too.", metavar="PATH_OR_ARN"),
    Option("env", Sort.PAIRS, FUNCTION, "Variable; repeatable. Values are never shown.", metavar="KEY=VALUE", variable=False),
    Option("env-file", Sort.FILES, FUNCTION, "File of such variables, as docker's; repeatable.", metavar="FILE"),
    Option("kind", Sort.CHOICE, FUNCTION, "What the package is; default: as its content.", choices=("function", "layer", "image")),
    Option("memory-size", Sort.NUMBER, FUNCTION, "Memory in MB.", metavar="MB"),
    Option("timeout", Sort.NUMBER, FUNCTION, "Timeout in seconds.", metavar="SECONDS"),
    Option("ephemeral-storage", Sort.NUMBER, FUNCTION, "Size of /tmp in MB.", metavar="MB"),
    Option("snap-start", Sort.CHOICE, FUNCTION, "SnapStart as in the Lambda API.", choices=("PublishedVersions", "None")),
    Option("upload", Sort.CHOICE, FUNCTION, "How the package gets to AWS.", choices=("direct", "s3")),
    Option("region", Sort.TEXT, FUNCTION, "Region of the function.", metavar="NAME"),
    Option("bucket-region", Sort.TEXT, FUNCTION, "Region of the bucket of an upload by S3.", metavar="NAME"),
    Option("function-config", Sort.FILE, FUNCTION, "JSON of `aws lambda get-function-configuration`; flags win.", metavar="FILE"),
    Option("select", Sort.WORDS, RULES, "Only these rules: IDs, names, beginnings of IDs, or ALL.", metavar="RULES"),
    Option("extend-select", Sort.WORDS, RULES, "These rules too.", metavar="RULES"),
    Option("ignore", Sort.WORDS, RULES, "Not these rules.", metavar="RULES"),
    Option("severity", Sort.PAIRS, RULES, "Another severity for a rule: LL203=warning; repeatable.", metavar="RULE=SEVERITY"),
    Option("rules", Sort.FILES, RULES, "Directory of your own rules; executes them.", metavar="DIR", filed=False, variable=False),
    Option("require", Sort.WORDS, RULES, f"Facts that must be known: {', '.join(REQUIRABLE)}.", metavar="FACTS", choices=REQUIRABLE),
    Option("as-of", Sort.DATE, RULES, "Judge runtimes as on that day.", metavar="DATE"),
    Option("no-verify", Sort.SWITCH, RULES, "Skip CRC and digest checks of bytes that no rule reads."),
    Option("fail-on", Sort.CHOICE, REPORT, "Least severity that makes the exit code 1; default: error.", choices=(*SEVERITIES, "never")),
    Option("output-format", Sort.CHOICE, REPORT, "Format of the report; default: text.", choices=FORMATS),
    Option("output-file", Sort.FILE, REPORT, "Where the report goes; default: standard output.", metavar="FILE", short="-o", filed=False),
    Option("output", Sort.LIST, REPORT, "One more report, in any format; repeatable.", metavar="FORMAT=FILE", filed=False),
    Option("color", Sort.CHOICE, REPORT, "Colour and links; default: auto, on a terminal only.", choices=("auto", "always", "never")),
    Option("quiet", Sort.SWITCH, REPORT, "Findings only.", short="-q"),
    Option("verbose", Sort.SWITCH, REPORT, "Every place, and each rule that was skipped, with the reason.", short="-v"),
    Option("config", Sort.FILE, SETTINGS, "Settings; default: the nearest lambdalint.toml or pyproject.toml.", metavar="FILE", filed=False),
    Option("cache-dir", Sort.FILE, SETTINGS, "Remember what layers of images hold, here; default: nowhere.", metavar="DIR"),
    Option("isolated", Sort.SWITCH, SETTINGS, "Heed no settings file and no LAMBDALINT_* variable.", filed=False),
)  # fmt: skip


def option(name: str) -> Option:
    return next(one for one in OPTIONS if one.name == name)
