"""Solve one part at a first stage, again and again, from the basis of the time before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError, Unbounded
from replant.solve.benders.cut import Cut, proven
from replant.solve.benders.part import MovingBounds, Part
from replant.solve.loading import INFINITE, loaded

__all__ = ["BROKEN", "Answer", "Oracle", "scaled"]

Floats = NDArray[np.float64]

# A cut on the first stage, its largest coefficient 1, must be broken by more than this.
BROKEN = 1e-6
# Rows that nothing shows to be broken may be missed by this share of their height.
_MISSED = 2e-6


@dataclass(frozen=True, eq=False)
class Answer:
    """What a part is worth at a first stage.

    Attributes
    ----------
    value : float
        Its best objective; minus infinity where nothing can be done.
    cut : Cut
        Bound on its value, or, where nothing can be done, ``0 ≤ cut`` that the first stage broke.
    prices : ndarray, optional
        The prices of its rows that prove the cut, if it rests on prices.
    values : ndarray, optional
        What is best done, if anything can be.
    """

    value: float
    cut: Cut
    prices: Floats | None = None
    values: Floats | None = None

    @property
    def feasible(self) -> bool:
        """Whether something can be done."""
        return self.value > -np.inf


class Oracle:
    """One part as a linear program that stays loaded.

    Parameters
    ----------
    part : Part
        The part; its integrality is dropped.
    """

    def __init__(self, part: Part) -> None:
        self.part = part
        self._model: Any = None
        self._columns = np.arange(len(part.objective), dtype=np.int32)
        self._rows = np.arange(len(part.row_lower), dtype=np.int32)
        self._moved = np.unique(np.concatenate([part.uppers.column, part.lowers.column])).astype(
            np.int32
        )

    def ask(self, first: Floats) -> Answer:
        """Return the part's value at a first stage and a cut that is tight there.

        Raises
        ------
        Unbounded
            If the part's value has no bound.
        SolverError
            If the solver gave up, or its prices prove nothing.
        """
        part = self.part
        shift = part.technology @ first
        lower, upper = bounds_at(part, first)
        crossed = np.flatnonzero(lower > upper)
        if len(crossed):
            worst = int(crossed[np.argmax((lower - upper)[crossed])])
            broken = scaled(_crossing(part, first, worst))
            if broken.at(first) < -BROKEN:
                return Answer(-np.inf, broken)
            # Apart by no more than the master's own tolerance: taken as meeting.
            upper = np.maximum(lower, upper)
        if not len(self._rows):
            return self._without_rows(first, lower, upper)
        below, above = part.row_lower - shift, part.row_upper - shift
        status = self._solved(lower, upper, below, above)
        if status == highspy.HighsModelStatus.kInfeasible:
            answer = self._infeasible(first)
            if answer is not None:
                return answer
            status = self._solved(lower, upper, below - _room(below), above + _room(above))
        if status == highspy.HighsModelStatus.kOptimal:
            return self._optimal(first)
        if status in (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ):
            raise Unbounded("a part of the problem can be worth any amount")
        raise SolverError(f"a part could not be solved: {status}")

    # -- solving -----------------------------------------------------------------------------

    def _solved(self, lower: Floats, upper: Floats, below: Floats, above: Floats) -> Any:
        if self._model is None:
            self._model = _loaded(self.part, lower, upper, below, above)
        else:
            moved = self._moved
            if len(moved):
                self._model.changeColsBounds(len(moved), moved, lower[moved], upper[moved])
            self._model.changeRowsBounds(len(self._rows), self._rows, below, above)
        self._model.run()
        status = self._model.getModelStatus()
        if status not in _SETTLED:
            # A warm basis can mislead the simplex; a cold start settles it.
            self._model.clearSolver()
            self._model.run()
            status = self._model.getModelStatus()
        return status

    def _optimal(self, first: Floats) -> Answer:
        solution = self._model.getSolution()
        prices = np.array(solution.row_dual, dtype=np.float64)
        cut = proven(self.part, prices, first)
        if cut is None:
            raise SolverError("the prices of a part prove no bound")
        values = np.array(solution.col_value, dtype=np.float64)
        return Answer(float(self._model.getObjectiveValue()), cut, prices, values)

    def _infeasible(self, first: Floats) -> Answer | None:
        """Return the row that the first stage breaks: from the solver's ray, else from a search.

        None if it breaks none by more than the master's own tolerance.
        """
        exists, ray = self._ray()
        if exists:
            for prices in (ray, -ray):
                answer = self._broken(prices, first)
                if answer is not None:
                    return answer
        return self._elastic(first)

    def _ray(self) -> tuple[bool, Floats]:
        _, exists, ray = self._model.getDualRay()
        return bool(exists), np.array(ray, dtype=np.float64)

    def _broken(self, prices: Floats, first: Floats) -> Answer | None:
        """Return the answer that nothing can be done, if prices prove it."""
        cut = proven(self.part, prices, first, ray=True)
        if cut is None or scaled(cut).at(first) >= -BROKEN:
            return None
        return Answer(-np.inf, scaled(cut), prices)

    def _elastic(self, first: Floats) -> Answer | None:
        """Return a cut from the least total by which the rows must be missed."""
        model = _elastic_model(self.part, first)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self._broken(np.array(model.getSolution().row_dual, dtype=np.float64), first)

    def _without_rows(self, first: Floats, lower: Floats, upper: Floats) -> Answer:
        objective = self.part.objective
        chosen = np.where(objective > 0, upper, lower)
        if not np.isfinite(chosen[objective != 0.0]).all():
            raise Unbounded("a part of the problem can be worth any amount")
        cut = proven(self.part, np.zeros(0), first)
        assert cut is not None
        values = np.where(objective != 0.0, chosen, np.clip(0.0, lower, upper))
        return Answer(float(objective @ values), cut, np.zeros(0), values)


_SETTLED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


def bounds_at(part: Part, first: Floats) -> tuple[Floats, Floats]:
    """Return the bounds of a part's columns at a first stage."""
    lower, upper = part.lower, part.upper
    if len(part.uppers.column):
        upper = upper.copy()
        np.minimum.at(upper, part.uppers.column, part.uppers.at(first))
    if len(part.lowers.column):
        lower = lower.copy()
        np.maximum.at(lower, part.lowers.column, part.lowers.at(first))
    return lower, upper


def _room(bounds: Floats) -> Floats:
    """Return how far rows may be missed where nothing shows that they cannot be kept."""
    return _MISSED * np.maximum(1.0, np.abs(np.where(np.isfinite(bounds), bounds, 0.0)))


def scaled(cut: Cut) -> Cut:
    """Return a cut on the first stage with 1 as its largest coefficient."""
    size = float(np.abs(cut.slope).max(initial=0.0))
    return Cut(cut.constant / size, cut.slope / size) if size > 0.0 else cut


def _crossing(part: Part, first: Floats, column: int) -> Cut:
    """Return ``0 ≤ upper(x) − lower(x)`` for a column whose bounds crossed."""
    high = _binding(part.uppers, float(part.upper[column]), first, column, 1.0)
    low = _binding(part.lowers, float(part.lower[column]), first, column, -1.0)
    return Cut(high.constant - low.constant, high.slope - low.slope)


def _binding(bounds: MovingBounds, fixed: float, first: Floats, column: int, sign: float) -> Cut:
    """Return a column's tightest bound, from above (sign 1) or below (-1), as a function of x."""
    height = sign * bounds.at(first)
    mine = np.flatnonzero((bounds.column == column) & (height <= sign * fixed))
    if not len(mine):
        return Cut(fixed, np.zeros(len(first)))
    best = int(mine[np.argmin(height[mine])])
    slope = np.asarray(bounds.slope[best].todense(), dtype=np.float64).ravel()
    return Cut(float(bounds.constant[best]), -slope)


def _loaded(part: Part, lower: Floats, upper: Floats, below: Floats, above: Floats) -> Any:
    return loaded(
        part.matrix,
        part.objective,
        lower,
        upper,
        below,
        above,
        threads=1,
        presolve="off",
        solver="simplex",
    )


def _elastic_model(part: Part, first: Floats) -> Any:
    """Return the part in which every row may be missed at a price, and nothing else counts."""
    lower, upper = bounds_at(part, first)
    shift = part.technology @ first
    model = _loaded(
        part, lower, np.maximum(lower, upper), part.row_lower - shift, part.row_upper - shift
    )
    height, width = part.matrix.shape
    columns = np.arange(width, dtype=np.int32)
    model.changeColsCost(width, columns, np.zeros(width))
    rows = np.arange(height, dtype=np.int32)
    starts = np.arange(height, dtype=np.int32)
    for sign in (1.0, -1.0):
        model.addCols(
            height,
            np.full(height, -1.0),
            np.zeros(height),
            np.full(height, INFINITE),
            height,
            starts,
            rows,
            np.full(height, sign),
        )
    return model
