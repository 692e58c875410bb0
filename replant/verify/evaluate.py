"""Evaluate a plan: every twin posts, then every twin and every invariant checks."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, Protocol, cast

import replant.verify
from replant.verify.asked import LINES, Asked
from replant.verify.books import Books
from replant.verify.calendar import Clock
from replant.verify.cells import number, text
from replant.verify.leaves import check_probabilities, told_apart
from replant.verify.told import Labels, Told
from replant.verify.verification import Leaf, Verification, together

__all__ = ["Decisions", "Twin", "evaluate", "twins", "worth"]

Decisions = Mapping[str, Mapping[str, str]]
"""Module → column with labels → decimal text, as a plan stores it."""

_ELEMENT = re.compile(r"(\w+)(?:\[(.*)\])?\Z", re.DOTALL)
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")


class Twin(Protocol):
    """The exact twin of one module.

    A twin whose module has columns that wait for a scenario names them in ``RECOURSE``, and lines
    that are its own in ``LINES``.
    """

    NAME: str
    ORDER: int
    COLUMNS: frozenset[str]

    def post(self, told: Told) -> None:
        """Write what the decisions mean into the books."""

    def check(self, told: Told) -> None:
        """Check the decisions against the case and the books of all."""


@cache
def twins() -> tuple[Twin, ...]:
    """Return every twin in this package, in the order in which they post."""
    names = (info.name for info in pkgutil.iter_modules(replant.verify.__path__))
    modules = (importlib.import_module(f"replant.verify.{name}") for name in names)
    found = [cast(Twin, module) for module in modules if hasattr(module, "ORDER")]
    return tuple(sorted(found, key=lambda twin: (twin.ORDER, twin.NAME)))


def evaluate(
    case: Any,
    decisions: Decisions,
    among: Iterable[Twin] | None = None,
    *,
    plan: str = "",
    asked: Asked | None = None,
) -> Verification:
    """Evaluate a plan exactly.

    Parameters
    ----------
    case : Case
        The case.
    decisions : mapping
        The plan's decisions: module → ``name[labels]`` → decimal text.
    among : iterable of Twin, optional
        The twins to use; all of the package by default.
    plan : str, optional
        The plan's id, where the case binds a plan of that id.
    asked : Asked, optional
        What a person asked of this plan; all of it is checked.

    Returns
    -------
    Verification
        Books, breaches and what was checked; with scenarios of each leaf and of all together. Bad
        decisions are breaches; they never raise.
    """
    known = tuple(twins() if among is None else sorted(among, key=lambda twin: twin.ORDER))
    rows = tuple(getattr(case, "leaves", ()))
    wanted = asked or Asked()
    if not rows:
        return _alone(case, decisions, known, plan, wanted)
    besides = Books()
    check_probabilities(rows, besides)
    names = [text(row.id) for row in rows]
    own = told_apart(decisions, names, _waiting(known), besides)
    leaves = [
        Leaf(
            name,
            number(row.probability),
            _alone(case.in_scenario(name), own[name], known, plan, wanted),
        )
        for name, row in zip(names, rows, strict=True)
    ]
    return together(leaves, besides)


def worth(case: Any, decisions: Decisions, *, plan: str = "") -> Fraction:
    """Return the exact value of a plan, and check nothing: half the work of `evaluate`.

    Parameters
    ----------
    case : Case
        The case.
    decisions : mapping
        The plan's decisions.
    plan : str, optional
        The plan's id, where the case binds a plan of that id.
    """
    known, rows = twins(), tuple(getattr(case, "leaves", ()))
    if not rows:
        return _value(case, decisions, known, plan)
    own = told_apart(decisions, [text(row.id) for row in rows], _waiting(known), Books())
    values = (
        number(row.probability)
        * _value(case.in_scenario(text(row.id)), own[text(row.id)], known, plan)
        for row in rows
    )
    return sum(values, Fraction(0))


def _waiting(known: Iterable[Twin]) -> dict[str, frozenset[str]]:
    """Return the columns of each twin that wait for a scenario."""
    return {twin.NAME: getattr(twin, "RECOURSE", frozenset()) for twin in known}


def _value(case: Any, decisions: Decisions, known: Sequence[Twin], plan: str) -> Fraction:
    clock = Clock(case)
    books = Books(clock.years)
    _posted(case, decisions, known, plan, Asked(), clock, books)
    return sum(books.elements("value").values(), Fraction(0))


def _posted(
    case: Any,
    decisions: Decisions,
    known: Sequence[Twin],
    plan: str,
    asked: Asked,
    clock: Clock,
    books: Books,
) -> list[tuple[Twin, Told]]:
    """Let every twin post into the books, and return what each was told."""
    read = {twin.NAME: _columns(books, twin, decisions) for twin in known}
    lines = LINES.union(*(getattr(twin, "LINES", ()) for twin in known))
    told = [
        (twin, Told(case, books, clock, twin.NAME, read[twin.NAME], read, plan, asked, lines))
        for twin in known
    ]
    for twin, its in told:
        twin.post(its)
    return told


def _alone(
    case: Any, decisions: Decisions, known: Sequence[Twin], plan: str, asked: Asked
) -> Verification:
    """Evaluate decisions in a case that has no scenarios, or in one of them."""
    from replant.verify import invariants

    clock = Clock(case)
    books = Books(clock.years)
    told = _posted(case, decisions, known, plan, asked, clock, books)
    for twin, its in told:
        twin.check(its)
    invariants.check(Told(case, books, clock, "invariants"))
    names = {twin.NAME for twin in known}
    missing = tuple(sorted(name for name in decisions if decisions[name] and name not in names))
    breaches, checked = tuple(books.breaches), dict(books.checked)
    return Verification(books, breaches, checked, missing, clock.times)


def _columns(books: Books, twin: Twin, decisions: Decisions) -> dict[str, dict[Labels, Fraction]]:
    columns: dict[str, dict[Labels, Fraction]] = {name: {} for name in twin.COLUMNS}
    for element, value in decisions.get(twin.NAME, {}).items():
        match = _ELEMENT.match(element)
        known = match is not None and match[1] in columns
        books.hold("labels", known, f"{twin.NAME} has no column {element}.", where=element)
        number = str(value).strip()
        plain = _DECIMAL.match(number) is not None
        books.hold("labels", plain, f"{element} = {value!r} is not a decimal.", where=element)
        if match is not None and known and plain:
            labels = tuple(match[2].split(",")) if match[2] else ()
            columns[match[1]][labels] = Fraction(number)
    return columns
