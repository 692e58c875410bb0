"""Better plans near the best one: the master with most whole numbers held, solved in earnest."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.benders.course import Course
from replant.solve.benders.recourse import settle
from replant.solve.benders.restarts import solved
from replant.solve.benders.rounding import made_whole
from replant.solve.benders.work import Work
from replant.solve.staged import FirstStage

__all__ = ["Polish"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# The share of whole numbers let go at first, how it changes with success and without, and bounds.
_SHARE, _MORE, _LESS, _LEAST, _MOST = 0.15, 1.3, 0.8, 0.03, 0.7
# A row with more columns than this ties nothing together; so many tied columns make one patch.
_WIDE, _PATCH = 40, 60
# Plan and relaxed point agree on a column if they are no further apart; then more must go.
_APART = (0.1, 0.01, 0.001)
# Steps without a better plan that end it.
_PATIENCE = 6


@dataclass(eq=False)
class Polish:
    """Steps from plan to plan.

    Parameters
    ----------
    course : Course
        The solve, with cuts and a plan.
    relaxed : ndarray, shape (n,)
        The best relaxed first stage: where it and the plan differ is worth another look.
    """

    course: Course
    relaxed: Floats
    _share: float = _SHARE
    _draw: np.random.Generator = field(init=False)
    _ties: list[Places] = field(init=False)

    def __post_init__(self) -> None:
        self._draw = np.random.default_rng(self.course.settings.seed)
        self._ties = _ties(self.course.master.stage)

    def run(self, work: Work) -> None:
        """Step until no step helps, or the work allowed is done.

        The clock has no say but for the solve's own time limit: until that is reached, the steps
        are the same on a slower machine.

        Parameters
        ----------
        work : Work
            What may be done; what was done is counted there.
        """
        course, stage = self.course, self.course.master.stage
        idle, apart = 0, list(_APART)
        while idle < _PATIENCE and not course.over() and not work.over():
            before = course.value
            if course.first is None:
                return
            lower, upper = (
                self._between(course.first, apart[0]) if apart else self._held(course.first)
            )
            course.master.hold(lower, upper)
            try:
                self._step(work)
            finally:
                course.master.hold(stage.lower, stage.upper)
            better = course.value > before + 1e-9 * max(1.0, abs(before))
            if apart:
                # Once more as long as it helps; it is not counted among the others.
                apart = apart if better else apart[1:]
                continue
            idle = 0 if better else idle + 1
            change = _MORE if better else _LESS
            self._share = min(_MOST, max(_LEAST, self._share * (change if idle < 2 else _MORE)))

    def _between(self, first: Floats, allowed: float) -> tuple[Floats, Floats]:
        """Return bounds that hold what the plan and the relaxed point agree on."""
        stage = self.course.master.stage
        apart = np.abs(first - self.relaxed) > allowed
        held = stage.integer & ~apart
        values = np.round(first)
        return np.where(held, values, stage.lower), np.where(held, values, stage.upper)

    def _held(self, first: Floats) -> tuple[Floats, Floats]:
        """Return bounds that hold most whole numbers at the plan."""
        stage = self.course.master.stage
        whole = np.flatnonzero(stage.integer & (stage.upper > stage.lower))
        free = self._around(first, whole, max(1, int(self._share * len(whole))))
        lower, upper = stage.lower.copy(), stage.upper.copy()
        lower[whole] = upper[whole] = np.round(first[whole])
        lower[free], upper[free] = stage.lower[free], stage.upper[free]
        return lower, upper

    def _around(self, first: Floats, whole: Places, count: int) -> Places:
        """Return whole columns that rows tie together, grown from where plan and bound differ."""
        weight = 0.05 + np.abs(first[whole] - self.relaxed[whole])
        keys = self._draw.random(len(whole)) ** (1.0 / weight)
        seeds = whole[np.argsort(-keys, kind="stable")]
        among = np.zeros(len(first), dtype=bool)
        among[whole] = True
        taken: dict[int, None] = {}
        for seed in seeds.tolist():
            reached = [seed]
            while reached and len(taken) < count:
                column = reached.pop(0)
                if column in taken:
                    continue
                taken[column] = None
                beside = self._ties[column]
                reached.extend(int(each) for each in beside if among[each])
                # A few of a kind from several places rather than all of one.
                if len(taken) % _PATCH == 0:
                    break
            if len(taken) >= count:
                break
        return np.array(list(taken), dtype=np.intp)

    def _step(self, work: Work) -> None:
        """Solve the held master, ask what its plan is worth, then once more with that learnt."""
        course = self.course
        for _ in range(2):
            proposal = solved(course, [], work)
            if proposal is None or not len(proposal.first) or course.over():
                return
            if proposal.value <= course.value + 1e-9 * max(1.0, abs(course.value)):
                return
            whole = made_whole(course.master, proposal)
            if whole is None or not settle(course, whole.first, whole):
                return


def _ties(stage: FirstStage) -> list[Places]:
    """Return for each column those that share a row of few columns with it."""
    count = np.diff(stage.matrix.indptr)
    rows = csr_matrix(stage.matrix[np.flatnonzero((count > 1) & (count <= _WIDE))])
    pattern = csr_matrix((np.ones(len(rows.data)), rows.indices, rows.indptr), shape=rows.shape)
    shared = csr_matrix(pattern.T @ pattern)
    starts = shared.indptr
    return [
        np.sort(shared.indices[starts[each] : starts[each + 1]]).astype(np.intp)
        for each in range(rows.shape[1])
    ]
