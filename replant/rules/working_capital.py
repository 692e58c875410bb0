"""Working capital: receivables, stock and payables that follow revenue and cost by days."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from replant.case import Case, Number, Row, meaning
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told

__all__ = ["WorkingCapital", "WorkingCapitalDays"]


class WorkingCapitalDays(Row):
    """How many days of revenue or variable cost stand in one balance."""

    table: ClassVar[str] = "working_capital"
    key: ClassVar[tuple[str, ...]] = ("account",)
    account: Literal["receivables", "inventory", "payables"]
    driver: Literal["revenue", "variable_cost"]
    days: Number = meaning("Days of the driver's flow that stand in the balance", ge=0)


class WorkingCapital:
    """Moves cash by the change of each balance; falling output releases or takes cash."""

    name: ClassVar[str] = "working_capital"
    tables: ClassVar[tuple[type[Row], ...]] = (WorkingCapitalDays,)

    def applies(self, case: Case) -> bool:
        """Return whether the case gives days."""
        return case.has("working_capital")

    def build(self, case: Case, to: Builder) -> None:
        """Book the change of each balance in each period."""
        for row in case.rows("working_capital"):
            liability = row.account == "payables"
            opening = to.total("opening", account=row.account)
            before = -opening if liability else opening
            for index in range(to.count):
                target = self._target(row, index, to)
                time = to.period(index).id
                to.entry(
                    debit="cash" if liability else row.account,
                    credit=row.account if liability else "cash",
                    amount=target - before,
                    time=time,
                )
                before = target

    def _target(self, row: WorkingCapitalDays, index: int, to: Builder) -> Expr:
        """Return the balance that the days ask for at the end of a period."""
        flow = to.total("ledger", account=row.driver, time=to.period(index).id)
        if row.driver == "revenue":
            flow = -flow  # income stands in credit
        days = row.quantity("days") / (Fraction(365) * to.clock.years(index))
        return flow * days

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: working capital follows from volumes."""
        yield from ()


MODULE = WorkingCapital()
