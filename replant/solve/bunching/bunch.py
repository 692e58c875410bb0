"""Many linear programs over one matrix: other objectives and bounds, nearly the same basis."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix

from replant.solve.bunching.alone import Alone
from replant.solve.bunching.answers import Answers, State, none_yet
from replant.solve.bunching.arrays import (
    Floats,
    Inverse,
    Items,
    Matrix,
    Places,
    Work,
    matrix_of,
    work_for,
)
from replant.solve.bunching.compiled import COMPILED, compiled
from replant.solve.bunching.inverting import inverse_of, inverted, logical_basis
from replant.solve.bunching.proof import clashes, optimal
from replant.solve.bunching.simplex import CLASH, DONE, STUCK, pivoted

__all__ = ["Bunch"]

# More rows than this have an inverse that is too large to be shared; HiGHS solves each alone.
_MOST_ROWS = 3000
# How often a problem may start anew from the basis at which it got stuck.
_STARTS = 40
# The first problems of a call that have a basis of their own are solved from the mean's too; the
# rest goes on from what took fewer pivots. To invert a basis costs as much as so many of them.
_TRIED, _INVERTING = 4, 13
# With fewer problems than that the trial costs more than it saves. One alone is its own mean.
_WORTH_TRYING = 5 * _TRIED


class Bunch:
    """Solves many problems ``max q y, row_lower ≤ A y ≤ row_upper, lower ≤ y ≤ upper`` over one A.

    The mean of the problems is solved first. Every problem then starts from its basis, whose
    inverse all share, and takes the few pivots that its own figures ask for; or it starts from the
    basis at which it ended itself the time before, if whoever asks has kept that. Each answer is
    checked by duality; what is not settled so goes to HiGHS alone. The mean's basis is kept for
    the next call.

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
        bases: Places | None = None,
    ) -> Answers:
        """Solve problems, one for each row of the arrays.

        Parameters
        ----------
        objective, lower, upper : array_like, shape (problems, n) or (n,)
            Objective and bounds of the columns; one dimension means the same in all problems.
        row_lower, row_upper : array_like, shape (problems, m) or (m,)
            Bounds of the rows.
        bases : ndarray of int32, shape (problems, m), optional
            The columns of the basis that each problem begins from, -1 where none is known;
            afterwards those of the basis at which it ended. It pays where the same problems come
            again with nearly the same bounds: a basis of its own is then fewer pivots away than
            the mean's. With a few problems they are left as they are, and the mean's basis serves.
        """
        items = self._items(objective, lower, upper, row_lower, row_upper)
        answers = none_yet(len(items.objective), self._matrix.width, self._matrix.height)
        if self._work is not None:
            self._bunch(items, self._work, answers, self._known(bases, len(answers)))
        self._settle(items, answers)
        return answers

    def _items(self, *given: ArrayLike) -> Items:
        arrays = [np.asarray(each, dtype=np.float64) for each in given]
        count = max((len(each) for each in arrays if each.ndim == 2), default=1)
        widths = [self._matrix.width] * 3 + [self._matrix.height] * 2
        return Items(
            *(_whole(each, (count, width)) for each, width in zip(arrays, widths, strict=True))
        )

    def _known(self, bases: Places | None, count: int) -> Places:
        """Return the bases to begin from; none are kept where none are asked for, or for few."""
        if bases is None or count < _WORTH_TRYING:
            return np.zeros((count, 0), dtype=np.int32)
        return bases

    # -- from bases --------------------------------------------------------------------------

    def _bunch(self, items: Items, work: Work, answers: Answers, bases: Places) -> None:
        """Answer what can be answered from each problem's own basis, or from that of the mean."""
        if len(answers) == 1:
            self._one(items, work, answers)
        if len(answers) <= 1:
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
            bases,
            answers.columns,
            answers.prices,
            answers.values,
            answers.states,
        )

    def _one(self, items: Items, work: Work, answers: Answers) -> None:
        """Answer a problem that comes alone: it is its own mean, and goes on from the last one."""
        ended, self._inverse = self._solved(items, 0, work, self._inverse, spared=_INVERTING)
        _written(
            self._matrix,
            items,
            0,
            ended,
            work,
            answers.columns,
            answers.prices,
            answers.values,
            answers.states,
        )

    def _solved(
        self, items: Items, item: int, work: Work, start: Inverse | None, spared: int = 0
    ) -> tuple[int, Inverse | None]:
        """Solve one problem with as many inverses as it takes; return the last one too.

        The inverse at hand is still the last one after no more than ``spared`` pivots.
        """
        matrix = self._matrix
        inverse = start or inverse_of(matrix, logical_basis(matrix))
        ended = STUCK
        for _ in range(_STARTS):
            if inverse is None:
                break
            ended, pivots = pivoted(matrix, inverse, items, item, work)
            if pivots > (0 if ended == STUCK else spared):
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
    bases: Places,
    columns: Floats,
    prices: Floats,
    values: Floats,
    states: NDArray[np.int8],
) -> int:
    """Solve all problems, each from its own basis or from the shared one; return the pivots."""
    total, tried, gained = 0, 0, 0
    kept = bases.shape[1] > 0
    head = np.empty(matrix.height, np.int64)
    for item in range(len(states)):
        start, trial = inverse, False
        if kept and bases[item, 0] >= 0 and (tried < _TRIED or gained > 0):
            for i in range(matrix.height):
                head[i] = bases[item, i]
            own, fine = inverted(matrix, head)
            if fine:
                start = own
            trial = tried < _TRIED
            if trial:
                tried += 1
                gained += pivoted(matrix, inverse, items, item, work)[1] - _INVERTING
        ended, pivots = pivoted(matrix, start, items, item, work)
        total += pivots
        if trial:
            gained -= pivots
        solved = _written(matrix, items, item, ended, work, columns, prices, values, states)
        if kept and solved and ended == DONE:
            for i in range(matrix.height):
                bases[item, i] = work.head[i]
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
