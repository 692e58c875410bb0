"""The parts into which a scenario falls once the first stage is fixed.

Rows with a single recourse column are no rows here but bounds that move with the first stage: a
link such as ``shipment ≤ capacity · open`` then costs nothing. Rows without a recourse column
bind the first stage alone and go to the master.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from replant.solve.staged import Recourse

__all__ = ["MovingBounds", "Part", "components_of", "first_stage_rows_of", "part_of", "parts_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class MovingBounds:
    """Bounds ``y[column] ≤ constant − slope x`` (or ≥), one for each row that has one column.

    Attributes
    ----------
    column : ndarray of int, shape (b,)
        Which column of the part.
    constant : ndarray, shape (b,)
        Value where the first stage is zero.
    slope : csr_matrix, shape (b, n)
        What each column of the first stage takes from it.
    """

    column: Places
    constant: Floats
    slope: csr_matrix

    def at(self, first: Floats) -> Floats:
        """Return the bounds at a first stage, shape (b,)."""
        return np.asarray(self.constant - self.slope @ first, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Part:
    """A set of recourse columns that no row ties to the others, with the rows over them.

    Attributes
    ----------
    columns : ndarray of int
        Which of the scenario's columns, shape (k,).
    objective, lower, upper : ndarray, shape (k,)
        Objective and fixed bounds.
    integer : ndarray of bool, shape (k,)
        Which are whole numbers.
    matrix : csr_matrix, shape (r, k)
        Rows over two columns or more.
    technology : csr_matrix, shape (r, n)
        The first stage's columns in these rows.
    row_lower, row_upper : ndarray, shape (r,)
        Bounds of these rows.
    uppers, lowers : MovingBounds
        Bounds that move with the first stage.
    """

    columns: Places
    objective: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    matrix: csr_matrix
    technology: csr_matrix
    row_lower: Floats
    row_upper: Floats
    uppers: MovingBounds
    lowers: MovingBounds


def first_stage_rows_of(block: Recourse) -> tuple[csr_matrix, Floats, Floats]:
    """Return the rows of a scenario that bind the first stage alone: matrix and bounds."""
    alone = np.flatnonzero(np.diff(_entries(block.matrix).indptr) == 0)
    return block.technology[alone], block.row_lower[alone], block.row_upper[alone]


def _entries(matrix: csr_matrix) -> csr_matrix:
    """Return a matrix in which each entry stands once and none is zero."""
    if matrix.has_canonical_format and matrix.data.all():
        return matrix
    found = matrix.copy()
    found.sum_duplicates()
    found.eliminate_zeros()
    return found


def parts_of(block: Recourse) -> list[Part]:
    """Return the parts of a scenario, in the order of their first columns."""
    block = replace(block, matrix=_entries(block.matrix))
    count = np.diff(block.matrix.indptr)
    many, single = np.flatnonzero(count > 1), np.flatnonzero(count == 1)
    rows = csr_matrix(block.matrix[many])
    number, member = components_of(rows, len(block))
    if number == 1:
        return [part_of(block, np.arange(len(block)), many, rows, single)]
    return list(_several(block, many, rows, single, number, member))


def components_of(rows: csr_matrix, columns: int) -> tuple[int, Places]:
    """Return the number of components and each column's, numbered by first appearance."""
    height = rows.shape[0]
    if columns == 0:
        return 0, np.zeros(0, dtype=np.intp)
    # A graph in which each row ties its first column to each of the others.
    starts = rows.indices[rows.indptr[:-1]] if height else np.zeros(0, dtype=np.int32)
    firsts = np.repeat(starts, np.diff(rows.indptr))
    ones = np.ones(len(rows.indices), dtype=np.int8)
    graph = csr_matrix((ones, (firsts, rows.indices)), shape=(columns, columns))
    number, member = connected_components(graph, directed=False)
    return int(number), np.asarray(member, dtype=np.intp)


def _several(
    block: Recourse,
    many: Places,
    rows: csr_matrix,
    single: Places,
    number: int,
    member: Places,
) -> Iterator[Part]:
    order = np.argsort(member, kind="stable")
    starts = np.searchsorted(member[order], np.arange(number + 1))
    row_member = member[rows.indices[rows.indptr[:-1]]]
    row_order = np.argsort(row_member, kind="stable")
    row_starts = np.searchsorted(row_member[row_order], np.arange(number + 1))
    owner = member[block.matrix.indices[block.matrix.indptr[single]]]
    single_order = np.argsort(owner, kind="stable")
    single_starts = np.searchsorted(owner[single_order], np.arange(number + 1))
    for part in range(number):
        columns = order[starts[part] : starts[part + 1]]
        picked = row_order[row_starts[part] : row_starts[part + 1]]
        alone = single[single_order[single_starts[part] : single_starts[part + 1]]]
        yield part_of(block, columns, many[picked], csr_matrix(rows[picked]), alone)


def part_of(
    block: Recourse, columns: Places, kept: Places, rows: csr_matrix, single: Places
) -> Part:
    """Return some columns of a scenario as a part.

    Parameters
    ----------
    block : Recourse
        The scenario.
    columns : ndarray of int
        The columns.
    kept : ndarray of int
        The scenario's rows over two of them or more, and over no other.
    rows : csr_matrix
        These rows of its matrix.
    single : ndarray of int
        Its rows over one of them alone.
    """
    uppers, lowers = _moving(block, columns, single)
    return Part(
        columns=columns,
        objective=block.objective[columns],
        lower=block.lower[columns],
        upper=block.upper[columns],
        integer=block.integer[columns],
        matrix=csr_matrix(csc_matrix(rows)[:, columns]),
        technology=csr_matrix(block.technology[kept]),
        row_lower=block.row_lower[kept],
        row_upper=block.row_upper[kept],
        uppers=uppers,
        lowers=lowers,
    )


def _moving(block: Recourse, columns: Places, single: Places) -> tuple[MovingBounds, MovingBounds]:
    """Return the bounds from above and from below that rows with one column are."""
    place = np.full(len(block), -1, dtype=np.intp)
    place[columns] = np.arange(len(columns))
    column = place[block.matrix.indices[block.matrix.indptr[single]]]
    weight = block.matrix.data[block.matrix.indptr[single]]
    slope = csr_matrix(block.technology[single].multiply((1.0 / weight)[:, None]))
    first, second = block.row_lower[single] / weight, block.row_upper[single] / weight
    low, high = np.where(weight > 0, first, second), np.where(weight > 0, second, first)
    above, below = np.isfinite(high), np.isfinite(low)
    return (
        MovingBounds(column[above], high[above], csr_matrix(slope[above])),
        MovingBounds(column[below], low[below], csr_matrix(slope[below])),
    )
