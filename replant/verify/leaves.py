"""Scenarios as the exact engine sees them: whose decision is whose, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from replant.verify.books import Books
from replant.verify.cells import number, text

__all__ = ["check_probabilities", "told_apart"]

Decisions = Mapping[str, Mapping[str, str]]
AT = "@"
"""Between a column and the scenario that it belongs to."""


def check_probabilities(leaves: Iterable[Any], books: Books) -> None:
    """I15: each probability is a share, and all of them sum to 1."""
    shares = {text(row.id): number(row.probability) for row in leaves}
    for name, share in shares.items():
        books.hold(
            "I15", 0 <= share <= 1, "A probability is from 0 to 1.", amount=share, where=name
        )
    total = sum(shares.values(), Fraction(0))
    books.hold("I15", total == 1, "Probabilities do not sum to 1.", amount=total - 1)


def told_apart(
    decisions: Decisions, names: list[str], recourse: Mapping[str, frozenset[str]], books: Books
) -> dict[str, dict[str, dict[str, str]]]:
    """Return the decisions as each leaf knows them: those of all, and its own.

    I15: what is decided before it is known which scenario comes is decided once, for all; what
    waits for it names the scenario that it belongs to. A single leaf needs no names.

    Parameters
    ----------
    decisions : mapping
        Module to column to decimal text, as a plan stores it.
    names : list of str
        The leaves.
    recourse : mapping
        For each module that is known, the names of its columns that wait for a scenario.
    books : Books
        Where checks and breaches are collected.
    """
    found: dict[str, dict[str, dict[str, str]]] = {name: {} for name in names}
    for module, columns in decisions.items():
        for element, value in columns.items():
            column, mark, leaf = element.partition(AT)
            if len(names) == 1:
                column, mark = element, ""
            elif module in recourse:
                waits = column.partition("[")[0] in recourse[module]
                _check_owner(books, element, leaf if mark else None, names, waits=waits)
            for name in (leaf,) if mark else names:
                if name in found:
                    found[name].setdefault(module, {})[column] = value
    return found


def _check_owner(
    books: Books, element: str, leaf: str | None, names: list[str], *, waits: bool
) -> None:
    if leaf is not None and leaf not in names:
        books.hold("I15", False, f"The case has no scenario {leaf}.", where=element)
    elif waits:
        sentence = "What waits for a scenario names it: column@scenario."
        books.hold("I15", leaf is not None, sentence, where=element)
    else:
        sentence = "What is decided before a scenario is known is the same in all."
        books.hold("I15", leaf is None, sentence, where=element)
