"""Small facility-location problems in two stages, made the same in every process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from replant.solve import FirstStage, Recourse, Staged


@dataclass(frozen=True)
class Sites:
    """Makes scenarios of demand for sites that are opened beforehand."""

    sites: int
    customers: int
    seed: int

    def __call__(self, number: int) -> Recourse:
        """Return one scenario: what is shipped from open sites to customers."""
        fixed = np.random.default_rng(self.seed)
        cost = fixed.uniform(1.0, 9.0, (self.sites, self.customers))
        capacity = fixed.uniform(12.0, 20.0, self.sites)
        demand = np.random.default_rng([self.seed, number]).uniform(1.0, 5.0, self.customers)
        size = self.sites * self.customers
        ships = np.arange(size)
        site, customer = np.divmod(ships, self.customers)
        links = self.customers + self.sites + ships
        rows = np.concatenate([customer, self.customers + site, links])
        height = self.customers + self.sites + size
        matrix = csr_matrix((np.ones(3 * size), (rows, np.tile(ships, 3))), shape=(height, size))
        technology = csr_matrix(
            (
                np.concatenate([-capacity, -demand[customer]]),
                (
                    np.concatenate([self.customers + np.arange(self.sites), links]),
                    np.concatenate([np.arange(self.sites), site]),
                ),
            ),
            shape=(height, self.sites),
        )
        upper = np.concatenate([demand, np.zeros(self.sites + size)])
        # What is not delivered is lost: serving a customer is worth 12 a unit.
        return Recourse(
            objective=(12.0 - cost).ravel(),
            lower=np.zeros(size),
            upper=np.full(size, 5.0),
            integer=np.zeros(size, dtype=bool),
            matrix=matrix,
            technology=technology,
            row_lower=np.full(height, -np.inf),
            row_upper=upper,
        )


def facility(sites: int = 8, customers: int = 12, scenarios: int = 12, seed: int = 1) -> Staged:
    """Return a problem: which sites to open before demand is known."""
    cost = np.random.default_rng(seed + 1).uniform(40.0, 90.0, sites)
    first = FirstStage(
        objective=-cost,
        lower=np.zeros(sites),
        upper=np.ones(sites),
        integer=np.ones(sites, dtype=bool),
        matrix=csr_matrix((0, sites)),
        row_lower=np.zeros(0),
        row_upper=np.zeros(0),
    )
    chances = np.full(scenarios, 1.0 / scenarios)
    names = tuple(f"s{number}" for number in range(scenarios))
    return Staged(first, chances, names, Sites(sites, customers, seed))
