"""What lenders demand: how far a plan stays from it in each fiscal year, and what it misses."""

from __future__ import annotations

from collections.abc import Iterator

from replant.report.data import Covenant, MissedLimit
from replant.report.figures import Figures
from replant.rules.covenants import Covenant as Promise
from replant.rules.covenants import demand, figure_of

__all__ = ["lenders_missed", "lenders_of"]

_NOTICED = 1e-6


def lenders_of(figures: Figures) -> Iterator[Covenant]:
    """Yield each covenant in each fiscal year with the figure it bounds and its headroom."""
    for row in figures.rows("covenants"):
        for year, room in _rooms(figures, row):
            value = figures.at("covenant_figure", figure_of(row), year)
            yield Covenant(demand(row, year, figures.case), value, room)


def lenders_missed(figures: Figures) -> Iterator[MissedLimit]:
    """Yield each covenant that a plan misses, told once for all its fiscal years."""
    for row in figures.rows("covenants"):
        missed = [(year, -room) for year, room in _rooms(figures, row) if room < -_NOTICED]
        if missed:
            first, _ = missed[0]
            worst, amount = max(missed, key=lambda miss: round(miss[1], 6))
            yield MissedLimit(
                sentence=demand(row, "each year", figures.case),
                first=first,
                worst=worst,
                times=len(missed),
                amount=amount,
                size=figures.wording.amount(amount),
            )


def _rooms(figures: Figures, row: Promise) -> Iterator[tuple[str, float]]:
    """Yield the fiscal years in which a covenant is tested, and what is left in each."""
    for year in figures.years:
        if (row.id, year) in figures.plan.rows.get("covenant_headroom", {}):
            yield year, figures.at("covenant_headroom", row.id, year)
