"""The exact twin of grants."""

from __future__ import annotations

from fractions import Fraction

from replant.verify.cells import number, text
from replant.verify.programme import choices
from replant.verify.told import Told

NAME = "grant"
ORDER = 25
COLUMNS = frozenset({"take"})


def post(told: Told) -> None:
    """Post the money of what is taken, the cost of reporting on it, and the option."""
    for row in told.rows("grants"):
        total = Fraction(0)
        for start, value in choices(told, "take", text(row.id)):
            total += value
            paid = number(row.amount) * value
            told.books.entry("cash", "other_operating", paid, told.clock.at(start))
            for period in told.periods:
                if period.index >= start.index:
                    cost = number(row.reporting) * told.clock.mu(period) * value
                    told.books.entry("other_operating", "cash", cost, period.id, recurring=True)
        told.books.post("option", f"grant.{text(row.id)}", amount=total)


def check(told: Told) -> None:
    """Check that each is taken once at most."""
    owners = {text(row.id) for row in told.rows("grants")}
    told.binaries("take", {(name, each.id) for name in owners for each in told.periods})
    for name in owners:
        total = sum((value for _, value in choices(told, "take", name)), Fraction(0))
        told.books.at_most("grants", total, 1, f"{name} is taken more than once.", where=name)
