"""Jobs of each region: kept, taken over by partners, and the change in the region."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import cell, number, text
from replant.verify.told import Told

NAME = "jobs"
ORDER = 90
COLUMNS: frozenset[str] = frozenset()

ZERO = Fraction(0)


def post(told: Told) -> None:
    """Post jobs and the range of the change that they bring to each region."""
    for row in told.rows("regions"):
        region = text(row.id)
        groups = [each for each in told.rows("people") if text(cell(each, "region")) == region]
        opening = sum((number(each.count) for each in groups), ZERO)
        names = [text(each.id) for each in groups]
        taken = ZERO
        for period in told.periods:
            jobs, at_work = (
                sum((told.books.total(stream, name, period.id) for name in names), ZERO)
                for stream in ("heads", "at_work")
            )
            taken += sum(
                (told.books.total("exits", name, "taken_over", period.id) for name in names), ZERO
            )
            told.books.post("jobs", region, period.id, amount=jobs)
            told.books.post("jobs_at_work", region, period.id, amount=at_work)
            told.books.post("jobs_taken_over", region, period.id, amount=taken)
            _change(told, row, period, jobs + taken - opening)


def _change(told: Told, row: Any, period: Any, change: Fraction) -> None:
    for side in ("low", "high"):
        amount = number(cell(row, f"jobs_{side}"), 1) * change
        told.books.post(f"regional_change_{side}", text(row.id), period.id, amount=amount)


def check(told: Told) -> None:
    """Check that each group's people are counted in one region, and no region twice."""
    regions = [text(row.id) for row in told.rows("regions")]
    told.books.hold("I8", len(set(regions)) == len(regions), "A region is listed twice.")
