"""From a relaxed first stage to a plan: ways that fit there, and the best that goes with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix, vstack

from replant.solve.dividing.ways import Floats, Ways
from replant.solve.loading import loaded
from replant.solve.staged import FirstStage

__all__ = ["Planner"]


@dataclass(eq=False)
class Planner:
    """Makes plans.

    Parameters
    ----------
    stage : FirstStage
        The first stage.
    ways : Ways
        The ways of all parts.
    threads : int
        Threads of the solver.
    """

    stage: FirstStage
    ways: Ways
    threads: int = 1
    _relaxed: Any = field(init=False)
    _whole: Any = field(init=False)

    def __post_init__(self) -> None:
        self._relaxed = self._loaded(whole=False)
        self._whole = self._loaded(whole=True) if self.stage.integer.any() else None

    def near(self, first: Floats, worth: float) -> tuple[float, Floats] | None:
        """Return a plan near a relaxed first stage, and its value.

        Parameters
        ----------
        first : ndarray, shape (n,)
            The relaxed first stage.
        worth : float
            What a plan must be worth more than.

        Returns
        -------
        tuple of float and ndarray, shape (n,), or None
            None where no such plan was found.
        """
        ways = self.ways
        chosen = ways.best(ways.heights(first))
        if (chosen < 0).any():
            return None
        recourse = float(ways.worth[chosen].sum()) + ways.constant
        # As far as the ways that fit there allow, the first stage may do what is best for itself.
        most = np.full(2 * len(ways.sums), np.inf)
        np.minimum.at(most, ways.needs.ravel(), ways.reach[chosen].ravel())
        found = self._solved(self._relaxed, most)
        if found is not None and self._whole is not None and self._value(found) + recourse > worth:
            found = self._solved(self._whole, most)
        if found is None or self._value(found) + recourse <= worth:
            return None
        found = self._made_whole(found)
        again = ways.best(ways.heights(found))
        if (again < 0).any():
            return None
        return self._value(found) + float(ways.worth[again].sum()) + ways.constant, found

    def _value(self, first: Floats) -> float:
        return float(self.stage.objective @ first)

    def _made_whole(self, first: Floats) -> Floats:
        return np.where(self.stage.integer, np.round(first), first) + 0.0

    def _loaded(self, *, whole: bool) -> Any:
        stage, sums = self.stage, len(self.ways.sums)
        return loaded(
            csr_matrix(vstack([stage.matrix, csr_matrix(self.ways.sums)])),
            stage.objective,
            stage.lower,
            stage.upper,
            np.concatenate([stage.row_lower, np.full(sums, -np.inf)]),
            np.concatenate([stage.row_upper, np.full(sums, np.inf)]),
            integer=stage.integer if whole else None,
            threads=self.threads,
            mip_rel_gap=0.0,
            mip_feasibility_tolerance=1e-8,
            primal_feasibility_tolerance=1e-8,
        )

    def _solved(self, model: Any, most: Floats) -> Floats | None:
        """Return the best first stage whose needs are no higher than this; None without one."""
        sums = len(self.ways.sums)
        rows = np.arange(sums, dtype=np.int32) + self.stage.matrix.shape[0]
        model.changeRowsBounds(sums, rows, -most[sums:], most[:sums])
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = np.array(model.getSolution().col_value, dtype=np.float64)
        return np.clip(found, self.stage.lower, self.stage.upper)
