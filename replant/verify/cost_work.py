"""Research and development people who work on cost for a while."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from typing import Any

from replant.verify.calendar import as_date
from replant.verify.cells import cell, number, text
from replant.verify.told import Told

NAME = "cost_work"
ORDER = 40
COLUMNS: frozenset[str] = frozenset({"assign"})

ZERO = Fraction(0)


def post(told: Told) -> None:
    """Post the people at work and book what their work saves after its lag."""
    for row in told.rows("cost_work"):
        for period in told.periods:
            used = told.decision("assign", text(row.id), period.id)
            told.books.post("rd_people_used", period.id, amount=used)
            rate = number(row.saving_per_person) / 1000
            told.books.post("recurring", period.id, amount=used * rate * told.clock.mu(period))
            for later in told.periods:
                months = _shared(told, row, period, later) if used else ZERO
                saving = used * rate * months / 12
                told.books.entry("cash", "variable_cost", saving, later.id)


def _shared(told: Told, row: Any, worked: Any, saved: Any) -> Fraction:
    """Return the months of a period in which the work of another one, lagged, saves."""
    clock, lag = told.clock, number(cell(row, "lag_months"))
    first = max(clock.start(saved), clock.start(worked) + lag)
    last = min(clock.end(saved), clock.end(worked) + lag)
    return max(last - first, ZERO)


def check(told: Told) -> None:
    """Check widths, first dates, and that later steps of a project save no more a person."""
    rows = {text(row.id): row for row in told.rows("cost_work")}
    told.amounts("assign", {(name, each.id) for name in rows for each in told.periods}, "I8")
    steps: defaultdict[str, list[Fraction]] = defaultdict(list)
    for name, row in rows.items():
        steps[text(row.project)].append(number(row.saving_per_person))
        for period in told.periods:
            _check_step(told, name, row, period)
    for project, savings in steps.items():
        falling = all(former >= latter for former, latter in pairwise(savings))
        told.books.hold(
            "I8", falling, "Savings a person must not rise along a project.", where=project
        )


def _check_step(told: Told, name: str, row: Any, period: Any) -> None:
    people = told.decision("assign", name, period.id)
    first, start = as_date(cell(row, "earliest")), as_date(period.start)
    early = first is not None and start is not None and start < first
    closed = early or told.clock.over(period)
    over = people - (0 if closed else number(row.people))
    told.books.at_most(
        "I8",
        over,
        0,
        f"More people work on {name} than it can use.",
        where=f"{name},{period.id}",
    )
