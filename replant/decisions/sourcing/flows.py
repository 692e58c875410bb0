"""Shipments: one column for each line, market and period, and their sums by any grouping."""

from __future__ import annotations

from collections.abc import Callable

from replant.decisions.sourcing.network import Network, Pair, Path
from replant.decisions.sourcing.past import Past
from replant.decisions.sourcing.series import constant, floats
from replant.kernel import Dimension, Expr, Stage
from replant.module import Builder
from replant.units import VOLUME

__all__ = ["Flows"]

_REST = "-"


class Flows:
    """The columns ``ship[line,market,period]``.

    Parameters
    ----------
    network : Network
        The exact numbers.
    past : Past
        What is known of the periods that are over.
    to : Builder
        Where the columns go.
    """

    def __init__(self, network: Network, past: Past, to: Builder) -> None:
        self._network = network
        self._to = to
        self.pairs = network.pairs
        self._reach = {pair.label: network.reach(pair) for pair in self.pairs}
        known = {pair.label: past.shipped(pair.label) for pair in self.pairs}
        reach = list(self._reach.items())
        self._ship = to.variable(
            "ship",
            to.dimension("ship", [pair.label for pair in self.pairs]),
            to.periods,
            unit=VOLUME,
            stage=Stage.RECOURSE,
            lower=floats([past.least(each, known[name]) for name, each in reach], to.count),
            upper=floats([past.most(each, known[name]) for name, each in reach], to.count),
        )

    def post(self) -> None:
        """Post what each line ships to each market, so that others can read it."""
        self._to.stream("shipped", ("line", "market", "period"), VOLUME)
        for pair in self.pairs:
            self._to.post("shipped", self.of(pair), line=pair.line.id, market=pair.market.id)

    def reach(self, pair: Pair) -> Path:
        """Return the most that a pair can ship in each period."""
        return self._reach[pair.label]

    def of(self, pair: Pair) -> Expr:
        """Return what one pair ships, over the periods."""
        return self._ship.at(ship=pair.label)

    def by(self, key: Callable[[Pair], str | None]) -> dict[str, Expr]:
        """Return shipments over the periods summed by a key; pairs whose key is None stay out."""
        keys = [key(pair) for pair in self.pairs]
        groups = list(dict.fromkeys(each for each in keys if each is not None))
        dimension = Dimension("group", (*groups, _REST))
        labels = [_REST if each is None else each for each in keys]
        grouped = self._ship.into("ship", dimension, labels)
        return {group: grouped.at(group=group) for group in groups}

    def bind_lanes(self) -> None:
        """Bound what all lines of a plant ship over one lane together."""
        lanes = {(pair.lane.plant, pair.lane.market): pair.lane for pair in self.pairs}
        shipped = self.by(lambda pair: ",".join((pair.lane.plant, pair.lane.market)))
        for (plant, market), lane in lanes.items():
            if lane.capacity is None:
                continue
            room = constant(self._network.over_time(lane.quantity("capacity")), self._to)
            self._to.require(
                "lane_capacity",
                shipped[f"{plant},{market}"] - room,
                upper=0.0,
                rule=f"The way from {plant} to {market} carries no more than its capacity",
                plant=plant,
                market=market,
            )
