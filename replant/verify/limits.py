"""Limits that the firm sets itself, and bounds on one plan."""

from __future__ import annotations

from typing import Any

from replant.verify.cells import cell, number, text, words
from replant.verify.told import Told

NAME = "limits"
ORDER = 95
COLUMNS: frozenset[str] = frozenset()


def post(told: Told) -> None:
    """Post nothing: limits bind, they do not add."""


def check(told: Told) -> None:
    """Check every limit of the case and every bound of this plan."""
    for row in told.rows("limits"):
        _check(told, row, text(cell(row, "sentence")) or text(row.id))
    for row in told.rows("plan_bounds"):
        if told.plan_id and text(row.plan) == told.plan_id:
            _check(told, row, text(cell(row, "reason")))


def _check(told: Told, row: Any, sentence: str) -> None:
    stream, labels = text(row.stream), words(row.labels)
    where = f"{stream}[{','.join(labels)}]" if labels else stream
    if not told.books.elements(stream):
        told.books.hold("limits", False, f"No line is called {stream}: {sentence}", where=where)
        return
    value = told.books.line(stream, *labels)
    for bound, sign in ((cell(row, "lower"), -1), (cell(row, "upper"), 1)):
        if bound is not None and bound != "":
            over = sign * (value - number(bound))
            told.books.hold("limits", over <= 0, sentence, amount=over, where=where)
