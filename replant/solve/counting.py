"""How many there must be at least, or may be at most: rows of the first stage read as counts.

If open sites of 8,000 each must hold a demand of 50,886, then 6.36 of them would do where whole
numbers are let go of; but there must be seven. The row ``Σ z ≥ 7`` loses no plan, and can raise a
relaxed bound by more than all cuts from scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from replant.solve.staged import FirstStage, Staged

__all__ = ["counted"]

Floats = NDArray[np.float64]

# How near to a whole number a count counts as one.
_WHOLE = 1e-6


def counted(staged: Staged) -> Staged:
    """Return a problem with the same plans, whose first stage knows what its rows count.

    Parameters
    ----------
    staged : Staged
        The problem.

    Returns
    -------
    Staged
        The problem itself if no row counts more sharply than it says.
    """
    found = list(_counts(staged.first))
    if not found:
        return staged
    first = staged.first
    columns, signs, least = zip(*found, strict=True)
    starts = np.cumsum([0, *(len(each) for each in columns)])
    shape = len(found), len(first)
    rows = csr_matrix((np.concatenate(signs), np.concatenate(columns), starts), shape=shape)
    return replace(
        staged,
        first=replace(
            first,
            matrix=csr_matrix(vstack([first.matrix, rows])),
            row_lower=np.append(first.row_lower, least),
            row_upper=np.append(first.row_upper, np.full(len(found), np.inf)),
        ),
    )


def _counts(stage: FirstStage) -> Iterator[tuple[NDArray[np.int32], Floats, float]]:
    """Yield rows ``Σ ± z ≥ least`` that follow from rows over yes and no alone.

    Of each row its columns, their signs, and the least.
    """
    matrix = csr_matrix(stage.matrix)
    for row in _candidates(stage, matrix):
        place = slice(matrix.indptr[row], matrix.indptr[row + 1])
        columns, weights = matrix.indices[place], matrix.data[place]
        for sign, bound in ((1.0, stage.row_lower[row]), (-1.0, -stage.row_upper[row])):
            if not np.isfinite(bound):
                continue
            # Columns that count against the row are turned round: what is not taken helps.
            helping = sign * weights
            turned = helping < 0.0
            least = _least(np.abs(helping), float(bound - helping[turned].sum()))
            if least is not None:
                yield columns, np.where(turned, -1.0, 1.0), least - float(turned.sum())


def _candidates(stage: FirstStage, matrix: csr_matrix) -> NDArray[np.intp]:
    """Return the rows over several columns, all yes or no, that are not counts as they stand."""
    yes_or_no = stage.switches
    height = matrix.shape[0]
    lengths = np.diff(matrix.indptr)
    of_entry = np.repeat(np.arange(height), lengths)
    others = np.bincount(of_entry, weights=~yes_or_no[matrix.indices], minlength=height)
    count = np.abs(np.abs(matrix.data) - 1.0) > 0.0
    uneven = np.bincount(of_entry, weights=count, minlength=height) > 0
    for bound in (stage.row_lower, stage.row_upper):
        finite = np.where(np.isfinite(bound), bound, 0.0)
        uneven |= finite != np.round(finite)
    return np.flatnonzero((lengths > 1) & (others == 0) & uneven)


def _least(sizes: Floats, needed: float) -> float | None:
    """Return how many there must be to reach what is needed; None if the row says so itself."""
    reached = np.cumsum(np.sort(sizes)[::-1])
    if needed <= 0.0 or reached[-1] < needed:
        return None
    # A hair less will do: what follows must not cut off a point that rounding allows.
    full = int(np.searchsorted(reached, needed - _WHOLE * max(1.0, needed)))
    before = float(reached[full - 1]) if full else 0.0
    share = (needed - before) / float(reached[full] - before)
    return float(full + 1) if share < 1.0 - _WHOLE else None
