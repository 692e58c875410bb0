"""What shipments earn and cost: revenue, variable cost, freight and duty, each on its account."""

from __future__ import annotations

from collections.abc import Callable

from replant.decisions.sourcing.flows import Flows
from replant.decisions.sourcing.network import Network, Pair, Path
from replant.decisions.sourcing.series import summed
from replant.kernel import Expr
from replant.module import Builder
from replant.units import Quantity

__all__ = ["book_shipments"]

Value = Callable[[Pair], Path]


class _Books:
    """Values of shipments that are booked, one group of equal value at a time.

    Shipments that share a value share a term, so that each coefficient keeps exactly the cells
    that it rests on.
    """

    def __init__(self, network: Network, flows: Flows, to: Builder) -> None:
        self._network = network
        self._flows = flows
        self._to = to

    def amounts(self, key: Callable[[Pair], tuple[str, ...]], value: Value) -> list[list[Expr]]:
        """Return, for each period, the amounts of all groups that have a value there."""
        booked = [pair for pair in self._flows.pairs if pair.market.consolidated]
        samples = {key(pair): pair for pair in booked}
        groups = self._flows.by(
            lambda pair: "\0".join(key(pair)) if pair.market.consolidated else None
        )
        found: list[list[Expr]] = [[] for _ in range(self._to.count)]
        for name, pair in samples.items():
            shipped = groups["\0".join(name)]
            for index, worth in enumerate(value(pair)):
                if worth:
                    listed = found[index]
                    listed.append(shipped.at(period=self._to.period(index).id) * worth)
        return found

    def book(self, debit: str, credit: str, *amounts: list[list[Expr]]) -> None:
        """Book the sums of amounts, period by period."""
        for index in range(self._to.count):
            total = summed(each for listed in amounts for each in listed[index])
            if total is not None:
                time = self._to.period(index).id
                self._to.entry(debit=debit, credit=credit, amount=total, time=time, recurring=True)


def book_shipments(network: Network, flows: Flows, to: Builder) -> None:
    """Book what cars earn and cost in the markets whose sales are the firm's own."""
    books = _Books(network, flows, to)
    values = _Values(network)
    books.book("cash", "revenue", books.amounts(lambda pair: pair.offer, values.price))
    books.book(
        "variable_cost",
        "cash",
        books.amounts(lambda pair: pair.offer, values.selling_cost),
        books.amounts(lambda pair: (pair.line.id,), values.unit_cost),
    )
    books.book("freight", "cash", books.amounts(_lane, values.freight))
    books.book(
        "duty", "cash", books.amounts(lambda pair: (*_lane(pair), pair.line.model), values.duty)
    )


def _lane(pair: Pair) -> tuple[str, str]:
    return pair.lane.plant, pair.lane.market


class _Values:
    """What one car of a pair is worth in each period, in home currency."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def _moved(self, value: Quantity, currency: str | None) -> Path:
        """Return a value that moves with a currency."""
        exchange = (self._network.exchange(currency, index) for index in range(self._network.count))
        return tuple(value * moved for moved in exchange)

    def price(self, pair: Pair) -> Path:
        """Return the net price at the market's exchange rate."""
        price = self._network.price(pair.offer).quantity("price")
        return self._moved(price, pair.market.currency)

    def selling_cost(self, pair: Pair) -> Path:
        """Return what selling costs at the market's exchange rate."""
        cost = self._network.price(pair.offer).quantity("selling_cost")
        return self._moved(cost, pair.market.currency)

    def unit_cost(self, pair: Pair) -> Path:
        """Return the variable cost, its local part at the plant's exchange rate."""
        currency = self._network.plants[pair.line.plant].currency
        home = pair.line.quantity("unit_cost_home")
        return tuple(each + home for each in self._moved(pair.line.quantity("unit_cost"), currency))

    def freight(self, pair: Pair) -> Path:
        """Return the freight."""
        return (pair.lane.quantity("freight"),) * self._network.count

    def duty(self, pair: Pair) -> Path:
        """Return the duty on the customs value, which moves with the currency or does not."""
        origin = self._network.plants[pair.line.plant].country
        rates = self._network.duty(origin, pair.market.id)
        if not any(rates):
            return ()
        price = self._network.price(pair.offer).quantity("price")
        currency = pair.market.currency if pair.lane.customs_moves else None
        worth = self._moved(price * pair.lane.quantity("customs_share"), currency)
        return tuple(rate * each for rate, each in zip(rates, worth, strict=True))
