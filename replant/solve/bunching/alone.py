"""One problem at a time by HiGHS: what the shared basis could not settle."""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from replant.solve.bunching.answers import Answers, State
from replant.solve.bunching.arrays import Items, Matrix
from replant.solve.bunching.proof import clashes
from replant.solve.loading import loaded

__all__ = ["Alone"]

_STATES = {
    highspy.HighsModelStatus.kOptimal: State.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: State.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: State.UNBOUNDED,
}
# HiGHS's numbers of its simplex methods.
_DUAL, _PRIMAL = 1, 4


class Alone:
    """A HiGHS model that is given the figures of one problem after another.

    Parameters
    ----------
    matrix : Matrix
        The matrix that all problems share.
    """

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._columns = np.arange(matrix.width, dtype=np.int32)
        self._rows = np.arange(matrix.height, dtype=np.int32)
        rows = csr_matrix(
            (matrix.row_values, matrix.row_columns, matrix.row_starts),
            shape=(matrix.height, matrix.width),
        )
        of_columns, of_rows = np.zeros(matrix.width), np.zeros(matrix.height)
        # Without presolve the last basis is the next start, and a clash has its rows.
        self._model = loaded(
            rows, of_columns, of_columns, of_columns, of_rows, of_rows, threads=1, presolve="off"
        )

    def solve(self, items: Items, item: int, answers: Answers) -> None:
        """Solve one problem and write down its answer."""
        if (items.lower[item] > items.upper[item]).any():
            # No weights of rows say so, because no row has a part in it.
            answers.states[item] = State.INFEASIBLE
            answers.prices[item] = 0.0
            return
        self._give(items, item)
        state = self._ran()
        for method in (_DUAL, _PRIMAL):
            if state is State.UNSETTLED:
                # A start that was no help may be a hindrance; and each method has problems, most
                # of them without a best plan, on which it gives up.
                self._model.clearSolver()
                self._model.setOptionValue("simplex_strategy", method)
                state = self._ran()
        self._model.setOptionValue("simplex_strategy", _DUAL)
        answers.states[item] = state
        if state is State.OPTIMAL:
            solution = self._model.getSolution()
            answers.columns[item] = solution.col_value
            answers.prices[item] = solution.row_dual
            answers.values[item] = float(items.objective[item] @ answers.columns[item])
        elif state is State.INFEASIBLE:
            self._write_clash(items, item, answers)

    def _ran(self) -> State:
        self._model.run()
        return _STATES.get(self._model.getModelStatus(), State.UNSETTLED)

    def _give(self, items: Items, item: int) -> None:
        width, height = self._matrix.width, self._matrix.height
        self._model.changeColsCost(width, self._columns, items.objective[item])
        self._model.changeColsBounds(width, self._columns, items.lower[item], items.upper[item])
        if height:
            self._model.changeRowsBounds(
                height, self._rows, items.row_lower[item], items.row_upper[item]
            )

    def _write_clash(self, items: Items, item: int, answers: Answers) -> None:
        _, there, values = self._model.getDualRay()
        prices = np.array(values, dtype=np.float64) if there else np.zeros(self._matrix.height)
        proven = len(prices) == self._matrix.height and clashes(self._matrix, items, item, prices)
        answers.prices[item] = prices if proven else 0.0
