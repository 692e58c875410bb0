"""A problem without its ties: they may be missed, at a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.kernel import Program
from replant.solve.pricing.ties import Ties
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.whole import solve_matrix

__all__ = ["Priced"]

Floats = NDArray[np.float64]

# What remains of a sum of terms when it should have been nothing, as a share of their sizes.
_DUST = 1e-13


@dataclass(frozen=True, eq=False)
class Priced:
    """A problem whose ties can be priced.

    Parameters
    ----------
    program : Program
        What to maximise.
    ties : Ties
        The rows that are priced.
    """

    program: Program
    ties: Ties

    @cached_property
    def _tying(self) -> csr_matrix:
        return csr_matrix(self.program.matrix[np.flatnonzero(self.ties.rows)])

    @cached_property
    def _rest(self) -> csr_matrix:
        return csr_matrix(self.program.matrix[np.flatnonzero(~self.ties.rows)])

    def allowed(self, prices: Floats) -> Floats:
        """Return prices without those on a side to which a tie has no limit."""
        rows = self.program.rows
        upper, lower = rows.upper[self.ties.rows], rows.lower[self.ties.rows]
        held = np.where(prices > 0.0, np.isfinite(upper), np.isfinite(lower))
        return np.where(held, prices, 0.0)

    def worth(self, prices: Floats) -> tuple[Floats, float]:
        """Return the objective at some prices, and its constant.

        Parameters
        ----------
        prices : ndarray, shape (ties,)
            As `allowed` returns them.
        """
        rows = self.program.rows
        limit = np.where(prices > 0.0, rows.upper[self.ties.rows], rows.lower[self.ties.rows])
        limit = np.where(prices == 0.0, 0.0, limit)
        paid = self._tying.T @ prices
        objective = self.program.objective - paid
        # A column without an end must not earn the rounding of what it pays for itself.
        size = np.abs(self.program.objective) + abs(self._tying).T @ np.abs(prices)
        objective[np.abs(objective) <= _DUST * size] = 0.0
        return objective, self.program.objective_constant + float(prices @ limit)

    def solve(
        self, prices: Floats, settings: SolveSettings, options: Mapping[str, float]
    ) -> Solution:
        """Solve at some prices; the bound holds for the problem with its ties.

        Its plan need not keep the ties, so that it is none of the problem itself.
        """
        objective, constant = self.worth(prices)
        columns, rows = self.program.columns, self.program.rows
        kept = ~self.ties.rows
        return solve_matrix(
            matrix=self._rest,
            objective=objective,
            constant=constant,
            lower=columns.lower,
            upper=columns.upper,
            integer=columns.integer,
            row_lower=rows.lower[kept],
            row_upper=rows.upper[kept],
            settings=settings,
            options=options,
        )
