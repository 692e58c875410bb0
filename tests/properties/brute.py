"""All whole-number choices of a small program, one after another, each with its best flows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import vstack

from replant.case import Case
from replant.kernel import Program
from replant.plan import assemble

__all__ = ["TooMany", "best_of_all"]

MOST = 2**10


class TooMany(Exception):
    """There are more lawful choices than can be looked at."""


def best_of_all(case: Case) -> float | None:
    """Return the most that any choice of whole numbers is worth; None if none is lawful."""
    program = assemble(case)
    best: float | None = None
    for place, (lower, upper) in enumerate(_choices(program)):
        if place >= MOST:
            raise TooMany
        value = _flows(program, lower, upper)
        if value is not None and (best is None or value > best):
            best = value
    return best


def _choices(
    program: Program,
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield bounds with all whole columns fixed, wherever no row rules them out already."""
    columns = program.columns
    whole = [int(each) for each in np.flatnonzero(columns.integer)]
    stack = [(columns.lower.copy(), columns.upper.copy(), 0)]
    visited = 0
    while stack:
        lower, upper, place = stack.pop()
        visited += 1
        if visited > 8 * MOST:
            raise TooMany
        if not _possible(program, lower, upper):
            continue
        if place == len(whole):
            yield lower, upper
            continue
        column = whole[place]
        for value in range(int(np.ceil(lower[column])), int(np.floor(upper[column])) + 1):
            low, high = lower.copy(), upper.copy()
            low[column] = high[column] = value
            stack.append((low, high, place + 1))


def _possible(program: Program, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> bool:
    """Return whether each row alone can still hold."""
    matrix = program.matrix
    wide = 1e12
    low, high = np.maximum(lower, -wide), np.minimum(upper, wide)
    data, index = matrix.data, matrix.indices
    least = np.where(data > 0, data * low[index], data * high[index])
    most = np.where(data > 0, data * high[index], data * low[index])
    sums = np.vstack([np.append(least, 0.0), np.append(most, 0.0)])
    starts = matrix.indptr[:-1]
    empty = matrix.indptr[1:] == starts
    total = np.add.reduceat(sums, starts, axis=1)
    total[:, empty] = 0.0
    rows = program.rows
    return bool((total[0] <= rows.upper + 1e-6).all() and (total[1] >= rows.lower - 1e-6).all())


def _flows(
    program: Program, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> float | None:
    rows, matrix = program.rows, program.matrix
    equal = rows.upper - rows.lower < 1e-12
    above, below = ~equal & np.isfinite(rows.upper), ~equal & np.isfinite(rows.lower)
    found = linprog(
        -program.objective,
        A_ub=vstack([matrix[above], -matrix[below]]),
        b_ub=np.concatenate([rows.upper[above], -rows.lower[below]]),
        A_eq=matrix[equal],
        b_eq=rows.lower[equal],
        bounds=np.column_stack([lower, upper]),
        method="highs",
    )
    return None if not found.success else float(-found.fun + program.objective_constant)
