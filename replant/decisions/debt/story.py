"""What is said of debt that is issued or drawn."""

from __future__ import annotations

from replant.decisions.debt.rows import Facility
from replant.module import Sentence, Told

__all__ = ["balance_told", "issue_told"]


def issue_told(row: Facility, period: str, size: float, told: Told) -> Sentence:
    """Return the sentence of a bond issued in a period."""
    (index,) = (i for i, each in enumerate(told.clock.periods) if each.id == period)
    day, money = told.case.period(period).last_day, told.case.settings.units.money
    repaid = told.clock.ending_from(told.clock.instant(index) + row.term_months)
    ending = "after the plan" if repaid is None else f"in {told.clock.periods[repaid].id}"
    columns = ["limit", "lump", "rate", "fee", "term_months"]
    return Sentence(
        text=f"{row.title}: {size:,.1f} {money} is issued by the end of {period} "
        f"({day.day} {day:%B %Y}) at {float(row.rate):.2%} and a fee of {float(row.fee):.2%}; it "
        f"is repaid {ending}.",
        subject=f"facility.{row.id}",
        option=f"facility.{row.id}" if row.lump else "",
        period=period,
        until="" if repaid is None else told.clock.periods[repaid].id,
        cells=frozenset(row.cell(each) for each in columns),
    )


def balance_told(row: Facility, period: str, amount: float, told: Told) -> Sentence:
    """Return the sentence of a line, drawn most at the end of a period."""
    return Sentence(
        text=f"{row.title}: up to {amount:,.1f} {told.case.settings.units.money} of "
        f"{float(row.limit):,.1f} is drawn, the most at the end of {period}.",
        subject=f"facility.{row.id}",
        period=period,
        cells=frozenset({row.cell("limit"), row.cell("rate")}),
    )
