"""Named items that no decision moves: overheads, dividends, an unexplained residual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from replant.case import Case, Flag, Id, Money, Row, Text, meaning, refers_to
from replant.errors import ModuleError
from replant.ledger import NOW, Flow, account
from replant.module import Builder, Sentence, Told

__all__ = ["OtherItem", "OtherItems"]


class OtherItem(Row):
    """One item in one period, by name, so that nothing hides in a plug."""

    table: ClassVar[str] = "other_items"
    key: ClassVar[tuple[str, ...]] = ("id", "period")
    id: Id
    period: Annotated[str, refers_to("periods", also=(NOW,))]
    name: Text
    account: Id
    amount: Money = meaning("What is debited to the account: cost positive, income negative")
    cash: Flag = meaning("Whether it is paid in cash in its period", default=True)
    recurring: Flag = meaning("Whether it goes on beyond the horizon", default=False)


class OtherItems:
    """Books each item against cash, or against other liabilities when no cash moves."""

    name: ClassVar[str] = "other_items"
    tables: ClassVar[tuple[type[Row], ...]] = (OtherItem,)

    def applies(self, case: Case) -> bool:
        """Return whether the case has such items."""
        return case.has("other_items")

    def build(self, case: Case, to: Builder) -> None:
        """Book the items of the plan's periods."""
        planned = {NOW, *(period.id for period in case.periods)}
        for row in case.rows("other_items"):
            if row.account == "cash":
                message = f"{row.cell('account')} is cash: name the account that cash is paid for"
                raise ModuleError(message)
            if row.period in planned:
                # Interest, dividends and debt are no cash of the business: never perpetual.
                business = account(row.account).flow in (Flow.OPERATING, Flow.INVESTING)
                to.entry(
                    debit=row.account,
                    credit="cash" if row.cash else _against(row.account),
                    amount=row.quantity("amount"),
                    time=row.period,
                    recurring=row.recurring and business,
                )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: these items are not chosen."""
        yield from ()


def _against(account: str) -> str:
    """Return what an item without cash stands against: what wears out is worth less."""
    return "ppe" if account == "depreciation" else "other_liabilities"


MODULE = OtherItems()
