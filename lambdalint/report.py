"""What comes out of a lint: findings, skips and crashes, by package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.model import Aws, Form, Lacking, Phase, Place, Role, Severity

if TYPE_CHECKING:
    from lambdalint.book import Rule

#: A report lists at most so many places of one finding; ``count`` is the truth.
PLACES_SHOWN: Final = 100


class Finding:
    """A hit, complete: rule, severity, phase and places settled."""

    __slots__ = ("aws", "count", "fix", "message", "phase", "places", "rule", "setting", "severity")

    def __init__(
        self,
        rule: Rule,
        severity: Severity,
        phase: Phase,
        places: Sequence[Place],
        message: str,
        setting: str | None,
        aws: Aws | None,
        fix: str | None,
    ) -> None:
        self.rule: Final = rule
        self.severity: Final = severity
        self.phase: Final = phase
        #: Never empty; at most ``PLACES_SHOWN``.
        self.places: Final = tuple(places[:PLACES_SHOWN])
        #: How many places there truly are.
        self.count: Final = len(places)
        self.message: Final = message
        self.setting: Final = setting
        self.aws: Final = aws
        self.fix: Final = fix

    @property
    def place(self) -> Place:
        return self.places[0]


class Skip:
    """A rule that could not be judged, and what was lacking."""

    __slots__ = ("lacking", "rule")

    def __init__(self, rule: Rule, lacking: Lacking) -> None:
        self.rule: Final = rule
        self.lacking: Final = lacking


class Crash:
    """A rule that raised: our fault, never the user's."""

    __slots__ = ("error", "rule")

    def __init__(self, rule: Rule, error: Exception) -> None:
        self.rule: Final = rule
        self.error: Final = error


class Verdict:
    """All that was found about one package with its layers."""

    __slots__ = (
        "checked", "crashes", "files", "findings", "form", "function", "image", "not_applicable", "path", "role", "size", "skips",
        "unzipped_size",
    )  # fmt: skip

    def __init__(
        self,
        path: str,
        form: Form,
        role: Role,
        size: int | None,
        unzipped_size: int | None,
        files: int | None,
        function: dict[str, object],
        findings: Sequence[Finding],
        skips: Sequence[Skip],
        crashes: Sequence[Crash],
        checked: frozenset[Rule],
        not_applicable: frozenset[Rule],
        image: str | None = None,
    ) -> None:
        self.path: Final = path
        #: The tag of the image, by which several of one archive are told apart. None: it is none, or has none.
        self.image: Final = image
        self.form: Final = form
        self.role: Final = role
        #: Bytes of the container. None: a directory.
        self.size: Final = size
        #: Bytes unpacked, and the number of regular files. None: it could not be opened.
        self.unzipped_size: Final = unzipped_size
        self.files: Final = files
        #: What was known of the function, by the API's names; no values of variables.
        self.function: Final = function
        self.findings: Final = tuple(findings)
        self.skips: Final = tuple(skips)
        self.crashes: Final = tuple(crashes)
        self.checked: Final = checked
        self.not_applicable: Final = not_applicable


class Report:
    """The verdicts of one run, in the order in which the packages were given."""

    __slots__ = ("verdicts", "verified")

    def __init__(self, verdicts: Sequence[Verdict], *, verified: bool = True) -> None:
        self.verdicts: Final = tuple(verdicts)
        #: Whether every byte was read and its sums checked, whether or not a rule wanted it.
        self.verified: Final = verified

    def findings(self) -> list[Finding]:
        return [finding for verdict in self.verdicts for finding in verdict.findings]

    def counts(self) -> dict[Severity, int]:
        """How many findings there are of each severity."""
        tally = dict.fromkeys(Severity, 0)
        for finding in self.findings():
            tally[finding.severity] += 1
        return tally

    def rules(self) -> tuple[int, int, int]:
        """How many rules were checked, skipped and not applicable; one that was skipped anywhere counts as skipped."""
        skipped = {skip.rule for verdict in self.verdicts for skip in verdict.skips}
        skipped |= {crash.rule for verdict in self.verdicts for crash in verdict.crashes}
        checked = {rule for verdict in self.verdicts for rule in verdict.checked} - skipped
        rest = {rule for verdict in self.verdicts for rule in verdict.not_applicable} - skipped - checked
        return len(checked), len(skipped), len(rest)
