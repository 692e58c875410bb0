"""Giving: columns by which some rows of a program may be missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.analysis.infeasible.rules import Rows
from replant.kernel import Program

__all__ = ["Giving"]


@dataclass(frozen=True, eq=False)
class Giving:
    """Columns by which rows give.

    Parameters
    ----------
    rows : ndarray
        A row for each entry.
    places : ndarray
        The column of each entry: rows that share one give alike.
    signs : ndarray
        1 where a row gives at its lower bound, -1 at its upper.
    count : int
        Number of columns.
    """

    rows: Rows
    places: Rows
    signs: NDArray[np.float64]
    count: int

    @staticmethod
    def of(program: Program, rows: Rows, places: Rows) -> Giving:
        """Return what lets rows give, at each of their bounds, by the columns at some places."""
        below = np.isfinite(program.rows.lower[rows])
        above = np.isfinite(program.rows.upper[rows])
        columns = int(places.max(initial=-1)) + 1
        shift = columns if (below & above).any() else 0
        return Giving(
            np.concatenate([rows[below], rows[above]]),
            np.concatenate([places[below], places[above] + shift]),
            np.concatenate([np.ones(int(below.sum())), -np.ones(int(above.sum()))]),
            columns + shift,
        )

    def matrix(self, height: int) -> csr_matrix:
        """Return the coefficients, shape (height, count)."""
        return csr_matrix((self.signs, (self.rows, self.places)), shape=(height, self.count))
