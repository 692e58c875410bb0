"""Duties: the rate between two places in a period, averaged over the days of dated rates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from replant.verify.cells import as_date, cell, number, text
from replant.verify.told import Told

__all__ = ["Duties"]

ZERO = Fraction(0)


class Duties:
    """Rates of duty by origin, market and period, each averaged once.

    Parameters
    ----------
    told : Told
        What the twin is told.
    """

    def __init__(self, told: Told) -> None:
        self._told = told
        self._found: dict[tuple[str, str, str], Fraction] = {}

    def rate(self, origin: Any, market: Any, period: Any) -> Fraction:
        """Return the rate of duty in a period, weighted by the days for which each rate holds."""
        key = (text(origin), text(market.id), period.id)
        if key not in self._found:
            self._found[key] = self._average(*key[:2], period)
        return self._found[key]

    def _average(self, origin: str, market: str, period: Any) -> Fraction:
        dated = sorted(
            (_day(cell(row, "from")), number(row.rate))
            for row in self._told.rows("duties")
            if text(row.origin) == origin and text(row.market) == market
        )
        if not dated:
            return ZERO
        begin, end = _day(period.start), _day(period.end)
        weighted = ZERO
        for place, (since, rate) in enumerate(dated):
            until = dated[place + 1][0] if place + 1 < len(dated) else date.max
            days = (min(until, end) - max(since, begin)).days
            weighted += rate * max(0, days)
        return weighted / (end - begin).days


def _day(value: Any) -> date:
    day = as_date(value)
    assert day is not None
    return day
