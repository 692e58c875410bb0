"""Hosting: a partner builds its product in one of our plants for a fee, a guarantee and a rent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, ClassVar

from replant.case import (
    Case,
    Flag,
    Id,
    Money,
    Months,
    Number,
    OptionalDate,
    People,
    Row,
    Share,
    Text,
    UnitValue,
    Volume,
    meaning,
    refers_to,
)
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told, runs, signings
from replant.units import ONE, PEOPLE, VOLUME, Quantity

__all__ = ["Hosting", "HostingDeal"]


class HostingDeal(Row):
    """What a partner offers, or is asked, for building in a plant of ours."""

    table: ClassVar[str] = "hosting_deals"

    id: Id
    name: Text = meaning("What is agreed, such as: X builds in half of Y", default="")
    plant: Annotated[str, refers_to("plants")] = meaning("Plant in which the partner builds")
    partner: Text = meaning("Who builds there", default="")
    fee: UnitValue = meaning("Fee for each unit", default="0", ge=0)
    volume: Volume = meaning("Units a year that are expected", default="0", ge=0)
    guaranteed: Volume = meaning("Units a year that are paid for in any case", default="0", ge=0)
    haircut: Share = meaning("Share of the guarantee that is not believed", default="0", ge=0, le=1)
    capacity_use: Number = meaning(
        "Capacity that a unit takes, in units of ours", default="1", ge=0
    )
    own_people: Flag = meaning(
        "Whether our people build it, so that it takes our capacity", default="no"
    )
    fixed_share: Money = meaning("Fixed cost a year that the partner bears", default="0", ge=0)
    rent: Money = meaning("Rent a year", default="0", ge=0)
    people_taken: People = meaning("People of ours whom the partner employs", default="0", ge=0)
    set_up_cost: Money = meaning("Our cost of making room for the partner", default="0", ge=0)
    part_price: Money = meaning("Price of the part of the plant that it buys", default="0", ge=0)
    part_carrying: Money = meaning("Carrying amount of that part", default="0", ge=0)
    exit_cost: Money = meaning("Our cost when the deal ends, such as closing", default="0", ge=0)
    lead_months: Months = meaning("Months from signing to the start", default="0", ge=0)
    duration_months: Months = meaning("Months from the start to the end", ge=1)
    recurring: Flag = meaning("Whether it is expected to go on beyond the plan", default="no")
    earliest: OptionalDate = meaning("Not signed before this day", default=None)
    latest: OptionalDate = meaning("Not signed after this day", default=None)

    @property
    def title(self) -> str:
        """The partner's name, or the deal's id where none is given."""
        return self.partner or self.id

    def deed(self, plant: str) -> str:
        """Return what is agreed: its name, or who builds in which plant."""
        return self.name or f"{self.title} builds in {plant}"


@dataclass(frozen=True)
class _Deal:
    """A deal with its columns."""

    row: HostingDeal
    start: Mapping[int, Expr]
    to: Builder

    def signed(self) -> Expr:
        """Return whether it is signed at all."""
        return _sum(self.start.values())

    @cached_property
    def running(self) -> dict[int, Expr]:
        """Whether the partner is in the plant, in each period in which it may be."""
        found: dict[int, list[Expr]] = {}
        for period in range(self.to.count):
            for signed, taken in self.start.items():
                if runs(self.row, self.to.clock, signed, period):
                    found.setdefault(period, []).append(taken)
        return {period: _sum(parts) for period, parts in found.items()}

    def begun(self, period: int) -> Expr:
        """Return whether the partner moves in with a period."""
        clock, lead = self.to.clock, self.row.lead_months
        return _sum(
            taken for signed, taken in self.start.items() if clock.ready(signed, lead) == period
        )


class Hosting:
    """Chooses which partner builds in which plant, and from when."""

    name: ClassVar[str] = "hosting"
    tables: ClassVar[tuple[type[Row], ...]] = (HostingDeal,)
    negotiable: ClassVar[str] = "together"

    def applies(self, case: Case) -> bool:
        """Return whether there is a deal to sign."""
        return bool(case.rows(HostingDeal))

    def build(self, case: Case, to: Builder) -> None:
        """Add the start of each deal, its money, and the ties to the plants' paths."""
        to.stream("hosting_state", ("plant", "period"), ONE)
        to.stream("capacity_used", ("plant", "period"), VOLUME)
        to.stream("people_taken", ("plant", "period"), PEOPLE)
        deals = self._deals(case, to)
        for deal in deals:
            self._sign_once(deal)
            self._book_signing(deal)
            self._book_ending(deal)
            for period, active in deal.running.items():
                self._run(deal, period, active)
        self._fill_plants(deals, to)

    def _deals(self, case: Case, to: Builder) -> list[_Deal]:
        rows = case.rows(HostingDeal)
        labels = [f"{row.id},{to.period(t).id}" for row in rows for t in signings(row, to.clock)]
        if not labels:
            return [_Deal(row, {}, to) for row in rows]
        start = to.choice("start", to.dimension("start", labels))
        return [
            _Deal(
                row,
                {t: start.at(start=f"{row.id},{to.period(t).id}") for t in signings(row, to.clock)},
                to,
            )
            for row in rows
        ]

    def _sign_once(self, deal: _Deal) -> None:
        row, signed = deal.row, deal.signed()
        deal.to.option(f"deal.{row.id}", signed, row.deed(deal.to.case.called("plants", row.plant)))
        if deal.start:
            rule = f"the hosting deal {row.id} is signed at most once"
            deal.to.require("once", signed, upper=1.0, rule=rule, deal=row.id)

    def _book_signing(self, deal: _Deal) -> None:
        """Book what is due at once: our cost, and the sale of a part of the plant."""
        row, to = deal.row, deal.to
        cost, price = row.quantity("set_up_cost"), row.quantity("part_price")
        carrying = row.quantity("part_carrying")
        for period, taken in deal.start.items():
            time = to.clock.at(period)
            for amount, debit, credit in (
                (cost, "restructuring", "cash"),
                (price, "cash", "disposal_proceeds"),
                (carrying, "disposal_carrying", "ppe"),
            ):
                if amount:
                    to.entry(debit=debit, credit=credit, amount=taken * amount, time=time)
            if loss := cost + carrying - price:
                to.deduct(taken * loss, time)

    def _book_ending(self, deal: _Deal) -> None:
        """Book what a deal's end costs us in its last period, or beyond the plan."""
        row, to, clock = deal.row, deal.to, deal.to.clock
        if not row.exit_cost:
            return
        for signed, taken in deal.start.items():
            cost = taken * row.quantity("exit_cost")
            over = clock.origins[clock.ready(signed, row.lead_months)] + row.duration_months
            if over > clock.origins[to.count]:
                to.post("beyond", cost)
                continue
            last = max(t for t in range(to.count) if runs(row, clock, signed, t))
            time = to.period(last).id
            to.entry(debit="restructuring", credit="cash", amount=cost, time=time)
            to.deduct(cost, time)

    def _run(self, deal: _Deal, period: int, active: Expr) -> None:
        """Book what the deal brings in a period, and post what it uses and whom it takes."""
        row, to = deal.row, deal.to
        time, years = to.period(period).id, to.clock.years(period)
        if income := _income(row) * years:
            to.entry(
                debit="cash",
                credit="deal_income",
                amount=active * income,
                time=time,
                recurring=row.recurring,
            )
        used = row.quantity("capacity_use") * row.quantity("volume") * years
        if used and row.own_people:
            to.post("capacity_used", active * used, plant=row.plant, period=time)
        begun = deal.begun(period)
        if row.people_taken and begun.terms:
            people = begun * row.quantity("people_taken")
            to.post("people_taken", people, plant=row.plant, period=time)

    def _fill_plants(self, deals: Sequence[_Deal], to: Builder) -> None:
        """Let a plant host exactly while one of its deals runs."""
        for plant in dict.fromkeys(deal.row.plant for deal in deals):
            for period in range(to.count):
                here = [deal.running for deal in deals if deal.row.plant == plant]
                time = to.period(period).id
                host = to.total("hosting_state", plant=plant, period=time)
                idle = host - _sum(each[period] for each in here if period in each)
                rule = f"{plant} hosts while one deal to host there runs, and only then"
                to.require("host", idle, lower=0.0, upper=0.0, rule=rule, plant=plant, period=time)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Tell each deal that is signed."""
        signed = {",".join(labels) for labels, value in told.chosen("start").items() if value > 0.5}
        for row in told.case.rows(HostingDeal):
            for period in signings(row, told.clock):
                if f"{row.id},{told.clock.periods[period].id}" in signed:
                    yield _sentence(row, period, told)


def _income(row: HostingDeal) -> Quantity:
    """Return what the partner pays a year: fees, its share of fixed cost, rent."""
    believed = row.quantity("guaranteed") * (1 - row.quantity("haircut"))
    paid_for = max(row.quantity("volume"), believed)
    return row.quantity("fee") * paid_for + row.quantity("fixed_share") + row.quantity("rent")


def _sum(parts: Iterable[Expr]) -> Expr:
    listed = list(parts)
    return sum(listed[1:], listed[0]) if listed else Expr.constant(0)


def _sentence(row: HostingDeal, period: int, told: Told) -> Sentence:
    clock, money = told.clock, told.case.settings.units.money
    first = clock.ready(period, row.lead_months)
    last = max(t for t in range(len(clock.periods)) if runs(row, clock, period, t))
    until = clock.periods[last + 1].id if last + 1 < len(clock.periods) else ""
    begin = clock.periods[first]
    ending = f"until {until}" if until else "to the end of the plan"
    text = (
        f"{row.deed(told.case.called('plants', row.plant))} from {begin.id} "
        f"({begin.start:%B %Y}) {ending}, "
        f"signed in {clock.periods[period].id}, and pays {float(_income(row)):,.1f} {money} a year"
        f"{_besides(row, money)}."
    )
    columns = ["fee", "volume", "guaranteed", "haircut", "fixed_share", "rent"]
    columns += ["lead_months", "duration_months", "people_taken", "set_up_cost", "part_price"]
    columns += ["exit_cost"]
    return Sentence(
        text,
        subject=f"deal.{row.id}",
        option=f"deal.{row.id}",
        period=clock.periods[period].id,
        until=until,
        cells=frozenset(row.cell(column) for column in columns),
    )


def _besides(row: HostingDeal, money: str) -> str:
    told = []
    if row.people_taken:
        told.append(f"takes over {float(row.people_taken):,.0f} people")
    if row.part_price:
        told.append(f"buys a part of the plant for {float(row.part_price):,.1f} {money}")
    if row.set_up_cost:
        told.append(f"costs us {float(row.set_up_cost):,.1f} {money} to set up")
    if row.exit_cost:
        told.append(f"costs us {float(row.exit_cost):,.1f} {money} when it ends")
    return "".join(f"; it {each}" for each in told)


MODULE = Hosting()
