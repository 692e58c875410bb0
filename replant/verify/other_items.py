"""Items that the case itself books: known payments, charges, residuals."""

from __future__ import annotations

from typing import Any

from replant.verify.accounts import ACCOUNTS
from replant.verify.cells import number, text, yes
from replant.verify.told import Told

NAME = "other_items"
ORDER = 50
COLUMNS: frozenset[str] = frozenset()


def post(told: Told) -> None:
    """Book each item against cash, or against other liabilities if it has no cash."""
    for row in told.rows("other_items"):
        if _bookable(row) and text(row.period) in told.clock.times:
            cash = yes(row.cash, default=True)
            # what wears out is worth less: no debt grows of it
            beside = "ppe" if text(row.account) == "depreciation" else "other_liabilities"
            told.books.entry(
                text(row.account),
                "cash" if cash else beside,
                number(row.amount),
                text(row.period),
                recurring=cash and yes(row.recurring),
            )


def _bookable(row: Any) -> bool:
    return text(row.account) in ACCOUNTS and text(row.account) != "cash"


def check(told: Told) -> None:
    """Check that every item has an account besides cash."""
    for row in told.rows("other_items"):
        told.books.hold(
            "I1",
            _bookable(row),
            "An item of other_items needs an account, and one besides cash.",
            where=text(row.id),
        )
