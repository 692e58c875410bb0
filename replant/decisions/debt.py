"""Debt: what falls due, and what can be drawn or issued to bridge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import reduce
from operator import add
from typing import ClassVar, Literal

import numpy as np

from replant.case import (
    Case,
    Date,
    Id,
    Money,
    Months,
    OptionalDate,
    Row,
    Share,
    Text,
    meaning,
)
from replant.kernel import Expr, Stage
from replant.module import Builder, Sentence, Told
from replant.units import MONEY, Quantity

__all__ = ["Debt", "ExistingDebt", "Facility"]


class ExistingDebt(Row):
    """One bond or loan that is outstanding."""

    table: ClassVar[str] = "debts"
    id: Id
    name: Text = meaning("Name", default="")
    kind: Literal["bond", "loan"] = meaning("bond or loan", default="bond")
    principal: Money = meaning("Amount outstanding", ge=0)
    rate: Share = meaning("Interest a year", ge=0, lt=1)
    due: Date = meaning("Day of repayment")


class Facility(Row):
    """One way to borrow: a bond that can be issued or a line that can be drawn."""

    table: ClassVar[str] = "facilities"
    id: Id
    name: Text = meaning("Name", default="")
    kind: Literal["bond", "revolver"]
    limit: Money = meaning("Most that can be outstanding", ge=0)
    lump: Money = meaning("Size of an issue (0: any amount)", default="0", ge=0)
    rate: Share = meaning("Interest a year", ge=0, lt=1)
    fair_rate: Share = meaning("What interest would be fair for this borrower", ge=0, lt=1)
    fee: Share = meaning("Fee at issue, share of the amount", default="0", ge=0, lt=1)
    commitment_fee: Share = meaning("Fee a year on what is not drawn", default="0", ge=0, lt=1)
    term_months: Months = meaning("Months until repayment (bonds)", default="0", ge=0)
    earliest: OptionalDate = meaning("Not before this day", default=None)
    latest: OptionalDate = meaning("Not after this day", default=None)

    @property
    def title(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.id


class Debt:
    """Books existing debt as it stands, and lets the plan issue, draw and repay."""

    name: ClassVar[str] = "debt"
    tables: ClassVar[tuple[type[Row], ...]] = (ExistingDebt, Facility)
    acts: ClassVar[tuple[str, ...]] = ("issue",)

    def applies(self, case: Case) -> bool:
        """Return whether there is debt or a way to borrow."""
        return case.has("debts") or case.has("facilities")

    def build(self, case: Case, to: Builder) -> None:
        """Book what falls due; add issues and balances."""
        to.stream("undrawn", ("facility", "time"), MONEY)
        for debt in case.rows("debts"):
            self._service(debt, to)
        facilities = case.rows("facilities")
        bonds = [each for each in facilities if each.kind == "bond"]
        self._lumps([each for each in bonds if each.lump], to)
        self._issues([each for each in bonds if not each.lump], to)
        self._revolvers([each for each in facilities if each.kind == "revolver"], to)

    # -- existing debt -----------------------------------------------------------------------

    def _service(self, debt: ExistingDebt, to: Builder) -> None:
        """Book interest up to and with the period of repayment, and the repayment."""
        if debt.due < to.period(0).start:
            return  # repaid, with its interest, before the plan begins
        due = _due(debt, to)
        principal = debt.quantity("principal")
        for index in range(to.count if due is None else due + 1):
            interest = principal * debt.quantity("rate") * to.clock.years(index)
            time = to.period(index).id
            to.entry(debit="interest", credit="cash", amount=interest, time=time)
        if due is not None:
            time = to.period(due).id
            to.entry(debit="debt", credit="cash", amount=principal, time=time)

    # -- bonds -------------------------------------------------------------------------------

    def _lumps(self, bonds: list[Facility], to: Builder) -> None:
        """Add one binary for each bond of a fixed size and each period it may be issued in."""
        labels = _labels(bonds, to)
        columns = to.choice("issue_lump", to.dimension("issue_lump", labels)) if labels else None
        for bond in bonds:
            chosen = {
                index: columns.at(issue_lump=label)
                for index, label in _openings(bond, to)
                if columns is not None
            }
            once = reduce(add, chosen.values(), Expr.constant(0.0))
            to.option(f"facility.{bond.id}", once, f"{bond.title} is issued.")
            amounts = {index: each * bond.quantity("lump") for index, each in chosen.items()}
            self._bond(bond, amounts, to)

    def _issues(self, bonds: list[Facility], to: Builder) -> None:
        """Add one amount for each bond and each period it may be issued in."""
        labels = _labels(bonds, to)
        if not labels:
            return
        most = [float(bond.limit) for bond in bonds for _ in _openings(bond, to)]
        issue = to.variable(
            "issue",
            to.dimension("issue", labels),
            unit=MONEY,
            stage=Stage.RECOURSE,
            upper=np.array(most, dtype=np.float64),
        )
        for bond in bonds:
            amounts = {index: issue.at(issue=label) for index, label in _openings(bond, to)}
            self._bond(bond, amounts, to)

    def _bond(self, bond: Facility, amounts: Mapping[int, Expr], to: Builder) -> None:
        """Bind all issues of a bond together, and book each."""
        if not amounts:
            return
        first, *others = amounts.values()
        to.require(
            "limit",
            sum(others, start=first),
            upper=float(bond.limit),
            rule=f"Of {bond.title} at most {float(bond.limit):,.1f} is issued.",
            facility=bond.id,
        )
        for index, amount in amounts.items():
            self._issued(bond, index, amount, to)

    def _issued(self, bond: Facility, index: int, amount: Expr, to: Builder) -> None:
        """Book an issue, its fee, its interest and its repayment; post what it is worth."""
        time = to.clock.at(index)
        to.entry(debit="cash", credit="debt", amount=amount, time=time)
        fee = amount * bond.quantity("fee")
        to.entry(debit="financing_fees", credit="cash", amount=fee, time=time)
        begun = to.clock.instant(index)
        repaid = to.clock.ending_from(begun + bond.term_months)
        first = 0 if index == 0 else index + 1
        last = to.count - 1 if repaid is None else repaid
        for position in range(first, last + 1):
            interest = amount * bond.quantity("rate") * float(to.clock.years(position))
            where = to.period(position).id
            to.entry(debit="interest", credit="cash", amount=interest, time=where)
        if repaid is not None:
            where = to.period(repaid).id
            to.entry(debit="debt", credit="cash", amount=amount, time=where)
        to.post("financing_value", amount * self._worth(bond, index, to))

    def _worth(self, bond: Facility, index: int, to: Builder) -> Quantity:
        """Return what one unit of an issue is worth at its own fair rate, to maturity."""
        clock, fair = to.clock, bond.fair_rate
        begun = clock.instant(index)
        repaid = clock.ending_from(begun + bond.term_months)
        maturity = begun + bond.term_months if repaid is None else clock.origins[repaid + 1]
        interest = sum(
            (
                bond.rate * Fraction(months, 12) * clock.discount_at(fair, month)
                for month, months in clock.payment_months(begun, maturity - begun)
            ),
            Fraction(0),
        )
        received = clock.discount_at(fair, begun) * (1 - bond.fee)
        worth = received - interest - clock.discount_at(fair, maturity)
        cells = frozenset(bond.cell(name) for name in ("rate", "fair_rate", "fee", "term_months"))
        return Quantity(worth, cells=cells)

    # -- lines -------------------------------------------------------------------------------

    def _revolvers(self, lines: list[Facility], to: Builder) -> None:
        """Add the balance drawn at the end of each period."""
        if not lines:
            return
        names = to.dimension("facility", [line.id for line in lines])
        limits = [
            [float(line.limit) if self._available(line, i, to) else 0.0 for i in range(to.count)]
            for line in lines
        ]
        balance = to.variable(
            "balance",
            names,
            to.periods,
            unit=MONEY,
            stage=Stage.RECOURSE,
            upper=np.array(limits, dtype=np.float64),
        )
        for line in lines:
            self._drawn(line, balance.at(facility=line.id), to)

    def _available(self, line: Facility, index: int, to: Builder) -> bool:
        start = to.period(index).start
        after = line.earliest is None or line.earliest <= start
        return after and (line.latest is None or start <= line.latest)

    def _drawn(self, line: Facility, balance: Expr, to: Builder) -> None:
        before: Expr | None = None
        clock, fair = to.clock, line.fair_rate
        worth: list[Expr] = []
        for index in range(to.count):
            time = to.period(index).id
            drawn = balance.at(period=time)
            change = drawn if before is None else drawn - before
            to.entry(debit="cash", credit="debt", amount=change, time=time)
            factor = Quantity(clock.discount(fair, time), cells=frozenset({line.cell("fair_rate")}))
            worth.append(change * factor)
            if before is not None:
                interest = before * line.quantity("rate") * float(clock.years(index))
                to.entry(debit="interest", credit="cash", amount=interest, time=time)
                worth.append(-interest * factor)
            if self._available(line, index, to):
                undrawn = Expr.constant(line.quantity("limit"))
                fee = (undrawn if before is None else undrawn - before) * line.quantity(
                    "commitment_fee"
                )
                fee = fee * float(clock.years(index))
                to.entry(debit="financing_fees", credit="cash", amount=fee, time=time)
                worth.append(-fee * factor)
                to.post("undrawn", undrawn - drawn, facility=line.id, time=time)
            before = drawn
        if before is not None:
            last = Quantity(clock.discount(fair, clock.last.id))
            worth.append(-(before * last))
        for part in worth:
            to.post("financing_value", part)

    # -- words -------------------------------------------------------------------------------

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what is issued, and how much of each line is drawn at most."""
        for name in ("issue_lump", "issue"):
            for (facility, period), amount in told.chosen(name).items():
                row = told.case.row("facilities", facility)
                size = float(row.lump) if name == "issue_lump" else amount
                yield _issue_told(row, period, size, told)
        drawn: dict[str, tuple[float, str]] = {}
        for (facility, period), amount in told.chosen("balance").items():
            if amount > drawn.get(facility, (0.0, ""))[0]:
                drawn[facility] = (amount, period)
        for facility, (amount, period) in drawn.items():
            yield _balance_told(told.case.row("facilities", facility), period, amount, told)


def _due(debt: ExistingDebt, to: Builder) -> int | None:
    """Return the period that contains the day on which a debt is due; None: after the horizon."""
    if debt.due >= to.case.periods[-1].end:
        return None
    return max(index for index, each in enumerate(to.case.periods) if each.start <= debt.due)


def _openings(bond: Facility, to: Builder) -> list[tuple[int, str]]:
    """Return the periods in which a bond may be issued, with the labels of its columns."""
    periods = to.clock.open_periods(bond.earliest, bond.latest)
    return [(index, f"{bond.id},{to.period(index).id}") for index in periods]


def _labels(bonds: list[Facility], to: Builder) -> list[str]:
    return [label for bond in bonds for _, label in _openings(bond, to)]


def _issue_told(row: Facility, period: str, size: float, told: Told) -> Sentence:
    (index,) = (i for i, each in enumerate(told.clock.periods) if each.id == period)
    begin, money = told.clock.periods[index], told.case.settings.units.money
    repaid = told.clock.ending_from(told.clock.instant(index) + row.term_months)
    ending = "after the plan" if repaid is None else f"in {told.clock.periods[repaid].id}"
    columns = ["limit", "lump", "rate", "fee", "term_months"]
    return Sentence(
        text=f"{row.title}: {size:,.1f} {money} is issued at the start of {period} "
        f"({begin.start:%B %Y}) at {float(row.rate):.2%} and a fee of {float(row.fee):.2%}; it "
        f"is repaid {ending}.",
        subject=f"facility.{row.id}",
        option=f"facility.{row.id}" if row.lump else "",
        period=period,
        until="" if repaid is None else told.clock.periods[repaid].id,
        cells=frozenset(row.cell(each) for each in columns),
    )


def _balance_told(row: Facility, period: str, amount: float, told: Told) -> Sentence:
    return Sentence(
        text=f"{row.title}: up to {amount:,.1f} {told.case.settings.units.money} of "
        f"{float(row.limit):,.1f} is drawn, the most at the end of {period}.",
        subject=f"facility.{row.id}",
        period=period,
        cells=frozenset({row.cell("limit"), row.cell("rate")}),
    )


MODULE = Debt()
