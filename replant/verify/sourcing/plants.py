"""Plants: how many shifts they run, what these cost, and what can be built with them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text
from replant.verify.sourcing.lines import launches
from replant.verify.sourcing.standing import standing
from replant.verify.sourcing.world import SHIFTS, World

__all__ = ["check_capacity", "check_places", "check_shifts", "post_shifts", "shift_weights"]

ZERO = Fraction(0)
ONE = Fraction(1)


# ── shifts ───────────────────────────────────────────────────────────────────────────────────


def _shifts(world: World, plant: str, period: Any) -> Fraction:
    """Return how many shifts a plant runs."""
    return sum((world.told.decision(name, plant, period.id) for name in SHIFTS), ZERO)


def _added(world: World, row: Any, period: Any) -> Fraction:
    """Return how many shifts a plant adds at the start of a period."""
    plant = text(row.plant)
    before = (
        _shifts(world, plant, world.told.periods[period.index - 1])
        if period.index
        else number(row.shifts_now)
    )
    return max(ZERO, _shifts(world, plant, period) - before)


def shift_weights(row: Any) -> tuple[Fraction, ...]:
    """Return what each of a plant's shifts builds, as shares of the first."""
    return ONE, number(row.second_shift_efficiency, 1), number(row.third_shift_efficiency, 1)


def _capacity(world: World, row: Any, period: Any) -> Fraction:
    """Return a plant's straight-time capacity of a period with the shifts it runs, in k."""
    told, plant = world.told, text(row.plant)
    effective = sum(
        (
            weight * told.decision(name, plant, period.id)
            for name, weight in zip(SHIFTS, shift_weights(row), strict=True)
        ),
        ZERO,
    )
    effective -= told.decision("slowed", plant, period.id)
    return number(row.shift_capacity) * told.clock.mu(period) * effective


# ── what they mean ───────────────────────────────────────────────────────────────────────────


def post_shifts(world: World, row: Any, period: Any) -> None:
    """Post the crew that a plant's shifts need, and what overtime and new shifts cost."""
    books, plant = world.told.books, text(row.plant)
    slowed = world.told.decision("slowed", plant, period.id)
    crew = number(row.crew_per_shift) * (_shifts(world, plant, period) - slowed)
    books.post("crew_needed", plant, period.id, amount=crew)
    overtime = number(row.overtime_cost) * world.told.decision("overtime", plant, period.id)
    books.entry("overtime", "cash", overtime, period.id, recurring=True)
    added = _added(world, row, period)
    adding = number(row.add_shift_cost) * world.plant_phi(plant, period) * added
    books.entry("line_cost", "cash", adding, period.id)


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check_shifts(world: World, row: Any, period: Any) -> None:
    """Check how many shifts a plant runs in a period, how slow, and with how much overtime."""
    told, plant = world.told, text(row.plant)
    shifts = [told.decision(name, plant, period.id) for name in SHIFTS]
    count = sum(shifts, ZERO)
    _check_count(world, row, period, shifts)
    if world.own(plant):
        told.books.hold(
            "I5",
            max(shifts) <= told.books.total("operating", plant, period.id),
            f"{plant} has crews in {period.id}, but it {standing(told, plant, period)}.",
            amount=count,
            where=f"{plant},{period.id}",
        )
    _check_pace(world, row, period, count)
    overtime = told.decision("overtime", plant, period.id)
    allowed = number(row.overtime_share) * _capacity(world, row, period)
    told.books.at_most(
        "I7",
        overtime,
        allowed,
        f"{plant} works more overtime in {period.id} than allowed.",
        where=f"{plant},{period.id}",
    )


def _check_count(world: World, row: Any, period: Any, shifts: list[Fraction]) -> None:
    """Check that shifts are added one after the other, and no more than there are."""
    told, plant = world.told, text(row.plant)
    where = f"{plant},{period.id}"
    first, second, third = shifts
    told.books.hold(
        "I7",
        first >= second >= third,
        f"{plant} runs a later shift in {period.id} without the earlier one.",
        where=where,
    )
    count, most = sum(shifts, ZERO), number(row.shifts_max, 3)
    told.books.at_most(
        "I7",
        count,
        most,
        f"{plant} runs more shifts in {period.id} than it has.",
        where=where,
    )


def _check_pace(world: World, row: Any, period: Any, count: Fraction) -> None:
    """Check that a plant works no slower than it may: what it gives up of its shifts."""
    told, plant = world.told, text(row.plant)
    slowed = told.decision("slowed", plant, period.id)
    slowest = (1 - number(getattr(row, "slowest_pace", None), 1)) * count
    told.books.hold(
        "I7",
        0 <= slowed <= slowest,
        f"{plant} works slower in {period.id} than its slowest pace.",
        amount=slowed - slowest,
        where=f"{plant},{period.id}",
    )


def check_capacity(world: World, row: Any, period: Any) -> None:
    """Check that a plant builds no more in a period than its shifts and overtime can."""
    told, plant = world.told, text(row.plant)
    own = [line for line in world.lines if text(line.plant) == plant]
    work = told.books.total("capacity_used", plant, period.id)
    lost = ZERO
    for line in own:
        made = told.books.total("made", text(line.id), period.id)
        work += number(line.work_content, 1) * made
        for _, ready, value in launches(told, line):
            if ready == period.index:
                lost += number(line.launch_loss) * number(row.shift_capacity) * value
    overtime = told.decision("overtime", plant, period.id)
    capacity = _capacity(world, row, period) + overtime - lost
    told.books.at_most(
        "I7",
        work,
        capacity,
        f"{plant} builds more in {period.id} than its shifts and overtime can.",
        where=f"{plant},{period.id}",
    )


def check_places(world: World) -> None:
    """Check that nothing is built where a plant does not operate."""
    told = world.told
    for plant in world.plants:
        if not world.own(plant):
            continue
        for period in told.periods:
            made = told.books.total("produced", plant, period.id)
            operating = told.books.total("operating", plant, period.id)
            told.books.hold(
                "I5",
                made == 0 or operating > 0,
                f"{plant} builds cars in {period.id}, but it {standing(told, plant, period)}.",
                amount=made,
                where=f"{plant},{period.id}",
            )
