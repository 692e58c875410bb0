"""What one column at an end of its range asks of others, seen in the rows pair by pair.

In a row such as ``line − product ≤ 0`` a product that is not made forbids the line, and a line asks
for the product. Followed from row to row, this tells what hangs on what.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, identity

from replant.solve.staged import FirstStage

__all__ = ["followed", "implications"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# A row with more columns than this is not looked at pair by pair.
_WIDE = 60
# Implications are followed over 2 to this power of steps, as long as there are no more than these.
_DOUBLINGS, _MOST = 5, 4_000_000
_CLOSE = 1e-9


def implications(stage: FirstStage) -> csr_matrix:
    """Return which end of a column asks for which end of another, by one row.

    Parameters
    ----------
    stage : FirstStage
        The first stage.

    Returns
    -------
    csr_matrix of ones, shape (2 n, 2 n)
        Entry (i, j) says that end i asks for end j. Ends below n are the columns' lower bounds,
        those from n on their upper bounds. Rows over columns without a bound tell nothing.
    """
    width = len(stage)
    matrix = csr_matrix(stage.matrix)
    pairs = [
        pair
        for rows, limit in ((matrix, stage.row_upper), (-matrix, -stage.row_lower))
        for pair in _of_rows(stage, csr_matrix(rows), limit)
    ]
    joined = np.concatenate([np.zeros((2, 0), dtype=np.intp), *pairs], axis=1)
    ones = np.ones(joined.shape[1], dtype=np.int32)
    graph = csr_matrix((ones, (joined[0], joined[1])), shape=(2 * width, 2 * width))
    graph.data[:] = 1
    return graph


def followed(graph: csr_matrix) -> csr_matrix:
    """Return what ends ask for by way of others too, each of itself as well."""
    reached = csr_matrix(graph + identity(graph.shape[0], format="csr", dtype=np.int32))
    reached.data[:] = 1
    for _ in range(_DOUBLINGS):
        if reached.nnz > _MOST:
            break
        further = csr_matrix(reached @ reached)
        further.data[:] = 1
        if further.nnz == reached.nnz:
            break
        reached = further
    return reached


def _of_rows(stage: FirstStage, matrix: csr_matrix, limit: Floats) -> Iterator[Places]:
    """Yield what rows ``a x ≤ limit`` imply: pairs of ends, shape (2, pairs)."""
    width = len(stage)
    spread = stage.upper - stage.lower
    # A whole number that cannot take its whole step cannot move; another must have no room at all.
    stepping = stage.integer & (spread == 1.0) & (stage.lower == np.round(stage.lower))
    lengths = np.diff(matrix.indptr)
    for row in np.flatnonzero(np.isfinite(limit) & (lengths > 1) & (lengths <= _WIDE)):
        place = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, weights = matrix.indices[place].astype(np.intp), matrix.data[place]
        if not np.isfinite(spread[columns]).all():
            continue
        best = np.where(weights > 0.0, stage.lower[columns], stage.upper[columns])
        room = float(limit[row] - weights @ best)
        cost = np.abs(weights) * spread[columns]
        size = max(1.0, float(np.abs(weights).max()))
        left = room - cost
        # Row by row of what is left: whether a column can move at all once another is at its end.
        least = np.where(stepping[columns], cost - 1e-6 * size, _CLOSE * size)
        stuck = (left[:, None] < least[None, :]) & (left[:, None] >= -_CLOSE * size)
        stuck &= (cost[:, None] > 0.0) & (cost[None, :] > 0.0)
        np.fill_diagonal(stuck, False)
        if stuck.any():
            worse = columns + np.where(weights > 0.0, width, 0)
            better = columns + np.where(weights > 0.0, 0, width)
            one, other = np.nonzero(stuck)
            yield np.stack([worse[one], better[other]])
