"""The exact twin of hosting deals: a partner builds in the plant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import cell, number, text, yes
from replant.verify.programme import check_once, choices
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "active", "check", "post"]

NAME = "hosting"
ORDER = 20
COLUMNS = frozenset({"start"})
ZERO = Fraction(0)


def active(told: Told, row: Any, period: Any) -> Fraction:
    """Return whether a deal runs in a period: its lead is over and its duration is not."""
    running = ZERO
    for start, value in choices(told, "start", text(row.id)):
        ready = told.clock.ready(start, number(row.lead_months))
        if ready <= period.index:
            begun = told.clock.start(told.periods[ready])
            if told.clock.start(period) < begun + number(row.duration_months):
                running += value
    return running


# ── what the decisions mean ──────────────────────────────────────────────────────────────────


def post(told: Told) -> None:
    """Post capacity used, people taken over, money and options of every deal."""
    for row in told.rows("hosting_deals"):
        total = ZERO
        for start, value in choices(told, "start", text(row.id)):
            total += value
            _post_start(told, row, start, value)
        for period in told.periods:
            _post_running(told, row, period, active(told, row, period))
        told.books.post("option", f"deal.{text(row.id)}", amount=total)


def _post_start(told: Told, row: Any, start: Any, value: Fraction) -> None:
    time = told.clock.at(start)
    set_up = number(row.set_up_cost) * value
    told.books.entry("restructuring", "cash", set_up, time)
    price, carrying = number(row.part_price) * value, number(row.part_carrying) * value
    told.books.entry("cash", "disposal_proceeds", price, time)
    told.books.entry("disposal_carrying", "ppe", carrying, time)
    told.books.post("taxable", time, amount=price - carrying - set_up)
    ready = told.clock.ready(start, number(row.lead_months))
    if ready < told.clock.size:
        _post_end(told, row, told.periods[ready], number(cell(row, "exit_cost")) * value)
        people = number(row.people_taken) * value
        told.books.post("people_taken", text(row.plant), told.periods[ready].id, amount=people)


def _post_end(told: Told, row: Any, first: Any, cost: Fraction) -> None:
    """Post what the end of a deal costs: in its last period, or beyond the plan."""
    end = told.clock.start(first) + number(row.duration_months)
    if end > told.clock.horizon:
        told.books.post("beyond", amount=cost)
        return
    time = [period.id for period in told.periods if told.clock.start(period) < end][-1]
    told.books.entry("restructuring", "cash", cost, time)
    told.books.post("taxable", time, amount=-cost)


def _post_running(told: Told, row: Any, period: Any, running: Fraction) -> None:
    years = told.clock.mu(period) * running
    believed = number(row.guaranteed) * (1 - number(row.haircut))
    fees = number(row.fee) * max(number(row.volume), believed)
    income = (fees + number(row.fixed_share) + number(row.rent)) * years
    told.books.entry("cash", "deal_income", income, period.id, recurring=yes(row.recurring))
    if yes(row.own_people):
        used = number(row.capacity_use, 1) * number(row.volume) * years
        told.books.post("capacity_used", text(row.plant), period.id, amount=used)


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check starts, and that a plant hosts exactly while one deal runs there."""
    rows = list(told.rows("hosting_deals"))
    check_once(told, "start", rows, "hosting_deals")
    for plant in told.rows("plants"):
        own = [row for row in rows if text(row.plant) == text(plant.id)]
        for period in told.periods:
            _check_hosting(told, text(plant.id), own, period)


def _check_hosting(told: Told, plant: str, own: list[Any], period: Any) -> None:
    running = sum((active(told, row, period) for row in own), ZERO)
    hosting = told.books.total("hosting_state", plant, period.id)
    sentence = (
        f"{plant} hosts a partner in {period.id} without a deal."
        if running < hosting
        else f"A partner's deal runs at {plant} in {period.id}, but the plant does not host one."
    )
    told.books.hold(
        "hosting_deals",
        running == hosting,
        sentence,
        amount=abs(running - hosting),
        where=f"{plant},{period.id}",
    )
