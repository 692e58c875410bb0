"""Limits that the firm sets itself, and bounds on one plan."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.asked import Bound
from replant.verify.cells import cell, number, text, words
from replant.verify.told import Told

NAME = "limits"
ORDER = 95
COLUMNS: frozenset[str] = frozenset()


def post(told: Told) -> None:
    """Post nothing: limits bind, they do not add."""


def check(told: Told) -> None:
    """Check every limit of the case, and every bound of this plan, which nothing excuses."""
    for row in told.rows("limits"):
        missed = _check(told, "limits", row, text(cell(row, "sentence")) or text(row.id))
        told.books.post("missed", text(row.id), amount=missed)
    for row in told.rows("plan_bounds"):
        if told.plan_id and text(row.plan) == told.plan_id:
            _check(told, "plan_bounds", row, text(cell(row, "reason")))
    for bound in told.asked.bounds:
        _check_asked(told, bound)


def _check_asked(told: Told, bound: Bound) -> None:
    """Check a bound that a person asked for; a line that no twin keeps cannot be confirmed."""
    where = f"{bound.stream}[{','.join(bound.labels)}]" if bound.labels else bound.stream
    if bound.stream not in told.lines:
        sentence = f"The exact books keep no line {bound.stream}: {bound.sentence}"
        told.books.hold("asked", False, sentence, where=where)
        return
    value = told.books.line(bound.stream, *bound.labels)
    for limit, sign in ((bound.lower, -1), (bound.upper, 1)):
        if limit is not None:
            over = sign * (value - limit)
            told.books.hold("asked", over <= 0, bound.sentence, amount=over, where=where)


def _check(told: Told, rule: str, row: Any, sentence: str) -> Fraction:
    """Check a row, and return by how much it is missed."""
    stream, labels = text(row.stream), words(row.labels)
    where = f"{stream}[{','.join(labels)}]" if labels else stream
    missed = Fraction(0)
    if not told.books.elements(stream):
        told.books.hold("labels", False, f"No line is called {stream}: {sentence}", where=where)
        return missed
    value = told.books.line(stream, *labels)
    for bound, sign in ((cell(row, "lower"), -1), (cell(row, "upper"), 1)):
        if bound is not None and bound != "":
            over = sign * (value - number(bound))
            told.books.hold(rule, over <= 0, sentence, amount=over, where=where)
            missed = max(missed, over)
    return missed
