"""The settings of a case: case.toml."""

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from replant.case.files import read_text
from replant.case.findings import Finding, finding
from replant.case.kinds import Date, Id, Kind, parse_number, unprintable
from replant.case.near import suggestion

SETTINGS_FILE = "case.toml"


def _exact(value: object) -> Fraction:
    """Read a TOML number, which arrives as a Decimal, or its text."""
    if isinstance(value, Decimal):
        value = f"{value:f}"
    return parse_number(value)


Exact: TypeAlias = Annotated[Fraction, Kind("number", _exact)]


class _Settings(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True
    )


class UnitLabels(_Settings):
    """What the numbers of each kind count, in words for people."""

    currency: str = "JPY"
    money: str = "¥bn"
    unit_value: str = "¥m"
    volume: str = "thousand units"
    pay: str = "¥m a person a year"
    people: str = "persons"
    floor: str = "thousand m²"

    def label(self, kind: str) -> str:
        """Return the label of a field's kind; the kind itself where none is declared."""
        return str(getattr(self, kind.replace(" ", "_"), kind))


class Regime(_Settings):
    """An accounting standard and the day from which it holds."""

    standard: Literal["JGAAP", "JGAAP34", "IFRS", "USGAAP"]
    since: Date = Field(alias="from")


class Accounting(_Settings):
    """The accounting standards over time."""

    regime: tuple[Regime, ...] = ()

    def standard_on(self, day: date) -> str | None:
        """Return the standard that holds on a day, or None before the first."""
        begun = [each for each in self.regime if each.since <= day]
        return max(begun, key=lambda each: each.since).standard if begun else None


class BaseYear(_Settings):
    """The closed fiscal year that the model must reproduce."""

    fiscal_year: str
    tolerance: Exact = Fraction(1, 100)


class SolveDefaults(_Settings):
    """What the solver is asked for unless the command says otherwise."""

    gap: Exact = Fraction(1, 100)
    time_limit: int = Field(default=600, gt=0)
    seed: int = 0


class Comparators(_Settings):
    """The plans, by id, against which a plan is judged."""

    plans: tuple[str, ...] = ()


class Settings(_Settings):
    """All settings of a case."""

    name: Id
    title: str
    as_of: Date
    home_currency: Id
    description: str = ""
    units: UnitLabels = UnitLabels()
    accounting: Accounting = Accounting()
    base_year: BaseYear | None = None
    solve: SolveDefaults = SolveDefaults()
    comparators: Comparators = Comparators()


def read_settings(root: Path) -> tuple[Settings | None, str, list[Finding]]:
    """Read case.toml.

    Returns
    -------
    settings : Settings or None
        None if an error stops it.
    text : str
        The file's text, so that writing gives it back unchanged.
    findings : list of Finding
        What is wrong.
    """
    if not (root / SETTINGS_FILE).exists():
        rule = f"a case has the file {SETTINGS_FILE}"
        fix = "add it, or give the folder that holds it"
        return None, "", [finding("no-settings", SETTINGS_FILE, rule, fix)]
    text, findings = read_text(root, SETTINGS_FILE)
    if text is None:
        return None, "", findings
    settings, found = parse_settings(text, root.resolve().name)
    return settings, text, found


def parse_settings(text: str, folder: str) -> tuple[Settings | None, list[Finding]]:
    """Read the text of case.toml; a case without a name takes its folder's."""
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as why:
        rule = f"{SETTINGS_FILE} is a TOML file"
        return None, [finding("settings-syntax", SETTINGS_FILE, rule, f"mend: {why}")]
    try:
        settings = Settings.model_validate({"name": folder, **data})
    except ValidationError as why:
        # pydantic's own type for one error is private
        return None, [_setting_finding(dict(error)) for error in why.errors(include_url=False)]
    texts = {name: getattr(settings, name) for name in ("name", "title", "description")}
    for name, shown in {**texts, **vars(settings.units)}.items():
        if unprintable(shown):
            rule = "a text holds no control characters, which a terminal or a reader would obey"
            fix = "type the text anew"
            return None, [finding("control-character", SETTINGS_FILE, rule, fix, column=name)]
    return settings, []


def _setting_finding(error: dict[str, Any]) -> Finding:
    where = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    rule = str(context.get("rule", error["msg"]))
    fix = str(context.get("fix", "mend the value"))
    value = error["input"]
    if error["type"] == "extra_forbidden":
        rule, fix = "the key is unknown", _known_keys(error["loc"])
    if error["type"] == "missing":
        rule, fix, value = "the key is missing", "add it", ""
    return finding("settings", SETTINGS_FILE, rule, fix, column=where, value=str(value))


def _known_keys(location: tuple[int | str, ...]) -> str:
    """Suggest a key of the section in which an unknown one was met."""
    sections: dict[str, type[BaseModel]] = {
        "units": UnitLabels,
        "accounting": Accounting,
        "regime": Regime,
        "base_year": BaseYear,
        "solve": SolveDefaults,
        "comparators": Comparators,
    }
    around = [part for part in location[:-1] if isinstance(part, str)]
    section = sections.get(around[-1], Settings) if around else Settings
    known = [field.alias or name for name, field in section.model_fields.items()]
    return suggestion(str(location[-1]), known, f"use one of {', '.join(known)}")


def settings_content(settings: Settings) -> dict[str, Any]:
    """Return the settings as plain data under the keys of case.toml, without empty ones."""
    # model_dump would turn exact numbers into texts such as 1/100
    return {key: _plain(value) for key, value in _filled(settings)}


def _filled(section: BaseModel) -> Iterator[tuple[str, object]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if value is not None:
            yield field.alias or name, value


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return {key: _plain(each) for key, each in _filled(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
