"""One instance for every layer: flows from plants to markets, with lines that open.

Columns: flow[plant, model, market, period] and line[plant, model, period] (binary).
Rows: flow <= most * line for every flow; flows within each plant's capacity; flows within each
market's demand. Maximise margin of the flows less the cost of the lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Instance:
    """Sizes and data; arrays have the shape of the named axes."""

    plants: int
    models: int
    markets: int
    periods: int
    capacity: Floats  # plant
    demand: Floats  # model, market
    margin: Floats  # plant, model, market
    line_cost: Floats  # plant, model

    @property
    def flow_shape(self) -> tuple[int, int, int, int]:
        return self.plants, self.models, self.markets, self.periods

    @property
    def line_shape(self) -> tuple[int, int, int]:
        return self.plants, self.models, self.periods

    @property
    def columns(self) -> int:
        return int(np.prod(self.flow_shape) + np.prod(self.line_shape))

    @property
    def most(self) -> Floats:
        """What a line can ever ship to a market: plant, model, market."""
        return np.minimum(self.capacity[:, None, None], self.demand[None])


def make(plants: int, models: int, markets: int, periods: int, seed: int = 1) -> Instance:
    """Return a seeded instance."""
    random = np.random.default_rng(seed)
    return Instance(
        plants,
        models,
        markets,
        periods,
        capacity=random.uniform(100, 500, plants),
        demand=random.uniform(1, 50, (models, markets)),
        margin=random.uniform(0.1, 1.0, (plants, models, markets)),
        line_cost=random.uniform(1, 20, (plants, models)),
    )


def large() -> Instance:
    """Return the instance of the tables: 249,600 columns."""
    return make(plants=20, models=39, markets=15, periods=20)
