"""The master: the first stage, and what the parts are worth as far as cuts have told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from replant.errors import SolverError
from replant.solve.benders.chains import Chains
from replant.solve.benders.cut import Cut
from replant.solve.loading import INFINITE, loaded
from replant.solve.staged import FirstStage

__all__ = ["EVERY_GROUP", "FIRST_STAGE", "GroupCut", "Master", "Proposal"]

Floats = NDArray[np.float64]

# In place of a group's number: a cut on all groups together, and one on the first stage alone.
EVERY_GROUP, FIRST_STAGE = -2, -1
# Coefficients this small beside the largest of their cut are rounding of the arithmetic before;
# what they could add to the bound is added to its constant instead.
_TINY = 1e-11
# A price below this counts as none.
_PRICE = 1e-7
# Where the master has no end yet, columns without a bound get one this far from zero, and farther
# each time it is reached.
_BOX, _WIDER, _WIDEST = 1e4, 100.0, 1e12


@dataclass(frozen=True, eq=False)
class GroupCut:
    """A cut on what the parts of a group are worth together, or `EVERY_GROUP`, `FIRST_STAGE`.

    With chains, the numbers after the last group are for each scenario as a whole.
    """

    group: int
    cut: Cut


@dataclass(frozen=True, eq=False)
class Proposal:
    """What the master proposes.

    Attributes
    ----------
    first : ndarray, shape (n,)
        The first stage.
    worth : ndarray, shape (groups,)
        What it believes each group is worth; with chains, then what each scenario is.
    value : float
        Its objective there.
    bound : float
        No plan within the bounds held is worth more; infinite while that is not known.
    reduced : ndarray, shape (n,)
        What a unit more of each column of the first stage would add.
    """

    first: Floats
    worth: Floats
    value: float
    bound: float
    reduced: Floats


@dataclass(eq=False)
class Master:
    """The relaxed problem over the first stage.

    Parameters
    ----------
    stage : FirstStage
        The first stage, with the rows of scenarios that bind it alone.
    groups : int
        Number of groups.
    constant : float
        Added to the objective.
    threads : int
        Threads of the solver.
    chains : Chains, optional
        What ties groups to each other; each group is then what one period earns.

    Attributes
    ----------
    cuts : list of GroupCut
        What the master knows.
    told : ndarray of bool, shape (groups,)
        Which groups have a cut; the others are held at zero, and the bound is infinite.
    lower, upper : ndarray, shape (n,)
        Bounds of the first stage that are held now.
    """

    stage: FirstStage
    groups: int
    constant: float = 0.0
    threads: int = 1
    chains: Chains | None = None
    cuts: list[GroupCut] = field(default_factory=list)
    lower: Floats = field(init=False)
    upper: Floats = field(init=False)
    _idle: list[int] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set)
    told: NDArray[np.bool_] = field(init=False)
    _box: float | None = None
    _model: Any = None

    def __post_init__(self) -> None:
        self.lower, self.upper = self.stage.lower.copy(), self.stage.upper.copy()
        self.told = np.zeros(self.groups, dtype=bool)

    @property
    def weights(self) -> Floats:
        """What a unit more of each figure of a proposal's worth adds to the objective."""
        if self.chains is None:
            return np.ones(self.groups)
        return np.append(self.chains.weights, np.ones(self.chains.totals.shape[0]))

    def untold(self) -> NDArray[np.intp]:
        """Return the groups without a cut."""
        return np.flatnonzero(~self.told)

    # -- cuts --------------------------------------------------------------------------------

    def add(self, cuts: Sequence[GroupCut]) -> None:
        """Add cuts."""
        if not cuts:
            return
        self.cuts.extend(cuts)
        self._idle.extend([0] * len(cuts))
        self._tell([each.group for each in cuts])
        if self._model is not None:
            matrix, upper = self.cut_rows(cuts)
            self._model.addRows(
                len(cuts),
                np.full(len(cuts), -INFINITE),
                upper,
                matrix.nnz,
                matrix.indptr[:-1].astype(np.int32),
                matrix.indices.astype(np.int32),
                matrix.data,
            )

    def _tell(self, groups: list[int]) -> None:
        """Count on groups from their first cut on; until then they are held at zero."""
        spoken = sorted({group for each in groups for group in self._spoken_of(each)})
        fresh = [group for group in spoken if not self.told[group]]
        self.told[fresh] = True
        if fresh and self.told.all() and self.chains is not None:
            # Only now do the chains bind.
            self._model = None
        if fresh and self.told.all() and self._box is not None:
            # Now that every group is counted, the master may well have an end of its own.
            self._box = None
            self.hold(self.lower, self.upper)
        if self._model is not None and fresh:
            columns = np.array(fresh, dtype=np.int32) + len(self.stage)
            size = len(fresh)
            self._model.changeColsBounds(
                size, columns, np.full(size, -INFINITE), np.full(size, INFINITE)
            )

    def _spoken_of(self, group: int) -> list[int]:
        """Return the groups that a cut of a number bounds."""
        if self.chains is None or group < self.groups:
            return [group] if group >= 0 else []
        return self.chains.groups()[group - self.groups][:-1]

    def known(self) -> bool:
        """Return whether its optimum bounds every plan, also with whole numbers."""
        return bool(self.told.all()) and self._box is None

    def fresh(self, cuts: Sequence[Cut]) -> list[Cut]:
        """Return those that no cut on the first stage says already, and remember them."""
        found = []
        for cut in cuts:
            key = np.append(cut.slope, cut.constant).tobytes()
            if key not in self._known:
                self._known.add(key)
                found.append(cut)
        return found

    def drop_idle(self, patience: int) -> int:
        """Drop cuts that had no price in so many solves in a row; return how many.

        Those on the first stage alone and on all groups together stay.
        """
        gone = {place for place, times in enumerate(self._idle) if times >= patience}
        if not gone:
            return 0
        if self._model is not None:
            rows = np.array(sorted(gone), dtype=np.int32) + self._rows_before
            self._model.deleteRows(len(rows), rows)
        self.cuts = [cut for place, cut in enumerate(self.cuts) if place not in gone]
        self._idle = [times for place, times in enumerate(self._idle) if place not in gone]
        return len(gone)

    def cut_rows(self, cuts: Sequence[GroupCut]) -> tuple[csr_matrix, Floats]:
        """Return ``worth − slope x ≤ constant`` for each cut: matrix and right sides."""
        width, beside = len(self.stage), self._beside
        columns, values, starts, upper = [], [], [0], []
        for each in cuts:
            slope, constant = self._cleaned(each.cut)
            touched = np.flatnonzero(slope)
            groups, shares = self._groups_in(each.group)
            columns.extend([touched, width + groups])
            values.extend([-slope[touched], shares])
            starts.append(starts[-1] + len(touched) + len(groups))
            upper.append(constant)
        matrix = csr_matrix(
            (np.concatenate(values), np.concatenate(columns), np.array(starts)),
            shape=(len(cuts), width + self.groups + beside),
        )
        return matrix, np.array(upper)

    def _groups_in(self, group: int) -> tuple[NDArray[np.intp], Floats]:
        """Return the columns after the first stage that a cut bounds, and how much each counts."""
        if self.chains is not None and (group >= self.groups or group == EVERY_GROUP):
            totals = self.chains.totals
            some = totals[group - self.groups] if group >= 0 else csr_matrix(totals.sum(axis=0))
            return some.indices.astype(np.intp), np.asarray(some.data, dtype=np.float64)
        if group == EVERY_GROUP:
            return np.arange(self.groups), np.ones(self.groups)
        found = np.array([group] if group >= 0 else [], dtype=np.intp)
        return found, np.ones(len(found))

    @property
    def _beside(self) -> int:
        """Number of columns after the groups: those of the chains."""
        return 0 if self.chains is None else len(self.chains.objective)

    @property
    def _rows_before(self) -> int:
        """Number of rows before the cuts."""
        chained = 0 if self.chains is None else self.chains.matrix.shape[0]
        return int(self.stage.matrix.shape[0]) + chained

    def _cleaned(self, cut: Cut) -> tuple[Floats, float]:
        """Return a cut without coefficients that are rounding, weaker by what they could do."""
        size = float(np.abs(cut.slope).max(initial=0.0))
        tiny = (cut.slope != 0.0) & (np.abs(cut.slope) < _TINY * max(1.0, size))
        if not tiny.any():
            return cut.slope, cut.constant
        lower, upper = self.stage.lower[tiny], self.stage.upper[tiny]
        most = np.maximum(cut.slope[tiny] * lower, cut.slope[tiny] * upper)
        if not np.isfinite(most).all():
            return cut.slope, cut.constant
        return np.where(tiny, 0.0, cut.slope), cut.constant + float(most.sum())

    def hope(self, points: Floats) -> Floats:
        """Return what the cuts allow each point to be worth at most.

        Parameters
        ----------
        points : ndarray, shape (points, n)
            First stages.

        Returns
        -------
        ndarray, shape (points,)
            Minus infinity for one that a cut forbids, infinity where a group has no cut yet.
        """
        hope = points @ self.stage.objective + self.constant
        worth = np.full((len(points), self.groups), np.inf)
        if not self.cuts:
            return np.asarray(hope + worth.sum(axis=1), dtype=np.float64)
        group = np.array([each.group for each in self.cuts])
        slopes = np.array([each.cut.slope for each in self.cuts])
        height = points @ slopes.T + np.array([each.cut.constant for each in self.cuts])
        order = np.argsort(group, kind="stable")
        order = order[group[order] >= 0]
        if len(order):
            known, starts = np.unique(group[order], return_index=True)
            worth[:, known] = np.minimum.reduceat(height[:, order], starts, axis=1)
        total = worth.sum(axis=1)
        if (group == EVERY_GROUP).any():
            total = np.minimum(total, height[:, group == EVERY_GROUP].min(axis=1))
        forbidden = (height[:, group == FIRST_STAGE] < -1e-6).any(axis=1)
        return np.where(forbidden, -np.inf, hope + total)

    # -- relaxed -----------------------------------------------------------------------------

    def hold(self, lower: Floats, upper: Floats) -> None:
        """Bound the first stage's columns otherwise from now on."""
        self.lower, self.upper = lower.copy(), upper.copy()
        if self._model is not None:
            columns = np.arange(len(self.stage), dtype=np.int32)
            low, high = self._boxed()
            self._model.changeColsBounds(len(columns), columns, low, high)

    def relaxed(self, *, count: bool = True) -> Proposal | None:
        """Solve without integrality, from the basis of the time before; None if nothing is left.

        Parameters
        ----------
        count : bool
            Whether cuts without a price are counted as idle once more.

        Raises
        ------
        SolverError
            If the solver gave up.
        """
        status = self._run()
        while self._may_lie_farther(status) and self._widen():
            status = self._run()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kModelEmpty:
            nothing = np.zeros(0)
            return Proposal(nothing, nothing, self.constant, self.constant, nothing)
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"the master could not be solved: {status}")
        solution = self._model.getSolution()
        if count:
            self._count(np.array(solution.row_dual, dtype=np.float64))
        values = np.array(solution.col_value, dtype=np.float64)
        value = float(self._model.getObjectiveValue())
        width = len(self.stage)
        reduced = np.array(solution.col_dual, dtype=np.float64)[:width]
        first = np.clip(values[:width], self.lower, self.upper)
        known = bool(self.told.all()) and not self._at_box(first)
        return Proposal(first, self.worth_in(values), value, value if known else np.inf, reduced)

    def worth_in(self, values: Floats) -> Floats:
        """Return what each group, and with chains each scenario, is worth in its solution."""
        after = values[len(self.stage) :]
        if self.chains is None:
            return after
        return np.concatenate([after[: self.groups], self.chains.totals @ after])

    def most_worth(self) -> float:
        """Return the most that all groups together are worth anywhere; infinite if unknown."""
        if not self.told.all():
            return np.inf
        model = self.loaded(integer=False)
        width = len(self.stage)
        columns = np.arange(width, dtype=np.int32)
        model.changeColsCost(width, columns, np.zeros(width))
        # Anywhere: also outside the bounds that are held just now.
        model.changeColsBounds(width, columns, self.stage.lower, self.stage.upper)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.inf
        return float(model.getObjectiveValue()) - self.constant

    def _run(self) -> Any:
        warm = self._model is not None
        if self._model is None:
            self._model = self.loaded(integer=False)
        self._model.run()
        status = self._model.getModelStatus()
        settled = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnbounded)
        if warm and status not in settled:
            # A warm basis can mislead the simplex, also into calling a problem infeasible that is
            # not: a cold start settles it.
            self._model = self.loaded(integer=False)
            self._model.run()
            status = self._model.getModelStatus()
        return status

    def _count(self, prices: Floats) -> None:
        """Count for each cut how often in a row it had no price."""
        start = self._rows_before
        for place, price in enumerate(np.abs(prices[start:])):
            if self.cuts[place].group >= 0:
                self._idle[place] = 0 if price > _PRICE else self._idle[place] + 1

    # -- columns without a bound -------------------------------------------------------------

    def _may_lie_farther(self, status: Any) -> bool:
        """Return whether columns without a bound must be allowed to be larger."""
        boxed = self._box is not None
        return status == highspy.HighsModelStatus.kUnbounded or (
            boxed and status == highspy.HighsModelStatus.kInfeasible
        )

    def _widen(self) -> bool:
        """Bound what has no bound, or farther out than before; return whether that can help."""
        wider = _BOX if self._box is None else self._box * _WIDER
        if wider > _WIDEST:
            return False
        self._box = wider
        self.hold(self.lower, self.upper)
        return True

    def _boxed(self) -> tuple[Floats, Floats]:
        if self._box is None:
            return self.lower, self.upper
        return np.maximum(self.lower, -self._box), np.minimum(self.upper, self._box)

    def _at_box(self, first: Floats) -> bool:
        """Return whether a proposal leans on a bound that is not its own; if so, move it away."""
        if self._box is None:
            return False
        low, high = self._boxed()
        leans = ((first <= low + 1e-6) & (low > self.lower)) | (
            (first >= high - 1e-6) & (high < self.upper)
        )
        if leans.any():
            self._widen()
        return bool(leans.any())

    # -- loading -----------------------------------------------------------------------------

    def loaded(self, *, integer: bool) -> Any:
        """Return the master with its cuts as a model of its own."""
        stage, groups, beside = self.stage, self.groups, self._beside
        rows = csr_matrix(
            (stage.matrix.data, stage.matrix.indices, stage.matrix.indptr),
            shape=(stage.matrix.shape[0], len(stage) + groups + beside),
        )
        row_lower, row_upper = stage.row_lower, stage.row_upper
        own, after_low, after_high = self._after()
        if self.chains is not None:
            rows = csr_matrix(vstack([rows, self.chains.matrix]))
            # Until every group is counted, what ties them would only mislead.
            free = np.full(self.chains.matrix.shape[0], 0.0 if self.told.all() else INFINITE)
            row_lower = np.append(row_lower, self.chains.row_lower - free)
            row_upper = np.append(row_upper, self.chains.row_upper + free)
        upper = np.zeros(0)
        if self.cuts:
            matrix, upper = self.cut_rows(self.cuts)
            rows = csr_matrix(vstack([rows, matrix]))
        low, high = (self.lower, self.upper) if integer else self._boxed()
        simple = {} if integer else {"presolve": "off", "solver": "simplex"}
        return loaded(
            rows,
            np.concatenate([stage.objective, own]),
            np.concatenate([low, after_low]),
            np.concatenate([high, after_high]),
            np.concatenate([row_lower, np.full(len(upper), -INFINITE)]),
            np.concatenate([row_upper, upper]),
            integer=np.append(stage.integer, np.zeros(len(own), dtype=bool)) if integer else None,
            constant=self.constant,
            threads=self.threads,
            **simple,
        )

    def _after(self) -> tuple[Floats, Floats, Floats]:
        """Return objective and bounds of the columns after the first stage."""
        worth = np.where(self.told, INFINITE, 0.0)
        if self.chains is None:
            return np.ones(self.groups), -worth, worth
        chains = self.chains
        objective = np.append(chains.weights, chains.objective)
        lower, upper = chains.lower, chains.upper
        if not self.told.all():
            # They wait at a bound until the groups are counted that they hang on.
            still = np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0.0))
            return np.zeros(len(objective)), np.append(-worth, still), np.append(worth, still)
        return objective, np.append(-worth, lower), np.append(worth, upper)
