"""The exact twin of programmes: what goes ahead, when it renews a model, what it costs.

Two small readers of one-off decisions live here, because a programme is the plainest of them:
`choices` and `check_once`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from replant.verify.cells import cell, number, text
from replant.verify.told import Told

__all__ = ["COLUMNS", "LINES", "NAME", "ORDER", "check", "check_once", "choices", "post"]

NAME = "programme"
ORDER = 25  # reads which models the platforms still offer
COLUMNS = frozenset({"start"})
LINES = frozenset({"renewal_investment", "renewal_development"})


# ── one-off decisions ────────────────────────────────────────────────────────────────────────


def choices(told: Told, column: str, name: str) -> Iterator[tuple[Any, Fraction]]:
    """Yield the periods in which a column of one id is not 0, with its value."""
    for period in told.periods:
        value = told.decision(column, name, period.id)
        if value:
            yield period, value


def check_once(
    told: Told, column: str, rows: Iterable[Any], rule: str, *, model_change: bool = False
) -> None:
    """Check that a column is binary, falls in open windows, and happens once at most for each id.

    Parameters
    ----------
    told : Told
        What the twin is told.
    column : str
        The column, labelled by id and period.
    rows : iterable
        The rows that own the ids, with ``earliest`` and ``latest``.
    rule : str
        The name under which breaches are reported.
    model_change : bool
        Whether the period must allow changes of models too.
    """
    owners = list(rows)
    told.binaries(column, {(text(row.id), each.id) for row in owners for each in told.periods})
    for row in owners:
        name = text(row.id)
        chosen = list(choices(told, column, name))
        total = sum((value for _, value in chosen), Fraction(0))
        told.books.at_most(
            rule,
            total,
            1,
            f"{column} of {name} is decided more than once.",
            where=name,
        )
        for period, _ in chosen:
            _check_window(told, column, row, period, rule, model_change)


def _check_window(
    told: Told, column: str, row: Any, period: Any, rule: str, model_change: bool
) -> None:
    told.books.hold(
        rule,
        told.clock.window_open(period, row.earliest, row.latest, model_change=model_change),
        f"{column} of {text(row.id)} may not be decided in {period.id}.",
        where=f"{text(row.id)},{period.id}",
    )


# ── the twin ─────────────────────────────────────────────────────────────────────────────────


def post(told: Told) -> None:
    """Post renewals, R&D people, money and options of every programme."""
    for row in told.rows("programmes"):
        total = Fraction(0)
        for period, value in choices(told, "start", text(row.id)):
            total += value
            _post_effects(told, row, period, value)
            _post_money(told, row, period, value)
        told.books.post("option", f"programme.{text(row.id)}", amount=total)
        _post_cycle(told, row, total)


def _post_cycle(told: Told, row: Any, started: Fraction) -> None:
    """Post what the programme costs a year when it comes again every cycle for ever."""
    cycle = number(cell(row, "cycle_months"))
    if not cycle:
        return
    model, last = text(row.model), told.periods[-1].id
    lives = told.books.total("offered", model, last, default=Fraction(1)) if model else started
    for column in ("investment", "development"):
        spent = number(cell(row, column))
        if spent:
            amount = spent * 12 / cycle * lives
            told.books.post(f"renewal_{column}", amount=amount)


def _post_effects(told: Told, row: Any, start: Any, value: Fraction) -> None:
    ready = told.clock.ready(start, number(row.lead_months))
    for period in told.periods[ready:]:
        if text(row.model):
            told.books.post("renewed", text(row.model), period.id, amount=value)
        benefit = number(row.benefit) * told.clock.mu(period) * value
        told.books.entry("cash", "other_operating", benefit, period.id, recurring=True)
    for period in told.periods[start.index : ready]:
        told.books.post("rd_people_used", period.id, amount=number(row.people) * value)


def _post_money(told: Told, row: Any, start: Any, value: Fraction) -> None:
    ready = told.clock.ready(start, number(row.lead_months))
    spent = told.clock.calendar(row.spent)
    told.books.item(
        number(row.investment) * value,
        start,
        expense="depreciation",
        balance="ppe",
        recognised=told.clock.straight_line(number(row.investment_life_months), ready),
        paid=spent,
        deducted=told.clock.nowhere,
    )
    told.books.item(
        number(row.development) * value,
        start,
        expense="rd",
        balance="provisions",
        recognised=spent,
        paid=spent,
        deducted=told.clock.nowhere,
    )


def check(told: Told) -> None:
    """Check that each programme starts once at most, in a period open to it."""
    check_once(told, "start", told.rows("programmes"), "programmes")
