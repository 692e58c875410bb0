"""Bounds that rows imply: what a column can be at most, given what the others can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.staged import FirstStage

__all__ = ["implied_bounds"]

Floats = NDArray[np.float64]

_PASSES = 5


def implied_bounds(stage: FirstStage) -> tuple[Floats, Floats]:
    """Return bounds of the first stage's columns that its rows imply, and its own.

    Parameters
    ----------
    stage : FirstStage
        The first stage.

    Returns
    -------
    tuple of ndarray, shape (n,)
        Lower and upper bounds; never tighter than what some point of the first stage needs.
    """
    lower, upper = stage.lower.copy(), stage.upper.copy()
    for _ in range(_PASSES):
        before = lower.copy(), upper.copy()
        for row in range(stage.matrix.shape[0]):
            _by_row(stage.matrix, row, stage, lower, upper)
        if np.array_equal(before[0], lower) and np.array_equal(before[1], upper):
            break
    return lower, upper


def _by_row(matrix: csr_matrix, row: int, stage: FirstStage, lower: Floats, upper: Floats) -> None:
    start, stop = matrix.indptr[row : row + 2]
    columns, values = matrix.indices[start:stop], matrix.data[start:stop]
    rising = values > 0.0
    least = np.where(rising, values * lower[columns], values * upper[columns])
    most = np.where(rising, values * upper[columns], values * lower[columns])
    for place, (column, value) in enumerate(zip(columns, values, strict=True)):
        others_least = float(np.delete(least, place).sum())
        others_most = float(np.delete(most, place).sum())
        high = (stage.row_upper[row] - others_least) / value
        low = (stage.row_lower[row] - others_most) / value
        if value < 0.0:
            low, high = high, low
        # A hair of room: what follows must not cut off a point that rounding allows.
        if np.isfinite(high):
            upper[column] = min(upper[column], high + 1e-9 * max(1.0, abs(high)))
        if np.isfinite(low):
            lower[column] = max(lower[column], low - 1e-9 * max(1.0, abs(low)))
