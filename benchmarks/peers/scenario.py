"""One scenario's LP for the text-book method, kept with its basis from call to call."""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.peers.arrays import highs_of
from replant.solve.staged import Recourse

Floats = NDArray[np.float64]
_SMALL = 1e-9


@dataclass(frozen=True, eq=False)
class Answer:
    """A value (None: no second stage is feasible), and the cut ``<= constant + slope x``."""

    value: float | None
    constant: float
    slope: Floats


class Scenario:
    """The second stage of one scenario.

    A row with one entry in the second stage bounds its column from above once the first stage is
    given, if it is the only such row of the column; it is taken out of the LP.
    """

    def __init__(self, part: Recourse) -> None:
        moving = _moving_rows(part)
        kept = np.setdiff1d(np.arange(part.matrix.shape[0]), moving)
        single = csr_matrix(part.matrix[moving])
        self._column = single.indices.astype(np.int32)
        self._room = part.row_upper[moving] / single.data
        self._follow = csr_matrix(
            part.technology[moving].multiply(1.0 / single.data.reshape(-1, 1))
        )
        self._lower, self._upper = part.lower, part.upper
        self._row_lower, self._row_upper = part.row_lower[kept], part.row_upper[kept]
        self._technology, self._matrix = csr_matrix(part.technology[kept]), part.matrix[kept]
        self.constant = part.constant
        self._model = highs_of(
            csr_matrix(self._matrix),
            part.objective,
            (part.lower, part.upper),
            (self._row_lower, self._row_upper),
        )
        # Rays and bases survive only without presolve.
        self._model.setOptionValue("presolve", "off")
        self._rows = np.arange(len(kept), dtype=np.int32)

    def at(self, first: Floats) -> Answer:
        """Solve for a first stage."""
        shift = self._technology @ first
        bound = self._room - self._follow @ first
        # The first stage is feasible to a tolerance only.
        bound = np.maximum(np.minimum(bound, self._upper[self._column]), self._lower[self._column])
        model = self._model
        model.changeRowsBounds(
            len(self._rows), self._rows, self._row_lower - shift, self._row_upper - shift
        )
        if len(self._column):
            model.changeColsBounds(
                len(self._column), self._column, self._lower[self._column], bound
            )
        model.run()
        if model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return self._priced(first)
        return self._infeasible(first)

    def _priced(self, first: Floats) -> Answer:
        """Return the value and its cut: what another unit of each row or bound is worth."""
        solution = self._model.getSolution()
        value = float(self._model.getInfo().objective_function_value)
        prices = np.array(solution.row_dual)
        rents = np.maximum(np.array(solution.col_dual)[self._column], 0.0)
        loose = self._room - self._follow @ first > self._upper[self._column] + _SMALL
        rents[loose] = 0.0
        slope = -(prices @ self._technology) - rents @ self._follow
        return Answer(value, value - float(slope @ first), slope)

    def _infeasible(self, first: Floats) -> Answer:
        """Return a cut that every first stage with a feasible second stage keeps."""
        _, found, ray = self._model.getDualRay()
        if not found:
            raise RuntimeError("a scenario ended without an optimum and without a ray")
        best: tuple[float, Answer] | None = None
        for sign in (1.0, -1.0):
            answer = self._farkas(sign * np.array(ray))
            violation = -answer.constant - float(answer.slope @ first)
            if best is None or violation > best[0]:
                best = violation, answer
        assert best is not None
        return best[1]

    def _farkas(self, ray: Floats) -> Answer:
        """Return the cut of a ray; one that proves nothing holds everywhere.

        A feasible y keeps ``ray (W y) >= Σ of the rows' nearer bounds``, and its left side is at
        most what y's bounds allow.
        """
        ray = np.where(np.abs(ray) > _SMALL, ray, 0.0)
        least = np.where(ray > 0.0, self._row_lower, self._row_upper)
        needed = float(ray @ np.where(ray == 0.0, 0.0, least))
        weights = np.asarray(ray @ self._matrix)
        weights[np.abs(weights) <= _SMALL] = 0.0
        moved = np.zeros(len(weights), dtype=np.bool_)
        moved[self._column] = True
        push = np.where(weights > 0.0, np.where(moved, 0.0, self._upper), self._lower)
        allowed = float(weights @ np.where(weights == 0.0, 0.0, push))
        pulled = np.maximum(weights[self._column], 0.0)
        constant = allowed + float(pulled @ self._room) - needed
        slope = np.asarray(ray @ self._technology) - pulled @ self._follow
        if not np.isfinite(constant):
            return Answer(None, 0.0, np.zeros_like(slope))
        return Answer(None, constant, slope)


def _moving_rows(part: Recourse) -> NDArray[np.intp]:
    """Return the rows that only bound one column from above, one row to a column."""
    counts = np.diff(part.matrix.indptr)
    single = np.flatnonzero((counts == 1) & np.isneginf(part.row_lower))
    columns = part.matrix.indices[part.matrix.indptr[single]]
    positive = part.matrix.data[part.matrix.indptr[single]] > 0.0
    single, columns = single[positive], columns[positive]
    _, where, times = np.unique(columns, return_index=True, return_counts=True)
    return np.sort(single[where[times == 1]])
