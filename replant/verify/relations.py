"""Relations between options, and options that are forced or forbidden."""

from __future__ import annotations

from collections.abc import Sequence
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
    for row in told.rows("options"):
        _bound(told, row)
    for row in told.rows("plan_options"):
        if told.plan_id and text(row.plan) == told.plan_id:
            _bound(told, row)


def _value(told: Told, name: str) -> Fraction | None:
    value = told.books.elements("option").get((name,))
    told.books.hold(
        "relations",
        value is not None,
        f"The case has no option {name}: what it binds cannot be checked.",
        where=name,
    )
    return value


def _bound(told: Told, row: Any) -> None:
    name, action = text(row.option), text(row.action)
    value = _value(told, name)
    if value is None:
        return
    holds = value >= 1 if action == "force" else value == 0
    verb = "taken" if action == "force" else "left"
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
