"""Two echelons: plants supply depots, depots supply customers; of one product or several.

Minimise the fixed costs of open plants and depots and the costs of both legs. For each product:
customers are served, a depot passes on what it gets, and plants and depots that are open have room
for so much of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, hstack, kron, vstack

from benchmarks.instances.arrays import binary_choice, certain
from benchmarks.instances.numbers import Numbers
from replant.solve.staged import Recourse, Staged

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Echelons:
    """Arrays with a product's axis first where a product matters."""

    demand: Floats  # product, customer
    plant_capacity: Floats  # product, plant
    depot_capacity: Floats  # product, depot
    fixed: Floats  # plant, then depot
    to_depot: Floats  # product, plant, depot
    to_customer: Floats  # product, depot, customer


def read_echelons(path: Path, *, several: bool) -> Echelons:
    """Read a file of one product, or of several, whose count follows the other sizes."""
    numbers = Numbers(path)
    plants, depots, customers = numbers.whole(), numbers.whole(), numbers.whole()
    products = numbers.whole() if several else 1
    demand = numbers.take(customers, products)
    of_plants = numbers.take(plants, products + 1)
    to_depot = numbers.take(products, plants, depots)
    of_depots = numbers.take(depots, products + 1)
    to_customer = numbers.take(products, depots, customers)
    numbers.finish()
    return Echelons(
        demand=demand.T,
        plant_capacity=of_plants[:, :-1].T,
        depot_capacity=of_depots[:, :-1].T,
        fixed=np.concatenate([of_plants[:, -1], of_depots[:, -1]]),
        to_depot=to_depot,
        to_customer=to_customer,
    )


def one_product(path: Path, name: str) -> Staged:
    """Return an instance of one product."""
    return staged_echelons(read_echelons(path, several=False))


def several_products(path: Path, name: str) -> Staged:
    """Return an instance of several products."""
    return staged_echelons(read_echelons(path, several=True))


def staged_echelons(data: Echelons) -> Staged:
    """Return the problem, to be maximised; a product's rows and columns stand together."""
    products, plants, depots = data.to_depot.shape
    customers = data.demand.shape[1]
    nothing = csr_matrix((products, depots)), csr_matrix((products, plants))
    # Open plants hold all demand, and so do open depots.
    room = vstack(
        [
            hstack([csr_matrix(data.plant_capacity), nothing[0]]),
            hstack([nothing[1], csr_matrix(data.depot_capacity)]),
        ]
    ).tocsr()
    total = data.demand.sum(axis=1)
    first = binary_choice(data.fixed, room, np.concatenate([total, total]))
    one = _legs(plants, depots, customers)
    technology = []
    for plant_capacity, depot_capacity in zip(
        data.plant_capacity, data.depot_capacity, strict=True
    ):
        technology.append(_opened(plant_capacity, depot_capacity, customers))
    costs = np.concatenate(
        [data.to_depot.reshape(products, -1), data.to_customer.reshape(products, -1)], axis=1
    ).ravel()
    columns = len(costs)
    closed = np.zeros(plants + depots)
    return certain(
        first,
        Recourse(
            objective=-costs,
            lower=np.zeros(columns),
            upper=np.full(columns, np.inf),
            integer=np.zeros(columns, dtype=np.bool_),
            matrix=csr_matrix(kron(csr_matrix(np.eye(products)), one, format="csr")),
            technology=csr_matrix(vstack(technology, format="csr")),
            row_lower=np.concatenate(
                [
                    np.concatenate([need, np.zeros(depots), np.full(plants + depots, -np.inf)])
                    for need in data.demand
                ]
            ),
            row_upper=np.concatenate(
                [np.concatenate([need, np.zeros(depots), closed]) for need in data.demand]
            ),
        ),
    )


def _legs(plants: int, depots: int, customers: int) -> csr_matrix:
    """Return one product's rows: customers, depots' balances, plants, depots."""
    inward, outward = plants * depots, depots * customers
    plant, into = (each.ravel() for each in np.indices((plants, depots)))
    out_of, customer = (each.ravel() for each in np.indices((depots, customers)))
    leg, second = np.arange(inward), inward + np.arange(outward)
    balance, of_plants, of_depots = customers, customers + depots, customers + depots + plants
    rows = np.concatenate(
        [customer, balance + into, balance + out_of, of_plants + plant, of_depots + out_of]
    )
    columns = np.concatenate([second, leg, second, leg, second])
    values = np.ones(len(rows))
    values[outward + inward : 2 * outward + inward] = -1.0
    shape = (of_depots + depots, inward + outward)
    return csr_matrix(coo_matrix((values, (rows, columns)), shape=shape))


def _opened(plant_capacity: Floats, depot_capacity: Floats, customers: int) -> csr_matrix:
    """Return what open plants and depots add to one product's rows."""
    plants, depots = len(plant_capacity), len(depot_capacity)
    rows = customers + depots + np.arange(plants + depots)
    values = -np.concatenate([plant_capacity, depot_capacity])
    shape = (customers + 2 * depots + plants, plants + depots)
    return csr_matrix((values, (rows, np.arange(plants + depots))), shape=shape)
