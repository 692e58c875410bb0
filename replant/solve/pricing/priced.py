"""A problem without its ties: they may be missed, at a price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.pricing.ties import Ties
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.staged import WholeArrays
from replant.solve.whole import solve_arrays

__all__ = ["Priced"]

Floats = NDArray[np.float64]

# What remains of a sum of terms when it should have been nothing, as a share of their sizes.
_DUST = 1e-13


@dataclass(frozen=True, eq=False)
class Priced:
    """A problem whose ties can be priced.

    Parameters
    ----------
    problem : WholeArrays
        What to maximise.
    ties : Ties
        The rows that are priced.
    """

    problem: WholeArrays
    ties: Ties

    @cached_property
    def _tying(self) -> csr_matrix:
        return csr_matrix(self.problem.matrix[np.flatnonzero(self.ties.rows)])

    @cached_property
    def _rest(self) -> csr_matrix:
        return csr_matrix(self.problem.matrix[np.flatnonzero(~self.ties.rows)])

    @property
    def _limits(self) -> tuple[Floats, Floats]:
        """Return the upper and lower limits of the ties."""
        return self.problem.row_upper[self.ties.rows], self.problem.row_lower[self.ties.rows]

    def allowed(self, prices: Floats) -> Floats:
        """Return prices without those on a side to which a tie has no limit."""
        upper, lower = self._limits
        held = np.where(prices > 0.0, np.isfinite(upper), np.isfinite(lower))
        return np.where(held, prices, 0.0)

    def worth(self, prices: Floats) -> tuple[Floats, float]:
        """Return the objective at some prices, and its constant.

        Parameters
        ----------
        prices : ndarray, shape (ties,)
            As `allowed` returns them.
        """
        upper, lower = self._limits
        limit = np.where(prices > 0.0, upper, lower)
        limit = np.where(prices == 0.0, 0.0, limit)
        paid = self._tying.T @ prices
        objective = self.problem.objective - paid
        # A column without an end must not earn the rounding of what it pays for itself.
        size = np.abs(self.problem.objective) + abs(self._tying).T @ np.abs(prices)
        objective[np.abs(objective) <= _DUST * size] = 0.0
        return objective, self.problem.constant + float(prices @ limit)

    def solve(
        self, prices: Floats, settings: SolveSettings, options: Mapping[str, float]
    ) -> Solution:
        """Solve at some prices; the bound holds for the problem with its ties.

        Its plan need not keep the ties, so that it is none of the problem itself.
        """
        objective, constant = self.worth(prices)
        kept = ~self.ties.rows
        loose = replace(
            self.problem,
            objective=objective,
            constant=constant,
            matrix=self._rest,
            row_lower=self.problem.row_lower[kept],
            row_upper=self.problem.row_upper[kept],
        )
        return solve_arrays(loose, settings, options)
