"""Relations between options, and options that are forced or forbidden."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import combinations
from typing import Any

from replant.verify.cells import cell, number, text, words
from replant.verify.told import Told

NAME = "relations"
ORDER = 90
COLUMNS: frozenset[str] = frozenset()


def post(told: Told) -> None:
    """Post nothing: relations bind, they do not add."""


def check(told: Told) -> None:
    """Check every relation, and what the case and the plan force or forbid."""
    for row in told.rows("relations"):
        _relation(told, row)
    _bound(told, list(told.rows("options")))
    if told.plan_id:
        _bound(told, [row for row in told.rows("plan_options") if text(row.plan) == told.plan_id])


def _value(told: Told, name: str) -> Fraction | None:
    value = told.books.elements("option").get((name,))
    told.books.hold(
        "relations",
        value is not None,
        f"The case has no option {name}: what it binds cannot be checked.",
        where=name,
    )
    return value


def _bound(told: Told, rows: Sequence[Any]) -> None:
    """Check what a table forces and forbids; ``*`` stands for any text, and force outranks."""
    forced = _matched(told, [row for row in rows if text(row.action) == "force"])
    forbidden = _matched(told, [row for row in rows if text(row.action) == "forbid"])
    for name, value in forced.items():
        _hold(told, name, value, value >= 1, "taken")
    for name, value in forbidden.items():
        if name not in forced:
            _hold(told, name, value, value == 0, "left")


def _matched(told: Told, rows: Sequence[Any]) -> dict[str, Fraction]:
    """Return the options that the rows name, by id or by pattern, and how far each is taken."""
    options = told.books.elements("option")
    found: dict[str, Fraction] = {}
    for row in rows:
        pattern = text(row.option)
        names = [name for (name,) in options if fnmatchcase(name, pattern)]
        told.books.hold(
            "relations",
            bool(names),
            f"The case has no option {pattern}: what it binds cannot be checked.",
            where=pattern,
        )
        found.update({name: options[name,] for name in names})
    return found


def _hold(told: Told, name: str, value: Fraction, holds: bool, verb: str) -> None:
    told.books.hold(
        "relations", holds, f"The option {name} must be {verb}.", amount=value, where=name
    )


def _relation(told: Told, row: Any) -> None:
    names = words(row.options)
    found = [_value(told, name) for name in names]
    values = [value for value in found if value is not None]
    if len(values) < len(names) or not values:
        return
    told.books.hold(
        "relations",
        _holds(text(row.kind), values, number(cell(row, "at_most"))),
        f"The relation {text(row.id)} ({text(row.kind)}: {', '.join(names)}) does not hold.",
        where=text(row.id),
    )


def _holds(kind: str, values: Sequence[Fraction], most: Fraction) -> bool:
    if kind == "requires":
        return all(values[0] <= other for other in values[1:])
    if kind == "excludes":
        return all(one + other <= 1 for one, other in combinations(values, 2))
    return kind == "at_most" and sum(values) <= most
