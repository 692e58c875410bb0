"""Relations between options, and options that are forced or forbidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    _bound(told)


def _value(told: Told, name: str) -> Fraction | None:
    value = told.books.elements("option").get((name,))
    told.books.hold(
        "relations",
        value is not None,
        f"The case has no option {name}: what it binds cannot be checked.",
        where=name,
    )
    return value


def _bound(told: Told) -> None:
    """Check what is forced and forbidden; what a plan asks for outranks what the case says."""
    plan = [row for row in told.rows("plan_options") if text(row.plan) == told.plan_id]
    wanted: dict[str, tuple[bool, str]] = {}
    for rule, force, forbid in (
        ("relations", *_patterns(told.rows("options"))),
        ("relations", *_patterns(plan if told.plan_id else [])),
        ("asked", told.asked.force, told.asked.forbid),
    ):
        for taken, patterns in ((False, forbid), (True, force)):
            names = [name for each in patterns for name in _matched(told, each, rule)]
            wanted.update(dict.fromkeys(names, (taken, rule)))
    for name, (taken, rule) in wanted.items():
        value = told.books.elements("option")[name,]
        holds = value >= 1 if taken else value == 0
        sentence = f"The option {name} must be {'taken' if taken else 'left'}."
        told.books.hold(rule, holds, sentence, amount=value, where=name)


def _patterns(rows: Iterable[Any]) -> tuple[list[str], list[str]]:
    """Return what rows force and what they forbid."""
    found: dict[str, list[str]] = {"force": [], "forbid": []}
    for row in rows:
        found.setdefault(text(row.action), []).append(text(row.option))
    return found["force"], found["forbid"]


def _matched(told: Told, pattern: str, rule: str) -> list[str]:
    """Return the options that an id or a pattern names; ``*`` stands for any text."""
    options = told.books.elements("option")
    names = [name for (name,) in options if fnmatchcase(name, pattern)]
    told.books.hold(
        rule,
        bool(names),
        f"The case has no option {pattern}: what it binds cannot be checked.",
        where=pattern,
    )
    return names


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
