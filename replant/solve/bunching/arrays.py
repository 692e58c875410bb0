"""What the compiled functions work on: plain arrays with names.

A problem has the structural columns of its matrix and, for each row, one column more that stands
for minus the row's activity, so that ``A y + z = 0``: the *logical* of row i is column n + i. A
basis names one column for each of as many *places* as there are rows.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

__all__ = [
    "COLUMNS",
    "PRICES",
    "ROWS",
    "Columns",
    "Floats",
    "Inverse",
    "Items",
    "Matrix",
    "Places",
    "Work",
    "matrix_of",
    "work_for",
]

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int32]
Columns: TypeAlias = NDArray[np.int64]

# How many pivots one start from a shared basis may take.
PIVOTS = 250
# Places of the lengths of the lists in ``Work.counts``.
ROWS, COLUMNS, PRICES = 0, 1, 2


class Matrix(NamedTuple):
    """The coefficients, by rows and by columns."""

    height: int
    width: int
    row_starts: Places
    row_columns: Places
    row_values: Floats
    column_starts: Places
    column_rows: Places
    column_values: Floats


class Inverse(NamedTuple):
    """The inverse of a basis, by rows (places of the basis) and by columns (rows of the matrix).

    ``norms`` are the squared lengths of its rows, for choosing what leaves the basis.
    """

    head: Columns
    row_starts: Places
    row_columns: Places
    row_values: Floats
    column_starts: Places
    column_rows: Places
    column_values: Floats
    norms: Floats


class Items(NamedTuple):
    """The figures of many problems over one matrix: maximise ``objective y``; one row each."""

    objective: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats


class Work(NamedTuple):
    """Room for one problem at a time.

    ``lower`` … ``reduced`` and ``kind`` have one entry for each column, logicals last; ``kind`` is
    -1 at the lower bound, 1 at the upper bound, 0 in the basis. ``head`` … ``column`` have one
    for each place or row; ``score`` says how far a basic column is out of its bounds. Vectors of
    which few entries are not zero have a list of these: ``row`` the rows in ``row_list``,
    ``column`` the places in ``column_list``, ``prices`` the rows in ``price_list``; ``counts``
    says how long each list is. The ``eta`` arrays hold the pivots since the shared basis.
    """

    lower: Floats
    upper: Floats
    cost: Floats
    value: Floats
    reduced: Floats
    kind: NDArray[np.int8]
    head: Columns
    basic: Floats
    weight: Floats
    score: Floats
    prices: Floats
    place: Floats
    row: Floats
    column: Floats
    entry: Floats
    row_list: Columns
    column_list: Columns
    price_list: Columns
    place_list: Columns
    counts: Columns
    row_marked: NDArray[np.int8]
    place_marked: NDArray[np.int8]
    marked: NDArray[np.int8]
    touched: Columns
    candidate: Columns
    ratio: Floats
    eta_starts: Columns
    eta_pivots: Columns
    eta_places: Places
    eta_values: Floats


def matrix_of(matrix: csr_matrix) -> Matrix:
    """Return a matrix in both orders."""
    rows = csr_matrix(matrix)
    rows.sum_duplicates()
    columns = csc_matrix(rows)
    return Matrix(
        height=rows.shape[0],
        width=rows.shape[1],
        row_starts=rows.indptr.astype(np.int32),
        row_columns=rows.indices.astype(np.int32),
        row_values=rows.data.astype(np.float64),
        column_starts=columns.indptr.astype(np.int32),
        column_rows=columns.indices.astype(np.int32),
        column_values=columns.data.astype(np.float64),
    )


def work_for(matrix: Matrix) -> Work:
    """Return room for problems over a matrix."""
    rows, every = matrix.height, matrix.height + matrix.width
    room = rows * (PIVOTS + 1) + 1
    return Work(
        lower=np.zeros(every),
        upper=np.zeros(every),
        cost=np.zeros(every),
        value=np.zeros(every),
        reduced=np.zeros(every),
        kind=np.zeros(every, dtype=np.int8),
        head=np.zeros(rows, dtype=np.int64),
        basic=np.zeros(rows),
        weight=np.zeros(rows),
        score=np.zeros(rows),
        prices=np.zeros(rows),
        place=np.zeros(rows),
        row=np.zeros(rows),
        column=np.zeros(rows),
        entry=np.zeros(every),
        row_list=np.zeros(rows, dtype=np.int64),
        column_list=np.zeros(rows, dtype=np.int64),
        price_list=np.zeros(rows, dtype=np.int64),
        place_list=np.zeros(rows, dtype=np.int64),
        counts=np.zeros(3, dtype=np.int64),
        row_marked=np.zeros(rows, dtype=np.int8),
        place_marked=np.zeros(rows, dtype=np.int8),
        marked=np.zeros(every, dtype=np.int8),
        touched=np.zeros(every, dtype=np.int64),
        candidate=np.zeros(every, dtype=np.int64),
        ratio=np.zeros(every),
        eta_starts=np.zeros(PIVOTS + 2, dtype=np.int64),
        eta_pivots=np.zeros(PIVOTS + 2, dtype=np.int64),
        eta_places=np.zeros(room, dtype=np.int32),
        eta_values=np.zeros(room),
    )
