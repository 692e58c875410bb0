"""Decimals that a case asks for: bounds so close that no step of the usual kind lies between."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.kernel import Program
from replant.plan.snapping.manner import ATTEMPTS
from replant.plan.snapping.steps import places_of
from replant.plan.work import Chosen, Values

__all__ = ["needed_decimals"]

# How many more decimals at most: beyond, floats no longer tell them from nothing.
_MOST = 6
# What counts as on a step, in steps, and as how exactly a float tells a number.
_NEAR, _FLOAT = 1e-4, 1e-15

_Key = tuple[tuple[int, ...], tuple[float, ...]]


def needed_decimals(program: Program, values: Values, settled: Chosen) -> NDArray[np.int64]:
    """Return how many decimals more than usual each column needs, shape (columns,).

    All that is asked for must be served, and no more can be sold: where that is 11.4804766
    thousand cars, no number of six decimals will do. Nothing is said as long as the most decimals
    that are tried anyway do in all rows.

    Parameters
    ----------
    program : Program
        The program to be rounded.
    values : ndarray
        The values of what is settled, shape (columns,).
    settled : ndarray of bool
        Columns that are not rounded, whole numbers among them, shape (columns,).
    """
    more = np.zeros(len(program.columns), dtype=np.int64)
    for (columns, _), (lower, upper) in _intervals(program, values, settled).items():
        usual = max(places_of(program, column, 0) for column in columns)
        if upper - lower >= 10.0**-usual or not math.isfinite(upper - lower):
            continue
        enough = (extra for extra in range(_MOST) if _has_step(lower, upper, usual + extra))
        ours = list(columns)
        # what no decimal writes, a third, is left as it is: more of them would only hide it
        more[ours] = np.maximum(more[ours], next(enough, 0))
    tried = max(manner.finer for manner in ATTEMPTS)
    return more if more.max(initial=0) > tried else np.zeros_like(more)


def _has_step(lower: float, upper: float, places: int) -> bool:
    scale = 10.0**places
    near = _NEAR + _FLOAT * scale * max(abs(lower), abs(upper))
    return math.ceil(lower * scale - near) <= math.floor(upper * scale + near)


def _intervals(
    program: Program, values: Values, settled: Chosen
) -> dict[_Key, tuple[float, float]]:
    """Return between which bounds sums of columns must lie, each with the signs of its columns.

    Only plain sums of what is rounded count: of others, decimals say nothing.
    """
    columns, rows, matrix = program.columns, program.rows, program.matrix
    derived = columns.derived & ~columns.integer
    still = ~settled & ~columns.integer & ~derived
    base = matrix @ np.where(still, 0.0, values)
    pattern = csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), matrix.shape)
    plain = (pattern @ derived.astype(float) == 0) & (pattern @ still.astype(float) > 0)
    found: dict[_Key, tuple[float, float]] = {}
    for row in np.flatnonzero(plain):
        places = slice(*matrix.indptr[row : row + 2])
        ours = still[matrix.indices[places]]
        indices, data = matrix.indices[places][ours], matrix.data[places][ours]
        if (np.abs(data) != abs(data[0])).any():
            continue
        ends = sorted((each[row] - base[row]) / data[0] for each in (rows.lower, rows.upper))
        key = (tuple(int(each) for each in indices), tuple(np.sign(data * data[0])))
        if key not in found:
            found[key] = (-math.inf, math.inf)
            if len(indices) == 1:
                column = indices[0]
                found[key] = float(columns.lower[column]), float(columns.upper[column])
        lower, upper = found[key]
        found[key] = max(lower, float(ends[0])), min(upper, float(ends[1]))
    return found
