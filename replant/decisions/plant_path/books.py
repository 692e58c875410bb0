"""What the path of one plant does to rows, streams, money and options."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from replant.decisions.plant_path.graph import RUN_STATES, Arc, Node, TimeGraph
from replant.decisions.plant_path.rows import Plant
from replant.kernel import Expr
from replant.ledger import Part
from replant.module import Builder
from replant.units import ONE, Quantity

__all__ = ["FIXED_COSTS", "Books"]

OPERATING = ("operate", "operate_and_host", "wind_down")
LAUNCHABLE = ("operate", "operate_and_host")
HOSTING = ("operate_and_host", "host_only")
ANNOUNCED = ("close", "mothball")
CLOSURES = ("close", "close_mothballed")
SALES = ("sell", "sell_running")
# What a state costs a year stands in this column of the plant; a sold plant costs nothing.
FIXED_COSTS = {
    "operate": "fixed_cost_operating",
    "operate_and_host": "fixed_cost_hosting",
    "host_only": "fixed_cost_host_only",
    "wind_down": "fixed_cost_winding",
    "mothballed": "fixed_cost_mothballed",
    "reopening": "fixed_cost_reopening",
    "closed": "fixed_cost_closed",
}
STATES = (*FIXED_COSTS, "sold")


@dataclass(frozen=True)
class Books:
    """Writes the rows, streams, money and options of one plant.

    Parameters
    ----------
    graph : TimeGraph
        The plant's paths.
    columns : mapping of str to Expr
        The columns of all plants by name, each over one dimension of that name.
    to : Builder
        Where to write.
    """

    graph: TimeGraph
    columns: Mapping[str, Expr]
    to: Builder

    @property
    def plant(self) -> Plant:
        """The plant."""
        return self.graph.plant

    def _sum(self, arcs: Iterable[Arc]) -> Expr:
        """Return how many of some arcs the path takes."""
        taken = [self.columns[arc.column].at(**{arc.column: arc.label}) for arc in arcs]
        return sum(taken[1:], taken[0]) if taken else Expr.constant(0)

    def _decided(self, *columns: str) -> Iterator[tuple[int, Expr]]:
        """Go through the periods in which some of the columns start, with how many are taken."""
        for period in range(self.to.count):
            if arcs := self.graph.starting(*columns, period=period):
                yield period, self._sum(arcs)

    # -- the path ----------------------------------------------------------------------------

    def flow(self) -> None:
        """Let one unit flow from the source to the end."""
        arriving: dict[Node | None, list[Arc]] = {}
        leaving: dict[Node, list[Arc]] = {}
        for arc in self.graph.arcs:
            arriving.setdefault(arc.head, []).append(arc)
            leaving.setdefault(arc.tail, []).append(arc)
        rule = f"{self.plant.title} is in one state at a time and changes it only as it may"
        if self.graph.commitments:
            rule += ", and as was promised"
        for node in self.graph.nodes:
            start = 1.0 if node == self.graph.source else 0.0
            net = self._sum(leaving.get(node, ())) - self._sum(arriving.get(node, ()))
            self.to.require("flow", net, lower=start, upper=start, rule=rule, **self._names(node))

    def _names(self, node: Node) -> dict[str, str]:
        names = {"plant": self.plant.id, "node": node.place}
        if node.since is not None:
            names["since"] = self.to.period(node.since).id
        return names | {"period": self.to.period(node.period).id}

    def streams(self) -> None:
        """Post the state, and what follows from it for others."""
        sums = {"operating": OPERATING, "launchable": LAUNCHABLE, "hosting_state": HOSTING}
        for period in range(self.to.count):
            labels = {"plant": self.plant.id, "period": self.to.period(period).id}
            for state in STATES:
                if arcs := self.graph.within((state,), period):
                    self.to.post("state", self._sum(arcs), state=state, **labels)
            for stream, states in sums.items():
                if arcs := self.graph.within(states, period):
                    self.to.post(stream, self._sum(arcs), **labels)

        for period, sold in self._decided("sell_running"):
            when = self.to.period(period).id
            self.to.post("sold_running", sold, plant=self.plant.id, period=when)

    def options(self) -> None:
        """Give ids to what may be forced or forbidden; what is committed is no option."""
        if self.graph.commitments:
            return
        count, title, name = self.to.count, self.plant.title, f"plant.{self.plant.id}"
        operate = [arc for each in range(count) for arc in self.graph.within(LAUNCHABLE, each)]
        share = self._sum(operate) * (1.0 / count)
        self.to.option(f"{name}.operate", share, f"{title} operates throughout")
        for verb, columns, words in (
            ("close", CLOSURES, "closes"),
            ("mothball", ("mothball",), "is mothballed"),
            ("reopen", ("reopen",), "is reopened"),
            ("sell", SALES, "is sold"),
        ):
            taken = self._sum(self.graph.starting(*columns))
            self.to.option(f"{name}.{verb}", taken, f"{title} {words}")
        left = self._sum(self.graph.starting(*ANNOUNCED, "sell_running"))
        self.to.option(f"{name}.run", -left + 1, f"{title} runs to the end of the plan")
        self._options_by_period("close", CLOSURES, "closes")
        self._options_by_period("mothball", ("mothball",), "is mothballed")

    def _options_by_period(self, verb: str, columns: Sequence[str], words: str) -> None:
        for period, taken in self._decided(*columns):
            when = self.to.period(period).id
            sentence = f"{self.plant.title} {words}: announced in {when}"
            self.to.option(f"plant.{self.plant.id}.{verb}.{when}", taken, sentence)

    # -- money -------------------------------------------------------------------------------

    def money(self) -> None:
        """Book all that the path costs and brings."""
        self._book_states()
        self._book_depreciation()
        self._book_impairment()
        self._book_closure()
        self._book_remediation()
        self._book_at_once("mothball", "mothball_cost")
        self._book_at_once("reopen", "reopen_cost")
        self._book_sales()
        self._book_what_is_left()

    def _worth(self, column: str, period: int) -> Quantity:
        """Return an amount of the plant at the exchange rate of a period."""
        rate = self.to.exchange(self.plant.currency, min(period, self.to.count - 1))
        return self.plant.quantity(column) * rate

    def _carrying(self, months: int) -> Quantity:
        """Return the part of the carrying amount that belongs to some months of its life."""
        share = Fraction(months, self.plant.life_months)
        cells = frozenset({self.plant.cell("life_months")})
        return self.plant.quantity("carrying_amount") * Quantity(share, ONE, cells)

    def _carrying_left(self, period: int) -> Quantity:
        """Return what is left of the carrying amount at the start of a period."""
        return self._carrying(max(0, self.plant.life_months - self.to.clock.origins[period]))

    def _enter(
        self,
        taken: Expr,
        amount: Quantity,
        *,
        debit: str,
        credit: str,
        time: str,
        recurring: bool = False,
    ) -> None:
        if amount and taken.terms:  # no arc, no entry
            self.to.entry(
                debit=debit, credit=credit, amount=taken * amount, time=time, recurring=recurring
            )

    def _book_states(self) -> None:
        for period in range(self.to.count):
            years, time = self.to.clock.years(period), self.to.period(period).id
            for state, column in FIXED_COSTS.items():
                taken = self._sum(self.graph.within((state,), period))
                cost = self._worth(column, period) * years
                self._enter(
                    taken, cost, debit="plant_cost", credit="cash", time=time, recurring=True
                )
            running = self._sum(self.graph.within(RUN_STATES, period))
            spent = self._worth("sustaining_capex", period) * years
            self._enter(running, spent, debit="ppe", credit="cash", time=time, recurring=True)
            self._enter(running, spent, debit="depreciation", credit="ppe", time=time)

    def _book_depreciation(self) -> None:
        """Write the carrying amount off while the plant runs as it did from the start."""
        for period in range(self.to.count):
            charge = self._carrying(self.to.clock.overlap(period, 0, self.plant.life_months))
            running = self._sum(self.graph.starting(*RUN_STATES, period=period))
            time = self.to.period(period).id
            self._enter(running, charge, debit="depreciation", credit="ppe", time=time)

    def _book_impairment(self) -> None:
        for period, taken in self._decided(*ANNOUNCED):
            left, time = self._carrying_left(period), self.to.clock.at(period)
            self._enter(taken, left, debit="impairment", credit="ppe", time=time)

    def _book_closure(self) -> None:
        plant, clock = self.plant, self.to.clock
        for period, taken in self._decided(*CLOSURES):
            self._book_item(
                taken,
                self._worth("closure_cost", period),
                recognised=clock.parts(period, plant.closure_recognised),
                paid=clock.parts(period, plant.closure_paid),
                deducted=clock.parts(period, plant.closure_deducted),
            )

    def _book_remediation(self) -> None:
        """Clean the site from the first period in which it is closed."""
        closing: dict[int, list[Arc]] = {}
        for arc in self.graph.starting(*CLOSURES):
            closing.setdefault(arc.head.period if arc.head else self.to.count, []).append(arc)
        for period, arcs in closing.items():
            taken, cost = self._sum(arcs), self._worth("remediation_cost", period)
            if period == self.to.count:
                self._post_beyond(taken, cost)
                continue
            at_once = self.to.clock.parts(period, None)
            paid = self.to.clock.parts(period, self.plant.remediation_paid)
            self._book_item(taken, cost, recognised=at_once, paid=paid, deducted=paid)

    def _book_at_once(self, column: str, cost: str) -> None:
        for period, taken in self._decided(column):
            parts = self.to.clock.parts(period, None)
            amount = self._worth(cost, period)
            self._book_item(taken, amount, recognised=parts, paid=parts, deducted=parts)

    def _book_item(
        self,
        taken: Expr,
        cost: Quantity,
        *,
        recognised: Sequence[Part],
        paid: Sequence[Part],
        deducted: Sequence[Part],
    ) -> None:
        if cost and taken.terms:
            self.to.item(
                amount=taken * cost,
                expense="restructuring",
                balance="provisions",
                recognised=recognised,
                paid=paid,
                deducted=deducted,
            )

    def _book_sales(self) -> None:
        land = self.plant.quantity("land_carrying")
        for period, taken in self._decided("sell"):
            self._book_sale(taken, self._worth("sale_price", period), land, period)
        for period, taken in self._decided("sell_running"):
            carrying = land + self._carrying_left(period)
            self._book_sale(taken, self._worth("running_price", period), carrying, period)

    def _book_sale(self, taken: Expr, price: Quantity, carrying: Quantity, period: int) -> None:
        time = self.to.clock.at(period)
        self._enter(taken, price, debit="cash", credit="disposal_proceeds", time=time)
        self._enter(taken, carrying, debit="disposal_carrying", credit="ppe", time=time)
        if loss := carrying - price:
            self.to.deduct(taken * loss, time)

    def _book_what_is_left(self) -> None:
        """Charge what a plant still mothballed at the horizon will cost one day."""
        last = self.to.count
        arcs = self.graph.starting("mothball", "keep_mothballed")
        waiting = self._sum(arc for arc in arcs if arc.head and arc.head.period == last)
        cost = self._worth("closure_cost", last) + self._worth("remediation_cost", last)
        self._post_beyond(waiting, cost)

    def _post_beyond(self, taken: Expr, cost: Quantity) -> None:
        if cost and taken.terms:
            self.to.post("beyond", taken * cost)
