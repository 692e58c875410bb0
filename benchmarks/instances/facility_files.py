"""The formats in which facility-location instances are published."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.errors import BadFile, Finding
from benchmarks.instances.facility import Sites, staged_sites
from benchmarks.instances.numbers import Numbers
from replant.solve.staged import Staged


def orlib_sites(path: Path, capacity: float | None = None) -> Sites:
    """Read an OR-Library file; the word ``capacity`` in it stands for a number given here."""
    numbers = Numbers(path, {} if capacity is None else {"capacity": capacity})
    sites, customers = numbers.whole(), numbers.whole()
    capacity_and_fixed = numbers.take(sites, 2)
    by_customer = numbers.take(customers, 1 + sites)
    numbers.finish()
    return _checked(
        path,
        Sites(
            capacity=capacity_and_fixed[:, 0],
            fixed=capacity_and_fixed[:, 1],
            demand=by_customer[:, 0],
            cost=np.ascontiguousarray(by_customer[:, 1:].T),
        ),
    )


def orlib(path: Path, name: str) -> Staged:
    """Return an OR-Library instance; a name such as capa-8000 ends in its capacity."""
    _, _, capacity = name.partition("-")
    sites = orlib_sites(path, float(capacity) if capacity else None)
    return staged_sites(sites, single_source=False)


def sites_first(path: Path, name: str) -> Staged:
    """Return an instance of Holmberg's or Yang's: sites, demands, then a row of each site."""
    numbers = Numbers(path)
    sites, customers = numbers.whole(), numbers.whole()
    capacity_and_fixed = numbers.take(sites, 2)
    demand = numbers.take(customers)
    cost = numbers.take(sites, customers)
    numbers.finish()
    found = Sites(capacity_and_fixed[:, 0], capacity_and_fixed[:, 1], demand, cost)
    return staged_sites(_checked(path, found), single_source=True)


def customers_first(path: Path, name: str) -> Staged:
    """Return an instance of Díaz and Fernández: customers, a row of each customer, demands."""
    numbers = Numbers(path)
    customers, sites = numbers.whole(), numbers.whole()
    cost = numbers.take(customers, sites)
    demand, fixed, capacity = (numbers.take(size) for size in (customers, sites, sites))
    numbers.finish()
    found = Sites(capacity, fixed, demand, np.ascontiguousarray(cost.T))
    return staged_sites(_checked(path, found), single_source=True)


def unit_costs(path: Path, name: str) -> Staged:
    """Return an instance of Avella and Boccia: demands, capacities, fixed, costs of one unit.

    Customers may be served by several sites: the published values are of that problem, as on p7
    (11,392.527), and below what any plan with one site for each customer costs.
    """
    numbers = Numbers(path)
    sites, customers = numbers.whole(), numbers.whole()
    demand, capacity, fixed = (numbers.take(size) for size in (customers, sites, sites))
    unit = numbers.take(sites, customers)
    numbers.finish()
    found = Sites(capacity, fixed, demand, unit * demand)
    return staged_sites(_checked(path, found), single_source=False)


def _checked(path: Path, sites: Sites) -> Sites:
    """Return the sites if they can hold all demand: a file read askew hardly ever does."""
    if sites.capacity.sum() < sites.demand.sum():
        raise BadFile([Finding(path.name, 0, "all sites together cannot hold the demand")])
    return sites
