"""One scenario that stands for all: where it would go is where the search begins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack

from replant.solve.loading import loaded
from replant.solve.staged import FirstStage, Recourse, Staged

__all__ = ["nearest_to_mean", "point_of"]

Floats = NDArray[np.float64]

# So many scenarios are looked at to find the one nearest to their mean.
_LOOKED_AT = 200
# A scenario with more entries than this takes too long to be worth a beginning.
_ENTRIES = 400_000
# Iterations of the interior point method: it needs some dozens, and near its end is good enough.
_ITERATIONS = 100
# A point that misses a row by a larger share of its height is no beginning.
_KEPT = 1e-5


def nearest_to_mean(staged: Staged) -> int:
    """Return the number of the scenario whose data lie nearest to the mean of all.

    Parameters
    ----------
    staged : Staged
        A problem of one scenario or more.
    """
    count = len(staged)
    step = max(1, count // _LOOKED_AT)
    numbers = [n for n in range(0, count, step) if staged.probabilities[n] > 0.0] or [0]
    data = [_data(staged.make(number)) for number in numbers]
    if len({len(each) for each in data}) > 1:
        return numbers[0]
    table = np.array(data)
    spread = table.std(axis=0)
    varies = spread > 0.0
    apart = (table[:, varies] - table[:, varies].mean(axis=0)) / spread[varies]
    return numbers[int(np.argmin((apart**2).sum(axis=1)))]


def _data(block: Recourse) -> Floats:
    arrays = (block.objective, block.row_lower, block.row_upper, block.matrix.data)
    joined = np.concatenate([*arrays, block.technology.data])
    return np.where(np.isfinite(joined), joined, 0.0)


def point_of(stage: FirstStage, staged: Staged, number: int, time_limit: float) -> Floats | None:
    """Return the first stage that would suit one scenario, whole numbers let go of.

    Parameters
    ----------
    stage : FirstStage
        The first stage.
    staged : Staged
        The problem.
    number : int
        Which scenario.
    time_limit : float
        Seconds.

    Returns
    -------
    ndarray or None
        Shape (n,), inside the optimal face rather than at a corner; None if none was found.
    """
    block = staged.make(number)
    if block.matrix.nnz + block.technology.nnz > _ENTRIES:
        return None
    width = len(block)
    empty = csr_matrix((stage.matrix.shape[0], width))
    above, below = hstack([stage.matrix, empty]), hstack([block.technology, block.matrix])
    model = loaded(
        csr_matrix(vstack([above, below])),
        np.concatenate([stage.objective, block.objective]),
        np.concatenate([stage.lower, block.lower]),
        np.concatenate([stage.upper, block.upper]),
        np.concatenate([stage.row_lower, block.row_lower]),
        np.concatenate([stage.row_upper, block.row_upper]),
        threads=1,
        solver="ipm",
        run_crossover="off",
        ipm_iteration_limit=_ITERATIONS,
        time_limit=max(0.0, time_limit),
    )
    model.run()
    # Without a corner the solver may not call it optimal; that it keeps the rows is enough here.
    values = np.array(model.getSolution().col_value, dtype=np.float64)[: len(stage)]
    if not len(values):
        return None
    point = np.clip(values, stage.lower, stage.upper)
    height = stage.matrix @ point
    off = np.maximum(stage.row_lower - height, height - stage.row_upper)
    size = np.maximum(1.0, np.abs(height))
    return point if float((off / size).max(initial=0.0)) < _KEPT else None
