"""Products with the inverse of a basis and the pivots since.

The loop that adds a sparse column to a vector and lists its places is written out wherever it is
needed: as one function that all call it takes a tenth longer, inlined by numba still some per cent.
"""

from __future__ import annotations

from replant.solve.bunching.arrays import COLUMNS, PRICES, ROWS, Inverse, Matrix, Work
from replant.solve.bunching.compiled import compiled

__all__ = ["add_column", "backward", "forward", "push_eta"]

# Entries of a pivot below this are rounding.
_NOTHING = 1e-13


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
