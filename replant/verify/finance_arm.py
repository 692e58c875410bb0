"""The captive finance arm: a ledger of its own, from which only the dividend crosses."""

from __future__ import annotations

from fractions import Fraction

from replant.verify.cells import number, text
from replant.verify.told import Told

NAME = "finance_arm"
ORDER = 50
COLUMNS: frozenset[str] = frozenset()


def post(told: Told) -> None:
    """Book the arm's revenue, cost and dividend, and the dividend in the firm's own ledger."""
    for row in told.rows("finance_arm"):
        time = text(row.period)
        if time not in told.clock.times:
            continue
        dividend = number(row.dividend)
        _entry(told, "finance_cash", "finance_revenue", number(row.revenue), time)
        _entry(told, "finance_cost", "finance_cash", number(row.cost), time)
        _entry(told, "finance_dividend_paid", "finance_cash", dividend, time)
        told.books.entry("cash", "finance_dividend", dividend, time)


def _entry(told: Told, debit: str, credit: str, amount: Fraction, time: str) -> None:
    told.books.post("finance_ledger", debit, time, amount=amount)
    told.books.post("finance_ledger", credit, time, amount=-amount)


def check(told: Told) -> None:
    """Check that the dividend is the same money in both ledgers."""
    for time in told.clock.times:
        paid = told.books.total("finance_ledger", "finance_dividend_paid", time)
        received = -told.books.total("ledger", "finance_dividend", time)
        told.books.hold(
            "I14",
            paid == received,
            "The dividend that the finance arm pays is not what the firm receives.",
            amount=paid - received,
            where=time,
        )
