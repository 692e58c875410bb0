"""Arrays that several adapters need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.staged import FirstStage, Recourse, Staged

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class One:
    """The only scenario of a problem without uncertainty."""

    recourse: Recourse

    def __call__(self, number: int) -> Recourse:
        return self.recourse


def certain(first: FirstStage, recourse: Recourse, constant: float = 0.0) -> Staged:
    """Return a problem whose second stage has one outcome."""
    return Staged(first, np.ones(1), ("certain",), One(recourse), constant)


def binary_choice(costs: Floats, rows: csr_matrix, at_least: Floats) -> FirstStage:
    """Return yes-or-no decisions at a cost, with rows that must reach a level."""
    count = len(costs)
    return FirstStage(
        objective=-np.asarray(costs, dtype=np.float64),
        lower=np.zeros(count),
        upper=np.ones(count),
        integer=np.ones(count, dtype=np.bool_),
        matrix=rows,
        row_lower=at_least,
        row_upper=np.full(len(at_least), np.inf),
    )
