"""Periods, and the arithmetic of dates on them."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import ValidationInfo, field_validator

from replant.case.columns import meaning
from replant.case.kinds import Date, Flag, Id, Text, Whole, refusal
from replant.case.row import Row
from replant.errors import UsageError

Role = Literal["plan", "base", "predict"]
PLAN: Role = "plan"


class PeriodRow(Row):
    """One period of the plan, of the base year or of the years to predict."""

    table: ClassVar[str] = "periods"

    id: Id
    start: Date = meaning("First day")
    months: Whole = meaning("Length in calendar months", ge=1, le=120, structural=True)
    fiscal_year: Text = meaning("Fiscal year to which it belongs")
    role: Role = meaning(
        "plan: decided; base: a closed year to reproduce; predict: a later year to foretell",
        default="plan",
    )
    decisions: Flag = meaning("Whether decisions may take effect at its start", default="yes")
    model_change: Flag = meaning(
        "Whether a model may be launched, moved or ended at its start", default="yes"
    )
    over: Flag = meaning(
        "Whether it is over on the case's date, though unpublished: every plan runs in it as it "
        "stood, and decides nothing",
        default="no",
    )

    @field_validator("over", mode="after")
    @classmethod
    def _nothing_is_decided(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("role", PLAN) != PLAN:
            rule = "only a period of the plan is marked as over; base and predict are closed anyway"
            raise refusal("over-and-closed", rule, "leave over empty")
        if value and (info.data.get("decisions") or info.data.get("model_change")):
            rule = "nothing is decided in a period that is over"
            raise refusal("over-and-decided", rule, "set decisions and model_change to no")
        return value


@dataclass(frozen=True)
class Period:
    """A period with its place among those of its role.

    Parameters
    ----------
    id : str
        Its name.
    index : int
        Its place, from 0.
    start, end : date
        The first day, and the day after the last.
    months : int
        Its length.
    fiscal_year : str
        The fiscal year to which it belongs.
    role : {"plan", "base", "predict"}
        What it is for.
    decisions, model_change : bool
        Whether decisions, and changes of models, may take effect at its start.
    over : bool
        Whether it is over, so that nothing in it is decided any more.
    """

    id: str
    index: int
    start: date
    end: date
    months: int
    fiscal_year: str
    role: Role = PLAN
    decisions: bool = True
    model_change: bool = True
    over: bool = False

    @property
    def last_day(self) -> date:
        """The last day."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.end - self.start).days

    @property
    def years(self) -> Fraction:
        """The length as a share of twelve months."""
        return Fraction(self.months, 12)


@dataclass(frozen=True)
class FiscalYear:
    """A fiscal year and its periods."""

    id: str
    periods: tuple[Period, ...]

    @property
    def last(self) -> Period:
        """The period at whose end the accounts are closed."""
        return self.periods[-1]

    @property
    def months(self) -> int:
        """The months that the periods cover; less than 12 where the plan starts midway."""
        return sum(period.months for period in self.periods)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day if it is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def periods_of(rows: Iterable[PeriodRow]) -> tuple[Period, ...]:
    """Return the periods of some rows in the order of time."""
    ordered = sorted(rows, key=lambda row: row.start)
    return tuple(_period(index, row) for index, row in enumerate(ordered))


def _period(index: int, row: PeriodRow) -> Period:
    return Period(
        id=row.id,
        index=index,
        start=row.start,
        end=add_months(row.start, row.months),
        months=row.months,
        fiscal_year=row.fiscal_year,
        role=row.role,
        decisions=row.decisions,
        model_change=row.model_change,
        over=row.over,
    )


def fiscal_years_of(periods: Iterable[Period]) -> tuple[FiscalYear, ...]:
    """Gather periods into fiscal years, in the order of time."""
    gathered: dict[str, list[Period]] = {}
    for period in periods:
        gathered.setdefault(period.fiscal_year, []).append(period)
    return tuple(FiscalYear(name, tuple(each)) for name, each in gathered.items())


def period_after(periods: Sequence[Period], index: int, months: int) -> Period | None:
    """Return the first period that ends no earlier than some months after another's start.

    Leads and ages are in months, and periods may be longer: what takes five months from the
    start of a half-year is there at its end.

    Parameters
    ----------
    periods : sequence of Period
        Periods that follow each other.
    index : int
        The period at whose start the months begin.
    months : int
        How many, at least 0.

    Returns
    -------
    Period or None
        None if the months lead beyond the last period.
    """
    if months < 0:
        raise UsageError(f"{months} months: a lead is not negative")
    due = add_months(periods[index].start, months)
    place = bisect_left(periods, due, key=lambda period: period.end)
    return periods[place] if place < len(periods) else None


def dated_rate(steps: Iterable[tuple[date, Fraction]], period: Period) -> Fraction:
    """Return the average over a period of a rate that changes on given days.

    Parameters
    ----------
    steps : iterable of (date, Fraction)
        The first day of each rate, in any order; a rate holds until the next one begins.
    period : Period
        The period to average over, each day with the same weight.

    Returns
    -------
    Fraction
        The exact average.

    Raises
    ------
    UsageError
        If no rate holds at the period's start, or two begin on one day.
    """
    ordered = sorted(steps, key=lambda step: step[0])
    days = [day for day, _ in ordered]
    if len(set(days)) < len(days):
        raise UsageError("two rates begin on one day")
    if not ordered or days[0] > period.start:
        raise UsageError(f"no rate holds on {period.start}, the start of period {period.id}")
    ends = [*days[1:], max(period.end, days[-1])]
    weighted = (
        rate * _common_days(start, end, period)
        for (start, rate), end in zip(ordered, ends, strict=True)
    )
    return sum(weighted, Fraction(0)) / period.days


def _common_days(start: date, end: date, period: Period) -> int:
    """Count the days that a span shares with a period."""
    return max(0, (min(end, period.end) - max(start, period.start)).days)
