"""The exact twin of supply deals: cars bought from an ally, or built for one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text
from replant.verify.hosting import active
from replant.verify.programme import check_once, choices
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "RECOURSE", "check", "post"]

NAME = "supply"
ORDER = 40  # reads what sourcing takes
COLUMNS = frozenset({"start", "build"})
RECOURSE = frozenset({"build"})
ZERO = Fraction(0)


# ── what the decisions mean ──────────────────────────────────────────────────────────────────


def post(told: Told) -> None:
    """Post which deals run, capacity used, money and options."""
    for row in told.rows("supply_deals"):
        total = ZERO
        for start, value in choices(told, "start", text(row.id)):
            total += value
            one_off = number(row.one_off) * value
            told.books.entry("other_operating", "cash", one_off, told.clock.at(start))
        for period in told.periods:
            _post_running(told, row, period, active(told, row, period))
        told.books.post("option", f"deal.{text(row.id)}", amount=total)


def _post_running(told: Told, row: Any, period: Any, running: Fraction) -> None:
    told.books.post("dealt", text(row.id), period.id, amount=running)
    fixed = number(row.fixed_fee) * told.clock.mu(period) * running
    told.books.entry("other_operating", "cash", fixed, period.id, recurring=True)
    if text(row.direction) == "build":
        _post_build(told, row, period)
    else:
        _post_shortfall(told, row, period, running)


def _post_shortfall(told: Told, row: Any, period: Any, running: Fraction) -> None:
    taken = told.books.total("taken", text(row.id), period.id)
    shortfall = max(ZERO, number(row.minimum) * told.clock.mu(period) * running - taken)
    cost = number(row.shortfall_price) * shortfall
    told.books.entry("variable_cost", "cash", cost, period.id, recurring=True)


def _post_build(told: Told, row: Any, period: Any) -> None:
    built = told.decision("build", text(row.id), period.id)
    plant = told.case.row("plants", text(row.plant))
    used = number(row.work_content, 1) * built
    told.books.post("capacity_used", text(row.plant), period.id, amount=used)
    fee = number(row.fee) * built
    told.books.entry("cash", "deal_income", fee, period.id, recurring=True)
    cost = number(row.unit_cost) * told.clock.phi(plant.currency, period) * built
    told.books.entry("variable_cost", "cash", cost, period.id, recurring=True)


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check starts, and that each deal keeps its volumes and its plant."""
    rows = list(told.rows("supply_deals"))
    builds = [row for row in rows if text(row.direction) == "build"]
    check_once(told, "start", rows, "supply_deals")
    told.amounts("build", {(text(row.id), each.id) for row in builds for each in told.periods})
    for row in rows:
        for period in told.periods:
            _check_volume(told, row, period)


def _check_volume(told: Told, row: Any, period: Any) -> None:
    name = text(row.id)
    years = told.clock.mu(period) * active(told, row, period)
    if text(row.direction) != "build":
        _check_most(told, row, period, told.books.total("taken", name, period.id), years)
        return
    built = told.decision("build", name, period.id)
    _check_most(told, row, period, built, years)
    least = number(row.minimum) * years
    told.books.at_most(
        "supply_deals",
        least,
        built,
        f"The deal {name} gets less in {period.id} than its minimum.",
        where=f"{name},{period.id}",
    )
    operating = _operating(told, text(row.plant), period)
    _check_most(told, row, period, built, told.clock.mu(period) * operating)
    told.books.hold(
        "I5",
        operating > 0 or built == 0,
        f"{text(row.plant)} builds for {name} in {period.id}, but it does not operate.",
        amount=built,
        where=f"{text(row.plant)},{period.id}",
    )


def _operating(told: Told, plant: str, period: Any) -> Fraction:
    """Return whether a plant operates; a partner's always does."""
    if text(told.case.row("plants", plant).kind) == "partner":
        return Fraction(1)
    return told.books.total("operating", plant, period.id)


def _check_most(told: Told, row: Any, period: Any, volume: Fraction, years: Fraction) -> None:
    unlimited = row.maximum is None and years > 0
    most = number(row.maximum) * years
    told.books.hold(
        "supply_deals",
        unlimited or volume <= most,
        f"The deal {text(row.id)} moves more in {period.id} than its maximum.",
        amount=volume - most,
        where=f"{text(row.id)},{period.id}",
    )
