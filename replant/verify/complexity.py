"""The exact twin of part complexity: one option a family, its saving phased in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text
from replant.verify.programme import check_once, choices
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "check", "post"]

NAME = "complexity"
ORDER = 20
COLUMNS = frozenset({"choose"})


def post(told: Told) -> None:
    """Post savings, costs, variants and options."""
    families = {text(row.id): row for row in told.rows("part_families")}
    for name, family in families.items():
        for period in told.periods:
            told.books.post("variants", name, period.id, amount=number(family.variants))
    for row in told.rows("part_options"):
        total = Fraction(0)
        for period, value in choices(told, "choose", text(row.id)):
            total += value
            _post_money(told, row, period, value)
            _post_variants(told, row, families[text(row.family)], period, value)
        told.books.post("option", f"parts.{text(row.id)}", amount=total)


def _post_money(told: Told, row: Any, chosen: Any, value: Fraction) -> None:
    told.books.entry("rd", "cash", number(row.cost) * value, told.clock.at(chosen))
    parts = told.clock.calendar(row.phase_in)(chosen)
    for period in told.periods[chosen.index :]:
        phased = sum(
            (
                share
                for time, share in parts
                if time is not None and told.clock.index(time) <= period.index
            ),
            Fraction(0),
        )
        saving = number(row.saving) * told.clock.mu(period) * phased * value
        told.books.entry("cash", "variable_cost", saving, period.id, recurring=True)


def _post_variants(told: Told, row: Any, family: Any, chosen: Any, value: Fraction) -> None:
    change = (number(row.variants) - number(family.variants)) * value
    for period in told.periods[chosen.index :]:
        told.books.post("variants", text(family.id), period.id, amount=change)


def check(told: Told) -> None:
    """Check windows, and that no family is given two options."""
    rows = list(told.rows("part_options"))
    check_once(told, "choose", rows, "part_options")
    for family in told.rows("part_families"):
        name = text(family.id)
        total = sum(
            (
                value
                for row in rows
                if text(row.family) == name
                for _, value in choices(told, "choose", text(row.id))
            ),
            Fraction(0),
        )
        told.books.at_most(
            "part_options",
            total,
            1,
            f"The part family {name} is given more than one option.",
            where=name,
        )
