"""What is over is as it was: shipments, shifts, lines and overtime of such a period are known.

Part of the twin of sourcing; the other twins look at their own columns by ``clock.over``.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import Any

from replant.verify.cells import number, text, yes
from replant.verify.told import Told

__all__ = ["check_past"]

ZERO = Fraction(0)
_RULE = "past"


def check_past(told: Told) -> None:
    """Check the columns of sourcing in every period that is over."""
    known = {
        (text(row.line), text(row.market), text(row.period)): number(row.volume)
        for row in told.rows("past_shipments")
    }
    over = {period.id for period in told.periods if told.clock.over(period)}
    for name, _, time in known:
        told.books.hold(
            _RULE,
            time in over or told.clock.period(time) is None,
            f"A past shipment of {name} is of {time}, which is not over.",
            where=time,
        )
    for period in told.periods:
        if period.id in over:
            _check_shipments(told, known, period.id)
            _check_lines(told, known, period.id)
            for row in told.rows("capacities"):
                _check_plant(told, row, known, period)


def _same(told: Told, column: str, labels: tuple[str, ...], value: Fraction) -> None:
    found = told.decision(column, *labels)
    told.books.hold(
        _RULE,
        found == value,
        f"{column}[{','.join(labels)}] is over and was {float(value):.6g}.",
        amount=found - value,
        where=",".join(labels),
    )


def _check_shipments(told: Told, known: dict[tuple[str, str, str], Fraction], period: str) -> None:
    planned = {labels for labels in told.decisions("ship") if labels[-1] == period}
    for labels in sorted(planned | {labels for labels in known if labels[-1] == period}):
        _same(told, "ship", labels, known.get((labels[0], labels[1], period), ZERO))


def _check_lines(told: Told, known: dict[tuple[str, str, str], Fraction], period: str) -> None:
    for line in told.rows("lines"):
        if not yes(line.tooled) or number(line.fixed_cost) > 0:
            ran = any(
                volume
                for (name, _, time), volume in known.items()
                if (name, time) == (text(line.id), period)
            )
            _same(told, "on", (text(line.id), period), Fraction(int(ran)))


def _check_plant(
    told: Told, row: Any, known: dict[tuple[str, str, str], Fraction], period: Any
) -> None:
    plant, worked = text(row.plant), min(number(row.shifts_now), number(row.shifts_max, 3))
    own = any(
        text(each.id) == plant and text(each.kind) != "partner" for each in told.rows("plants")
    )
    there = told.books.total("operating", plant, period.id) if own else Fraction(1)
    for place in (1, 2, 3):
        was = there if place <= worked else ZERO
        _same(told, f"shift_{place}", (plant, period.id), was)
    _same(told, "slowed", (plant, period.id), ZERO)
    _same(told, "overtime", (plant, period.id), _overtime(told, row, worked, known, period))


def _overtime(
    told: Told,
    row: Any,
    worked: Fraction,
    known: dict[tuple[str, str, str], Fraction],
    period: Any,
) -> Fraction:
    """Return what the shipments needed beyond the shifts, up to the next thousandth."""
    weights = (1, number(row.second_shift_efficiency, 1), number(row.third_shift_efficiency, 1))
    full: Iterable[Any] = (weight for place, weight in enumerate(weights, 1) if place <= worked)
    room = number(row.shift_capacity) * told.clock.mu(period) * sum(full, ZERO)
    content = {
        text(line.id): number(line.work_content, 1)
        for line in told.rows("lines")
        if text(line.plant) == text(row.plant)
    }
    work = sum(
        (
            content[name] * volume
            for (name, _, time), volume in known.items()
            if time == period.id and name in content
        ),
        ZERO,
    )
    return Fraction(ceil(max(ZERO, work - room) * 1000), 1000)
