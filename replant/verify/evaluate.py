"""Evaluate a plan: every twin posts, then every twin and every invariant checks."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any, Protocol, cast

import replant.verify
from replant.verify.books import Books
from replant.verify.breach import Breach
from replant.verify.calendar import Clock
from replant.verify.statements import Statement, statements
from replant.verify.told import Labels, Told

__all__ = ["Decisions", "Twin", "Verification", "evaluate", "twins"]

Decisions = Mapping[str, Mapping[str, str]]
"""Module → column with labels → decimal text, as a plan stores it."""

_ELEMENT = re.compile(r"(\w+)(?:\[(.*)\])?\Z", re.DOTALL)
_DECIMAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")


class Twin(Protocol):
    """The exact twin of one module."""

    NAME: str
    ORDER: int
    COLUMNS: frozenset[str]

    def post(self, told: Told) -> None:
        """Write what the decisions mean into the books."""

    def check(self, told: Told) -> None:
        """Check the decisions against the case and the books of all."""


@dataclass(frozen=True)
class Verification:
    """What the exact evaluation found.

    Parameters
    ----------
    books : Books
        The exact books.
    breaches : tuple of Breach
        Everything that does not hold.
    checked : mapping of str to int
        How often each invariant was looked at.
    without_twin : tuple of str
        Modules of the plan that nothing here can check: the plan is then not verified.
    times : tuple of str
        ``now`` and the periods.
    """

    books: Books
    breaches: tuple[Breach, ...]
    checked: Mapping[str, int]
    without_twin: tuple[str, ...]
    times: tuple[str, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Profit and loss, balance sheet and cash flow of each time."""
        return tuple(statements(self.books, self.times))

    @property
    def ok(self) -> bool:
        """Whether nothing is broken and nothing was left unchecked."""
        return not self.breaches and not self.without_twin

    @property
    def value(self) -> Fraction:
        """The exact value of the plan."""
        return sum(self.books.elements("value").values(), Fraction(0))

    def without(self, *allowed: str) -> Verification:
        """Return the same without the breaches of some rules: a comparator may miss the floor."""
        kept = tuple(breach for breach in self.breaches if breach.rule not in allowed)
        return replace(self, breaches=kept)

    def sentences(self) -> tuple[str, ...]:
        """Return the verdict and every finding in words."""
        checks = sum(self.checked.values())
        lines = [
            f"{name} has no exact twin: the plan is not verified." for name in self.without_twin
        ]
        lines += [str(breach) for breach in self.breaches]
        if lines:
            return (f"{checks} checks, {len(self.breaches)} breaches.", *lines)
        return (f"{checks} checks of {len(self.checked)} invariants, no breach.",)


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

    Returns
    -------
    Verification
        Books, breaches and what was checked. Bad decisions are breaches; they never raise.
    """
    from replant.verify import invariants

    clock = Clock(case)
    books = Books(clock.years)
    known = tuple(twins() if among is None else sorted(among, key=lambda twin: twin.ORDER))
    read = {twin.NAME: _columns(books, twin, decisions) for twin in known}
    told = [
        (twin, Told(case, books, clock, twin.NAME, read[twin.NAME], read, plan)) for twin in known
    ]
    for twin, its in told:
        twin.post(its)
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
