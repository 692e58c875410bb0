"""Working capital: balances that follow revenue and cost by so many days."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text
from replant.verify.told import Told

NAME = "working_capital"
ORDER = 55
COLUMNS: frozenset[str] = frozenset()

_SIGNS = {"receivables": 1, "inventory": 1, "payables": -1}
_DRIVERS = {"revenue": -1, "variable_cost": 1}


def post(told: Told) -> None:
    """Book the change of each balance from period to period against cash."""
    rows: defaultdict[str, list[Any]] = defaultdict(list)
    for row in told.rows("working_capital"):
        if _known(row):
            rows[text(row.account)].append(row)
    for account, its in rows.items():
        _follow(told, account, its)


def _known(row: Any) -> bool:
    return text(row.account) in _SIGNS and text(row.driver) in _DRIVERS


def _follow(told: Told, account: str, rows: list[Any]) -> None:
    sign = _SIGNS[account]
    before = sign * told.books.total("opening", account)
    for period in told.periods:
        target = sum((_target(told, row, period) for row in rows), Fraction(0))
        told.books.entry(account, "cash", sign * (target - before), period.id)
        before = target


def _target(told: Told, row: Any, period: Any) -> Fraction:
    driver = text(row.driver)
    amount = _DRIVERS[driver] * told.books.total("ledger", driver, period.id)
    return amount * number(row.days) / (365 * told.clock.mu(period))


def check(told: Told) -> None:
    """Check that each row names an account and a driver of working capital."""
    for row in told.rows("working_capital"):
        told.books.hold(
            "I2",
            _known(row),
            "Working capital is receivables, inventory or payables, on revenue or variable_cost.",
            where=text(row.account),
        )
