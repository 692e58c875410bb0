"""The best plan of a program whose rows give where they must, and by how much each gives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, identity

from replant.errors import NoPlan
from replant.kernel import Program
from replant.solve.settings import SolveSettings
from replant.solve.whole import solve_matrix

__all__ = ["elastic"]

# What a unit of giving costs, in units of the largest coefficient of the objective: far more
# than any row is worth, and what a row keeps in hand gives long before the row itself.
_MARGIN, _ROW = 1e3, 1e5


def elastic(
    program: Program, margins: NDArray[np.float64], settings: SolveSettings | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the best values that keep a margin inside each inequality, or come nearest to it.

    Parameters
    ----------
    program : Program
        The program, feasible or not; bounds of columns never give.
    margins : ndarray, shape (rows,)
        How far inside its bounds each row should stay; an equality has no inside. A row gives up
        its margin first, then its bounds.
    settings : SolveSettings, optional
        Limits of the solve.

    Returns
    -------
    values : ndarray, shape (columns,)
    missed : ndarray, shape (rows,)
        Negative: below the lower bound; positive: above the upper bound; 0: kept.

    Raises
    ------
    NoPlan
        If no solution was found in time, or the bounds of a column clash.
    """
    count, width = program.matrix.shape
    rows, columns = program.rows, program.columns
    inequality = rows.upper - rows.lower > 1e-9
    below = np.flatnonzero(np.isfinite(rows.lower))
    above = np.flatnonzero(np.isfinite(rows.upper))
    inside = inequality & (margins > 0.0)
    kept_below, kept_above = below[inside[below]], above[inside[above]]
    one = csr_matrix(identity(count, format="csr"))
    parts = (one[:, below], -one[:, above], one[:, kept_below], -one[:, kept_above])
    matrix = csr_matrix(hstack([program.matrix, *(part for part in parts if part.shape[1])]))
    slack, spare = len(below) + len(above), len(kept_below) + len(kept_above)
    scale = max(1.0, float(np.abs(program.objective).max(initial=0.0)))
    most = np.concatenate([margins[kept_below], margins[kept_above]])
    lower, upper = rows.lower.copy(), rows.upper.copy()
    lower[kept_below] += margins[kept_below]
    upper[kept_above] -= margins[kept_above]
    crossed = inequality & (lower > upper)
    lower[crossed] = upper[crossed] = 0.5 * (rows.lower[crossed] + rows.upper[crossed])
    solution = solve_matrix(
        matrix=matrix,
        objective=np.concatenate(
            [
                program.objective,
                -_ROW * scale * np.where(inequality[np.concatenate([below, above])], 1.0, 10.0),
                np.full(spare, -_MARGIN * scale),
            ]
        ),
        lower=np.concatenate([columns.lower, np.zeros(slack + spare)]),
        upper=np.concatenate([columns.upper, np.full(slack, np.inf), most]),
        integer=np.concatenate([columns.integer, np.zeros(slack + spare, dtype=bool)]),
        row_lower=lower,
        row_upper=upper,
        settings=settings or SolveSettings(),
    )
    if solution.values is None:
        raise NoPlan(f"no values were found: {solution.status}")
    missed = np.zeros(count)
    given = solution.values[width:]
    missed[below] -= given[: len(below)]
    missed[above] += given[len(below) : slack]
    missed[np.abs(missed) < 1e-9] = 0.0
    return solution.values[:width], missed
