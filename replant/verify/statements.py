"""The three statements of each time, exactly from the books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from replant.verify.accounts import ACCOUNTS, FINANCE_ACCOUNTS, FLOWS
from replant.verify.books import Books
from replant.verify.told import Told

__all__ = ["Statement", "statements"]

NAME = "statements"
ORDER = 90
COLUMNS: frozenset[str] = frozenset()

ZERO = Fraction(0)


@dataclass(frozen=True)
class Statement:
    """Profit and loss, balance sheet and cash flow of one time.

    Parameters
    ----------
    time : str
        ``now`` or a period.
    profit_and_loss : mapping of str to Fraction
        Income positive, expenses negative; the sum is net income.
    balance_sheet : mapping of str to Fraction
        Debit balances at the end: assets positive, liabilities and equity negative, with the
        profit of the plan's own time as ``retained``; the sum is 0.
    cash_flow : mapping of str to Fraction
        By class of flow; the sum is the change in cash.
    """

    time: str
    profit_and_loss: Mapping[str, Fraction]
    balance_sheet: Mapping[str, Fraction]
    cash_flow: Mapping[str, Fraction]

    @property
    def net_income(self) -> Fraction:
        """The profit after tax."""
        return sum(self.profit_and_loss.values(), ZERO)

    @property
    def assets(self) -> Fraction:
        """The sum of the assets."""
        return sum(
            (
                amount
                for account, amount in self.balance_sheet.items()
                if account in ACCOUNTS and ACCOUNTS[account].kind == "asset"
            ),
            ZERO,
        )


def statements(books: Books, times: tuple[str, ...]) -> Iterator[Statement]:
    """Yield the statements of each time in order.

    Parameters
    ----------
    books : Books
        The books of a plan, after every twin has posted.
    times : tuple of str
        ``now`` and the periods, in order.
    """
    balances = {name: ZERO for name, account in ACCOUNTS.items() if not account.result}
    for (name,), amount in books.elements("opening").items():
        if name not in FINANCE_ACCOUNTS:
            balances[name] = balances.get(name, ZERO) + amount
    balances["retained"] = ZERO
    for time in times:
        result: dict[str, Fraction] = {}
        for name, account in ACCOUNTS.items():
            moved = books.total("ledger", name, time)
            balances["retained" if account.result else name] += moved
            if account.result:
                result[name] = -moved
        cash = {flow: books.total("cash_flow", flow, time) for flow in FLOWS}
        yield Statement(time, result, dict(balances), cash)


def post(told: Told) -> None:
    """Post the lines that reports and limits read."""
    books, owed = told.books, -told.books.total("opening", "debt")
    for time in told.clock.times:
        operating = (
            books.total("ledger", name, time)
            for name, account in ACCOUNTS.items()
            if account.operating
        )
        result = (
            books.total("ledger", name, time)
            for name, account in ACCOUNTS.items()
            if account.result
        )
        free = (books.total("cash_flow", flow, time) for flow in FLOWS if flow != "financing")
        owed -= books.total("ledger", "debt", time)
        books.post("automotive_operating_profit", time, amount=-sum(operating, ZERO))
        books.post("net_income", time, amount=-sum(result, ZERO))
        books.post("free_cash_flow", time, amount=sum(free, ZERO))
        books.post("net_cash", time, amount=books.total("cash", time) - owed)


def check(told: Told) -> None:
    """Check that assets equal liabilities and equity, and that cash moves by its flows."""
    before = told.books.total("opening", "cash")
    for statement in statements(told.books, told.clock.times):
        left = sum(statement.balance_sheet.values(), ZERO)
        told.books.hold(
            "I2",
            left == 0,
            "Assets are not liabilities plus equity.",
            amount=left,
            where=statement.time,
        )
        cash = statement.balance_sheet["cash"]
        gap = cash - before - sum(statement.cash_flow.values(), ZERO)
        told.books.hold(
            "I3",
            gap == 0,
            "Cash does not move by its flows.",
            amount=gap,
            where=statement.time,
        )
        before = cash
