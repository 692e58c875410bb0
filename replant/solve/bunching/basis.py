"""A basis: its inverse, and products with the inverse and the pivots since."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from replant.solve.bunching.arrays import Floats, Inverse, Matrix, Work
from replant.solve.bunching.compiled import compiled

__all__ = ["add_column", "backward", "forward", "inverse_of", "logical_basis", "push_eta"]

# A pivot smaller than this makes a basis too hard to invert.
_SMALLEST = 1e-8
# Entries of an inverse below this are rounding.
_ROUNDING = 1e-12


def logical_basis(matrix: Matrix) -> NDArray[np.int64]:
    """Return the basis of all logicals."""
    return np.arange(matrix.width, matrix.width + matrix.height, dtype=np.int64)


def inverse_of(matrix: Matrix, head: NDArray[np.int64]) -> Inverse | None:
    """Return the inverse of a basis, its columns in places that suit; None if there is none."""
    dense, placed, fine = _inverted(matrix, head)
    if not fine:
        return None
    dense[np.abs(dense) < _ROUNDING] = 0.0
    rows, columns = csr_matrix(dense), csc_matrix(dense)
    norms = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    return Inverse(
        placed,
        rows.indptr.astype(np.int32),
        rows.indices.astype(np.int32),
        rows.data,
        columns.indptr.astype(np.int32),
        columns.indices.astype(np.int32),
        columns.data,
        np.maximum(norms, 1e-4),
    )


@compiled
def _inverted(matrix: Matrix, head: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64], bool]:
    """Pivot the structural columns of a basis into the identity, the largest pivot each time."""
    rows, width = matrix.height, matrix.width
    inverse = np.eye(rows)
    placed = np.empty(rows, np.int64)
    free = np.ones(rows, np.int8)
    for i in range(rows):
        placed[i] = width + i
    for i in range(rows):
        if head[i] >= width:
            free[head[i] - width] = 0
    column = np.zeros(rows)
    for k in range(rows):
        j = head[k]
        if j >= width:
            continue
        column[:] = 0.0
        for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
            column += matrix.column_values[e] * inverse[:, matrix.column_rows[e]]
        best, pivot = 0.0, -1
        for i in range(rows):
            if free[i] == 1 and abs(column[i]) > best:
                best, pivot = abs(column[i]), i
        if best < _SMALLEST:
            return inverse, placed, False
        free[pivot] = 0
        placed[pivot] = j
        inverse[pivot] /= column[pivot]
        for i in range(rows):
            if i != pivot and column[i] != 0.0:
                inverse[i] -= column[i] * inverse[pivot]
    return inverse, placed, True


@compiled
def add_column(matrix: Matrix, j: int, times: float, out: Floats) -> None:
    """Add a multiple of a column, structural or logical, to a vector over the rows."""
    if j >= matrix.width:
        out[j - matrix.width] += times
        return
    for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
        out[matrix.column_rows[e]] += matrix.column_values[e] * times


@compiled
def forward(inverse: Inverse, work: Work, etas: int, rows: Floats, out: Floats) -> None:
    """Multiply the inverse, with all pivots since, by a vector over the rows."""
    for i in range(len(out)):
        out[i] = 0.0
    for r in range(len(rows)):
        times = rows[r]
        if times != 0.0:
            for e in range(inverse.column_starts[r], inverse.column_starts[r + 1]):
                out[inverse.column_rows[e]] += inverse.column_values[e] * times
    for k in range(etas):
        pivot = work.eta_pivots[k]
        times = out[pivot]
        if times != 0.0:
            out[pivot] = 0.0
            for e in range(work.eta_starts[k], work.eta_starts[k + 1]):
                out[work.eta_places[e]] += work.eta_values[e] * times


@compiled
def backward(inverse: Inverse, work: Work, etas: int, places: Floats, out: Floats) -> None:
    """Multiply a vector over the places, which is used up, by the inverse with all pivots."""
    for k in range(etas - 1, -1, -1):
        total = 0.0
        for e in range(work.eta_starts[k], work.eta_starts[k + 1]):
            total += places[work.eta_places[e]] * work.eta_values[e]
        places[work.eta_pivots[k]] = total
    for i in range(len(out)):
        out[i] = 0.0
    for i in range(len(places)):
        times = places[i]
        if times != 0.0:
            for e in range(inverse.row_starts[i], inverse.row_starts[i + 1]):
                out[inverse.row_columns[e]] += inverse.row_values[e] * times


@compiled
def push_eta(work: Work, etas: int, pivot: int, column: Floats) -> None:
    """Remember a pivot: the column that entered, in terms of the basis before."""
    end = work.eta_starts[etas]
    inverse = 1.0 / column[pivot]
    for i in range(len(column)):
        if i != pivot and abs(column[i]) > 1e-13:
            work.eta_places[end] = i
            work.eta_values[end] = -column[i] * inverse
            end += 1
    work.eta_places[end] = pivot
    work.eta_values[end] = inverse
    work.eta_pivots[etas] = pivot
    work.eta_starts[etas + 1] = end + 1
