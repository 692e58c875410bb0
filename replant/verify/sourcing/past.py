"""What is over is as it was: shipments, shifts, lines and overtime of such a period are known.

The other twins look at their own columns by ``clock.over``.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Any, TypeAlias

from replant.verify.cells import number, text
from replant.verify.sourcing.plants import shift_weights
from replant.verify.sourcing.world import SHIFTS, World
from replant.verify.told import Told

__all__ = ["check_past"]

ZERO = Fraction(0)
_RULE = "past"

Known: TypeAlias = dict[tuple[str, str, str], Fraction]
"""The volumes of past shipments, in k, by line, market and period."""


def check_past(world: World) -> None:
    """Check the columns of sourcing in every period that is over."""
    told = world.told
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
            _check_lines(world, known, period.id)
            for row in world.capacities:
                _check_plant(world, row, known, period)


def _same(told: Told, column: str, labels: tuple[str, ...], value: Fraction) -> None:
    found = told.decision(column, *labels)
    told.books.hold(
        _RULE,
        found == value,
        f"{column}[{','.join(labels)}] is over and was {float(value):.6g}.",
        amount=found - value,
        where=",".join(labels),
    )


def _check_shipments(told: Told, known: Known, period: str) -> None:
    planned = {labels for labels in told.decisions("ship") if labels[-1] == period}
    for labels in sorted(planned | {labels for labels in known if labels[-1] == period}):
        _same(told, "ship", labels, known.get((labels[0], labels[1], period), ZERO))


def _check_lines(world: World, known: Known, period: str) -> None:
    for line in world.switched_lines:
        ran = any(
            volume
            for (name, _, time), volume in known.items()
            if (name, time) == (text(line.id), period)
        )
        _same(world.told, "on", (text(line.id), period), Fraction(int(ran)))


def _check_plant(world: World, row: Any, known: Known, period: Any) -> None:
    told, plant = world.told, text(row.plant)
    worked = min(number(row.shifts_now), number(row.shifts_max, 3))
    there = told.books.total("operating", plant, period.id) if world.own(plant) else Fraction(1)
    for place, shift in enumerate(SHIFTS, 1):
        was = there if place <= worked else ZERO
        _same(told, shift, (plant, period.id), was)
    _same(told, "slowed", (plant, period.id), ZERO)
    _same(told, "overtime", (plant, period.id), _overtime(world, row, worked, known, period))


def _overtime(world: World, row: Any, worked: Fraction, known: Known, period: Any) -> Fraction:
    """Return what the shipments needed beyond the shifts, up to the next thousandth of a k."""
    full = (weight for place, weight in enumerate(shift_weights(row), 1) if place <= worked)
    room = number(row.shift_capacity) * world.told.clock.mu(period) * sum(full, ZERO)
    content = {
        text(line.id): number(line.work_content, 1)
        for line in world.lines
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
