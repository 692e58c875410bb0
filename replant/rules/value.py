"""Value: what a plan is worth, part by part, at the unlevered rate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import add
from typing import ClassVar

from replant.case import Case, Id, Months, Row, Share, meaning
from replant.errors import ModuleError
from replant.kernel import Expr, Stage
from replant.ledger import Flow
from replant.module import Builder, Sentence, Told
from replant.units import MONEY, Quantity

__all__ = ["Calendar", "Valuation", "Value"]


class Calendar(Row):
    """One part of a payment calendar."""

    table: ClassVar[str] = "calendars"
    key: ClassVar[tuple[str, ...]] = ("id", "months")
    id: Id
    months: Months = meaning("Months after the event", ge=0, structural=True)
    share: Share = meaning("Share of the amount that falls then", ge=0, le=1)


class Valuation(Row):
    """How value is measured; one row."""

    table: ClassVar[str] = "valuation"
    id: Id
    discount_rate: Share = meaning("Unlevered discount rate a year", ge=0, lt=1)
    terminal_share: Share = meaning(
        "Share of the perpetuity that counts (0: no terminal value)", default="0", ge=0, le=1
    )
    terminal_growth: Share = meaning("Growth a year beyond the horizon", default="0", gt=-1, lt=1)
    terminal_tax: Share = meaning("Tax rate on the perpetuity", default="0", ge=0, lt=1)
    terminal_reinvestment: Share = meaning(
        "Share of the last period's depreciation that is at least invested a year beyond it",
        default="0",
        ge=0,
        le=1,
    )


class Value:
    """Discounts the unlevered cash flow and adds what lies beyond the horizon.

    Financing enters only by what it is worth at its own fair rate (posted by who finances), so
    fairly priced debt is value-neutral.
    """

    name: ClassVar[str] = "value"
    tables: ClassVar[tuple[type[Row], ...]] = (Calendar, Valuation)

    def applies(self, case: Case) -> bool:
        """Return whether the case says how to value."""
        return case.has("valuation")

    def build(self, case: Case, to: Builder) -> None:
        """Post the parts of value."""
        (row,) = self._one(case)
        to.stream("renewal_investment", (), MONEY)
        to.stream("renewal_development", (), MONEY)
        to.stream("terminal_year", ("part",), MONEY)
        rate = row.quantity("discount_rate")
        for flow in (Flow.OPERATING, Flow.INVESTING):
            for time in to.times:
                cash = to.element("cash_flow", (flow.value, time))
                to.post("value", cash * self._discount(to, rate, time), part=flow.value)
        last = to.clock.last.id
        beyond = to.total("beyond") * self._discount(to, rate, last)
        to.post("value", -beyond, part="beyond")
        to.post("value", to.total("financing_value"), part="financing")
        if row.terminal_share:
            year = self._terminal_year(to, row, last)
            for part, amount in year.items():
                to.post("terminal_year", amount, part=part)
            worth = reduce(add, year.values()) * self._perpetuity(to, row)
            to.post("value", worth, part="terminal")

    def _one(self, case: Case) -> tuple[Valuation]:
        rows = case.rows("valuation")
        if len(rows) != 1:
            raise ModuleError(f"table valuation has one row, not {len(rows)}")
        return (rows[0],)

    def _discount(self, to: Builder, rate: Quantity, time: str) -> Quantity:
        return Quantity(to.clock.discount(rate.value, time), rate.unit, rate.cells)

    def _terminal_year(self, to: Builder, row: Valuation, last: str) -> dict[str, Expr]:
        """Return the cash of a year beyond the horizon, part by part.

        The last period's recurring cash, made a year's; what it takes to renew what is sold; and
        what must be invested besides, so that assets are replaced as they wear out.
        """
        years = float(to.clock.years(to.count - 1))
        investment = to.total("renewal_investment")
        year = {
            "recurring": to.total("recurring", time=last) / years,
            "development": -to.total("renewal_development"),
            "investment": -investment,
        }
        if row.terminal_reinvestment:
            wear = to.total("ledger", account="depreciation", time=last) / years
            replaced = to.total("reinvested", time=last) / years + investment
            short = to.variable("short", unit=MONEY, stage=Stage.RECOURSE, derived=True)
            to.require(
                "reinvestment",
                short - wear * row.quantity("terminal_reinvestment") + replaced,
                lower=0.0,
                rule="Beyond the horizon, assets are replaced as they wear out.",
            )
            year["reinvestment"] = -short
        return year

    def _perpetuity(self, to: Builder, row: Valuation) -> Quantity:
        """Return what 1 of cash a year is worth beyond the horizon, today."""
        rate, growth = row.quantity("discount_rate"), row.quantity("terminal_growth")
        if growth.value >= rate.value:
            raise ModuleError("terminal_growth must be below discount_rate in table valuation")
        after_tax = row.quantity("terminal_share") * (1 - row.quantity("terminal_tax"))
        years = (1 + growth) / (rate - growth)
        return after_tax * years * self._discount(to, rate, to.clock.last.id)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: value is the goal, not a choice."""
        yield from ()


MODULE = Value()
