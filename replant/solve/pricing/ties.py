"""Which rows tie a problem together, and the pieces it falls into without them.

Cash from period to period, or a year's taxable income, meets nearly every column. Such rows are few
and long, and they are seen in the matrix by that alone. Whatever rows are taken out, what is proven
then is true; a good choice only makes it telling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.benders.part import components_of

__all__ = ["Ties", "ties_of"]

Places = NDArray[np.intp]
Flags = NDArray[np.bool_]

# A tie meets so many columns at least, and so many times as many as the mean of all rows.
_LONG, _TIMES = 100, 30.0
# More of the rows than this do not tie a problem, they are the problem.
_SHARE = 0.02
# A piece with fewer columns than this share of all is a small one.
_LARGE = 0.1


@dataclass(frozen=True, eq=False)
class Ties:
    """The rows that tie a problem.

    Attributes
    ----------
    rows : ndarray of bool, shape (rows,)
        Which rows they are.
    pieces : tuple of ndarray of int
        The columns of each large piece of what is left.
    small : ndarray of bool, shape (columns,)
        Columns of the other pieces.
    """

    rows: Flags
    pieces: tuple[Places, ...]
    small: Flags


def ties_of(matrix: csr_matrix) -> Ties | None:
    """Return the rows that tie a problem; None if there are none.

    Parameters
    ----------
    matrix : csr_matrix, shape (rows, columns)
        Its coefficients.
    """
    length = np.diff(matrix.indptr)
    if not matrix.nnz:
        return None
    rows = length >= max(_LONG, _TIMES * float(length[length > 0].mean()))
    if not rows.any() or rows.sum() > _SHARE * len(rows):
        return None
    _, member = components_of(csr_matrix(matrix[~rows & (length > 0)]), matrix.shape[1])
    size = np.bincount(member)
    large = np.flatnonzero(size >= _LARGE * len(member))
    pieces = tuple(np.flatnonzero(member == each) for each in large.tolist())
    return Ties(rows, pieces, ~np.isin(member, large))
