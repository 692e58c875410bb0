"""A decision that nobody wrote a report for: take a grant, and report on it every year."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import ClassVar

from replant.case import Case, Id, Money, Row, Text, meaning
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told


class Grant(Row):
    """A grant: taken in one period, or never."""

    table: ClassVar[str] = "grants"
    id: Id
    name: Text = meaning("Name in words", default="")
    amount: Money = meaning("What is paid out at once")
    reporting: Money = meaning("What it costs a year to report on it", default="0", ge=0)


class Grants:
    """Takes each grant at most once."""

    name: ClassVar[str] = "grant"
    tables: ClassVar[tuple[type[Row], ...]] = (Grant,)

    def applies(self, case: Case) -> bool:
        """Return whether the case has grants."""
        return case.has("grants")

    def build(self, case: Case, to: Builder) -> None:
        """Add a binary for each grant and open period, its money and its cost."""
        rows = case.rows("grants")
        windows = list(to.clock.open_periods(None, None))
        labels = [f"{row.id},{to.period(each).id}" for row in rows for each in windows]
        take = to.choice("take", to.dimension("take", labels))
        for row in rows:
            taken = {each: take.at(take=f"{row.id},{to.period(each).id}") for each in windows}
            total = reduce(add, taken.values(), Expr.constant(0))
            to.require("once", total, upper=1.0, rule=f"{row.name} is taken once.", grant=row.id)
            to.option(f"grant.{row.id}", total, f"{row.name} is taken.")
            for index, column in taken.items():
                paid = column * row.quantity("amount")
                time = to.clock.at(index)
                to.entry(debit="cash", credit="other_operating", amount=paid, time=time)
                for later in range(index, to.count):
                    to.entry(
                        debit="other_operating",
                        credit="cash",
                        amount=column * (row.quantity("reporting") * to.clock.years(later)),
                        time=to.period(later).id,
                        recurring=True,
                    )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say which grants are taken."""
        rows = {row.id: row for row in told.case.rows("grants")}
        money = told.case.settings.units.money
        for labels in told.chosen("take"):
            grant, period = ",".join(labels).split(",")
            row = rows[grant]
            yield Sentence(
                text=f"{row.name} of {float(row.amount):,.1f} {money} is taken in {period}.",
                subject=f"grant.{grant}",
                option=f"grant.{grant}",
                period=period,
                cells=frozenset({row.cell("amount")}),
            )


MODULE = Grants()
