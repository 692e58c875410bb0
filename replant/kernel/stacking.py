"""Many expressions, one sparse matrix; and reads of streams replaced by what was posted.

Columns are in their final order: the real ones first, then one pseudo column for each element
that some read refers to. Reads may refer to streams that read other streams. Write ``X`` for the
reads' coefficients of reads and ``Q`` for their coefficients of columns; then what the reads
stand for is ``(I + X + X² + …) Q``, a finite sum as long as no stream depends on itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

from replant.kernel.expression import Expr
from replant.kernel.term import Floats, Positions

__all__ = ["Numbering", "Stack", "cycle", "resolved", "stacked"]


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
    entries = sum(len(term.columns) for expr in exprs for term in expr.terms)
    row = np.empty(entries, dtype=np.int32)
    column = np.empty(entries, dtype=np.int32)
    value = np.empty(entries)
    constants = np.zeros(rows)
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
        _add_constants(constants, expr, home)
    width = numbering.columns + numbering.reads
    matrix = coo_matrix((value, (row, column)), shape=(rows, width)).tocsr()
    matrix.eliminate_zeros()
    return Stack(matrix, constants)


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
