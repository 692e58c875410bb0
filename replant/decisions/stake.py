"""Stakes: sell a holding in another firm, or buy out the minority of a subsidiary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from replant.case import Case, Finding, Flag, Id, Money, OptionalDate, Row, Share, Text, meaning
from replant.errors import ModuleError
from replant.kernel import Expr
from replant.ledger import Clock
from replant.module import Builder, Sentence, Told, above_opening
from replant.units import ONE, Quantity

__all__ = ["Stake", "StakeRow"]


class StakeRow(Row):
    """One stake: held and for sale, or held by others and to be bought."""

    table: ClassVar[str] = "stakes"

    id: Id
    name: Text = meaning("Name in words", default="")
    kind: Literal["sell", "buy"] = meaning(
        "sell: a holding of ours; buy: the minority of a subsidiary"
    )
    enabled: Flag = meaning("Whether it may be sold or bought", default="yes")
    carrying_amount: Money = meaning(
        "Carrying amount of the holding, or of the minority's equity", default="0"
    )
    price: Money = meaning("Price", ge=0)
    cost_share: Share = meaning("Cost of selling as a share of the price", default="0", ge=0, le=1)
    income: Money = meaning("Cash a year while we hold it", default="0")
    market_value: Money = meaning(
        "What the holding is worth today, given up by selling", default="0", ge=0
    )
    growth: Share = meaning("Growth a year of the market value", default="0", gt=-1)
    residual_rate: Share = meaning(
        "Rate at which the market value given up is discounted", default="0", gt=-1
    )
    earliest: OptionalDate = meaning("Not before this day", default=None)
    latest: OptionalDate = meaning("Not after this day", default=None)

    @property
    def title(self) -> str:
        """Its name, or its id where it has none."""
        return self.name or self.id


@dataclass(frozen=True)
class _Holding:
    """A stake with its columns."""

    row: StakeRow
    act: Mapping[int, Expr]
    to: Builder

    def acted(self, period: int) -> Expr:
        """Return whether it has been sold or bought by a period, that period included."""
        return _sum(taken for when, taken in self.act.items() if when <= period)


class Stake:
    """Chooses which stakes are sold or bought, and when."""

    name: ClassVar[str] = "stake"
    tables: ClassVar[tuple[type[Row], ...]] = (StakeRow,)

    def applies(self, case: Case) -> bool:
        """Return whether there are stakes."""
        return bool(case.rows(StakeRow))

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find stakes that may be sold or bought and carry more than the opening balance holds."""
        for kind, account in (("sell", "investments"), ("buy", "minority")):
            rows = [each for each in case.rows(StakeRow) if each.enabled and each.kind == kind]
            carried = {each.id: each.carrying_amount for each in rows}
            yield from above_opening(case, account, "stakes", ("carrying_amount",), carried)

    def build(self, case: Case, to: Builder) -> None:
        """Add the sale or purchase of each stake, and the income while it is held."""
        for holding in self._holdings(case, to):
            self._act_once(holding)
            self._book_income(holding)
            for period, taken in holding.act.items():
                if holding.row.kind == "sell":
                    self._book_sale(holding, period, taken)
                else:
                    self._book_purchase(holding, period, taken, case)

    def _holdings(self, case: Case, to: Builder) -> list[_Holding]:
        rows = case.rows(StakeRow)
        labels = [f"{row.id},{to.period(t).id}" for row in rows for t in _open(row, to.clock)]
        if not labels:
            return [_Holding(row, {}, to) for row in rows]
        act = to.choice("act", to.dimension("act", labels))
        return [
            _Holding(
                row,
                {t: act.at(act=f"{row.id},{to.period(t).id}") for t in _open(row, to.clock)},
                to,
            )
            for row in rows
        ]

    def _act_once(self, holding: _Holding) -> None:
        row, done = holding.row, _sum(holding.act.values())
        verb = "sold" if row.kind == "sell" else "bought"
        holding.to.option(f"stake.{row.id}", done, f"{row.title} is {verb}")
        if holding.act:
            rule = f"{row.title} is {verb} at most once"
            holding.to.require("once", done, upper=1.0, rule=rule, stake=row.id)

    def _book_income(self, holding: _Holding) -> None:
        """Book what it brings: until it is sold, or once it is bought."""
        row, to = holding.row, holding.to
        if not row.income:
            return
        for period in range(to.count):
            held = holding.acted(period)
            if row.kind == "sell":
                held = -held + 1
            elif not held.terms:
                continue
            to.entry(
                debit="cash",
                credit="equity_income",
                amount=held * (row.quantity("income") * to.clock.years(period)),
                time=to.period(period).id,
                recurring=row.kind == "buy",
            )

    def _book_sale(self, holding: _Holding, period: int, taken: Expr) -> None:
        row, to = holding.row, holding.to
        time, price = to.clock.at(period), row.quantity("price")
        cost, carrying = price * row.quantity("cost_share"), row.quantity("carrying_amount")
        for amount, debit, credit in (
            (price, "cash", "disposal_proceeds"),
            (cost, "disposal_cost", "cash"),
            (carrying, "disposal_carrying", "investments"),
        ):
            if amount:
                to.entry(debit=debit, credit=credit, amount=taken * amount, time=time)
        if loss := carrying + cost - price:
            to.deduct(taken * loss, time)
        if given_up := _given_up(row, to.clock):
            to.post("financing_value", taken * -given_up)

    def _book_purchase(self, holding: _Holding, period: int, taken: Expr, case: Case) -> None:
        """Move equity: the minority's share goes, and so does what is paid above it."""
        row, to, time = holding.row, holding.to, holding.to.clock.at(period)
        price, carrying = row.quantity("price"), row.quantity("carrying_amount")
        for amount, debit in ((carrying, "minority"), (price - carrying, "equity")):
            if amount:
                to.entry(debit=debit, credit="cash", amount=taken * amount, time=time)
        if price:
            worth = price * _discount(case, to.clock, time)
            to.post("financing_value", taken * -worth)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Tell each stake that is sold or bought."""
        done = {",".join(labels) for labels, value in told.chosen("act").items() if value > 0.5}
        for row in told.case.rows(StakeRow):
            for period in _open(row, told.clock):
                if f"{row.id},{told.clock.periods[period].id}" in done:
                    yield _sentence(row, period, told)


def _open(row: StakeRow, clock: Clock) -> tuple[int, ...]:
    return clock.open_periods(row.earliest, row.latest) if row.enabled else ()


def _sum(parts: Iterable[Expr]) -> Expr:
    listed = list(parts)
    return sum(listed[1:], listed[0]) if listed else Expr.constant(0)


def _given_up(row: StakeRow, clock: Clock) -> Quantity:
    """Return what a sold holding would be worth at the horizon, in today's money."""
    last = clock.last.id
    growth, rate = row.quantity("growth"), row.quantity("residual_rate")
    grown = Quantity(clock.growth(growth.value, last), ONE, growth.cells)
    discount = Quantity(clock.discount(rate.value, last), ONE, rate.cells)
    return row.quantity("market_value") * grown * discount


def _discount(case: Case, clock: Clock, time: str) -> Quantity:
    """Return the case's discount factor of a time label."""
    valuation = case.rows("valuation") if case.has("valuation") else ()
    if len(valuation) != 1:
        raise ModuleError("to value a purchase, table valuation needs one row")
    rate: Quantity = valuation[0].quantity("discount_rate")
    return Quantity(clock.discount(rate.value, time), ONE, rate.cells)


def _sentence(row: StakeRow, period: int, told: Told) -> Sentence:
    begin, money = told.clock.periods[period], told.case.settings.units.money
    when, price = f"{begin.id} ({begin.start:%B %Y})", f"{float(row.price):,.1f} {money}"
    if row.kind == "sell":
        gain = float(row.price * (1 - row.cost_share) - row.carrying_amount)
        result = f"a {'gain' if gain >= 0 else 'loss'} of {abs(gain):,.1f} {money}"
        text = (
            f"{row.title} is sold at the start of {when} for {price}, {result} "
            f"before tax; its income of {float(row.income):,.1f} {money} a year ends."
        )
    else:
        text = (
            f"The minority of {row.title} is bought at the start of {when} for {price}; "
            f"{float(row.income):,.1f} {money} a year stay with the firm."
        )
    columns = ["price", "carrying_amount", "income"]
    if row.kind == "sell":
        columns += ["cost_share", "market_value", "growth", "residual_rate"]
    return Sentence(
        text,
        subject=f"stake.{row.id}",
        option=f"stake.{row.id}",
        period=begin.id,
        cells=frozenset(row.cell(column) for column in columns),
    )


MODULE = Stake()
