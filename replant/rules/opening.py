"""Opening balances: what the firm and its finance arm bring into the first period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from replant.case import Case, Id, Money, Row, meaning
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
        for table in ("opening", "finance_opening"):
            for row in case.rows(table):
                to.post("opening", row.quantity("amount"), account=row.account)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: opening balances are not chosen."""
        yield from ()


MODULE = OpeningBalances()
