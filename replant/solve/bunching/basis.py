"""A basis: its inverse, and products with the inverse and the pivots since.

The loop that adds a sparse column to a vector and lists its places is written out wherever it is
needed: as one function that all call it takes a tenth longer, inlined by numba still some per cent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from replant.solve.bunching.arrays import (
    COLUMNS,
    PRICES,
    ROWS,
    Floats,
    Inverse,
    Matrix,
    Places,
    Work,
)
from replant.solve.bunching.compiled import compiled

__all__ = ["add_column", "backward", "forward", "inverse_of", "logical_basis", "push_eta"]

# A pivot smaller than this makes a basis too hard to invert.
_SMALLEST = 1e-8
# Entries of an inverse below this are rounding, and those of a pivot below that.
_ROUNDING = 1e-12
_NOTHING = 1e-13


def logical_basis(matrix: Matrix) -> NDArray[np.int64]:
    """Return the basis of all logicals."""
    return np.arange(matrix.width, matrix.width + matrix.height, dtype=np.int64)


def inverse_of(matrix: Matrix, head: NDArray[np.int64]) -> Inverse | None:
    """Return the inverse of a basis, its columns in places that suit; None if there is none."""
    dense, turned, placed, fine = _inverted(matrix, head)
    if not fine:
        return None
    rows, columns = _compressed(dense), _compressed(turned)
    # An empty row would be no inverse; a tiny norm would make its place leave for ever.
    norms = np.maximum(_norms(*rows), 1e-4)
    return Inverse(placed, *rows, *columns, norms)


@compiled
def _inverted(
    matrix: Matrix, head: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.int64], bool]:
    """Pivot the structural columns of a basis into the identity, the largest pivot each time.

    Returns the inverse, and turned around, the columns in their places, and whether it went well.
    Only few entries are not zero: they are visited by the rows of both arrays.
    """
    rows, width = matrix.height, matrix.width
    inverse, turned = np.zeros((rows, rows)), np.zeros((rows, rows))
    placed = np.empty(rows, np.int64)
    free = np.ones(rows, np.int8)
    for i in range(rows):
        placed[i] = width + i
        inverse[i, i] = 1.0
        turned[i, i] = 1.0
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
            column += matrix.column_values[e] * turned[matrix.column_rows[e]]
        best, pivot = 0.0, -1
        for i in range(rows):
            if free[i] == 1 and abs(column[i]) > best:
                best, pivot = abs(column[i]), i
        if best < _SMALLEST:
            return inverse, turned, placed, False
        free[pivot] = 0
        placed[pivot] = j
        for c in range(rows):
            entry = inverse[pivot, c] / column[pivot]
            if entry == 0.0:
                continue
            for i in range(rows):
                if column[i] != 0.0:
                    turned[c, i] -= column[i] * entry
                    inverse[i, c] = turned[c, i]
            turned[c, pivot] = entry
            inverse[pivot, c] = entry
    return inverse, turned, placed, True


@compiled
def _compressed(dense: Floats) -> tuple[Places, Places, Floats]:
    """Return starts, columns and values of the entries that are more than rounding."""
    height, width = dense.shape
    starts = np.zeros(height + 1, np.int32)
    for i in range(height):
        count = 0
        for c in range(width):
            if abs(dense[i, c]) > _ROUNDING:
                count += 1
        starts[i + 1] = starts[i] + count
    columns, values = np.empty(starts[height], np.int32), np.empty(starts[height])
    place = 0
    for i in range(height):
        for c in range(width):
            if abs(dense[i, c]) > _ROUNDING:
                columns[place] = c
                values[place] = dense[i, c]
                place += 1
    return starts, columns, values


@compiled
def _norms(starts: Places, columns: Places, values: Floats) -> Floats:
    """Return the squared length of each row."""
    norms = np.zeros(len(starts) - 1)
    for i in range(len(norms)):
        for e in range(starts[i], starts[i + 1]):
            norms[i] += values[e] * values[e]
    return norms


@compiled
def add_column(matrix: Matrix, j: int, times: float, work: Work) -> None:
    """Add a multiple of a column, structural or logical, to ``work.row``."""
    count, marked, rows = work.counts[ROWS], work.row_marked, work.row_list
    first, last = 0, 1
    if j < matrix.width:
        first, last = matrix.column_starts[j], matrix.column_starts[j + 1]
    for e in range(first, last):
        row, value = j - matrix.width, times
        if j < matrix.width:
            row, value = matrix.column_rows[e], matrix.column_values[e] * times
        if marked[row] == 0:
            marked[row] = 1
            rows[count] = row
            count += 1
        work.row[row] += value
    work.counts[ROWS] = count


@compiled
def forward(inverse: Inverse, work: Work, etas: int) -> None:
    """Multiply the inverse, with all pivots since, by ``work.row``, which is used up.

    The product is ``work.column``.
    """
    column, places, marked = work.column, work.column_list, work.place_marked
    for k in range(work.counts[COLUMNS]):
        column[places[k]] = 0.0
    count = 0
    for k in range(work.counts[ROWS]):
        row = work.row_list[k]
        times = work.row[row]
        work.row[row] = 0.0
        work.row_marked[row] = 0
        if times == 0.0:
            continue
        for e in range(inverse.column_starts[row], inverse.column_starts[row + 1]):
            place = inverse.column_rows[e]
            if marked[place] == 0:
                marked[place] = 1
                places[count] = place
                count += 1
            column[place] += inverse.column_values[e] * times
    work.counts[ROWS] = 0
    for k in range(etas):
        times = column[work.eta_pivots[k]]
        if times == 0.0:
            continue
        column[work.eta_pivots[k]] = 0.0
        for e in range(work.eta_starts[k], work.eta_starts[k + 1]):
            place = work.eta_places[e]
            if marked[place] == 0:
                marked[place] = 1
                places[count] = place
                count += 1
            column[place] += work.eta_values[e] * times
    for k in range(count):
        marked[places[k]] = 0
    work.counts[COLUMNS] = count


@compiled
def backward(inverse: Inverse, work: Work, etas: int, count: int) -> None:
    """Multiply ``work.place``, which is used up, by the inverse with all pivots since.

    ``work.place_list`` names the first ``count`` places that may be other than zero. The product
    is ``work.prices``.
    """
    vector, places, marked = work.place, work.place_list, work.place_marked
    for k in range(count):
        marked[places[k]] = 1
    for k in range(etas - 1, -1, -1):
        total = 0.0
        for e in range(work.eta_starts[k], work.eta_starts[k + 1]):
            total += vector[work.eta_places[e]] * work.eta_values[e]
        pivot = work.eta_pivots[k]
        vector[pivot] = total
        if total != 0.0 and marked[pivot] == 0:
            marked[pivot] = 1
            places[count] = pivot
            count += 1
    prices, rows, seen = work.prices, work.price_list, work.row_marked
    for k in range(work.counts[PRICES]):
        prices[rows[k]] = 0.0
    found = 0
    for k in range(count):
        place = places[k]
        times = vector[place]
        vector[place] = 0.0
        marked[place] = 0
        if times == 0.0:
            continue
        for e in range(inverse.row_starts[place], inverse.row_starts[place + 1]):
            row = inverse.row_columns[e]
            if seen[row] == 0:
                seen[row] = 1
                rows[found] = row
                found += 1
            prices[row] += inverse.row_values[e] * times
    for k in range(found):
        seen[rows[k]] = 0
    work.counts[PRICES] = found


@compiled
def push_eta(work: Work, etas: int, pivot: int) -> None:
    """Remember a pivot: the column that entered, in terms of the basis before."""
    end = work.eta_starts[etas]
    inverse = 1.0 / work.column[pivot]
    for k in range(work.counts[COLUMNS]):
        i = work.column_list[k]
        if i != pivot and abs(work.column[i]) > _NOTHING:
            work.eta_places[end] = i
            work.eta_values[end] = -work.column[i] * inverse
            end += 1
    work.eta_places[end] = pivot
    work.eta_values[end] = inverse
    work.eta_pivots[etas] = pivot
    work.eta_starts[etas + 1] = end + 1
