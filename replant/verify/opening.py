"""Opening balances of the firm and of its finance arm."""

from __future__ import annotations

from fractions import Fraction

from replant.verify.accounts import ACCOUNTS, FINANCE_ACCOUNTS, Account
from replant.verify.cells import number, text
from replant.verify.told import Told

NAME = "opening"
ORDER = 5
COLUMNS: frozenset[str] = frozenset()

_TABLES = {"opening": ACCOUNTS, "finance_opening": FINANCE_ACCOUNTS}


def post(told: Told) -> None:
    """Post the balance of each account before anything happens."""
    for table in _TABLES:
        for row in told.rows(table):
            told.books.post("opening", text(row.account), amount=number(row.amount))


def check(told: Told) -> None:
    """Check that opening balances are of the balance sheet and sum to 0."""
    for table, chart in _TABLES.items():
        rows = tuple(told.rows(table))
        for row in rows:
            _check_account(told, table, text(row.account), chart.get(text(row.account)))
        if rows:
            left = sum((number(row.amount) for row in rows), Fraction(0))
            told.books.hold("I2", left == 0, f"{table} does not balance.", amount=left)


def _check_account(told: Told, table: str, account: str, known: Account | None) -> None:
    told.books.hold(
        "I2",
        known is not None and not known.result,
        f"{table} may only hold accounts of the balance sheet.",
        where=account,
    )
