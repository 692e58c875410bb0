"""Tax: income by fiscal year, losses carried forward, and what is paid in cash."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

import numpy as np

from replant.case import Case, Id, Money, OptionalWhole, Row, Share, Text, meaning
from replant.errors import ModuleError
from replant.kernel import Expr, ExtraRow, Program, Stage
from replant.ledger import ACCOUNTS, NOW
from replant.module import Builder, Sentence, Told, reach, year_number
from replant.units import MONEY, ONE

__all__ = ["Tax", "TaxLoss", "TaxRule"]


class TaxRule(Row):
    """How profit is taxed; one row."""

    table: ClassVar[str] = "taxes"
    id: Id
    rate: Share = meaning("Tax rate on income", ge=0, lt=1)
    loss_use_share: Share = meaning(
        "Share of a year's income that losses brought forward may cover", default="1", ge=0, le=1
    )
    carry_years: OptionalWhole = meaning(
        "Fiscal years after its own in which a loss can be used (empty: for ever)",
        default=None,
        ge=0,
        structural=True,
    )


class TaxLoss(Row):
    """Losses brought forward at the opening date, by the year in which they expire."""

    table: ClassVar[str] = "tax_losses"
    id: Id
    amount: Money = meaning("Loss brought forward", ge=0)
    expires: Text = meaning(
        "Last fiscal year in which it can be used (empty: for ever)", default=""
    )


class Tax:
    """Taxes each fiscal year's income after losses brought forward.

    Income and loss of a year exclude each other by a sign binary: without it a solver could raise
    both to refresh losses that expire, or move tax between years.
    """

    name: ClassVar[str] = "tax"
    tables: ClassVar[tuple[type[Row], ...]] = (TaxRule, TaxLoss)

    def applies(self, case: Case) -> bool:
        """Return whether profit is taxed."""
        return case.has("taxes")

    def build(self, case: Case, to: Builder) -> None:
        """Split income, use losses, pay tax."""
        rules = case.rows("taxes")
        if len(rules) != 1:
            raise ModuleError(f"table taxes has one row, not {len(rules)}")
        (rule,) = rules
        years = [each.id for each in case.fiscal_years]
        incomes = [self._income(year, to) for year in years]
        gain, loss = self._split(years, incomes, to)
        used = self._use(rule, case, years, gain, loss, to)
        for year in years:
            taxed = gain.at(fiscal_year=year) - used.get(year, 0.0)
            last = [each.id for each in case.periods if each.fiscal_year == year][-1]
            amount = taxed * rule.quantity("rate")
            to.entry(debit="tax", credit="cash", amount=amount, time=last)

    def _income(self, year: str, to: Builder) -> Expr:
        """Return taxable income of a fiscal year: accounts taxed as booked, and adjustments."""
        times = [each.id for each in to.case.periods if each.fiscal_year == year]
        if to.case.periods[0].fiscal_year == year:
            times.insert(0, NOW)
        income = to.total("taxable", fiscal_year=year)
        for name, each in ACCOUNTS.items():
            if each.taxable:
                for time in times:
                    income = income - to.total("ledger", account=name, time=time)
        return income

    def _split(self, years: list[str], incomes: list[Expr], to: Builder) -> tuple[Expr, Expr]:
        """Return gain and loss of each year; at most one of the two is not zero."""
        dim = to.dimension("fiscal_year", years)
        gain = to.variable("gain", dim, unit=MONEY, stage=Stage.RECOURSE, derived=True)
        loss = to.variable("loss", dim, unit=MONEY, stage=Stage.RECOURSE, derived=True)
        to.stream("taxable_income", ("fiscal_year",), MONEY)
        to.variable(
            "sign",
            dim,
            unit=ONE,
            stage=Stage.RECOURSE,
            upper=1.0,
            integer=True,
            derived=True,
        )
        for year, income in zip(years, incomes, strict=True):
            up, down = gain.at(fiscal_year=year), loss.at(fiscal_year=year)
            to.require(
                "income",
                up - down - income,
                lower=0.0,
                upper=0.0,
                rule=f"Taxable income of {year} is what its accounts and adjustments say.",
                fiscal_year=year,
            )
            to.post("taxable_income", income, fiscal_year=year)
        to.after_assembly(_exclusive)
        return gain, loss

    def _use(
        self, rule: TaxRule, case: Case, years: list[str], gain: Expr, loss: Expr, to: Builder
    ) -> dict[str, Expr]:
        """Return the losses used in each year, and bind them."""
        vintages = _vintages(rule, case, years)
        labels = {
            (vintage, year): f"{vintage},{year}"
            for vintage, usable in vintages.items()
            for year in usable
        }
        if not labels:
            return {}
        amounts = {row.id: row.quantity("amount") for row in case.rows("tax_losses")}
        most = [float(amounts[vintage]) if vintage in amounts else inf for vintage, _ in labels]
        columns = to.variable(
            "used",
            to.dimension("used", labels.values()),
            unit=MONEY,
            stage=Stage.RECOURSE,
            upper=np.array(most),
        )
        used = {key: columns.at(used=label) for key, label in labels.items()}
        for vintage in vintages:
            stock = (
                Expr.constant(amounts[vintage])
                if vintage in amounts
                else loss.at(fiscal_year=vintage)
            )
            self._bind_stock(vintage, stock, [used[key] for key in used if key[0] == vintage], to)
        totals: dict[str, Expr] = {}
        for year in years:
            parts = [used[key] for key in used if key[1] == year]
            if parts:
                totals[year] = sum(parts[1:], start=parts[0])
                self._bind_cap(rule, year, gain.at(fiscal_year=year), totals[year], to)
        return totals

    def _bind_stock(self, vintage: str, stock: Expr, used: list[Expr], to: Builder) -> None:
        if used:
            to.require(
                "stock",
                stock - sum(used[1:], start=used[0]),
                lower=0.0,
                rule=f"No more of the loss {vintage} is used than there is.",
                vintage=vintage,
            )

    def _bind_cap(self, rule: TaxRule, year: str, gain: Expr, used: Expr, to: Builder) -> None:
        to.require(
            "cap",
            gain * rule.quantity("loss_use_share") - used,
            lower=0.0,
            rule=f"Losses cover at most {float(rule.loss_use_share):.0%} of income in {year}.",
            fiscal_year=year,
        )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: tax follows from income."""
        yield from ()


def _vintages(rule: TaxRule, case: Case, years: list[str]) -> dict[str, list[str]]:
    """Return the years of the plan in which each loss can be used."""
    numbers = {year: year_number(year) for year in years}
    found: dict[str, list[str]] = {}
    for row in case.rows("tax_losses"):
        if row.id in numbers:
            raise ModuleError(
                f"tax_losses.{row.id} is named like a fiscal year of the plan, whose own loss has "
                f"that name: call it opening_{row.id}"
            )
        last = year_number(row.expires) if row.expires else inf
        found[row.id] = [year for year in years if numbers[year] <= last]
    carried = inf if rule.carry_years is None else rule.carry_years
    for year in years:
        begun = numbers[year]
        found[year] = [each for each in years if begun < numbers[each] <= begun + carried]
    return found


def _exclusive(program: Program, case: Case, scenario: str) -> list[ExtraRow]:
    """Return rows that allow a gain or a loss by the sign of each year, never both.

    How large either can be is read from the bounds of the columns that make up income. It is
    said of gain and loss alone too: HiGHS 1.15.1 may cut off the best plan where a column is
    bounded by its binary only.
    """
    rows: list[ExtraRow] = []
    for year in (each.id for each in case.fiscal_years):
        low, high = reach(program, "taxable_income", scenario, fiscal_year=year)
        gain, loss, sign = (
            program.columns.find(f"tax.{name}[{year}]", scenario)
            for name in ("gain", "loss", "sign")
        )
        most_gain, most_loss = max(0.0, high), max(0.0, -low)
        where = f"[{year}]@{scenario}" if case.scenarios else f"[{year}]"
        either = f"{year} has taxable income or a loss, not both."
        for name, indices, coefficients, upper, rule in (
            ("one_gain", [gain, sign], [1.0, -most_gain], 0.0, either),
            ("one_loss", [loss, sign], [1.0, most_loss], most_loss, either),
            ("most_gain", [gain], [1.0], most_gain, f"The firm earns no more than this in {year}."),
            ("most_loss", [loss], [1.0], most_loss, f"The firm loses no more than this in {year}."),
        ):
            rows.append(ExtraRow(f"tax.{name}{where}", indices, coefficients, -inf, upper, rule))
    return rows


MODULE = Tax()
