"""One part with its whole numbers, solved at a first stage."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError
from replant.solve.benders.oracle import bounds_at
from replant.solve.benders.part import Part
from replant.solve.loading import loaded
from replant.solve.whole_bounds import whole_between

__all__ = ["Earnest"]

Floats = NDArray[np.float64]

_CROSSED = 1e-9


class Earnest:
    """One part as an integer problem that stays loaded.

    Parameters
    ----------
    part : Part
        The part.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self._model: Any = None

    def solve(self, first: Floats, time_limit: float) -> tuple[float, float]:
        """Return what the part is worth at a first stage, and a bound on it.

        Raises
        ------
        SolverError
            If the solver gave up for another reason than time.
        """
        part = self.part
        shift = part.technology @ first
        lower, upper = bounds_at(part, first)
        if (lower > upper + _CROSSED).any():
            return -np.inf, -np.inf
        # Given bounds that are not whole, the solver may err.
        lower, upper = whole_between(lower, np.maximum(lower, upper), part.integer)
        if (lower > upper).any():
            return -np.inf, -np.inf
        below, above = part.row_lower - shift, part.row_upper - shift
        if self._model is None:
            self._model = loaded(
                part.matrix,
                part.objective,
                lower,
                upper,
                below,
                above,
                integer=part.integer,
                threads=1,
                mip_rel_gap=0.0,
                mip_abs_gap=1e-7,
                mip_feasibility_tolerance=1e-7,
            )
        else:
            width, height = len(lower), len(below)
            columns, rows = np.arange(width, dtype=np.int32), np.arange(height, dtype=np.int32)
            self._model.changeColsBounds(width, columns, lower, upper)
            self._model.changeRowsBounds(height, rows, below, above)
        self._model.setOptionValue("time_limit", self._model.getRunTime() + max(time_limit, 0.01))
        self._model.run()
        if self._model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            # Much hangs on this word of the solver: it is asked again without its presolve.
            self._model.setOptionValue("presolve", "off")
            self._model.clearSolver()
            self._model.run()
            self._model.setOptionValue("presolve", "choose")
        return self._told()

    def _told(self) -> tuple[float, float]:
        model = self._model
        status = model.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return -np.inf, -np.inf
        info = model.getInfo()
        if status == highspy.HighsModelStatus.kOptimal:
            value = float(info.objective_function_value)
            whole = bool(self.part.integer.any())
            return value, max(value, float(info.mip_dual_bound)) if whole else value
        if status != highspy.HighsModelStatus.kTimeLimit:
            raise SolverError(f"a part could not be solved: {status}")
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        value = float(info.objective_function_value) if found else -np.inf
        return value, float(info.mip_dual_bound)
