"""Case files: named good and bad packages with the hits that one rule must find in them."""

from __future__ import annotations

import datetime
import glob
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lambdalint.binaries import Probe, keep
from lambdalint.book import Rule
from lambdalint.engine import Judge, lint
from lambdalint.function import Function
from lambdalint.model import Aws, Form, Role, UnreadablePackage
from lambdalint.readers import open_package
from lambdalint.report import Finding, Verdict
from lambdalint.target import Target
from tests.build import Recipe
from tests.content import BadRecipe, only

ROOT: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER: Final = os.path.join(ROOT, "fixtures", "cases")
#: The day as of which cases are judged, unless they name another.
TODAY: Final = datetime.date(2026, 11, 21)


class Expected:
    """A hit that must be there; what it does not mention may be anything."""

    KEYS: Final = frozenset({"path", "paths", "layer", "severity", "phase", "count", "message", "aws", "setting", "fix", "line"})

    def __init__(self, table: Mapping[str, Any], where: str) -> None:
        only(table, self.KEYS, f"{where}: hits")
        only(table.get("aws", {}), {"code", "message"}, f"{where}: hits.aws")
        self.table: Final = table

    def fits(self, finding: Finding) -> bool:
        """Tell whether a finding is the one that is meant. Texts need only contain what is said."""
        told: dict[str, Any] = {
            "path": finding.place.path or "", "paths": [place.path or "" for place in finding.places],
            "severity": finding.severity.label, "phase": finding.phase.value, "count": finding.count,
            "setting": finding.setting or "", "line": finding.place.line or 0,
            "layer": int(finding.place.package.removeprefix("layer") if finding.place.package != "package" else 0),
        }  # fmt: skip
        exact = all(told[key] == self.table[key] for key in told.keys() & self.table.keys())
        texts = {"message": finding.message, "fix": finding.fix or ""}
        within = all(self.table[key] in texts[key] for key in texts.keys() & self.table.keys())
        return exact and within and self._says(finding.aws)

    def _says(self, aws: Aws | None) -> bool:
        wanted = self.table.get("aws")
        if wanted is None or aws is None:
            return wanted is None
        return wanted.get("code", aws.code) == aws.code and wanted.get("message", "") in aws.message


class Case:
    """One package, what is known of its function, and what must be found."""

    KEYS: Final = Recipe.KEYS | {"name", "function", "layers", "role", "as_of", "verify", "hits", "skips", "applies"}
    FUNCTION_KEYS: Final = frozenset(Function.__slots__) - {"layers", "role"} | {"architecture"}

    def __init__(self, table: Mapping[str, Any], file: str, rule: str) -> None:
        #: The case file's name, for messages.
        self.file: Final = file
        #: The ID of the one rule that is judged.
        self.rule: Final = rule
        self.name: Final[str] = table.get("name", "")
        where = f"{file}: {self.name or 'a case without a name'}"
        only(table, self.KEYS, where)
        self.table: Final = table
        self.recipe: Final = Recipe({key: table[key] for key in Recipe.KEYS if key in table}, where)
        self.layers: Final = [_layer(layer, where) for layer in table.get("layers", ())]
        told = dict(table.get("function", {}))
        only(told, self.FUNCTION_KEYS, f"{where}: function")
        if "architecture" in told:
            told["architectures"] = [told.pop("architecture")]
        self.told: Final[Mapping[str, Any]] = told
        self.role: Final = Role(table["role"]) if "role" in table else None
        self.today: Final = datetime.date.fromisoformat(table["as_of"]) if "as_of" in table else TODAY
        self.verify: Final[bool] = table.get("verify", True)
        self.hits: Final = [Expected(hit, where) for hit in table.get("hits", ())]
        #: What must be lacking, as ``Lacking.what`` has it.
        self.skips: Final[Sequence[str]] = table.get("skips", ())
        #: False: the rule must say that there is nothing here for it to judge.
        self.applies: Final[bool] = table.get("applies", True)
        if not self.name:
            raise BadRecipe(f"{where}: a case says in its name what it shows")

    def function(self) -> Function:
        """What is told of the function; local layers have the paths at which ``target`` makes them."""
        layers = [layer if isinstance(layer, str) else f"layer{number}" for number, layer in enumerate(self.layers, 1)]
        return Function(layers=layers or None, role=self.role, **self.told)

    def target(self, form: Form) -> Target:
        """Write package and layers into the working directory and open them."""
        self.recipe.make(form, "package")
        layers = []
        for number, layer in enumerate(self.layers, 1):
            if isinstance(layer, Recipe):
                layer.make(form if form in layer.forms else layer.forms[0], f"layer{number}")
                layers.append(opened(f"layer{number}", Function(role=Role.LAYER)))
        return opened("package", self.function(), layers)


def opened(path: str, function: Function, layers: Sequence[Target] = ()) -> Target:
    """Return what is at a path as a target, readable or not."""
    try:
        package = open_package(path, probe=Probe(), keep=keep)
    except UnreadablePackage as unreadable:
        return Target(unreadable.archive, None, function, layers)
    return Target(package.archive, package, function, layers)


def _layer(table: Mapping[str, Any], where: str) -> str | Recipe:
    if "arn" in table:
        only(table, {"arn"}, f"{where}: layers")
        arn: str = table["arn"]
        return arn
    return Recipe(table, f"{where}: layers")


class CaseFile:
    """All cases of one rule."""

    def __init__(self, path: str) -> None:
        self.name: Final = os.path.basename(path)
        with open(path, "rb") as file:
            table = tomllib.load(file)
        only(table, {"rule", "case"}, self.name)
        self.rule: Final[str] = table["rule"]
        self.cases: Final = [Case(case, self.name, self.rule) for case in table.get("case", ())]
        names = [case.name for case in self.cases]
        if len(set(names)) < len(names):
            raise BadRecipe(f"{self.name}: two cases have one name")


def case_files() -> Iterator[CaseFile]:
    """Yield every case file there is."""
    return (CaseFile(path) for path in sorted(glob.glob(os.path.join(FOLDER, "*.toml"))))


def judged(case: Case, rule: Rule, form: Form) -> Verdict:
    """Make the package of a case in the working directory and let one rule judge it."""
    return lint([case.target(form)], [rule], Judge(today=case.today, verify=case.verify)).verdicts[0]


def complaints(case: Case, verdict: Verdict) -> list[str]:
    """Return what a verdict has that the case does not expect, and what it lacks."""
    found = [f"crashed: {type(crash.error).__name__}: {crash.error}" for crash in verdict.crashes]
    left = list(verdict.findings)
    for expected in case.hits:
        fitting = next((finding for finding in left if expected.fits(finding)), None)
        if fitting is None:
            found.append(f"not found: {dict(expected.table)}")
        else:
            left.remove(fitting)
    found += [f"not expected: {told(finding)}" for finding in left]
    lacking = {skip.lacking.what for skip in verdict.skips}
    found += [f"was not skipped for want of {what}" for what in sorted(set(case.skips) - lacking)]
    found += [f"skipped for want of {what}" for what in sorted(lacking - set(case.skips))]
    if case.applies and verdict.not_applicable:
        found.append("does not apply; say applies = false if that is right")
    if not case.applies and not verdict.not_applicable:
        found.append("is said not to apply, and does")
    return found


def told(finding: Finding) -> dict[str, object]:
    """Return all of a finding, in the words of case files."""
    said = {
        "path": finding.place.path, "package": finding.place.package, "count": finding.count,
        "severity": finding.severity.label, "phase": finding.phase.value, "message": finding.message,
        "setting": finding.setting, "line": finding.place.line, "fix": finding.fix,
        "aws": finding.aws and {"code": finding.aws.code, "message": finding.aws.message},
        "places": [place.path for place in finding.places[1:]],
    }  # fmt: skip
    return {key: value for key, value in said.items() if value}
