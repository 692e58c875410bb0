"""A scenario whose ties may be missed at a price, so that it always has something to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix, hstack

from replant.solve.benders.part import Part

__all__ = ["DEAR", "softened"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# To miss a tie by one costs so many times what its columns usually earn a unit of it.
DEAR = 5.0


def softened(part: Part, ties: Places, dear: float = DEAR) -> Part:
    """Return a part in which some rows may be missed either way.

    Parameters
    ----------
    part : Part
        The part.
    ties : ndarray of int
        Which of its rows.
    dear : float
        What it costs to miss one by a unit, in what its columns usually earn for it.
    """
    count = len(ties)
    price = np.repeat(dear * _usual(part, ties), 2)
    places = np.repeat(ties, 2), np.arange(2 * count)
    shape = part.matrix.shape[0], 2 * count
    slack = coo_matrix((np.tile([1.0, -1.0], count), places), shape=shape)
    none = np.zeros(2 * count)
    return replace(
        part,
        columns=np.append(part.columns, np.full(2 * count, -1)),
        objective=np.append(part.objective, -price),
        lower=np.append(part.lower, none),
        upper=np.append(part.upper, none + np.inf),
        integer=np.append(part.integer, none.astype(bool)),
        matrix=csr_matrix(hstack([part.matrix, slack])),
    )


def _usual(part: Part, ties: Places) -> Floats:
    """Return what columns usually earn for each unit of a tie."""
    rows = csr_matrix(part.matrix[ties])
    worth = np.abs(part.objective[rows.indices] / rows.data)
    of_entry = np.repeat(np.arange(len(ties)), np.diff(rows.indptr))
    some = worth[worth > 0.0]
    usual = float(np.median(some)) if len(some) else 1.0
    found = np.full(len(ties), usual)
    for tie in range(len(ties)):
        mine = worth[(of_entry == tie) & (worth > 0.0)]
        if len(mine):
            found[tie] = max(usual, float(np.median(mine)))
    return found
