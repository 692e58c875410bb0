"""Many expressions, one sparse matrix; and reads of streams replaced by what was posted.

Columns are in their final order: the real ones first, then one pseudo column for each element
that some read refers to. Reads may refer to streams that read other streams. Write ``X`` for the
reads' coefficients of reads and ``Q`` for their coefficients of columns; then what the reads
stand for is ``(I + X + X² + …) Q``, a finite sum as long as no stream depends on itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from replant.kernel.expression import Expr
from replant.kernel.term import Floats, Positions

__all__ = ["Numbering", "Stack", "cycle", "resolved", "stacked", "stacked_in_order"]

# So many entries are put in order at a time: few enough for the processor's cache, enough that
# the calls do not count.
PART = 2**18


@dataclass(frozen=True, eq=False)
class Numbering:
    """The final place of each provisional column.

    Parameters
    ----------
    places : ndarray of int32, or None
        Final number of each provisional column; None if they are the same.
    columns : int
        Number of real columns.
    reads : int
        Number of pseudo columns, which stand after the real ones.
    """

    places: Positions | None
    columns: int
    reads: int


@dataclass(frozen=True, eq=False)
class Stack:
    """Rows of a matrix over all columns, and the constant of each row."""

    matrix: csr_matrix
    constants: Floats


def stacked(
    exprs: Sequence[Expr],
    homes: Sequence[int | NDArray[np.int64]],
    rows: int,
    numbering: Numbering,
) -> Stack:
    """Return one matrix of many expressions.

    Parameters
    ----------
    exprs : sequence of Expr
        The expressions.
    homes : sequence of int or ndarray
        For each, the row of its first element, or the row of each of its elements; rows that
        several expressions share are added up.
    rows : int
        Number of rows.
    numbering : Numbering
        The final columns.
    """
    row, column, value = _entries(exprs, homes, numbering)
    constants = np.zeros(rows)
    for expr, home in zip(exprs, homes, strict=True):
        _add_constants(constants, expr, home)
    return Stack(_summed(row, column, value, rows, numbering), constants)


def stacked_in_order(exprs: Sequence[Expr], numbering: Numbering) -> Stack:
    """Return one matrix of many expressions, the rows of each after those of the one before.

    What is no longer needed is let go part by part, so that beside the matrix there is never
    more than the entries of one part.
    """
    sizes = [expr.size for expr in exprs]
    starts = [0, *accumulate(sizes)]
    entries = sum(_count(expr) for expr in exprs)
    wide = entries > np.iinfo(np.int32).max
    kind: type[np.signedinteger] = np.int64 if wide else np.int32
    pointers: NDArray[np.signedinteger] = np.zeros(starts[-1] + 1, dtype=kind)
    columns, values = np.empty(entries, dtype=np.int32), np.empty(entries)
    constants = np.zeros(starts[-1])
    filled = 0
    for first, last in _parts(exprs):
        part, start, stop = exprs[first:last], starts[first], starts[last]
        homes = [each - start for each in starts[first:last]]
        for expr, home in zip(part, homes, strict=True):
            _add_constants(constants[start:stop], expr, home)
        matrix = _summed(*_entries(part, homes, numbering), stop - start, numbering)
        columns[filled : filled + matrix.nnz] = matrix.indices
        values[filled : filled + matrix.nnz] = matrix.data
        pointers[start + 1 : stop + 1] = matrix.indptr[1:]
        pointers[start + 1 : stop + 1] += filled
        filled += matrix.nnz
    width = numbering.columns + numbering.reads
    arrays = values[:filled], columns[:filled], pointers
    return Stack(csr_matrix(arrays, shape=(starts[-1], width)), constants)


def _count(expr: Expr) -> int:
    return sum(len(term.columns) for term in expr.terms)


def _parts(exprs: Sequence[Expr]) -> Iterator[tuple[int, int]]:
    """Cut many expressions into runs of enough entries to be worth a matrix of their own."""
    first, entries = 0, 0
    for place, expr in enumerate(exprs):
        entries += _count(expr)
        if entries >= PART:
            yield first, place + 1
            first, entries = place + 1, 0
    if first < len(exprs):
        yield first, len(exprs)


def _entries(
    exprs: Sequence[Expr], homes: Sequence[int | NDArray[np.int64]], numbering: Numbering
) -> tuple[Positions, Positions, Floats]:
    """Return row, column and value of every entry, as the expressions list them."""
    entries = sum(_count(expr) for expr in exprs)
    row = np.empty(entries, dtype=np.int32)
    column = np.empty(entries, dtype=np.int32)
    value = np.empty(entries)
    start = 0
    for expr, home in zip(exprs, homes, strict=True):
        for term in expr.terms:
            stop = start + len(term.columns)
            if isinstance(home, int):
                first = np.int32(home)
                if term.elements is None:
                    row[start:stop] = np.arange(home, home + stop - start, dtype=np.int32)
                else:
                    np.add(term.elements, first, out=row[start:stop])
            else:
                row[start:stop] = home if term.elements is None else home[term.elements]
            if numbering.places is None:
                column[start:stop] = term.columns
            else:
                column[start:stop] = numbering.places[term.columns]
            value[start:stop] = term.values
            start = stop
    return row, column, value


def _summed(
    row: Positions, column: Positions, value: Floats, rows: int, numbering: Numbering
) -> csr_matrix:
    """Return the matrix of entries, those of one place added up, without zeros."""
    width = numbering.columns + numbering.reads
    matrix = coo_matrix((value, (row, column)), shape=(rows, width)).tocsr()
    matrix.eliminate_zeros()
    return matrix


def _add_constants(constants: Floats, expr: Expr, home: int | NDArray[np.int64]) -> None:
    for fixed in expr.fixed:
        if isinstance(home, int):
            constants[home : home + expr.size] += fixed.values.ravel()
        else:
            # Several elements of one post may have the same home only across posts, never
            # within one, so plain indexed addition loses nothing.
            constants[home] += fixed.values.ravel()


def resolved(reads: Stack, numbering: Numbering) -> Stack:
    """Return what each read stands for, over real columns only.

    The reads must have no cycle. Doubling makes ``(I + X)(I + X²)(I + X⁴)…`` of the sum, so
    a chain over periods costs the logarithm of its length in products.
    """
    matrix = reads.matrix[:, : numbering.columns]
    power = reads.matrix[:, numbering.columns :]
    constants = reads.constants
    while power.nnz:
        matrix = matrix + power @ matrix
        constants = constants + power @ constants
        power = power @ power
    return Stack(csr_matrix(matrix), constants)


def cycle(reads: Stack, numbering: Numbering) -> NDArray[np.intp]:
    """Return the reads on one cycle, or none."""
    links = reads.matrix[:, numbering.columns :]
    selves = np.flatnonzero(links.diagonal())
    if len(selves):
        return selves[:1]
    count, group = connected_components(links, directed=True, connection="strong")
    if count == links.shape[0]:
        return np.zeros(0, dtype=np.intp)
    sizes = np.bincount(group)
    return np.flatnonzero(group == group[np.flatnonzero(sizes[group] > 1)[0]])


def substituted(stack: Stack, meaning: Stack | None, numbering: Numbering) -> Stack:
    """Return rows over real columns only: each read replaced by what it stands for."""
    if meaning is None:
        return stack
    matrix = stack.matrix[:, : numbering.columns]
    reads = stack.matrix[:, numbering.columns :]
    constants = stack.constants
    if reads.nnz:
        matrix = csr_matrix(matrix + reads @ meaning.matrix)
        matrix.eliminate_zeros()
        constants = constants + reads @ meaning.constants
    matrix.sort_indices()
    return Stack(matrix, constants)
