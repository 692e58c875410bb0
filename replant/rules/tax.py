"""Tax: income by fiscal year, losses carried forward, and what is paid in cash."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

from replant.case import Case, Id, Money, Row, Share, Text, Whole, meaning
from replant.errors import ModuleError
from replant.kernel import Expr, ExtraRow, Program, Stage
from replant.ledger import ACCOUNTS, NOW
from replant.module import Builder, Sentence, Told, reach
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
    carry_years: Whole = meaning("Fiscal years for which a loss can be used", default="10", ge=0)


class TaxLoss(Row):
    """Losses brought forward at the opening date, by the year in which they expire."""

    table: ClassVar[str] = "tax_losses"
    id: Id
    amount: Money = meaning("Loss brought forward", ge=0)
    expires: Text = meaning("Last fiscal year in which it can be used")


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
        self,
        rule: TaxRule,
        case: Case,
        years: list[str],
        gain: Expr,
        loss: Expr,
        to: Builder,
    ) -> dict[str, Expr]:
        """Return the losses used in each year, and bind them."""
        vintages = self._vintages(rule, case, years)
        labels = [f"{vintage},{year}" for vintage, usable in vintages.items() for year in usable]
        if not labels:
            return {}
        used = to.variable("used", to.dimension("used", labels), unit=MONEY, stage=Stage.RECOURSE)
        for vintage, usable in vintages.items():
            if not usable:
                continue
            first, *others = (used.at(used=f"{vintage},{year}") for year in usable)
            stock = (
                loss.at(fiscal_year=vintage)
                if vintage in years
                else Expr.constant(case.row("tax_losses", vintage).quantity("amount"))
            )
            to.require(
                "stock",
                stock - sum(others, start=first),
                lower=0.0,
                rule=f"No more of the loss {vintage} is used than there is.",
                vintage=vintage,
            )
        totals: dict[str, Expr] = {}
        for year in years:
            parts = [
                used.at(used=f"{vintage},{year}")
                for vintage, usable in vintages.items()
                if year in usable
            ]
            if not parts:
                continue
            totals[year] = sum(parts[1:], start=parts[0])
            to.require(
                "cap",
                gain.at(fiscal_year=year) * rule.quantity("loss_use_share") - totals[year],
                lower=0.0,
                rule=f"Losses cover at most {float(rule.loss_use_share):.0%} of income in {year}.",
                fiscal_year=year,
            )
        return totals

    def _vintages(self, rule: TaxRule, case: Case, years: list[str]) -> dict[str, list[str]]:
        """Return the years in which each loss can be used."""
        found: dict[str, list[str]] = {}
        for row in case.rows("tax_losses"):
            last = years.index(row.expires) + 1 if row.expires in years else None
            gone = last is None and row.expires < years[0]
            found[row.id] = [] if gone else years[:last]
        for place, year in enumerate(years):
            found[year] = years[place + 1 : place + 1 + rule.carry_years]
        return found

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: tax follows from income."""
        yield from ()


def _exclusive(program: Program, case: Case, scenario: str) -> list[ExtraRow]:
    """Return rows that allow a gain or a loss by the sign of each year, never both.

    How large either can be is read from the bounds of the columns that make up income.
    """
    rows: list[ExtraRow] = []
    for year in (each.id for each in case.fiscal_years):
        low, high = reach(program, "taxable_income", scenario, fiscal_year=year)
        sign = program.columns.find(f"tax.sign[{year}]", scenario)
        for name, most, coefficient, edge in (
            ("gain", max(0.0, high), -max(0.0, high), 0.0),
            ("loss", max(0.0, -low), max(0.0, -low), max(0.0, -low)),
        ):
            column = program.columns.find(f"tax.{name}[{year}]", scenario)
            label = f"tax.one_{name}[{year}]"
            rule = f"{year} has taxable income or a loss, not both."
            if most == 0.0:
                rows.append(ExtraRow(label, [column], [1.0], -inf, 0.0, rule))
            else:
                rows.append(ExtraRow(label, [column, sign], [1.0, coefficient], -inf, edge, rule))
    return rows


MODULE = Tax()
