"""Debt that falls due soon after the last period: what the plan leaves to those who come later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from replant.case import add_months
from replant.report.figures import Figures

__all__ = ["due_soon"]

_MONTHS = 24
_ISSUED = re.compile(r"issue(?P<lump>_lump)?\[(?P<bond>.+),(?P<period>[^,\]]+)\]\Z")


def due_soon(figures: Figures) -> float:
    """Return the debt of one future that falls due within two years after the horizon."""
    begin = figures.case.periods[-1].end
    end = add_months(begin, _MONTHS)
    return sum(amount for due, amount in _debts(figures) if begin <= due < end)


def _debts(figures: Figures) -> Iterator[tuple[date, float]]:
    """Yield the day on which each debt of today, and each bond of the plan, is repaid."""
    for row in figures.rows("debts"):
        yield row.due, float(row.principal)
    bonds = {row.id: row for row in figures.rows("facilities")}
    starts = {period.id: period.start for period in figures.case.periods}
    for column, text in figures.plan.decisions.get("debt", {}).items():
        match = _ISSUED.match(column)
        if match is None or match["bond"] not in bonds or match["period"] not in starts:
            continue
        bond = bonds[match["bond"]]
        # what is repaid as the last period ends is repaid within the plan
        repaid = add_months(starts[match["period"]], int(bond.term_months)) - timedelta(days=1)
        size = float(text) * (float(bond.lump) if match["lump"] else 1.0)
        yield repaid, size
