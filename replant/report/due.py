"""Debt that falls due soon after the last period: what the plan leaves to those who come later."""

from __future__ import annotations

from collections.abc import Iterator

from replant.ledger import Clock
from replant.report.figures import Figures

__all__ = ["due_soon", "issues_of"]

_MONTHS = 24


def due_soon(figures: Figures) -> float:
    """Return the debt of one future that falls due within two years after the horizon.

    Counted are debts of today, bonds of the plan by the term that the ledger books, which runs
    from the end of the period of issue, and what is drawn on credit lines that end by then.
    """
    clock = Clock(figures.case.periods, {})
    last = clock.horizon + _MONTHS
    debts = (*_debts(figures, clock), *_bonds(figures, clock), *_lines(figures, clock))
    return sum(amount for month, amount in debts if month <= last)


def issues_of(figures: Figures) -> Iterator[tuple[str, str, float]]:
    """Yield the facility, the period and the amount of each bond or loan that a plan issues."""
    bonds = {row.id: row for row in figures.rows("facilities")}
    for name in ("issue", "issue_lump"):
        for (bond, period), amount in figures.decided("debt", name):
            size = float(bonds[bond].lump) if name == "issue_lump" else 1.0
            yield bond, period, amount * size


def _debts(figures: Figures, clock: Clock) -> Iterator[tuple[int, float]]:
    """Yield the month before whose start each debt of today is repaid, if after the horizon."""
    for row in figures.rows("debts"):
        if row.due >= figures.case.periods[-1].end:
            yield clock.month_of(row.due) + 1, float(row.principal)


def _bonds(figures: Figures, clock: Clock) -> Iterator[tuple[int, float]]:
    """Yield when each bond of the plan is repaid that is not repaid within it."""
    places = {period.id: place for place, period in enumerate(clock.periods)}
    terms = {row.id: int(row.term_months or 0) for row in figures.rows("facilities")}
    for bond, period, amount in issues_of(figures):
        month = clock.instant(places[period]) + terms[bond]
        if clock.ending_from(month) is None:
            yield month, amount


def _lines(figures: Figures, clock: Clock) -> Iterator[tuple[int, float]]:
    """Yield when what is drawn at the horizon on a line that ends must be paid back.

    A line that has ended before holds nothing then; one without an end falls due on no day.
    """
    for row in figures.rows("facilities"):
        if row.kind == "revolver" and row.latest is not None:
            yield clock.month_of(row.latest) + 1, _drawn(figures, row.id)


def _drawn(figures: Figures, line: str) -> float:
    """Return what is drawn on a line at the end of the last period."""
    drawn = dict(figures.decided("debt", "balance"))
    return drawn.get((line, figures.periods[-1]), 0.0)
