"""The captive finance arm: a ledger of its own that only its dividend leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from replant.case import Case, Money, Row, meaning, refers_to
from replant.module import Builder, Sentence, Told

__all__ = ["FinanceArm", "FinanceYear"]


class FinanceYear(Row):
    """Revenue, cost and dividend of the finance arm in one period."""

    table: ClassVar[str] = "finance_arm"
    key: ClassVar[tuple[str, ...]] = ("period",)
    period: Annotated[str, refers_to("periods")]
    revenue: Money = meaning("Revenue of the finance arm in the period", ge=0)
    cost: Money = meaning("Its cost, funding and credit losses included", ge=0)
    dividend: Money = meaning("Dividend it pays to the automotive business", default="0", ge=0)


class FinanceArm:
    """Books the finance arm apart, and the dividend in both ledgers."""

    name: ClassVar[str] = "finance_arm"
    tables: ClassVar[tuple[type[Row], ...]] = (FinanceYear,)

    def applies(self, case: Case) -> bool:
        """Return whether the firm has a finance arm."""
        return case.has("finance_arm")

    def build(self, case: Case, to: Builder) -> None:
        """Book revenue, cost and dividend of each plan period."""
        planned = {period.id for period in case.periods}
        for row in case.rows("finance_arm"):
            if row.period not in planned:
                continue
            for debit, credit, column in (
                ("finance_cash", "finance_revenue", "revenue"),
                ("finance_cost", "finance_cash", "cost"),
                ("finance_dividend_paid", "finance_cash", "dividend"),
            ):
                amount = row.quantity(column)
                to.finance_entry(debit=debit, credit=credit, amount=amount, time=row.period)
            dividend = row.quantity("dividend")
            to.entry(debit="cash", credit="finance_dividend", amount=dividend, time=row.period)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: the finance arm decides nothing here."""
        yield from ()


MODULE = FinanceArm()
