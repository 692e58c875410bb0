"""What a plan does with each option, read from its decisions by the option's id."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text
from replant.verify.told import Told

NAME = "options"
ORDER = 85
COLUMNS: frozenset[str] = frozenset()

ZERO = Fraction(0)
_PLANT = {
    "close": ("close", "close_mothballed"),
    "mothball": ("mothball",),
    "reopen": ("reopen",),
    "sell": ("sell", "sell_running"),
}
_DATED = ("close", "mothball")
_LEAVING = ("close", "mothball", "sell_running")
_CHOICES = (
    # id of the option, table, module, column
    ("platform.{}.end", "platforms", "platform", "end_platform"),
    ("model.{}.end", "models", "platform", "end_model"),
    ("migration.{}", "migrations", "platform", "migrate"),
    ("parts.{}", "part_options", "complexity", "choose"),
    ("programme.{}", "programmes", "programme", "start"),
    ("property.{}", "property_offers", "property", "take"),
    ("stake.{}", "stakes", "stake", "act"),
    ("deal.{}", "hosting_deals", "hosting", "start"),
    ("deal.{}", "supply_deals", "supply", "start"),
)


def post(told: Told) -> None:
    """Post how much of each option of the case the plan takes."""
    for name, value in _options(told):
        told.books.post("option", name, amount=value)


def check(told: Told) -> None:
    """Check that no two things a firm can decide share one option id."""
    names = [name for name, _ in _options(told)]
    twice = (
        {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else ()
    )
    for name in twice:
        told.books.hold("relations", False, f"Two options are called {name}.", where=name)


def _options(told: Told) -> Iterator[tuple[str, Fraction]]:
    for row in told.rows("plants"):
        if text(row.kind) != "partner":
            yield from _plant_options(told, text(row.id))
    for row in told.rows("lines"):
        if not _tooled(row):
            yield f"line.{row.id}.launch", _sum(told, "sourcing", "launch", text(row.id))
    for name, table, module, column in _CHOICES:
        for row in told.rows(table):
            yield name.format(row.id), _sum(told, module, column, text(row.id))
    for row in told.rows("facilities"):
        if number(row.lump):
            yield f"facility.{row.id}", _sum(told, "debt", "issue_lump", text(row.id))


def _tooled(row: Any) -> bool:
    return text(row.tooled).lower() in ("yes", "true")


def _plant_options(told: Told, plant: str) -> Iterator[tuple[str, Fraction]]:
    for deed in _PLANT:
        yield f"plant.{plant}.{deed}", _done(told, plant, deed)
    left = (_sum(told, "plant_path", column, plant) for column in _LEAVING)
    yield f"plant.{plant}.run", 1 - sum(left, ZERO)
    yield f"plant.{plant}.operate", _operated(told, plant)
    for deed in _DATED:
        for period in told.periods:
            yield f"plant.{plant}.{deed}.{period.id}", _done(told, plant, deed, period.id)


def _done(told: Told, plant: str, deed: str, time: str = "") -> Fraction:
    columns = (_sum(told, "plant_path", column, plant, time) for column in _PLANT[deed])
    return sum(columns, ZERO)


def _operated(told: Told, plant: str) -> Fraction:
    """Return the share of periods in which the plant operates, hosting or not."""
    periods = (
        told.books.total("state", plant, state, period.id)
        for state in ("operate", "operate_and_host")
        for period in told.periods
    )
    return sum(periods, ZERO) / told.clock.size


def _sum(told: Told, module: str, column: str, element: str, time: str = "") -> Fraction:
    """Return the sum of a column over an element, at one time if given (the last label)."""
    values = told.plan.get(module, {}).get(column, {}).items()
    return sum(
        (
            value
            for labels, value in values
            if labels[:1] == (element,) and (not time or labels[-1] == time)
        ),
        ZERO,
    )
