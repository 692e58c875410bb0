"""Facility location under uncertain demand: sites open first, then each scenario is served."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.instances.arrays import binary_choice
from benchmarks.instances.facility import Assignment
from benchmarks.instances.numbers import json_of
from replant.solve.staged import Recourse, Staged

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class _Scenarios:
    """Makes a scenario from its demands; costs are those of one unit."""

    capacity: Floats
    unit: Floats
    demand: Floats

    def __call__(self, number: int) -> Recourse:
        demand = self.demand[number]
        assignment = Assignment(*self.unit.shape)
        return assignment.recourse(demand, self.capacity, self.unit * demand, whole=False)


def stochastic_sites(path: Path, name: str) -> Staged:
    """Return an instance of the scflp set; all its scenarios are equally likely."""
    data = json_of(path)
    capacity = np.array(data["capacities"], dtype=np.float64)
    demand = np.array(data["demands"], dtype=np.float64)
    unit = np.array(data["costs"], dtype=np.float64)
    count = len(demand)
    first = binary_choice(
        np.array(data["fixed_costs"], dtype=np.float64),
        csr_matrix(capacity.reshape(1, -1)),
        # Every scenario must be served, so the open sites hold the largest.
        np.array([demand.sum(axis=1).max()]),
    )
    return Staged(
        first,
        probabilities=np.full(count, 1.0 / count),
        names=tuple(f"scenario {number + 1}" for number in range(count)),
        make=_Scenarios(capacity, unit, demand),
    )
