"""Facility location with capacities: which sites to open, and who is served from where.

Minimise ``f x + Σ c_ij y_ij`` with ``Σ_i y_ij = 1``, ``Σ_j d_j y_ij <= u_i x_i`` and
``y_ij <= x_i``, where y is the share of a customer's demand; single-source problems want y whole.
The open sites must hold all demand: a row of the first stage that the others imply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.instances.arrays import binary_choice, certain
from replant.solve.staged import Recourse, Staged

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sites:
    """A facility-location problem.

    Parameters
    ----------
    capacity, fixed : ndarray, shape (sites,)
        What a site can serve, and what opening it costs.
    demand : ndarray, shape (customers,)
        Of each customer.
    cost : ndarray, shape (sites, customers)
        Of serving all of a customer's demand from a site.
    """

    capacity: Floats
    fixed: Floats
    demand: Floats
    cost: Floats


@dataclass(frozen=True, eq=False)
class Assignment:
    """The second stage: customers and the sites that serve them."""

    sites: int
    customers: int

    def recourse(self, demand: Floats, capacity: Floats, cost: Floats, *, whole: bool) -> Recourse:
        """Return the second stage: rows of customers, sites, and links, in this order.

        Built by hand in row order: a problem with a thousand scenarios builds a thousand of these.
        """
        m, n = self.sites, self.customers
        size = m * n
        shares = np.arange(size, dtype=np.int32)
        by_customer = shares.reshape(m, n).T.ravel()
        indices = np.concatenate([by_customer, shares, shares])
        data = np.concatenate([np.ones(size), np.tile(demand, m), np.ones(size)])
        starts = np.concatenate(
            [
                np.arange(n + 1) * m,
                size + np.arange(1, m + 1) * n,
                2 * size + np.arange(1, size + 1),
            ]
        ).astype(np.int32)
        height = n + m + size
        matrix = csr_matrix((data, indices, starts), shape=(height, size))
        # Customers' rows hold no site; a site's row its capacity; a link its site.
        site = np.arange(m, dtype=np.int32)
        technology = csr_matrix(
            (
                np.concatenate([-capacity, -np.ones(size)]),
                np.concatenate([site, np.repeat(site, n)]),
                np.concatenate([np.zeros(n), np.arange(m + size + 1)]).astype(np.int32),
            ),
            shape=(height, m),
        )
        return Recourse(
            objective=-cost.ravel(),
            lower=np.zeros(size),
            upper=np.ones(size),
            integer=np.full(size, whole, dtype=np.bool_),
            matrix=matrix,
            technology=technology,
            row_lower=np.concatenate([np.ones(n), np.full(m + size, -np.inf)]),
            row_upper=np.concatenate([np.ones(n), np.zeros(m + size)]),
        )


def staged_sites(sites: Sites, *, single_source: bool) -> Staged:
    """Return the problem, to be maximised."""
    capacity = csr_matrix(sites.capacity.reshape(1, -1))
    first = binary_choice(sites.fixed, capacity, np.array([sites.demand.sum()]))
    assignment = Assignment(len(sites.capacity), len(sites.demand))
    recourse = assignment.recourse(sites.demand, sites.capacity, sites.cost, whole=single_source)
    return certain(first, recourse)
