"""Debt: what falls due, and what can be drawn or issued to bridge it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
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
    due: Date


class Facility(Row):
    """One way to borrow: a bond that can be issued or a line that can be drawn."""

    table: ClassVar[str] = "facilities"
    id: Id
    name: Text = meaning("Name", default="")
    kind: Literal["bond", "revolver"]
    limit: Money = meaning("Most that can be outstanding", ge=0)
    lump: Money = meaning("Size of the one issue that is possible (0: any amount)", default="0")
    rate: Share = meaning("Interest a year", ge=0, lt=1)
    fair_rate: Share = meaning("What interest would be fair for this borrower", ge=0, lt=1)
    fee: Share = meaning("Fee at issue, share of the amount", default="0", ge=0, lt=1)
    commitment_fee: Share = meaning("Fee a year on what is not drawn", default="0", ge=0, lt=1)
    term_months: Months = meaning("Months until repayment (bonds)", default="0", ge=0)
    earliest: OptionalDate = None
    latest: OptionalDate = None


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
        due = to.clock.containing(to.clock.month_of(debt.due))
        last = to.count - 1 if due is None else due
        if to.clock.month_of(debt.due) < 0:
            return
        principal = debt.quantity("principal")
        for index in range(last + 1):
            interest = principal * debt.quantity("rate") * to.clock.years(index)
            time = to.period(index).id
            to.entry(debit="interest", credit="cash", amount=interest, time=time)
        if due is not None:
            time = to.period(due).id
            to.entry(debit="debt", credit="cash", amount=principal, time=time)

    # -- bonds -------------------------------------------------------------------------------

    def _lumps(self, bonds: list[Facility], to: Builder) -> None:
        """Add one binary for each bond of a fixed size and each period it may be issued in."""
        labels = [f"{bond.id},{to.period(i).id}" for bond in bonds for i in self._open(bond, to)]
        if not labels:
            return
        issue = to.choice("issue_lump", to.dimension("issue_lump", labels))
        for bond in bonds:
            taken = {
                index: issue.at(issue_lump=f"{bond.id},{to.period(index).id}")
                for index in self._open(bond, to)
            }
            if not taken:
                continue
            first, *others = taken.values()
            once = sum(others, start=first)
            to.require(
                "once",
                once * float(bond.lump),
                upper=float(bond.limit),
                rule=f"Of {bond.name or bond.id} at most {float(bond.limit):,.1f} is issued.",
                facility=bond.id,
            )
            to.option(f"facility.{bond.id}", once, f"{bond.name or bond.id} is issued.")
            for index, chosen in taken.items():
                self._issued(bond, index, chosen * bond.quantity("lump"), to)

    def _issues(self, bonds: list[Facility], to: Builder) -> None:
        """Add one amount for each bond and each period it may be issued in."""
        labels = [f"{bond.id},{to.period(i).id}" for bond in bonds for i in self._open(bond, to)]
        if not labels:
            return
        most = max(float(bond.limit) for bond in bonds)
        issue = to.variable(
            "issue", to.dimension("issue", labels), unit=MONEY, stage=Stage.RECOURSE, upper=most
        )
        for bond in bonds:
            amounts = {
                index: issue.at(issue=f"{bond.id},{to.period(index).id}")
                for index in self._open(bond, to)
            }
            if not amounts:
                continue
            first, *others = amounts.values()
            to.require(
                "limit",
                sum(others, start=first),
                upper=float(bond.limit),
                rule=f"Of {bond.name or bond.id} at most {float(bond.limit):,.1f} is issued.",
                facility=bond.id,
            )
            for index, amount in amounts.items():
                self._issued(bond, index, amount, to)

    def _open(self, row: Facility, to: Builder) -> tuple[int, ...]:
        return to.clock.open_periods(row.earliest, row.latest)

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
        """Say what is issued and drawn."""
        money = told.case.settings.units.money
        for name in ("issue_lump", "issue"):
            for (facility, period), amount in told.chosen(name).items():
                row = told.case.row("facilities", facility)
                size = float(row.lump) if name == "issue_lump" else amount
                yield Sentence(
                    text=f"{row.name or facility}: {size:,.1f} {money} is issued in {period} at "
                    f"{float(row.rate):.2%}.",
                    subject=f"facility.{facility}",
                    option=f"facility.{facility}" if name == "issue_lump" else "",
                    period=period,
                    cells=frozenset({row.cell("limit"), row.cell("rate")}),
                )
        drawn: dict[str, tuple[float, str]] = {}
        for (facility, period), amount in told.chosen("balance").items():
            drawn[facility] = max(drawn.get(facility, (0.0, "")), (amount, period))
        for facility, (amount, period) in drawn.items():
            row = told.case.row("facilities", facility)
            yield Sentence(
                text=f"{row.name or facility}: up to {amount:,.1f} {money} is drawn (end of "
                f"{period}).",
                subject=f"facility.{facility}",
                period=period,
                cells=frozenset({row.cell("limit")}),
            )


MODULE = Debt()
