"""AWS's table of runtimes: language, operating system, CPUs and the dates on which AWS stops taking them.

Read on 2026-11-21 from

- the identifiers: the Runtime enum of the Lambda API, as modelled in botocore 1.44.5;
- the dates and successors: cfn-lint 1.58.0, ``LmbdRuntimeLifecycle.json``, which follows AWS's own table; for
  ``java*.al2023`` endoflife.date, with AWS's usual 31 and 62 days to the blocks;
- operating systems and CPUs: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html and its older copies;
- SnapStart: https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html (of 2026-10-01).

``tools/drift.py`` compares what is here with the newest of the first two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

#: The day of which the table speaks.
AS_OF: Final = "2026-11-21"

#: The C library of each operating system, from its release notes: 2.17-324.189.amzn1, 2.26-*.amzn2, 2.34-52.amzn2023.
GLIBC: Final = {"AL1": "2.17", "AL2": "2.26", "AL2023": "2.34"}

#: .NET versions that AWS offers as a base image only; the API has no identifier for them.
_IMAGE_ONLY: Final = ("dotnet9", "dotnet7", "dotnet5.0")

_Row = tuple[
    str, str, str | None, tuple[str, ...] | None, str | None, str | None, str | None, str | None, bool | None
]  # fmt: skip

# fmt: off
# name, version of the language, operating system, CPUs, deprecated, create block, update block, successor, SnapStart
_ROWS: Final[tuple[_Row, ...]] = (
    ("nodejs26.x", "26", "AL2023", ("x86_64", "arm64"), None, None, None, None, None),
    ("nodejs24.x", "24", "AL2023", ("x86_64", "arm64"), "2028-04-30", "2028-06-01", "2028-07-01", None, False),
    ("nodejs22.x", "22", "AL2023", ("x86_64", "arm64"), "2027-04-30", "2027-06-01", "2027-07-01", "nodejs24.x", False),
    ("nodejs20.x", "20", "AL2023", ("x86_64", "arm64"), "2026-04-30", "2027-02-01", "2027-03-03", "nodejs24.x", False),
    ("nodejs18.x", "18", "AL2", ("x86_64", "arm64"), "2025-09-01", "2027-02-01", "2027-03-03", "nodejs24.x", False),
    ("nodejs16.x", "16", "AL2", ("x86_64", "arm64"), "2024-06-12", "2027-02-01", "2027-03-03", "nodejs24.x", False),
    ("nodejs14.x", "14", "AL2", ("x86_64", "arm64"), "2023-12-04", "2024-01-09", "2027-03-03", "nodejs24.x", False),
    ("nodejs12.x", "12", "AL2", ("x86_64", "arm64"), "2023-03-31", "2023-03-31", "2023-04-30", "nodejs24.x", False),
    ("nodejs10.x", "10", "AL2", ("x86_64",), "2021-07-30", "2021-07-30", "2022-02-14", "nodejs24.x", False),
    ("nodejs8.10", "8.10", "AL1", ("x86_64",), "2020-03-06", "2020-02-04", "2020-03-06", "nodejs24.x", False),
    ("nodejs6.10", "6.10", "AL1", ("x86_64",), "2019-08-12", "2019-07-12", "2019-08-12", "nodejs24.x", False),
    ("nodejs4.3", "4.3", "AL1", ("x86_64",), "2020-03-05", "2020-02-03", "2020-03-05", "nodejs24.x", False),
    ("nodejs4.3-edge", "4.3", "AL1", ("x86_64",), "2020-03-05", "2019-03-31", "2019-04-30", "nodejs24.x", False),
    ("nodejs", "0.10", "AL1", ("x86_64",), "2016-08-30", "2016-09-30", "2016-10-31", "nodejs24.x", False),
    ("python3.15", "3.15", "AL2023", ("x86_64", "arm64"), None, None, None, None, None),
    ("python3.14", "3.14", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", None, True),
    ("python3.13", "3.13", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", "python3.14", True),
    ("python3.12", "3.12", "AL2023", ("x86_64", "arm64"), "2028-10-31", "2028-11-30", "2029-01-10", "python3.14", True),
    ("python3.11", "3.11", "AL2", ("x86_64", "arm64"), "2027-06-30", "2027-07-31", "2027-08-31", "python3.14", False),
    ("python3.10", "3.10", "AL2", ("x86_64", "arm64"), "2026-10-31", "2027-02-01", "2027-03-03", "python3.14", False),
    ("python3.9", "3.9", "AL2", ("x86_64", "arm64"), "2025-12-15", "2027-02-01", "2027-03-03", "python3.14", False),
    ("python3.8", "3.8", "AL2", ("x86_64", "arm64"), "2024-10-14", "2027-02-01", "2027-03-03", "python3.14", False),
    ("python3.7", "3.7", "AL1", ("x86_64",), "2023-12-04", "2024-01-09", "2027-03-03", "python3.14", False),
    ("python3.6", "3.6", "AL1", ("x86_64",), "2022-07-18", "2022-07-18", "2022-08-29", "python3.14", False),
    ("python2.7", "2.7", "AL1", ("x86_64",), "2021-07-15", "2021-07-15", "2022-05-30", "python3.14", False),
    ("java25", "25", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", None, True),
    ("java21", "21", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", "java25", True),
    ("java17.al2023", "17", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", None, True),
    ("java17", "17", "AL2", ("x86_64", "arm64"), "2027-06-30", "2027-07-31", "2027-08-31", "java25", True),
    ("java11.al2023", "11", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", None, True),
    ("java11", "11", "AL2", ("x86_64", "arm64"), "2027-06-30", "2027-07-31", "2027-08-31", "java25", True),
    ("java8.al2023", "8", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", None, False),
    ("java8.al2", "8", "AL2", ("x86_64", "arm64"), "2027-06-30", "2027-07-31", "2027-08-31", "java25", False),
    ("java8", "8", "AL1", ("x86_64",), "2024-01-08", "2024-02-08", "2027-03-03", "java25", False),
    ("dotnet10", "10", "AL2023", ("x86_64", "arm64"), "2028-11-14", "2028-12-14", "2029-01-15", None, True),
    ("dotnet9", "9", "AL2023", ("x86_64", "arm64"), "2026-11-10", None, None, "dotnet10", True),
    ("dotnet8", "8", "AL2023", ("x86_64", "arm64"), "2026-11-10", "2027-02-01", "2027-03-03", "dotnet10", True),
    ("dotnet7", "7", "AL2", ("x86_64", "arm64"), "2024-05-14", None, None, "dotnet10", False),
    ("dotnet6", "6", "AL2", ("x86_64", "arm64"), "2024-12-20", "2027-02-01", "2027-03-03", "dotnet10", False),
    ("dotnet5.0", "5.0", "AL2", ("x86_64",), "2022-05-10", None, None, "dotnet10", False),
    ("dotnetcore3.1", "3.1", "AL2", ("x86_64", "arm64"), "2023-04-03", "2023-04-03", "2023-05-03", "dotnet10", False),
    ("dotnetcore2.1", "2.1", "AL1", ("x86_64",), "2022-01-05", "2022-01-05", "2022-04-13", "dotnet10", False),
    ("dotnetcore2.0", "2.0", "AL1", ("x86_64",), "2019-05-30", "2019-04-30", "2019-05-30", "dotnet10", False),
    ("dotnetcore1.0", "1.0", "AL1", ("x86_64",), "2019-06-27", "2019-06-30", "2019-07-30", "dotnet10", False),
    ("ruby4.0", "4.0", "AL2023", ("x86_64", "arm64"), "2029-03-31", "2029-04-30", "2029-05-31", None, False),
    ("ruby3.4", "3.4", "AL2023", ("x86_64", "arm64"), "2028-03-31", "2028-04-30", "2028-05-31", "ruby4.0", False),
    ("ruby3.3", "3.3", "AL2023", ("x86_64", "arm64"), "2027-03-31", "2027-04-30", "2027-05-31", "ruby4.0", False),
    ("ruby3.2", "3.2", "AL2", ("x86_64", "arm64"), "2026-03-31", "2027-02-01", "2027-03-03", "ruby4.0", False),
    ("ruby2.7", "2.7", "AL2", ("x86_64", "arm64"), "2023-12-07", "2024-01-09", "2027-03-03", "ruby4.0", False),
    ("ruby2.5", "2.5", "AL1", ("x86_64",), "2021-07-30", "2021-07-30", "2022-03-31", "ruby4.0", False),
    ("go1.x", "1", "AL1", ("x86_64",), "2024-01-08", "2024-02-08", "2027-03-03", "provided.al2023", False),
    ("provided.al2023", "", "AL2023", ("x86_64", "arm64"), "2029-06-30", "2029-07-31", "2029-08-31", None, False),
    ("provided.al2", "", "AL2", ("x86_64", "arm64"), "2026-07-31", "2027-02-01", "2027-03-03", "provided.al2023", False),
    ("provided", "", "AL1", ("x86_64",), "2024-01-08", "2024-02-08", "2027-03-03", "provided.al2023", False),
    ("custom", "", None, None, None, None, None, None, None),
)
# fmt: on


class Runtime:
    """One row of AWS's table."""

    __slots__ = (
        "architectures", "create_block", "deprecated", "family", "glibc", "in_api", "name", "number", "os", "sdk",
        "snap_start", "successor", "update_block", "version",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        version: str,
        os: str | None,
        architectures: tuple[str, ...] | None,
        deprecated: str | None,
        create_block: str | None,
        update_block: str | None,
        successor: str | None,
        snap_start: bool | None,
    ) -> None:
        #: The identifier of the API: ``python3.12``.
        self.name: Final = name
        #: ``python``, ``nodejs``, ``java``, ``dotnet``, ``ruby``, ``go``, ``provided`` (the bare system) or ``custom``.
        self.family: Final = _family(name)
        #: Of the language: ``3.12``. Empty: the runtime has none.
        self.version: Final = version
        #: The version as numbers, to compare: ``(3, 12)``.
        self.number: Final = tuple(int(part) for part in version.split(".") if part)
        #: ``AL1``, ``AL2`` or ``AL2023``. None: the customer's own.
        self.os: Final = os
        #: As ``2.34``. None: it hangs on the customer's own system.
        self.glibc: Final = None if os is None else GLIBC[os]
        #: As the API names them. None: not known.
        self.architectures: Final = architectures
        #: ISO date from which AWS no longer patches it. None: AWS has set none (a preview), or not known (``custom``).
        self.deprecated: Final = deprecated
        #: ISO date from which no new function can use it. None: as above, or an image, which nothing blocks.
        self.create_block: Final = create_block
        #: ISO date from which functions that use it can no longer be updated. None: as above.
        self.update_block: Final = update_block
        #: What AWS says to move to. None: AWS names nothing.
        self.successor: Final = successor
        #: Whether SnapStart takes it, as a zip, or as a base image without a label or hooks. None: no page tells yet.
        self.snap_start: Final = snap_start
        #: What of AWS's SDK can be imported without packing it, as a package's name. None: nothing can, or not known.
        self.sdk: Final = _sdk(self.family, self.number)
        #: Whether the API takes the identifier. False: there is a base image only.
        self.in_api: Final = name not in _IMAGE_ONLY

    @property
    def is_preview(self) -> bool:
        """Whether AWS takes it but promises nothing for it yet: no date of its life is set."""
        return self.in_api and self.os is not None and self.deprecated is None

    def is_deprecated(self, day: str) -> bool:
        """Tell whether AWS has stopped to patch it by an ISO date. False also where no date is known."""
        return self.deprecated is not None and self.deprecated <= day

    def refuses_creation(self, day: str) -> bool:
        """Tell whether AWS refuses new functions on an ISO date. AWS puts such dates off, but never brings them on."""
        return self.create_block is not None and self.create_block <= day

    def refuses_update(self, day: str) -> bool:
        """Tell whether AWS refuses to change a function that has it, on an ISO date, other than to another runtime."""
        return self.update_block is not None and self.update_block <= day

    def __repr__(self) -> str:
        return f"Runtime({self.name!r})"


def _family(name: str) -> str:
    letters = name.partition(".")[0].partition("-")[0].rstrip("0123456789")
    return "dotnet" if letters == "dotnetcore" else letters


def _sdk(family: str, number: tuple[int, ...]) -> str | None:
    if family == "nodejs":
        # Version 2 of the SDK went with Node.js 18: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
        return "@aws-sdk" if number >= (18,) else "aws-sdk"
    return {"python": "boto3", "ruby": "aws-sdk"}.get(family)


#: Every runtime that AWS has or had, by identifier, the newest of each language first.
RUNTIMES: Final[Mapping[str, Runtime]] = {row[0]: Runtime(*row) for row in _ROWS}

#: What people call a family, beside its own name.
_OTHER_NAMES: Final = {
    "node": "nodejs", "node.js": "nodejs", "py": "python", "net": "dotnet", "dotnetcore": "dotnet", "csharp": "dotnet",
    "corretto": "java", "golang": "go", "rust": "provided",
}  # fmt: skip

#: No name longer than this is looked at: to compare is quadratic, and ``int`` refuses thousands of digits.
_LONGEST: Final = 64


def nearest(name: str) -> str | None:
    """Return the identifier that a misspelt one means. None: nothing is near enough to name."""
    if len(name) > _LONGEST:
        return None
    named = {known: runtime for known, runtime in RUNTIMES.items() if runtime.in_api}
    for known in named:
        if known == name or _letters(known) == _letters(name):
            return known
    parts = re.match(r"[^a-z]*([a-z]+(?:\.js)?)[^a-z0-9]*([0-9]+(?:\.[0-9]+)*)?", name.lower())
    family = _OTHER_NAMES.get(parts[1], parts[1]) if parts else ""
    rows = [runtime for runtime in named.values() if runtime.family == family]
    if not parts or not rows:
        return _closest(name, list(named), cutoff=0.8)
    if family in ("go", "provided"):
        # Go is built for the bare system: https://docs.aws.amazon.com/lambda/latest/dg/lambda-golang.html
        return _closest(name, [known for known in named if known.startswith("provided.")], 0.8) or "provided.al2023"
    return _by_number(name, _numbers(parts[2] or ""), rows)


def looks_future(name: str) -> bool:
    """Tell whether an unknown identifier is formed as AWS would form that of a runtime newer than this table."""
    if name in RUNTIMES or len(name) > _LONGEST:
        return False
    plain, dot, system = name.partition(".al")
    if dot:
        # On the Amazon Linux after this one, as java8 has come to be java8.al2023.
        year = re.fullmatch("20[0-9]{2}", system)
        return year is not None and system > "2023" and (plain in RUNTIMES or looks_future(plain))
    newest = (row for row in RUNTIMES.values() if row.successor is None and _shape(row.name) == _shape(plain))
    row = next(newest, None)
    if row is None or not row.version:
        return False
    # More than ten ahead is a slip of the key (python31.2, python3.99), not a release.
    told = _numbers(plain)
    return row.number < told and all(new <= old + 10 for new, old in zip(told, row.number, strict=False))


def _by_number(name: str, number: tuple[int, ...], rows: list[Runtime]) -> str | None:
    """Return the newest runtime that fits as much of a version as is given: 3 means 3.14, and 20.11 means 20."""
    fitting = [row for row in rows if all(ours == theirs for ours, theirs in zip(row.number, number, strict=False))]
    settled = [row for row in fitting if not row.is_preview] or fitting
    newest = max((row.number for row in settled), default=())
    return _closest(name, [row.name for row in settled if row.number == newest], cutoff=0)


def _closest(name: str, names: list[str], cutoff: float) -> str | None:
    import difflib

    return next(iter(difflib.get_close_matches(name.lower(), names, n=1, cutoff=cutoff)), None)


def _letters(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


def _shape(name: str) -> str:
    return re.sub("[0-9]+", "0", name)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in re.findall("[0-9]+", text))
