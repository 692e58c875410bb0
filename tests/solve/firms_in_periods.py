"""Small firms whose scenarios fall into periods and a chain of cash, made the same each time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, lil_matrix

from replant.solve import FirstStage, Recourse, Staged


@dataclass(frozen=True)
class Periods:
    """Makes scenarios: what lines ship in each period, and what cash that leaves."""

    plants: int
    products: int
    periods: int
    seed: int

    def __call__(self, number: int) -> Recourse:
        """Return one scenario."""
        plants, products, periods = self.plants, self.products, self.periods
        fixed = np.random.default_rng(self.seed)
        cost = fixed.uniform(1.0, 4.0, (plants, products))
        spent = fixed.uniform(0.0, 30.0, periods)
        moved = np.random.default_rng([self.seed, number])
        demand = moved.uniform(2.0, 9.0, (products, periods))
        price = moved.uniform(4.0, 9.0, (products, periods))
        lines = plants * products
        each = lines + 3
        width, first = each * periods, products + lines + plants
        height = (lines + products + plants + 2) * periods
        inside, outside = lil_matrix((height, width)), lil_matrix((height, first))
        upper, lower = np.zeros(height), np.full(height, -np.inf)
        row = 0
        for t in range(periods):
            ships, cash = each * t, each * t + lines + 1
            for line in range(lines):
                product = line % products
                inside[row, ships + line] = 1.0
                outside[row, products + line] = -min(6.0, demand[product, t])
                row += 1
            for product in range(products):
                inside[row, ships + product : ships + lines : products] = 1.0
                upper[row] = demand[product, t]
                row += 1
            for plant in range(plants):
                mine = ships + plant * products
                inside[row, mine : mine + products] = 1.0
                outside[row, products + lines + plant] = -1.0
                row += 1
            inside[row, ships : ships + lines] = -(price[None, :, t] - cost).ravel()
            inside[row, ships + lines] = 1.0
            lower[row] = 0.0
            inside[row + 1, [cash, cash + 1, ships + lines]] = [1.0, -1.0, -1.0]
            if t:
                inside[row + 1, [cash - each, cash + 1 - each]] = [-1.01, 1.2]
            lower[row + 1] = upper[row + 1] = -spent[t]
            row += 2
        objective = np.zeros(width)
        objective[lines::each], objective[lines + 1 :: each] = 1.0, 0.01
        objective[lines + 2 :: each] = -1.5
        low = np.zeros(width)
        low[lines::each] = -np.inf
        return Recourse(
            objective=objective,
            lower=low,
            upper=np.full(width, np.inf),
            integer=np.zeros(width, dtype=bool),
            matrix=csr_matrix(inside),
            technology=csr_matrix(outside),
            row_lower=lower,
            row_upper=upper,
            period=np.repeat(np.arange(periods, dtype=np.int32), each),
        )


def firm_in_periods(
    plants: int = 3, products: int = 3, periods: int = 3, scenarios: int = 2, seed: int = 1
) -> Staged:
    """Return a problem: which products to keep, on which lines, with how many people."""
    draw = np.random.default_rng(seed + 100)
    lines = plants * products
    width = products + lines + plants
    rows = lil_matrix((lines, width))
    for line in range(lines):
        rows[line, products + line], rows[line, line % products] = 1.0, -1.0
    whole: NDArray[np.bool_] = np.arange(width) < products + lines
    first = FirstStage(
        objective=-np.concatenate(
            [
                draw.uniform(5.0, 40.0, products),
                draw.uniform(1.0, 8.0, lines),
                draw.uniform(0.5, 2.0, plants),
            ]
        ),
        lower=np.zeros(width),
        upper=np.where(whole, 1.0, 12.0),
        integer=whole,
        matrix=csr_matrix(rows),
        row_lower=np.full(lines, -np.inf),
        row_upper=np.zeros(lines),
    )
    chances = np.full(scenarios, 1.0 / scenarios)
    names = tuple(f"s{number}" for number in range(scenarios))
    return Staged(first, chances, names, Periods(plants, products, periods, seed))
