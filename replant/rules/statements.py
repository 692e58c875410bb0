"""Statements: the lines that a reader of accounts looks for first, as rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from replant.case import Case, Row
from replant.ledger import ACCOUNTS, Flow
from replant.module import Builder, Sentence, Told

__all__ = ["Statements"]

_FREE = (Flow.OPERATING, Flow.INVESTING, Flow.INTEREST, Flow.LEASE)


class Statements:
    """Sums accounts to automotive operating profit, net income, free cash flow and net cash."""

    name: ClassVar[str] = "statements"
    tables: ClassVar[tuple[type[Row], ...]] = ()

    def applies(self, case: Case) -> bool:
        """Return True: every firm has accounts."""
        return True

    def build(self, case: Case, to: Builder) -> None:
        """Post each line at each time label."""
        debt = to.total("opening", account="debt")
        cash = to.total("opening", account="cash")
        for time in to.times:
            for each in ACCOUNTS.values():
                balance = to.total("ledger", account=each.name, time=time)
                if each.operating:
                    to.post("automotive_operating_profit", -balance, time=time)
                if each.in_profit:
                    to.post("net_income", -balance, time=time)
            for flow in _FREE:
                moved = to.element("cash_flow", (flow.value, time))
                to.post("free_cash_flow", moved, time=time)
            cash = cash + to.total("ledger", account="cash", time=time)
            debt = debt + to.total("ledger", account="debt", time=time)
            to.post("net_cash", cash + debt, time=time)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: statements follow from what is chosen."""
        yield from ()


MODULE = Statements()
