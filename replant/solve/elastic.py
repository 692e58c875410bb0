"""The least by which the rows of a program must be missed, and which ones are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, identity

from replant.errors import NoPlan
from replant.kernel import Program
from replant.solve.settings import SolveSettings
from replant.solve.whole import solve_matrix

__all__ = ["least_violation"]


def least_violation(
    program: Program, settings: SolveSettings | None = None, rows: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Return by how much each row is missed where the sum of what is missed is least.

    Parameters
    ----------
    program : Program
        The program, feasible or not.
    settings : SolveSettings, optional
        Limits of the solve.
    rows : ndarray of bool, optional
        Rows that may be missed, shape (rows,); all inequalities if not given.

    Returns
    -------
    ndarray, shape (rows,)
        Negative: below the lower bound; positive: above the upper bound; 0: kept.

    Raises
    ------
    NoPlan
        If the rows that may not be missed clash among themselves.
    """
    count, width = program.matrix.shape
    given = program.rows.upper - program.rows.lower > 1e-9 if rows is None else rows
    elastic = np.flatnonzero(given)
    chosen = csr_matrix(identity(count, format="csr")[:, elastic])
    matrix = csr_matrix(hstack([program.matrix, chosen, -chosen]))
    slack = len(elastic)
    columns = program.columns
    solution = solve_matrix(
        matrix=matrix,
        objective=np.concatenate([np.zeros(width), -np.ones(2 * slack)]),
        lower=np.concatenate([columns.lower, np.zeros(2 * slack)]),
        upper=np.concatenate([columns.upper, np.full(2 * slack, np.inf)]),
        integer=np.concatenate([columns.integer, np.zeros(2 * slack, dtype=bool)]),
        row_lower=program.rows.lower,
        row_upper=program.rows.upper,
        settings=settings or SolveSettings(),
    )
    if solution.values is None:
        raise NoPlan("the rules that may not be missed clash among themselves")
    missed = np.zeros(count)
    below = solution.values[width : width + slack]
    above = solution.values[width + slack :]
    missed[elastic] = np.where(above > below, above, -below)
    missed[np.abs(missed) < 1e-9] = 0.0
    return missed
