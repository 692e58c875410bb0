"""Supply deals: buy a car from an ally, or build one for an ally in capacity of our own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np

from replant.case import Case, Row
from replant.decisions.supply.deal import (
    Deal,
    SupplyDeal,
    check_terms,
    total_of,
)
from replant.kernel import Expr, Stage
from replant.module import Builder, Sentence, Told, runs, signings
from replant.units import ONE, VOLUME

__all__ = ["MODULE", "Supply", "SupplyDeal"]


class Supply:
    """Chooses the deals with allies, what is built for them and what they are short of."""

    name: ClassVar[str] = "supply"
    tables: ClassVar[tuple[type[Row], ...]] = (SupplyDeal,)
    negotiable: ClassVar[str] = "together"
    least: ClassVar[tuple[str, ...]] = ("shortfall",)

    def applies(self, case: Case) -> bool:
        """Return whether there is a deal to sign."""
        return bool(case.rows(SupplyDeal))

    def build(self, case: Case, to: Builder) -> None:
        """Add the start of each deal, its volumes and its money."""
        to.stream("dealt", ("deal", "period"), ONE)
        to.stream("taken", ("deal", "period"), VOLUME)
        to.stream("operating", ("plant", "period"), ONE)
        to.stream("capacity_used", ("plant", "period"), VOLUME)
        deals = self._deals(case, to)
        for deal in deals:
            self._sign_once(deal)
            self._book_terms(deal)
        self._buy([deal for deal in deals if deal.row.direction == "buy"], to)
        self._build([deal for deal in deals if deal.row.direction == "build"], to, case)

    def _deals(self, case: Case, to: Builder) -> list[Deal]:
        rows = case.rows(SupplyDeal)
        for row in rows:
            check_terms(row)
        labels = [f"{row.id},{to.period(t).id}" for row in rows for t in signings(row, to.clock)]
        if not labels:
            return [Deal(row, {}, to) for row in rows]
        start = to.choice("start", to.dimension("start", labels))
        return [
            Deal(
                row,
                {t: start.at(start=f"{row.id},{to.period(t).id}") for t in signings(row, to.clock)},
                to,
            )
            for row in rows
        ]

    def _sign_once(self, deal: Deal) -> None:
        row, signed = deal.row, total_of(deal.start.values())
        deal.to.option(f"deal.{row.id}", signed, row.deed)
        if deal.start:
            rule = f"the supply deal {row.id} is signed at most once"
            deal.to.require("once", signed, upper=1.0, rule=rule, deal=row.id)

    def _book_terms(self, deal: Deal) -> None:
        """Post when the deal runs, and book what it costs whatever the volume."""
        row, to = deal.row, deal.to
        if one_off := row.quantity("one_off"):
            for period, taken in deal.start.items():
                to.entry(
                    debit="other_operating",
                    credit="cash",
                    amount=taken * one_off,
                    time=to.clock.at(period),
                )
        for period, active in deal.running.items():
            time = to.period(period).id
            to.post("dealt", active, deal=row.id, period=time)
            if fee := deal.yearly("fixed_fee", period):
                to.entry(
                    debit="other_operating",
                    credit="cash",
                    amount=active * fee,
                    time=time,
                    recurring=True,
                )

    # -- buying ------------------------------------------------------------------------------

    def _buy(self, deals: list[Deal], to: Builder) -> None:
        for deal in deals:
            if deal.row.maximum is not None:
                self._take_at_most(deal)
        self._pay_shortfalls(deals, to)

    def _take_at_most(self, deal: Deal) -> None:
        row, to = deal.row, deal.to
        rule = f"{row.title} supplies no more than its maximum, and only while the deal runs"
        for period, active in deal.running.items():
            time = to.period(period).id
            above = to.total("taken", deal=row.id, period=time)
            above = above - active * deal.yearly("maximum", period)
            to.require("at_most", above, upper=0.0, rule=rule, deal=row.id, period=time)

    def _pay_shortfalls(self, deals: Iterable[Deal], to: Builder) -> None:
        """Pay for what is taken less than the minimum; cost alone keeps the column down."""
        owed = {
            deal.label(period): (deal, period)
            for deal in deals
            if deal.row.minimum and deal.row.shortfall_price
            for period in deal.running
        }
        if not owed:
            return
        most = [float(deal.yearly("minimum", period)) for deal, period in owed.values()]
        shortfall = to.variable(
            "shortfall",
            to.dimension("shortfall", owed),
            unit=VOLUME,
            stage=Stage.RECOURSE,
            upper=np.array(most),
            derived=True,
        )
        for label, (deal, period) in owed.items():
            self._pay_shortfall(deal, period, shortfall.at(shortfall=label))

    def _pay_shortfall(self, deal: Deal, period: int, short: Expr) -> None:
        row, to, time = deal.row, deal.to, deal.to.period(period).id
        taken = to.total("taken", deal=row.id, period=time)
        covered = short + taken - deal.running[period] * deal.yearly("minimum", period)
        rule = f"what {row.title} supplies less than its minimum is paid for"
        to.require("at_least", covered, lower=0.0, rule=rule, deal=row.id, period=time)
        to.entry(
            debit="variable_cost",
            credit="cash",
            amount=short * row.quantity("shortfall_price"),
            time=time,
            recurring=True,
        )

    # -- building ----------------------------------------------------------------------------

    def _build(self, deals: list[Deal], to: Builder, case: Case) -> None:
        places = {deal.label(period): (deal, period) for deal in deals for period in deal.running}
        if not places:
            return
        most = [float(deal.yearly("maximum", period)) for deal, period in places.values()]
        built = to.variable(
            "build",
            to.dimension("build", places),
            unit=VOLUME,
            stage=Stage.RECOURSE,
            upper=np.array(most),
        )
        for label, (deal, period) in places.items():
            volume = built.at(build=label)
            self._bind_build(deal, period, volume)
            self._book_build(deal, period, volume, case)

    def _bind_build(self, deal: Deal, period: int, volume: Expr) -> None:
        row, to = deal.row, deal.to
        plant, time = str(row.plant), to.period(period).id
        active, most = deal.running[period], deal.yearly("maximum", period)
        rule = f"no more is built for {row.title} than the maximum, and only while the deal runs"
        to.require(
            "build_at_most", volume - active * most, upper=0.0, rule=rule, deal=row.id, period=time
        )
        if least := deal.yearly("minimum", period):
            rule = f"{row.title} gets its minimum while the deal runs"
            to.require(
                "build_at_least",
                volume - active * least,
                lower=0.0,
                rule=rule,
                deal=row.id,
                period=time,
            )
        operating = to.total("operating", plant=plant, period=time)
        rule = f"{plant} builds for {row.title} only while it operates"
        to.require(
            "build_where", volume - operating * most, upper=0.0, rule=rule, deal=row.id, period=time
        )
        used = volume * row.quantity("work_content")
        to.post("capacity_used", used, plant=plant, period=time)

    def _book_build(self, deal: Deal, period: int, volume: Expr, case: Case) -> None:
        row, to, time = deal.row, deal.to, deal.to.period(period).id
        currency = case.row("plants", str(row.plant)).currency
        cost = row.quantity("unit_cost") * to.exchange(currency, period)
        for amount, debit, credit in (
            (row.quantity("fee"), "cash", "deal_income"),
            (cost, "variable_cost", "cash"),
        ):
            if amount:
                to.entry(
                    debit=debit, credit=credit, amount=volume * amount, time=time, recurring=True
                )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Tell each deal that is signed."""
        signed = {",".join(labels) for labels, value in told.chosen("start").items() if value > 0.5}
        for row in told.case.rows(SupplyDeal):
            for period in signings(row, told.clock):
                if f"{row.id},{told.clock.periods[period].id}" in signed:
                    yield _sentence(row, period, told)


def _sentence(row: SupplyDeal, period: int, told: Told) -> Sentence:
    clock, case = told.clock, told.case
    first = clock.periods[clock.ready(period, row.lead_months)]
    last = max(t for t in range(len(clock.periods)) if runs(row, clock, period, t))
    until = clock.periods[last + 1].id if last + 1 < len(clock.periods) else ""
    volume, money = case.settings.units.volume, case.settings.units.money
    ending = f"until {until}" if until else "to the end of the plan"
    most = "" if row.maximum is None else f", at most {float(row.maximum):,.1f} {volume} a year"
    text = (
        f"{row.deed} from {first.id} ({first.start:%B %Y}) {ending}{most}, at "
        f"least {float(row.minimum):,.1f}; it costs {float(row.one_off):,.1f} {money} at signing "
        f"and {float(row.fixed_fee):,.1f} {money} a year."
    )
    columns = ["minimum", "shortfall_price", "fixed_fee", "one_off", "fee", "unit_cost"]
    columns += ["lead_months", "duration_months"] + ["maximum"] * (row.maximum is not None)
    return Sentence(
        text,
        subject=f"deal.{row.id}",
        option=f"deal.{row.id}",
        period=clock.periods[period].id,
        until=until,
        cells=frozenset(row.cell(column) for column in columns),
    )


MODULE = Supply()
