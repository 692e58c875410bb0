"""Many linear programs over one matrix: other objectives and bounds, nearly the same basis."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from replant.solve.bunching.alone import Alone
from replant.solve.bunching.answers import Answers, State, none_yet
from replant.solve.bunching.arrays import Floats, Inverse, Items, Matrix, Work, matrix_of, work_for
from replant.solve.bunching.basis import inverse_of, logical_basis
from replant.solve.bunching.compiled import COMPILED, compiled
from replant.solve.bunching.proof import clashes, optimal
from replant.solve.bunching.simplex import CLASH, DONE, STUCK, pivoted

__all__ = ["Bunch"]

# More rows than this have an inverse that is too large to be shared; HiGHS solves each alone.
_MOST_ROWS = 3000
# How often a problem may start anew from the basis at which it got stuck.
_STARTS = 40


class Bunch:
    """Solves many problems ``max q y, row_lower ≤ A y ≤ row_upper, lower ≤ y ≤ upper`` over one A.

    The mean of the problems is solved first. Every problem then starts from its basis, whose
    inverse all share, and takes the few pivots that its own figures ask for. Each answer is
    checked by duality; what is not settled so goes to HiGHS alone. The basis is kept for the
    next call.

    Parameters
    ----------
    matrix : csr_matrix, shape (m, n)
        Coefficients, the same in all problems.
    own : bool
        Whether the pivots are replant's own; by default where they can be compiled. Else HiGHS
        solves one problem after another.
    """

    def __init__(self, matrix: csr_matrix, *, own: bool = COMPILED) -> None:
        self._matrix = matrix_of(matrix)
        self._own = own and self._matrix.height <= _MOST_ROWS
        self._work = work_for(self._matrix) if self._own else None
        self._inverse: Inverse | None = None
        self._alone: Alone | None = None

    def solve(
        self,
        objective: ArrayLike,
        lower: ArrayLike,
        upper: ArrayLike,
        row_lower: ArrayLike,
        row_upper: ArrayLike,
    ) -> Answers:
        """Solve problems, one for each row of the arrays.

        Parameters
        ----------
        objective, lower, upper : array_like, shape (problems, n) or (n,)
            Objective and bounds of the columns; one dimension means the same in all problems.
        row_lower, row_upper : array_like, shape (problems, m) or (m,)
            Bounds of the rows.
        """
        items = self._items(objective, lower, upper, row_lower, row_upper)
        answers = none_yet(len(items.objective), self._matrix.width, self._matrix.height)
        if self._work is not None:
            self._bunch(items, self._work, answers)
        self._settle(items, answers)
        return answers

    def _items(self, *given: ArrayLike) -> Items:
        arrays = [np.asarray(each, dtype=np.float64) for each in given]
        count = max((len(each) for each in arrays if each.ndim == 2), default=1)
        widths = [self._matrix.width] * 3 + [self._matrix.height] * 2
        return Items(
            *(_whole(each, (count, width)) for each, width in zip(arrays, widths, strict=True))
        )

    # -- from one basis ----------------------------------------------------------------------

    def _bunch(self, items: Items, work: Work, answers: Answers) -> None:
        """Answer what can be answered from the basis of the mean."""
        if not len(answers):
            return
        mean = Items(*(each.mean(axis=0, keepdims=True) for each in items))
        _, inverse = self._solved(mean, 0, work, self._inverse)
        if inverse is None:
            return
        self._inverse = inverse
        answers.pivots += _answered(
            self._matrix,
            inverse,
            items,
            work,
            answers.columns,
            answers.prices,
            answers.values,
            answers.states,
        )

    def _solved(
        self, items: Items, item: int, work: Work, start: Inverse | None
    ) -> tuple[int, Inverse | None]:
        """Solve one problem with as many inverses as it takes; return the last one too."""
        matrix = self._matrix
        inverse = start or inverse_of(matrix, logical_basis(matrix))
        ended = STUCK
        for _ in range(_STARTS):
            if inverse is None:
                break
            ended, pivots = pivoted(matrix, inverse, items, item, work)
            if pivots:
                inverse = inverse_of(matrix, work.head.copy())
            if ended != STUCK or not pivots:
                break
        return ended, inverse

    def _settle(self, items: Items, answers: Answers) -> None:
        """Answer the rest: from bases of its own, and if that does not help, by HiGHS."""
        for item in np.flatnonzero(answers.states == State.UNSETTLED).tolist():
            if self._work is not None and self._own_way(items, item, self._work, answers):
                continue
            self._alone = self._alone or Alone(self._matrix)
            self._alone.solve(items, item, answers)
            answers.left += 1
        answers.values[answers.states == State.INFEASIBLE] = -np.inf
        answers.values[answers.states == State.UNBOUNDED] = np.inf

    def _own_way(self, items: Items, item: int, work: Work, answers: Answers) -> bool:
        ended, _ = self._solved(items, item, work, self._inverse)
        return _written(
            self._matrix,
            items,
            item,
            ended,
            work,
            answers.columns,
            answers.prices,
            answers.values,
            answers.states,
        )


def _whole(given: Floats, shape: tuple[int, int]) -> Floats:
    """Return an array written out: one kind of array, or each would be compiled anew."""
    spread = given if given.shape == shape else np.broadcast_to(given, shape)
    return np.require(spread, np.float64, ["C", "W"])


@compiled
def _answered(
    matrix: Matrix,
    inverse: Inverse,
    items: Items,
    work: Work,
    columns: Floats,
    prices: Floats,
    values: Floats,
    states: NDArray[np.int8],
) -> int:
    """Solve all problems from one basis; return the number of pivots."""
    total = 0
    for item in range(len(states)):
        ended, pivots = pivoted(matrix, inverse, items, item, work)
        total += pivots
        _written(matrix, items, item, ended, work, columns, prices, values, states)
    return total


@compiled
def _written(
    matrix: Matrix,
    items: Items,
    item: int,
    ended: int,
    work: Work,
    columns: Floats,
    prices: Floats,
    values: Floats,
    states: NDArray[np.int8],
) -> bool:
    """Write an answer down if it is proven."""
    if ended == DONE and optimal(matrix, items, item, work.value, work.prices):
        states[item] = 0
        value = 0.0
        for j in range(matrix.width):
            columns[item, j] = work.value[j]
            value += items.objective[item, j] * work.value[j]
        values[item] = value
    elif ended == CLASH and clashes(matrix, items, item, work.prices):
        states[item] = 1
    else:
        return False
    for i in range(matrix.height):
        prices[item, i] = work.prices[i]
    return True
