"""How a scenario falls into periods that meet in a chain.

Where the columns of a scenario know their period, the rows that reach over several periods (cash
from one to the next) and the columns in them are the chain. What is left falls apart by period, and
each period meets the chain in one column: what it earns. Given the first stage, each period earns
the most it can, and the chain is solved with these earnings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from replant.solve.staged import Recourse

__all__ = ["Chain", "Entries", "Layout", "PeriodLayout", "layout_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Entries:
    """Where the entries of some rows stand in a matrix's data.

    Attributes
    ----------
    at : ndarray of int
        Their places in the data.
    of_row : ndarray of int
        In which of the rows each stands.
    columns : ndarray of int
        In which column.
    """

    at: Places
    of_row: Places
    columns: Places


@dataclass(frozen=True, eq=False)
class PeriodLayout:
    """One period.

    Attributes
    ----------
    columns : ndarray of int, shape (k,)
        Its columns, among the scenario's.
    rows : ndarray of int, shape (m,)
        Its rows over two columns or more.
    single : ndarray of int, shape (b,)
        Its rows with one column: bounds that move with the first stage.
    single_at : ndarray of int, shape (b,)
        Which of its columns each of these bounds.
    layers : tuple of ndarray of int
        These bounds so dealt out that none bounds a column twice in one layer.
    matrix : csr_matrix, shape (m, k)
        Coefficients of its columns in its rows.
    turned : csr_matrix, shape (k, m)
        The same, by columns.
    taken_by_rows, taken_by_bounds : Entries
        Where the first stage's coefficients stand, in its rows and in its moving bounds.
    value_row : int
        The row that says what it earns.
    earned : int
        The column it earns into, among the chain's.
    weight : float
        That column's coefficient in the row.
    entries : ndarray of int
        Where the coefficients of its columns in that row stand in the scenario's matrix data.
    entry_at : ndarray of int
        Which of its columns each of these is of.
    """

    columns: Places
    rows: Places
    single: Places
    single_at: Places
    layers: tuple[Places, ...]
    matrix: csr_matrix
    turned: csr_matrix
    taken_by_rows: Entries
    taken_by_bounds: Entries
    value_row: int
    earned: int
    weight: float
    entries: Places
    entry_at: Places


@dataclass(frozen=True, eq=False)
class Chain:
    """What ties the periods: its columns and rows, coefficients of its own and the first stage."""

    columns: Places
    rows: Places
    matrix: csr_matrix
    technology: csr_matrix


@dataclass(frozen=True, eq=False)
class Layout:
    """A scenario's chain and periods; the same for all scenarios that are written alike."""

    chain: Chain
    periods: tuple[PeriodLayout, ...]


def layout_of(block: Recourse) -> Layout | None:
    """Return how a scenario falls into a chain and periods; None if it does not.

    Parameters
    ----------
    block : Recourse
        A scenario.
    """
    if block.period is None or block.integer.any():
        return None
    matrix = csr_matrix(block.matrix)
    count = np.diff(matrix.indptr)
    if not len(count) or (count == 0).any():
        return None
    chained = _chained_columns(matrix, block.period)
    if not chained.any() or chained.all():
        return None
    inside = np.add.reduceat(chained[matrix.indices].astype(np.intp), matrix.indptr[:-1])
    chain_rows, value_rows = inside == count, (inside > 0) & (inside < count)
    if (block.objective[~chained] != 0.0).any() or (inside[value_rows] != 1).any():
        return None
    place = np.full(len(block), -1, dtype=np.intp)
    place[chained] = np.arange(int(chained.sum()))
    periods = []
    for number in np.unique(block.period[~chained]).tolist():
        columns = np.flatnonzero(~chained & (block.period == number))
        found = _period(block, matrix, columns, chained, place, np.flatnonzero(value_rows))
        if found is None:
            return None
        periods.append(found)
    if len({each.earned for each in periods}) < len(periods) or len(periods) < value_rows.sum():
        return None
    rows, columns = np.flatnonzero(chain_rows), np.flatnonzero(chained)
    chain = Chain(
        columns,
        rows,
        csr_matrix(csc_matrix(matrix[rows])[:, columns]),
        csr_matrix(block.technology[rows]),
    )
    return Layout(chain, tuple(periods))


def _chained_columns(matrix: csr_matrix, period: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which columns are of the chain.

    They stand in a row that reaches over several periods, or in one with two that do.
    """
    of_entry, starts = period[matrix.indices], matrix.indptr[:-1]
    count = np.diff(matrix.indptr)
    rows = np.minimum.reduceat(of_entry, starts) != np.maximum.reduceat(of_entry, starts)
    chained = np.zeros(matrix.shape[1], dtype=bool)
    while rows.any():
        chained[matrix.indices[np.repeat(rows, count)]] = True
        inside = np.add.reduceat(chained[matrix.indices].astype(np.intp), starts)
        rows = (inside >= 2) & (inside < count)
    return chained


def _period(
    block: Recourse,
    matrix: csr_matrix,
    columns: Places,
    chained: NDArray[np.bool_],
    place: Places,
    value_rows: Places,
) -> PeriodLayout | None:
    """Return one period; None unless one equation says what it earns into a free column."""
    mine = np.zeros(len(block), dtype=bool)
    mine[columns] = True
    touched = np.unique(
        np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))[mine[matrix.indices]]
    )
    earning = np.intersect1d(touched, value_rows)
    if len(earning) != 1:
        return None
    row = int(earning[0])
    entries = np.arange(matrix.indptr[row], matrix.indptr[row + 1])
    link = int(entries[chained[matrix.indices[entries]]][0])
    column = int(matrix.indices[link])
    free = np.isinf(block.lower[column]) and np.isinf(block.upper[column])
    if not free or block.row_lower[row] != block.row_upper[row]:
        return None
    at = np.full(len(block), -1, dtype=np.intp)
    at[columns] = np.arange(len(columns))
    own = entries[entries != link]
    others = np.setdiff1d(touched, earning)
    count = np.diff(matrix.indptr)[others]
    rows, single = others[count > 1], others[count == 1]
    single_at = at[matrix.indices[matrix.indptr[single]]]
    scale = matrix.data[matrix.indptr[single]]
    low = np.where(scale > 0.0, block.row_lower[single], block.row_upper[single])
    if np.isfinite(low).any():
        # Bounds that move from below are for the general way.
        return None
    inside = csr_matrix(csc_matrix(matrix[rows])[:, columns])
    return PeriodLayout(
        columns=columns,
        rows=rows,
        single=single,
        single_at=single_at,
        layers=_layers(single_at),
        matrix=inside,
        turned=csr_matrix(inside.T),
        taken_by_rows=_entries(block.technology, rows),
        taken_by_bounds=_entries(block.technology, single),
        value_row=row,
        earned=int(place[column]),
        weight=float(matrix.data[link]),
        entries=own,
        entry_at=at[matrix.indices[own]],
    )


def _entries(matrix: csr_matrix, rows: Places) -> Entries:
    starts, stops = matrix.indptr[rows], matrix.indptr[rows + 1]
    lengths = stops - starts
    before = np.cumsum(lengths) - lengths
    at = np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))
    columns = matrix.indices[at].astype(np.intp)
    return Entries(at, np.repeat(np.arange(len(rows)), lengths), columns)


def _layers(columns: Places) -> tuple[Places, ...]:
    """Return places of columns, each column once in a layer."""
    order = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], columns[order])
    turn = np.empty(len(columns), dtype=np.intp)
    turn[order] = np.arange(len(columns)) - starts
    return tuple(np.flatnonzero(turn == each) for each in range(int(turn.max(initial=-1)) + 1))
