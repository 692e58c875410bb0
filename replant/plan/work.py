"""A program to be rounded: what follows from its decisions is bounded by rows that can give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from replant.kernel import ExtraRow, Program

__all__ = ["Chosen", "Values", "Work", "free_columns"]

_BOUND = "bound of "

Values = NDArray[np.float64]
Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Work:
    """A program whose derived columns are bounded by rows, so that these too can give.

    Parameters
    ----------
    original, program : Program
        The program as it was, and with the bounds as rows.
    given : ndarray of bool
        Which of its rows are those of the original, in the same order.
    least : tuple of (int, ndarray)
        The columns that are the least their rows allow, each with the numbers of these rows.
    more : ndarray of int
        How many decimals more than usual each column needs, shape (columns,).
    """

    original: Program
    program: Program
    given: Chosen
    least: tuple[tuple[int, NDArray[np.intp]], ...]
    more: NDArray[np.int64]

    @staticmethod
    def of(program: Program, least: frozenset[str]) -> Work:
        """Return a program with the bounds of its derived columns as rows."""
        columns = program.columns
        derived = columns.derived & ~columns.integer
        bounded = derived & (np.isfinite(columns.lower) | np.isfinite(columns.upper))
        extra = [
            ExtraRow(
                f"{_BOUND}{column}",
                [int(column)],
                [1.0],
                float(columns.lower[column]),
                float(columns.upper[column]),
                "",
            )
            for column in np.flatnonzero(bounded)
        ]
        lower = np.where(derived, -np.inf, columns.lower)
        upper = np.where(derived, np.inf, columns.upper)
        whole = program.with_rows(extra).with_bounds(lower=lower, upper=upper)
        named = [not str(name).startswith(_BOUND) for name in whole.rows.names]
        given = np.array(named, dtype=bool)
        by_column, owners = csc_matrix(whole.matrix), whole.rows.owners
        ours = ~given | (whole.rows.upper - whole.rows.lower > 1e-9)
        own = []
        for column in np.flatnonzero([name in least for name in columns.names]):
            rows = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
            kept = [row for row in rows if ours[row] and owners[row] == columns.owners[column]]
            own.append((int(column), np.array(kept, dtype=np.intp)))
        return Work(program, whole, given, tuple(own), np.zeros(len(lower), dtype=np.int64))

    def pinned(self, values: Values, fixed: Chosen) -> tuple[Values, Chosen]:
        """Return values and fixed columns with each least column that is decided by now."""
        matrix, rows = self.program.matrix, self.program.rows
        values, fixed = values.copy(), fixed.copy()
        free = free_columns(self.program, fixed)
        for column, own in self.least:
            if fixed[column] or (free[own] > 1).any():
                continue
            value = float(self.original.columns.lower[column])
            for row in own:
                places = slice(*matrix.indptr[row : row + 2])
                indices, data = matrix.indices[places], matrix.data[places]
                mine = float(data[indices == column].sum())
                rest = float(data @ values[indices]) - mine * float(values[column])
                edge = rows.lower[row] if mine > 0 else rows.upper[row]
                if np.isfinite(edge):
                    value = max(value, (float(edge) - rest) / mine)
            values[column], fixed[column] = value, True
        return values, fixed


def free_columns(program: Program, fixed: Chosen) -> NDArray[np.int64]:
    """Return how many columns of each row are not fixed, shape (rows,)."""
    matrix = program.matrix
    pattern = (np.ones(len(matrix.data), dtype=np.int64), matrix.indices, matrix.indptr)
    counts: NDArray[np.int64] = csr_matrix(pattern, shape=matrix.shape) @ (~fixed).astype(np.int64)
    return counts
