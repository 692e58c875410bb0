"""Opening balances: what the firm and its finance arm bring into the first period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from replant.case import Case, Id, Money, Row, meaning
from replant.errors import ModuleError
from replant.ledger.accounts import ACCOUNTS, FINANCE_ACCOUNTS, Account
from replant.module import Builder, Sentence, Told

__all__ = ["FinanceOpening", "Opening", "OpeningBalances"]


class Opening(Row):
    """One balance of the automotive business at the opening date."""

    table: ClassVar[str] = "opening"
    key: ClassVar[tuple[str, ...]] = ("account",)
    account: Id
    amount: Money = meaning("Balance: assets positive, liabilities and equity negative")


class FinanceOpening(Row):
    """One balance of the captive finance arm at the opening date."""

    table: ClassVar[str] = "finance_opening"
    key: ClassVar[tuple[str, ...]] = ("account",)
    account: Id
    amount: Money = meaning("Balance: assets positive, liabilities and equity negative")


class OpeningBalances:
    """Posts the opening balances as rows of their own, apart from flows."""

    name: ClassVar[str] = "opening"
    tables: ClassVar[tuple[type[Row], ...]] = (Opening, FinanceOpening)

    def applies(self, case: Case) -> bool:
        """Return whether the case has opening balances."""
        return case.has("opening") or case.has("finance_opening")

    def build(self, case: Case, to: Builder) -> None:
        """Post each balance to the stream ``opening``."""
        for table, chart in (("opening", ACCOUNTS), ("finance_opening", FINANCE_ACCOUNTS)):
            for row in case.rows(table):
                _check(row, chart)
                to.post("opening", row.quantity("amount"), account=row.account)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: opening balances are not chosen."""
        yield from ()


def _check(row: Opening | FinanceOpening, chart: Mapping[str, Account]) -> None:
    """Refuse what cannot be brought into a year: an unknown account, or one of profit and loss."""
    balances = [each.name for each in chart.values() if not each.in_profit]
    if row.account not in balances:
        raise ModuleError(
            f"{row.table}.{row.account} is no account of the balance sheet: use one of "
            f"{', '.join(balances)}"
        )


MODULE = OpeningBalances()
